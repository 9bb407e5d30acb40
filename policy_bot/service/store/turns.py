"""Whose turn it is: the next due row, so that no installation waits for another one's work."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, literal, or_, select, update
from sqlalchemy.sql.elements import BindParameter

from policy_bot.github.events import PullKey
from policy_bot.service.store.due import HURRIED, LEASE_SECONDS, Taken
from policy_bot.service.store.tables import due, installation

# How many evaluations of one repository may run at once, and of one installation in bulk. An installation has
# one slot more than a repository, and fewer than a process, so that another installation always finds one.
WINDOW = 6
BULK_WINDOW = 4
# A row that is started again within a minute pauses in between: 2 s, 4 s, ... up to this. New heads of a pull
# request do not wait for that, until they come so fast that they use up the requests of its organisation.
LONGEST_REST = 20.0
HURRIED_REST, CALM_SECONDS = 60.0, 120.0


def take(
    connection: Connection, now: float, lease: str, bulk: bool = True, but: Collection[int] = ()
) -> Taken | None:
    """Leases the next row, or None. Without `bulk`, only rows for which a person waits; `but` are
    installations that get none.

    The installation with the fewest running evaluations comes first, and within it the oldest row: an
    organisation with ten thousand rows delays another one's push at most by the evaluation that is running.
    A repository leaves a slot to the others of its organisation, since anyone may open pull requests in a
    public one.
    """
    running = _running(connection)
    for urgent in (True, False) if bulk else (True,):
        waiting = connection.execute(_WAITING, {"urgent": urgent, "now": now}).all()
        turns = sorted((running.get((who, urgent), 0), since, who) for who, since in waiting)
        for count, _, who in turns:
            whole = running.get((who, True), 0) + running.get((who, False), 0)
            if whole <= WINDOW and who not in but and (urgent or count < BULK_WINDOW):
                full = _full(connection, who) if whole >= WINDOW else []
                asked = {"urgent": urgent, "who": who, "now": now, "full": full}
                row = connection.execute(_OLDEST, asked).first()
                if row is not None:
                    return _leased(connection, row, now, lease)
    return None


_NOW: BindParameter[float] = bindparam("now")
_READY = and_(due.c.state == "waiting", due.c.not_before <= _NOW, due.c.rest_until <= _NOW)
_HELD = select(installation.c.id).where(installation.c.not_before > _NOW)
_HELD_IN_BULK = select(installation.c.id).where(installation.c.bulk_not_before > _NOW)
_ALLOWED = and_(
    due.c.installation.not_in(_HELD),
    or_(due.c.urgent, due.c.installation.not_in(_HELD_IN_BULK)),
)
_ANY = select(literal(1)).where(_READY, _ALLOWED).limit(1)
_RUNNING = (
    select(due.c.installation, due.c.urgent, func.count())
    .where(due.c.state == "running")
    .group_by(due.c.installation, due.c.urgent)
)
_WAITING = (
    select(due.c.installation, func.min(due.c.due_since))
    .where(_READY, due.c.urgent == bindparam("urgent"), _ALLOWED)
    .group_by(due.c.installation)
)
_OLDEST = (
    select(due)
    .where(_READY, due.c.urgent == bindparam("urgent"), due.c.installation == bindparam("who"))
    .where(due.c.repository.not_in(bindparam("full", expanding=True)))
    .order_by(due.c.due_since)
    .limit(1)
    .with_for_update(skip_locked=True)  # has no effect on SQLite, which has one writer
)


def ready(connection: Connection, now: float) -> bool:
    """Whether there is a row that could be taken."""
    return connection.execute(_ANY, {"now": now}).first() is not None


def _running(connection: Connection) -> dict[tuple[int, bool], int]:
    return {(who, bool(urgent)): count for who, urgent, count in connection.execute(_RUNNING)}


def _full(connection: Connection, who: int) -> list[int]:
    """The repositories that have all slots that one may have."""
    which = (due.c.state == "running", due.c.installation == who)
    query = select(due.c.repository).where(*which).group_by(due.c.repository)
    return [each for (each,) in connection.execute(query.having(func.count() >= WINDOW))]


def _leased(connection: Connection, row: Any, now: float, lease: str) -> Taken:
    burst = row.burst + 1 if now - row.started_at < CALM_SECONDS else 0
    rest = HURRIED_REST if burst >= HURRIED else min(LONGEST_REST, 2.0**burst) if burst else 1.0
    lease_until = now + LEASE_SECONDS
    values = {"state": "running", "lease": lease, "lease_until": lease_until, "attempts": row.attempts + 1}
    values |= {"started_at": now, "burst": burst, "rest_until": now + rest}
    connection.execute(update(due).where(due.c.key == row.key).values(values))
    key = PullKey(row.installation, row.repository, row.name, row.number, row.ref, row.sha)
    attempts = row.attempts + 1
    return Taken(
        row.key, row.kind, key, row.wanted, attempts, row.urgent, lease, row.delivery, row.due_since, row.head
    )
