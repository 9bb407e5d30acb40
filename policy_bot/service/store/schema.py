"""The schema's versions, by Alembic: the same migrations for SQLite and Postgres."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, column, func, inspect, select, table


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "policy_bot.service.store:migrations")
    return config


def migrate(engine: Engine) -> None:
    """Migrates the schema to this version; a newer one that only adds to it is left as it is. Raises
    `TooNew`. Safe to repeat, on Postgres also concurrently.
    """
    config = _config()
    with engine.execution_options(writing=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("select pg_advisory_xact_lock(7365627104)")
        config.attributes["connection"] = connection
        there = current(connection)
        if there in older() | {newest()}:
            command.upgrade(config, "head")
        else:
            _use_newer(connection, there)


class TooNew(Exception):
    """The database has been migrated by a newer version, and this one cannot work with it."""


OLDEST = "schema_oldest"
"""The table in which incompatible migrations record the oldest revision whose code still works."""


def _use_newer(connection: Connection, there: str) -> None:
    """Leaves a newer schema as it is if this version can work with it. Raises `TooNew` if not."""
    if not inspect(connection).has_table(OLDEST):
        return  # everything since then was additive
    needed = (
        connection.execute(select(func.max(column("revision"))).select_from(table(OLDEST))).scalar() or ""
    )
    if needed > newest():
        raise TooNew(
            f"the database has schema {there}, which needs a policy-bot with schema {needed} or newer."
            f" This one has {newest()}: install the newer version again, or restore the backup from before it"
        )


def newest() -> str:
    """The schema version that this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def older() -> frozenset[str]:
    """The earlier versions, including "" (an empty database). A version that is unknown here is newer."""
    script = ScriptDirectory.from_config(_config())
    return frozenset({"", *(one.revision for one in script.walk_revisions())} - {newest()})


def current(connection: Connection) -> str:
    """The database's version; "" for an empty one."""
    return MigrationContext.configure(connection).get_current_revision() or ""
