"""The garbage collector is patient while a project is read, and only then."""

from __future__ import annotations

import gc

import pytest

from policy_bot.sst.collector import OBJECTS, patience
from policy_bot.sst.reading import read_project


def test_the_collector_waits_inside_and_is_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with patience():
        assert gc.get_threshold()[0] == OBJECTS
        assert gc.isenabled()  # a bound, not a switch: a hostile program's garbage is still collected
    assert gc.get_threshold() == before


def test_a_reading_that_fails_leaves_the_collector_as_it_was() -> None:
    class Broken:
        def read(self, path: str) -> bytes | None:
            raise RuntimeError(path)

        def list(self, folder: str) -> list[str] | None:
            return None

    before = gc.get_threshold()
    with pytest.raises(RuntimeError):
        read_project(Broken(), "sst.config.ts")
    assert gc.get_threshold() == before
