"""Whatever happens to deliveries, requests and workers, every pull request ends in the right state."""

from __future__ import annotations

import pytest

from tests.faults.history import History

HISTORIES, BATCH = 60, 5  # ten thousand: tests/bench/histories.py


@pytest.mark.parametrize("first", range(0, HISTORIES, BATCH))
def test_a_random_history_ends_as_an_evaluation_from_scratch(first: int) -> None:
    for seed in range(first, first + BATCH):
        History(seed).run()


@pytest.mark.parametrize("seed", range(4))
def test_a_history_of_real_configs_does_too(seed: int) -> None:
    History(seed, real=True).run()
