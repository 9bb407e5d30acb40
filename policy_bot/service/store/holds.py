"""Pauses of installations: GitHub's limits, and the share of a limit that is reserved for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, case, update

from policy_bot.service.store.tables import due, installation
from policy_bot.service.store.upserts import insert

LONGEST = 7200.0
"""Seconds beyond which a wait is unreasonable: GitHub's limits end within the hour."""


def hold(connection: Connection, who: int, until: float, why: str) -> None:
    """Pauses an installation until `until`, by GitHub's answer. Never shortens a pause."""
    _hold(connection, who, {"not_before": until, "why": why[:500]}, installation.c.not_before)


def hold_bulk(connection: Connection, who: int, until: float) -> None:
    """Pauses bulk work of an installation until `until`; the rest of its limit is reserved for people."""
    _hold(connection, who, {"bulk_not_before": until}, installation.c.bulk_not_before)


def _hold(connection: Connection, who: int, values: Mapping[str, Any], column: Any) -> None:
    statement = insert(connection.dialect.name, installation).values({"id": who} | _UNKNOWN | dict(values))
    new = statement.excluded
    longer = new[column.name] > column
    kept = {name: case((longer, new[name]), else_=installation.c[name]) for name in values}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=kept))


_UNKNOWN = {"not_before": 0.0, "bulk_not_before": 0.0, "why": "", "swept_at": 0.0}


def know(connection: Connection, everybody: Sequence[int]) -> None:
    """Adds rows for these installations if they have none."""
    rows = [{"id": who} | _UNKNOWN for who in sorted(everybody)]
    if rows:
        connection.execute(insert(connection.dialect.name, installation).on_conflict_do_nothing(), rows)


def unclamp(connection: Connection, now: float) -> None:
    """Shortens implausibly long waits, which were stored while a clock was wrong."""
    for column in (due.c.not_before, due.c.rest_until):
        connection.execute(update(due).where(column > now + LONGEST).values({column.name: now}))
    for column in (installation.c.not_before, installation.c.bulk_not_before):
        connection.execute(update(installation).where(column > now + LONGEST).values({column.name: now}))
