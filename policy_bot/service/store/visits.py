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
    Column("sees", LargeBinary, nullable=False),  # JSON, deflated: see `_packed`
    Column("asked_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
)

Sees = Mapping[int, frozenset[int]]
"""Repository ids by installation id."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A person's session. `asked_at`: when GitHub last confirmed what they may see; `listed_at`: as a
    list.
    """

    login: str
    token: bytes = field(repr=False)
    sees: Sees
    asked_at: float
    expires_at: float
    listed_at: float


def begin(connection: Connection, key: str, made: Visit) -> None:
    """Stores a session; expired ones are deleted."""
    connection.execute(delete(visit).where(visit.c.expires_at < made.asked_at))
    connection.execute(
        visit.insert().values(
            id=_hashed(key),
            login=made.login,
            token=made.token,
            sees=_packed(made.sees, made.listed_at),
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
    sees, listed_at = _unpacked(row.sees)
    return Visit(row.login, row.token, sees, row.asked_at, row.expires_at, listed_at)


def renew(connection: Connection, key: str, sees: Sees, now: float, listed_at: float) -> None:
    """Stores what GitHub says now."""
    changed = {"sees": _packed(sees, listed_at), "asked_at": now}
    connection.execute(update(visit).where(visit.c.id == _hashed(key)).values(changed))


def end(connection: Connection, key: str) -> None:
    """Signs out."""
    connection.execute(delete(visit).where(visit.c.id == _hashed(key)))


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _packed(sees: Sees, listed_at: float) -> bytes:
    """`{"listed_at": 1800000000.0, "1003": [1001, 1002]}`: when, and repository ids by installation."""
    ids = {str(key): sorted(ids) for key, ids in sees.items()}
    return zlib.compress(json.dumps({"listed_at": listed_at, **ids}).encode())


def _unpacked(data: bytes) -> tuple[Sees, float]:
    found = json.loads(zlib.decompress(data))
    listed_at = found.pop("listed_at", 0.0)
    return {int(key): frozenset(ids) for key, ids in found.items()}, listed_at
