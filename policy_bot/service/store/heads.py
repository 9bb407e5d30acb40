"""Pull requests by the head they were last seen with; those with the same head share a check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import Connection, or_, select, update

from policy_bot.service.store.tables import due

MOST = 100
"""Maximum number of pull requests with one head."""


class Reads(Protocol):
    """Runs a query."""

    def read(self, query: Callable[[Connection], list[int]]) -> list[int]:
        """Returns its result."""


class StoredHeads:
    """The heads of events and of verdicts."""

    def __init__(self, store: Reads) -> None:
        self._store = store

    def pulls_at(self, installation: int, repository: int, head: str) -> Sequence[int]:
        """Numbers of the pull requests that were last seen with this head, lowest first."""
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
    """Makes pull requests due that share a head with these closed ones, whose verdict may be shown."""
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
