"""Pull requests by the head they were last seen with; those with the same head share a check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from sqlalchemy import Connection, or_, select, update

from policy_bot.github.events import PullKey
from policy_bot.service.store.due import EnqueueRequest, want
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


def overtaken(connection: Connection, rows: Sequence[str]) -> None:
    """The check that these pull requests share has been rewritten. Those that are being evaluated may have
    looked before that, and look again. The others have nothing to add, so n of them cost n evaluations.
    """
    if rows:
        running = update(due).where(due.c.key.in_(rows), due.c.state == "running")
        connection.execute(running.values(wanted=due.c.wanted + 1))


def left(connection: Connection, rows: Sequence[str], now: float) -> None:
    """Forgets the heads of these rows, whose pull requests are closed. The check on such a head may show the
    verdict of a closed one, so one pull request that shares it becomes due, and whichever are running: each
    writes the check for all.
    """
    for row in rows:
        closed = connection.execute(select(due).where(due.c.key == row)).first()
        if closed is None:
            continue
        connection.execute(update(due).where(due.c.key == row).values(head="", judged_head=""))
        if not closed.head:
            continue
        query = (
            select(due)
            .where(due.c.installation == closed.installation, due.c.repository == closed.repository)
            .where(due.c.head == closed.head, due.c.kind == "pull", due.c.state != "failed")
            .order_by(due.c.number)
        )
        others = connection.execute(query).all()
        running = [other for other in others if other.state == "running"]
        again = (PullKey(o.installation, o.repository, o.name, o.number) for o in running or others[:1])
        want(connection, [EnqueueRequest("pull", key) for key in again], now)
