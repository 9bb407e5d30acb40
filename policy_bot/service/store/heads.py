"""Which pull requests were last seen with a head: those that share one have one check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import Connection, or_, select, update

from policy_bot.service.store.tables import due

MOST = 100
"""Pull requests with one head that are told."""


class Reads(Protocol):
    """Runs a query."""

    def read(self, query: Callable[[Connection], list[int]]) -> list[int]:
        """Its result."""


class StoredHeads:
    """The heads that events named and that were judged."""

    def __init__(self, store: Reads) -> None:
        self._store = store

    def pulls_at(self, installation: int, repository: int, head: str) -> Sequence[int]:
        """Numbers of the pull requests that had this head when they were last heard of, lowest first."""
        return self._store.read(lambda connection: _pulls_at(connection, installation, repository, head))


def _pulls_at(connection: Connection, installation: int, repository: int, head: str) -> list[int]:
    query = (
        select(due.c.number)
        .where(due.c.repository == repository, due.c.installation == installation, due.c.kind == "pull")
        .where(or_(due.c.head == head, due.c.judged_head == head))
        .order_by(due.c.number)
        .limit(MOST)
    )
    return [number for (number,) in connection.execute(query)]


def left(connection: Connection, rows: Sequence[str], now: float) -> None:
    """Makes due the pull requests that share a head with these rows, which are closed: what is shown there
    may have been the verdict of a closed one.
    """
    for row in rows:
        closed = connection.execute(select(due.c.repository, due.c.head).where(due.c.key == row)).first()
        if closed is None or not closed.head:
            continue
        others = (
            update(due)
            .where(due.c.repository == closed.repository, due.c.head == closed.head, due.c.kind == "pull")
            .where(due.c.key != row, due.c.state.in_(["idle", "waiting"]))
        )
        again = {"wanted": due.c.wanted + 1, "state": "waiting", "due_since": now, "not_before": 0.0}
        connection.execute(others.values(again))
