"""The parent knows what a process was doing when it ended, whatever that process did to the shared memory."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from policy_bot.isolation.activity import LARGEST, Activity, Notes, noted, shared


@pytest.fixture
def memory() -> Iterator[int]:
    """A descriptor that the parent keeps; the process gets its own."""
    descriptor = shared()
    yield descriptor
    os.close(descriptor)


def test_before_the_first_note_nothing_is_being_done(memory: int) -> None:
    assert noted(memory) == Activity("", None)


def test_a_parse_belongs_to_its_step(memory: int) -> None:
    notes = Notes(os.dup(memory))
    notes.step("reading")
    for path in ("infra/größe.ts", "infra/gr\udcf6\udcdfe.ts"):  # the second one in Latin-1
        notes.parse(path)
        assert noted(memory) == Activity("reading", path)
    notes.parse("")
    assert noted(memory) == Activity("reading", None)
    notes.parse("a.ts")
    notes.step("judging")
    assert noted(memory) == Activity("judging", None)


def test_a_path_that_does_not_fit_names_no_file_of_the_tree(memory: int) -> None:
    path = "x" * LARGEST
    Notes(os.dup(memory)).parse(path)
    found = noted(memory).file
    assert found is not None
    assert found != path


def test_memory_that_a_process_cuts_off_or_fills_with_rubbish_harms_nobody(memory: int) -> None:
    os.pwrite(memory, b"\xff" * LARGEST, 0)
    assert noted(memory).file is None
    os.ftruncate(memory, 0)
    assert noted(memory) == Activity("", None)
