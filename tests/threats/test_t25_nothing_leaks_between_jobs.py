"""T25: state of one job shows up in the next -> interleaved tenants are judged as if each were alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_bot.policy.settings import Settings
from tests.policy.layering import standing
from tests.sandbox.wire import wired
from tests.threats.test_t06_tenants_share_nothing import Two

ALONE = {"mine": "failure", "yours": "success"}


@settings(max_examples=8)
@given(st.lists(st.sampled_from(sorted(ALONE)), min_size=2, max_size=6))
def test_any_order_gives_what_each_gives_alone(order: list[str]) -> None:
    world = Two()
    for name in order:
        assert world.evaluate(getattr(world, name)).conclusion == ALONE[name]


def test_several_workers_at_once_give_what_each_gives_alone() -> None:
    world = Two()
    names = ["mine", "yours"] * 6
    with wired(world.sandbox), ThreadPoolExecutor(4) as workers:
        keys = [world.key(getattr(world, name)) for name in names]
        outcomes = list(workers.map(lambda key: world.evaluator.evaluate(key, lambda: False), keys))
    assert [outcome.conclusion for outcome in outcomes] == [ALONE[name] for name in names]


def test_what_is_in_force_cannot_be_changed_by_who_reads_it() -> None:
    found = standing("mode: evaluate\n").settings
    with pytest.raises((FrozenInstanceError, AttributeError)):
        found.waivers = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        Settings.default().decisions["mode"] = found.decisions["mode"]  # type: ignore[index]
    with pytest.raises(TypeError):
        found.decisions["mode"] = Settings.default().decisions["mode"]  # type: ignore[index]
