"""Writes rows that may exist already, with the same statement on SQLite and Postgres."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(dialect: str, table: Any) -> Any:
    """The dialect's INSERT that supports ON CONFLICT."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def put(
    connection: Connection, table: Table, row: Mapping[str, object], changed: Collection[str] | None = None
) -> None:
    """Inserts a row. If its primary key exists, replaces the columns `changed`, by default all others."""
    statement = insert(connection.dialect.name, table).values(row)
    keys = [column.name for column in table.primary_key]
    names = set(row) - set(keys) if changed is None else changed
    new = {name: row[name] for name in names}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=new))
