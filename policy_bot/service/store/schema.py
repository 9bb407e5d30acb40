"""The schema's versions, by Alembic: the same migrations for SQLite and Postgres."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "policy_bot.service.store:migrations")
    return config


def migrate(engine: Engine) -> None:
    """Brings the schema to this version's. Safe to run again, on Postgres also by several at once."""
    config = _config()
    with engine.execution_options(writing=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("select pg_advisory_xact_lock(7365627104)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def newest() -> str:
    """The version that this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def older() -> frozenset[str]:
    """The versions before it, "" (an empty database) among them. One that is unknown here is newer."""
    script = ScriptDirectory.from_config(_config())
    return frozenset({"", *(one.revision for one in script.walk_revisions())} - {newest()})


def current(connection: Connection) -> str:
    """The version that the database has; "" for an empty one."""
    return MigrationContext.configure(connection).get_current_revision() or ""
