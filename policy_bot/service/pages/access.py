"""Sign-in with GitHub, and what a visitor may see.

A visitor sees a repository's data while GitHub lets them see the repository itself, which is checked again
every few minutes. For an installation with more than a hundred repositories, only their number is checked and
the list is renewed every hour; the page of one of them asks GitHub for that one.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Blueprint, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from policy_bot.github.errors import Refused, RetryLater
from policy_bot.github.people import ONE_PAGE, People
from policy_bot.service.store import standings, visits
from policy_bot.service.store.standings import KeptStandings, Standing
from policy_bot.service.store.store import Store
from policy_bot.service.store.visits import Visit

VISIT_SECONDS = 8 * 3600.0
"""How long a person stays signed in: as long as GitHub's own token lives."""
BELIEVED_SECONDS = 300.0
"""How long GitHub's answer about what a person may see is valid."""
LISTED_SECONDS = 3600.0
"""How long a list of repositories may be confirmed by its length alone."""


@dataclass(frozen=True)
class Visitor:
    """The person who requests a page."""

    login: str
    sees: visits.Sees
    is_operator: bool
    is_exact: bool = True
    """Whether `sees` is a recent list, not one that only its length confirms."""

    def may_see(self, installation: int, repository: int) -> bool:
        """Whether a repository's data may be shown."""
        return self.is_operator or repository in self.sees.get(installation, ())

    @property
    def is_known(self) -> bool:
        """Whether they may see anything here: strangers can sign in too."""
        return self.is_operator or any(self.sees.values())


@dataclass(frozen=True)
class Access:
    """Sign-in. `public_url` is our address for people; `operators` are logins in lower case."""

    store: Store
    people: People
    public_url: str
    operators: frozenset[str]
    key: bytes = field(repr=False)
    new_key: Callable[[], str] = lambda: secrets.token_urlsafe(32)
    kept: KeptStandings = field(default_factory=KeptStandings, repr=False)

    @property
    def back(self) -> str:
        """The address to which GitHub returns a person."""
        return f"{self.public_url}/callback"

    def visitor(self) -> Visitor | None:
        """The signed-in visitor. Aborts with 503 if GitHub does not say what they may see."""
        if "visitor" not in g:
            g.visitor = None  # later calls within this request get None
            g.visitor = self._visitor(str(session.get("visit", "")))
        found: Visitor | None = g.visitor
        return found

    def may_read(self, visitor: Visitor, installation: int, repository: int, name: str) -> bool:
        """Whether a repository's own page may be shown. Aborts with 503 if GitHub does not say."""
        if not visitor.may_see(installation, repository):
            return False
        few = len(visitor.sees.get(installation, ())) <= ONE_PAGE
        if visitor.is_operator or visitor.is_exact or few:
            return True
        found = self._found(str(session.get("visit", "")))
        try:
            return found is not None and self.people.may_read(self._token(found), name)
        except (Refused, InvalidToken):
            return False
        except RetryLater:
            abort(503, _AWAY)

    def required(self) -> Visitor:
        """The signed-in visitor; aborts with 401 for nobody and with 403 for a stranger."""
        visitor = self.visitor()
        if visitor is None:
            abort(401)
        if not visitor.is_known:
            abort(403)
        return visitor

    def owners(self, visitor: Visitor) -> dict[str, int]:
        """The installations of which a visitor may see anything, by the owner's name in lower case."""
        named = self.store.read(standings.owners)
        return {
            name.lower(): installation
            for installation, name in named.items()
            if visitor.is_operator or visitor.sees.get(installation)
        }

    def repositories(self, visitor: Visitor, installation: int) -> tuple[Sequence[Standing], bool]:
        """The audited repositories of an installation that a visitor may see, and whether these are all."""
        every = self.store.read(lambda connection: self.kept.of_installation(connection, installation))
        if visitor.is_operator:
            return every, True
        seen = visitor.sees.get(installation, frozenset())
        mine = [each for each in every if each.repository in seen]
        return mine, len(mine) == len(every)

    def begin(self, token: str) -> None:
        """Signs a person in. Raises `Refused`, `RetryLater`."""
        login = self.people.login(token)
        sees = {} if self._operates(login) else self.people.sees(token)
        now = self.store.now()
        sealed = Fernet(self.key).encrypt(token.encode())
        made = Visit(login, sealed, sees, now, now + VISIT_SECONDS, listed_at=now)
        key = self.new_key()
        self.store.write(lambda connection: visits.begin(connection, key, made))
        session.clear()  # against session fixation
        session["visit"] = key

    def end(self) -> None:
        """Signs the person out."""
        key = str(session.get("visit", ""))
        self.store.write(lambda connection: visits.end(connection, key))
        session.clear()

    def _found(self, key: str) -> Visit | None:
        now = self.store.now()
        return self.store.read(lambda connection: visits.find(connection, key, now)) if key else None

    def _visitor(self, key: str) -> Visitor | None:
        found = self._found(key)
        if found is not None and self.store.now() - found.asked_at >= BELIEVED_SECONDS:
            found = self._confirmed(key, found)
        if found is None:
            return None
        is_exact = self.store.now() - found.listed_at < BELIEVED_SECONDS
        return Visitor(found.login, found.sees, self._operates(found.login), is_exact)

    def _operates(self, login: str) -> bool:
        return login.lower() in self.operators

    def _token(self, found: Visit) -> str:
        return Fernet(self.key).decrypt(found.token).decode()

    def _confirmed(self, key: str, found: Visit) -> Visit | None:
        """The session with GitHub's current answer; None, and deleted, if the token has expired."""
        now = self.store.now()
        anew = now - found.listed_at >= LISTED_SECONDS
        sees: visits.Sees = {}
        try:
            token = self._token(found)
            if self._operates(found.login):
                self.people.login(token)
            else:
                sees = self.people.sees(token, {} if anew else found.sees)
        except (Refused, InvalidToken):
            self.store.write(lambda connection: visits.end(connection, key))
            return None
        except RetryLater:
            abort(503, _AWAY)
        listed = now if anew else found.listed_at
        self.store.write(lambda connection: visits.renew(connection, key, sees, now, listed))
        return replace(found, sees=sees, asked_at=now, listed_at=listed)


