"""Fixtures for tests that need the service's store, evaluator or web application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_bot.service.store.store import Store
from tests.service import postgres
from tests.service import sqlite as sqlite_files


class Time:
    """A clock that moves only on request."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the variables of whoever runs it."""
    names = ["DATABASE_URL", "PORT", "HOST", "PUBLIC_URL", "METRICS_TOKEN", "POLICY_BOT_STATE"]
    names += [
        f"GITHUB_{name}"
        for name in ("APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_FILE", "WEBHOOK_SECRET", "API_URL")
    ]
    for name in names:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def sqlite(tmp_path: Path, time: Time) -> Iterator[Store]:
    store = Store(sqlite_files.make(tmp_path), time)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, time: Time) -> Iterator[Store]:
    """Both databases: what holds for one holds for the other."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    store = Store(postgres.shared(), time)
    yield store
    with store.engine.begin() as connection:
        postgres.clear(connection)
    store.close()
