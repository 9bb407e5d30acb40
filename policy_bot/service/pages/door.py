"""Signing in with GitHub, and what a visitor may see.

A visitor sees a repository's data for as long as GitHub lets them see the repository itself: GitHub is asked
again every few minutes. What GitHub does not confirm is not shown.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Blueprint, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response

from policy_bot.github.errors import Refused, RetryLater
from policy_bot.github.people import People
from policy_bot.service.store import visits
from policy_bot.service.store.store import Store
from policy_bot.service.store.visits import Visit

VISIT_SECONDS = 8 * 3600.0
"""How long a person stays signed in: as long as GitHub's own token for them lives."""
BELIEVED_SECONDS = 300.0
"""How long GitHub's word on what a person may see is believed."""


@dataclass(frozen=True)
class Visitor:
    """Who looks at a page."""

    login: str
    sees: visits.Sees
    is_operator: bool

    def may_see(self, installation: int, repository: int) -> bool:
        """Whether a repository's data may be shown."""
        return self.is_operator or repository in self.sees.get(installation, ())

    @property
    def is_known(self) -> bool:
        """Whether there is anything here for them: a stranger can sign in, too."""
        return self.is_operator or any(self.sees.values())


@dataclass(frozen=True)
class Door:
    """Who comes in. `public_url` is our address for people; `operators` are logins, in lower case."""

    store: Store
    people: People
    public_url: str
    operators: frozenset[str]
    key: bytes = field(repr=False)
    new_key: Callable[[], str] = lambda: secrets.token_urlsafe(32)

    @property
    def back(self) -> str:
        """Where GitHub sends a person who signed in."""
        return f"{self.public_url}/callback"

    def visitor(self) -> Visitor | None:
        """Who is signed in. Aborts with 503 where GitHub does not say what they may see."""
        key, now = str(session.get("visit", "")), self.store.now()
        found = self.store.read(lambda connection: visits.find(connection, key, now)) if key else None
        if found is None:
            return None
        fresh = found.sees if now - found.asked_at < BELIEVED_SECONDS else self._asked_again(key, found)
        return None if fresh is None else self._known(found.login, fresh)

    def required(self) -> Visitor:
        """Who is signed in; aborts with 401 for nobody and with 403 for a stranger."""
        visitor = self.visitor()
        if visitor is None:
            abort(401)
        if not visitor.is_known:
            abort(403)
        return visitor

    def begin(self, token: str) -> None:
        """Let a person in. Raises `Refused`, `RetryLater`."""
        login, sees, now = self.people.login(token), self.people.sees(token), self.store.now()
        made = Visit(login, Fernet(self.key).encrypt(token.encode()), sees, now, now + VISIT_SECONDS)
        key = self.new_key()
        self.store.write(lambda connection: visits.begin(connection, key, made))
        session.clear()  # nothing of before is carried over, above all no key that somebody else knew
        session["visit"] = key

    def end(self) -> None:
        """Let a person out."""
        key = str(session.get("visit", ""))
        self.store.write(lambda connection: visits.end(connection, key))
        session.clear()

    def _known(self, login: str, sees: visits.Sees) -> Visitor:
        return Visitor(login, sees, login.lower() in self.operators)

    def _asked_again(self, key: str, found: Visit) -> visits.Sees | None:
        try:
            sees = self.people.sees(Fernet(self.key).decrypt(found.token).decode())
        except (Refused, InvalidToken):
            self.store.write(lambda connection: visits.end(connection, key))
            return None
        except RetryLater:
            abort(503, "GitHub does not say what you may see; try again in a minute.")
        now = self.store.now()
        self.store.write(lambda connection: visits.renew(connection, key, sees, now))
        return sees


def derived(secret: str, purpose: str) -> bytes:
    """A key of its own for one purpose, out of a secret; none tells the secret or another one."""
    made = HKDF(SHA256(), 32, salt=None, info=f"policy-bot {purpose}".encode()).derive(secret.encode())
    return base64.urlsafe_b64encode(made)


def blueprint(door: Door) -> Blueprint:
    """`/login`, `/callback` and `/logout`."""
    pages = Blueprint("door", __name__)

    @pages.get("/login")
    def login() -> Response:
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        session["state"], session["verifier"] = state, verifier
        session["then"] = _local(request.args.get("then", ""))
        return redirect(door.people.address(door.back, state, verifier))

    @pages.get("/callback")
    def callback() -> Response:
        state, verifier = session.pop("state", ""), session.pop("verifier", "")
        then = session.pop("then", "")
        given = request.args.get("state", "")
        if not state or not secrets.compare_digest(state.encode(), given.encode()):
            abort(400, "This sign-in was not begun here, or it was begun too long ago. Sign in again.")
        try:
            door.begin(door.people.token(door.back, request.args.get("code", ""), verifier))
        except Refused:
            abort(400, "GitHub did not accept this sign-in. Sign in again.")
        except RetryLater:
            abort(503, "GitHub does not answer; try again in a minute.")
        return redirect(then or url_for("organisations.home"))

    @pages.post("/logout")
    def logout() -> Response:
        door.end()
        return redirect(url_for("organisations.home"))

    return pages


def _local(address: str) -> str:
    """An address on this site to go on to; "" for any other."""
    fine = address.startswith("/") and not address.startswith(("//", "/\\")) and len(address) < 2_000
    return address if fine and address.isprintable() else ""