_AWAY = "GitHub did not say which repositories you may see. Try again in a minute."


def derived(secret: str, purpose: str) -> bytes:
    """Derives a key for one purpose from a secret (one-way)."""
    made = HKDF(SHA256(), 32, salt=None, info=f"policy-bot {purpose}".encode()).derive(secret.encode())
    return base64.urlsafe_b64encode(made)


def blueprint(access: Access) -> Blueprint:
    """`/login`, `/callback` and `/logout`."""
    pages = Blueprint("access", __name__)

    @pages.get("/login")
    def login() -> Response:
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        session["state"], session["verifier"] = state, verifier
        session["then"] = _local(request.args.get("then", ""))
        return redirect(access.people.address(access.back, state, verifier))

    @pages.get("/callback")
    def callback() -> Response:
        state, verifier = session.pop("state", ""), session.pop("verifier", "")
        then = session.pop("then", "")
        given = request.args.get("state", "")
        if not state or not secrets.compare_digest(state.encode(), given.encode()):
            abort(400, "This sign-in did not start here, or it started too long ago. Sign in again.")
        try:
            access.begin(access.people.token(access.back, request.args.get("code", ""), verifier))
        except Refused:
            abort(400, "GitHub did not accept this sign-in. Sign in again.")
        except RetryLater:
            abort(503, "GitHub does not answer. Try again in a minute.")
        return redirect(then or url_for("organisations.home"))

    @pages.post("/logout")
    def logout() -> Response:
        access.end()
        return redirect(url_for("organisations.home"))

    return pages


def _local(address: str) -> str:
    """The address if it is on this site, else ""."""
    fine = address.startswith("/") and not address.startswith(("//", "/\\")) and len(address) < 2_000
    return address if fine and address.isprintable() else ""
