"""Connects to the two databases, configured so that committed data is on disk and nobody waits long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

# GitHub gives up after 10 s: a statement that waits longer than this for a lock ends in a 503 instead.
LOCK_WAIT_SECONDS = 8


def connect(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://...`. Does not connect yet."""
    if url.startswith("sqlite"):
        return _sqlite(url)
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        pool_timeout=LOCK_WAIT_SECONDS,
        connect_args={
            "connect_timeout": 5,
            "options": f"-c lock_timeout={LOCK_WAIT_SECONDS}s -c statement_timeout=30s",
            "application_name": "policy-bot",
        },
        hide_parameters=True,
    )


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=16,  # a connection is a file handle: one for each thread that may read at once
        max_overflow=48,
        connect_args={"timeout": LOCK_WAIT_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _set_up(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # we send BEGIN ourselves, below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "temp_store=MEMORY",
            "journal_size_limit=67108864",
        ):
            raw.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and upgrades later can lose to another one, so it takes the lock at
        # once.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
