"""Sessions of people who are signed in: what GitHub lets each of them see, and until when that is trusted.

The cookie's value is stored as a hash and GitHub's token encrypted: a copy of the database opens nothing.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Column, Connection, Float, LargeBinary, String, Table, delete, select, update

from policy_bot.service.store.tables import metadata

visit = Table(
    "visit",
    metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of the cookie's value
    Column("login", String(64), nullable=False),
    Column("token", LargeBinary, nullable=False),  # encrypted
    Column("sees", LargeBinary, nullable=False),  # JSON, deflated: installation -> repository ids
    Column("asked_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
)

Sees = Mapping[int, frozenset[int]]
"""Repository ids by installation id."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's session. `asked_at`: when GitHub was last asked what they may see."""

    login: str
    token: bytes = field(repr=False)
    sees: Sees
    asked_at: float
    expires_at: float


def begin(connection: Connection, key: str, made: Visit) -> None:
    """Stores a session; expired ones are deleted."""
    connection.execute(delete(visit).where(visit.c.expires_at < made.asked_at))
    connection.execute(
        visit.insert().values(
            id=_hashed(key),
            login=made.login,
            token=made.token,
            sees=_packed(made.sees),
            asked_at=made.asked_at,
            expires_at=made.expires_at,
        )
    )


def find(connection: Connection, key: str, now: float) -> Visit | None:
    """The session of a cookie, unless it has expired."""
    query = select(visit).where(visit.c.id == _hashed(key), visit.c.expires_at > now)
    row = connection.execute(query).first()
    if row is None:
        return None
    return Visit(row.login, row.token, _unpacked(row.sees), row.asked_at, row.expires_at)


def renew(connection: Connection, key: str, sees: Sees, now: float) -> None:
    """Stores what GitHub says now."""
    changed = {"sees": _packed(sees), "asked_at": now}
    connection.execute(update(visit).where(visit.c.id == _hashed(key)).values(changed))


def end(connection: Connection, key: str) -> None:
    """Signs out."""
    connection.execute(delete(visit).where(visit.c.id == _hashed(key)))


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _packed(sees: Sees) -> bytes:
    return zlib.compress(json.dumps({str(key): sorted(ids) for key, ids in sees.items()}).encode())


def _unpacked(data: bytes) -> Sees:
    return {int(key): frozenset(ids) for key, ids in json.loads(zlib.decompress(data)).items()}
