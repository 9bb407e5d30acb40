"""Deliveries that failed, and asking for them again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from policy_bot.github.deliveries import Deliveries
from tests.sandbox.wire import wired
from tests.toy import CONFIG, World


@pytest.fixture
def world() -> World:
    world = World()
    for number in range(3):
        world.sandbox.open_pull(world.shop, {CONFIG: f"note {number}\n"})
    return world


def test_failed_deliveries_are_listed_once_each_and_can_be_requested_again(world: World) -> None:
    lost = [e for e in world.sandbox.hook.pending if e.name == "pull_request"]
    for event in lost:
        world.sandbox.hook.lose(event)
    world.sandbox.hook.pending.clear()
    deliveries = Deliveries(world.evaluator._app)
    with wired(world.sandbox):
        since = world.sandbox.clock() - timedelta(hours=1)
        found = deliveries.failed(since, 100)
        assert sorted(d.guid for d in found) == sorted(e.guid for e in lost)
        assert len(deliveries.failed(since, 2)) == 2
        assert list(deliveries.failed(world.sandbox.clock() + timedelta(seconds=1), 100)) == []
        deliveries.redeliver(found[0].id)
        deliveries.redeliver(12345)  # unknown, or too old: no fault
    (again,) = world.sandbox.hook.pending
    assert again.redelivery
    assert again.guid == found[0].guid
