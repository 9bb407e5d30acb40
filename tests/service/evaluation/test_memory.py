"""What evaluations remember is bounded, in repositories and in bytes; the last used stays."""

from __future__ import annotations

from policy_bot.github.events import PullKey
from policy_bot.github.objects import ENTRY_BYTES, TreeEntry
from policy_bot.service.evaluation.memory import (
    FILE_BYTES,
    MOST_FILES,
    REMEMBERED_BYTES,
    REPOSITORIES,
    Memory,
    Reading,
    Remembered,
)

LISTING = [TreeEntry(f"{n}.ts", 0o100644, "a" * 40, 1) for n in range(250_000)]


def of(memory: Memory, repository: int) -> Remembered:
    return memory.of(PullKey(1, repository, "acme/shop", 1))


def test_few_large_repositories_are_as_much_as_many_small_ones() -> None:
    memory = Memory()
    large = REMEMBERED_BYTES // (len(LISTING) * ENTRY_BYTES)
    first = of(memory, 0)
    for repository in range(large + 2):
        of(memory, repository).objects.add_listing("a" * 40, LISTING)
    last = of(memory, large + 1)
    assert last.objects.listing("a" * 40) is not None
    assert of(memory, 0) is not first


def test_the_last_used_repositories_are_remembered() -> None:
    memory = Memory()
    kept = [of(memory, repository) for repository in range(REPOSITORIES)]
    assert of(memory, 0) is kept[0]
    of(memory, REPOSITORIES)
    assert of(memory, 0) is kept[0]
    assert of(memory, 1) is not kept[1]


def test_readings_are_bounded_by_their_files_and_the_newest_stay() -> None:
    remembered = Remembered()
    files = {f"infra/{number}.ts": "a" * 40 for number in range(1_000)}
    for number in range(MOST_FILES // len(files) + 5):
        remembered.keep(f"apps/{number}/sst.config.ts", Reading(files, {}))
    assert len(remembered.readings) == MOST_FILES // len(files)
    assert "apps/0/sst.config.ts" not in remembered.readings
    assert remembered.weight == MOST_FILES * FILE_BYTES
