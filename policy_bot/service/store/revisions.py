"""Stores the last valid revision of each repository's policy files, which stays in force while the newest one
has mistakes.

Nothing is overwritten: every revision that was in force keeps a row, so that a return to an older one is
recorded. The table is called `edition`, its name in the first release. Keys are GitHub's ids, never names, so
two organisations with equal names share nothing.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    LargeBinary,
    Select,
    String,
    Table,
    and_,
    delete,
    select,
)

from policy_bot.policy.revision import Revision
from policy_bot.service.store.store import Store
from policy_bot.service.store.tables import metadata
from policy_bot.service.store.upserts import put

log = structlog.get_logger()

KEPT = 50
"""How many revisions of one repository are kept: the last ones in force."""
REMEMBERED = 5_000
"""For how many repositories a thread remembers the revision that it was given."""

table = Table(
    "edition",
    metadata,
    Column("installation", BigInteger, primary_key=True, autoincrement=False),
    Column("repository", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", String(64), primary_key=True),
    Column("sha", String(64), nullable=False),  # the commit at which it was read when it came into force
    Column("content", LargeBinary, nullable=False),  # JSON, deflated
    Column("first_at", Float, nullable=False),
    Column("latest_at", Float, nullable=False),  # when it last came into force
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A revision that was in force: when it first and last came into force (seconds since 1970)."""

    digest: str
    sha: str
    first_at: float
    latest_at: float

    @property
    def returned(self) -> bool:
        """Whether it came back after another one had replaced it."""
        return self.latest_at > self.first_at


@dataclass
class StoredRevisions:
    """Keeps revisions in the service's store. Thread-safe.

    An evaluation that read an older state and ends late must not restore that state: `keep` has an effect
    only while the revision that this thread was last given is still the newest.
    """

    store: Store
    _given: threading.local = field(default_factory=threading.local, repr=False)

    def last_good(self, installation: int, repository: int) -> Revision | None:
        """The revision that last came into force."""
        row = self.store.read(lambda of: of.execute(_newest(installation, repository)).first())
        self._mine()[installation, repository] = row.digest if row else ""
        return _opened(row.content) if row else None

    def keep(self, installation: int, repository: int, revision: Revision, commit: str) -> None:
        """Stores a revision as the one in force; a return to an older one is logged."""
        given = self._mine().get((installation, repository))
        digest, now = revision.digest, self.store.now()
        if given == digest:
            return
        row = {
            "installation": installation, "repository": repository, "digest": digest, "sha": commit,
            "content": _closed(revision), "first_at": now, "latest_at": now,
        }  # fmt: skip
        if self.store.write(lambda to: _keep(to, row, given)):
            self._mine()[installation, repository] = digest
            if any(
                seen.digest == digest and seen.returned for seen in self.history(installation, repository)
            ):
                log.warning("policy.returned", installation=installation, repository=repository, sha=commit)

    def history(self, installation: int, repository: int) -> tuple[Seen, ...]:
        """Every revision that was in force, the latest first."""
        rows = self.store.read(lambda of: of.execute(_of(installation, repository)).all())
        return tuple(Seen(row.digest, row.sha, row.first_at, row.latest_at) for row in rows)

    def naming(self, days: Sequence[str]) -> frozenset[int]:
        """The installations whose files in force name one of these days (ISO), on which verdicts may
        change.
        """
        rows = self.store.read(lambda of: of.execute(select(table).order_by(table.c.latest_at)).all())
        newest = {(row.installation, row.repository): row for row in rows}
        texts = (
            (row.installation, text)
            for row in newest.values()
            for text in _opened(row.content).files.values()
        )
        return frozenset(installation for installation, text in texts if any(day in text for day in days))

    def _mine(self) -> dict[tuple[int, int], str]:
        """What this thread was given, by installation and repository."""
        mine: dict[tuple[int, int], str] = self._given.__dict__.setdefault("digests", {})
        if len(mine) > REMEMBERED:
            mine.clear()
        return mine


def _of(installation: int, repository: int) -> Select[Any]:
    mine = and_(table.c.installation == installation, table.c.repository == repository)
    return select(table).where(mine).order_by(table.c.latest_at.desc(), table.c.first_at.desc())


def _newest(installation: int, repository: int) -> Select[Any]:
    return _of(installation, repository).limit(1)


def _keep(connection: Connection, row: dict[str, Any], given: str | None) -> bool:
    """Puts a revision into force; False if another one came into force since `given` was read."""
    key = (row["installation"], row["repository"])
    newest = connection.execute(_newest(*key)).first()
    there = newest.digest if newest else ""
    if there == row["digest"] or (given is not None and there != given):
        return False
    # later than the one it replaces, even if two arrive within one tick of the clock
    latest = max(row["latest_at"], newest.latest_at + 1e-3) if newest else row["latest_at"]
    row |= {"first_at": latest, "latest_at": latest}
    put(connection, table, row, changed=("latest_at", "sha"))
    _forget(connection, *key)
    return True


def _forget(connection: Connection, installation: int, repository: int) -> None:
    old = [row.digest for row in connection.execute(_of(installation, repository)).all()[KEPT:]]
    if old:
        mine = and_(table.c.installation == installation, table.c.repository == repository)
        connection.execute(delete(table).where(mine, table.c.digest.in_(old)))


def _closed(revision: Revision) -> bytes:
    return zlib.compress(json.dumps({"folder": revision.folder, "files": dict(revision.files)}).encode())


def _opened(content: bytes) -> Revision:
    data = json.loads(zlib.decompress(content))
    return Revision(data["folder"], data["files"])
