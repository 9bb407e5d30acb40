"""Real processes, really killed: nothing accepted is lost, nothing overlaps, nothing goes backwards.

A few kills here; `python -m tests.bench.kill` does 20 on each database.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policy_bot.service.wakeups_postgres import prepare
from tests.service import postgres
from tests.service.crashing import Result, crash


def kept(result: Result) -> None:
    assert result.kept, result
    assert result.accepted >= 50
    assert result.published >= 20
    assert result.refused, "it was really down"


def test_serve_on_sqlite(tmp_path: Path) -> None:
    kept(crash(tmp_path, "", ("serve",), kills=2, seed=5))


@pytest.fixture
def database() -> Iterator[str]:
    address = postgres.make()
    prepare(address)
    yield address
    postgres.drop(address)


def test_web_and_two_workers_on_postgres(tmp_path: Path, database: str) -> None:
    kept(crash(tmp_path, database, ("web", "worker", "worker"), kills=1, seed=3))
