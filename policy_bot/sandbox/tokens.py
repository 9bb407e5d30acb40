"""Authentication: the App by its JWT, an installation by a token issued here."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from policy_bot.sandbox.problem import ApiProblem
from policy_bot.sandbox.registration import Registration
from policy_bot.sandbox.state import Installation

LIFETIME = timedelta(hours=1)
LONGEST_JWT = 600  # maximum lifetime of an App's JWT in seconds
HEADER = base64.urlsafe_b64encode(b'{"alg":"RS256"}').rstrip(b"=").decode()
TOKEN_LENGTH = 520  # length of GitHub's stateless form, `ghs_<app>_<jwt>`


@dataclass(frozen=True)
class Token:
    """An installation token: permissions, repositories, expiry."""

    text: str = field(repr=False)
    installation: Installation
    expires: datetime
    permissions: Mapping[str, str]
    repositories: frozenset[int] | None


@dataclass
class Tokens:
    """Issues and verifies installation tokens."""

    registration: Registration
    issued: dict[str, Token] = field(default_factory=dict)

    def issue(
        self,
        installation: Installation,
        now: datetime,
        permissions: Mapping[str, str],
        repositories: frozenset[int] | None,
    ) -> Token:
        """Issues a new random token."""
        seed = f"{installation.id}:{len(self.issued)}:{now.isoformat()}"
        claims = _encoded(json.dumps({"ins": installation.id, "n": len(self.issued)}).encode())
        noise = "".join(hashlib.sha256(f"{seed}:{part}".encode()).hexdigest() for part in range(8))
        head = f"ghs_{self.registration.id}_{HEADER}.{claims}."
        text = (head + noise)[:TOKEN_LENGTH]
        token = Token(text, installation, now + LIFETIME, dict(permissions), repositories)
        self.issued[text] = token
        return token

    def installation(self, text: str, now: datetime) -> Token:
        """The token with this text; 401 if unknown or expired."""
        token = self.issued.get(text)
        if token is None or token.expires <= now:
            raise ApiProblem(401, "Bad credentials")
        if token.installation.suspended:
            raise ApiProblem(403, "This installation has been suspended")
        return token

    def check_app(self, jwt: str, now: datetime) -> None:
        """Verifies the App's JWT: signed with its key, RS256, valid now and for ten minutes at most."""
        head, body = _verified(jwt, self.registration)
        if head.get("alg") != "RS256":
            raise ApiProblem(401, "A JSON web token could not be decoded")
        issuer, issued, expires = body.get("iss"), body.get("iat"), body.get("exp")
        if str(issuer) not in {str(self.registration.id), self.registration.client_id}:
            if str(issuer).isdecimal():
                raise ApiProblem(404, "Integration not found")
            raise ApiProblem(401, "'Issuer' claim ('iss') must be an Integer")
        if not isinstance(issued, int) or issued > now.timestamp():
            raise ApiProblem(
                401, "'Issued at' claim ('iat') must be an Integer representing the time in the past"
            )
        if not isinstance(expires, int) or expires <= now.timestamp():
            raise ApiProblem(401, "'Expiration time' claim ('exp') must be a numeric value in the future")
        if expires - now.timestamp() > LONGEST_JWT:
            raise ApiProblem(401, "'Expiration time' claim ('exp') is too far in the future")


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _verified(jwt: str, registration: Registration) -> tuple[dict[str, object], dict[str, object]]:
    try:
        head, body, signature = jwt.split(".")
        registration.key.public_key().verify(
            _decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        return json.loads(_decoded(head)), json.loads(_decoded(body))
    except (ValueError, binascii.Error, InvalidSignature):
        raise ApiProblem(401, "A JSON web token could not be decoded") from None
