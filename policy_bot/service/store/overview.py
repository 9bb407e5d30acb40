"""Queries for operators about work items: their number, their age, and which have failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from policy_bot.service.store.tables import delivery, due, installation


@dataclass(frozen=True, slots=True)
class Depth:
    """The queue: rows by state and class, and by class the age in seconds of the oldest waiting one."""

    rows: dict[tuple[str, bool], int]
    oldest: dict[bool, float]
    held: int

    @property
    def waiting(self) -> int:
        """Rows that are due and not being processed."""
        return sum(count for (state, _), count in self.rows.items() if state == "waiting")


@dataclass(frozen=True, slots=True)
class Job:
    """A work item as `policy-bot jobs` shows it. `attempts` were started; held ones do not count."""

    row: str
    name: str
    number: int
    state: str
    urgent: bool
    attempts: int
    age_seconds: float
    again_in_seconds: float
    last_error: str
    delivery: str


def depth(connection: Connection, now: float) -> Depth:
    """The depth of the queue."""
    rows: dict[tuple[str, bool], int] = {}
    oldest: dict[bool, float] = {}
    counts = select(due.c.state, due.c.urgent, func.count(), func.min(due.c.due_since)).where(
        due.c.state != "idle"
    )
    for state, urgent, count, since in connection.execute(counts.group_by(due.c.state, due.c.urgent)):
        rows[(state, bool(urgent))] = count
        if state == "waiting":
            oldest[bool(urgent)] = max(0.0, now - since)
    held = connection.scalar(
        select(func.count()).select_from(installation).where(installation.c.not_before > now)
    )
    return Depth(rows, oldest, held or 0)


def jobs(connection: Connection, now: float, limit: int = 100, failed_only: bool = False) -> list[Job]:
    """Rows that are not idle, failed first, then the oldest."""
    states = ["failed"] if failed_only else ["failed", "running", "waiting"]
    query = (
        select(due, installation.c.not_before.label("held_until"), installation.c.why)
        .outerjoin(installation, installation.c.id == due.c.installation)
        .where(due.c.state.in_(states))
        .order_by(due.c.state, due.c.due_since)
        .limit(limit)
    )
    return [_job(row, now) for row in connection.execute(query)]


def _job(row: Any, now: float) -> Job:
    held = row.state == "waiting" and (row.held_until or 0.0) > now
    until = max(row.not_before, row.rest_until, row.held_until or 0.0) if row.state == "waiting" else now
    return Job(
        row=row.key,
        name=row.name,
        number=row.number,
        state=row.state,
        urgent=bool(row.urgent),
        attempts=row.attempts,
        age_seconds=round(max(0.0, now - row.due_since), 1),
        again_in_seconds=round(max(0.0, until - now), 1),
        last_error=f"its installation is paused: {row.why}" if held else row.last_error,
        delivery=row.delivery,
    )


def state(connection: Connection, row: str) -> str:
    """The state of a row (waiting, running, failed, idle); empty if there is none."""
    return connection.scalar(select(due.c.state).where(due.c.key == row)) or ""


def received(connection: Connection, guids: list[str]) -> set[str]:
    """Which of these deliveries are in the inbox."""
    known: set[str] = set()
    for start in range(0, len(guids), 500):
        query = select(delivery.c.guid).where(delivery.c.guid.in_(guids[start : start + 500]))
        known.update(guid for (guid,) in connection.execute(query))
    return known
