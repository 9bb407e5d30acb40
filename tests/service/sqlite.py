"""SQLite files with our tables: migrated once and copied, since migrating takes ten times as long."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from policy_bot.service.store import engine, schema

NAME = "policy-bot.sqlite3"


def make(folder: Path) -> str:
    """A database in `folder`; its address for SQLAlchemy."""
    shutil.copy(_template(), folder / NAME)
    return address(folder / NAME)


def address(file: Path) -> str:
    return f"sqlite:///{file}"


@cache
def _template() -> Path:
    folder = tempfile.mkdtemp(prefix="pb-sqlite-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = Path(folder, NAME)
    database = engine.connect(address(file))
    schema.migrate(database)
    database.dispose()
    return file
