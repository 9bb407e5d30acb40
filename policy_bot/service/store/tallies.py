"""Counters of all processes together: each adds its own every few seconds; any can show the sum."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from policy_bot.service.store.tables import tally
from policy_bot.service.store.upserts import insert

Series = tuple[str, str]  # name, label


def add(connection: Connection, counted: Mapping[Series, float]) -> None:
    """Adds to counters."""
    _write(connection, counted, adding=True)


def put(connection: Connection, measured: Mapping[Series, float]) -> None:
    """Replaces gauges."""
    _write(connection, measured, adding=False)


def _write(connection: Connection, values: Mapping[Series, float], adding: bool) -> None:
    if not values:
        return
    statement = insert(connection.dialect.name, tally)
    new = statement.excluded.value
    upsert = statement.on_conflict_do_update(
        index_elements=["name", "label"], set_={"value": tally.c.value + new if adding else new}
    )
    connection.execute(
        upsert, [{"name": n, "label": lb, "value": v} for (n, lb), v in sorted(values.items())]
    )


def read(connection: Connection) -> dict[Series, float]:
    """All counters and gauges."""
    return {(row.name, row.label): row.value for row in connection.execute(select(tally))}
