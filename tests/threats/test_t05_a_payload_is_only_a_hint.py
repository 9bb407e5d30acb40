"""T5: a service acts on the repository or installation that a payload names -> GitHub confirms every id
first, and a false payload has no effect.

Precedents: CVE-2023-40034 (Woodpecker), CVE-2025-27616 (Vela), CVE-2024-27093 (Minder).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy_bot.github.events import Due, PullKey, meaning
from tests.sandbox.wire import wired
from tests.toy import CONFIG, World


@pytest.fixture
def world() -> World:
    world = World()
    world.sandbox.repository("globex/vault", {CONFIG: "error Secret\n"})
    world.sandbox.install("globex")
    return world


def _lies(world: World, true: PullKey) -> list[PullKey]:
    vault = next(r for r in world.sandbox.world.repositories.values() if r.name == "vault")
    return [
        replace(true, name="globex/vault"),  # another tenant's name under our installation
        replace(true, name="globex/vault", repository=vault.id),
        replace(true, repository=true.repository + 1),  # the name belongs to somebody else now
        replace(true, installation=true.installation + 999),
        replace(true, number=4242),
    ]


def test_a_payload_that_lies_makes_nothing_happen(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    for lie in _lies(world, world.key(pull)):
        with wired(world.sandbox):
            outcome = world.evaluator.evaluate(lie, lambda: False)
        assert outcome.conclusion == "gone"
    repositories = world.sandbox.world.repositories.values()
    assert [r.checks for r in repositories if r.checks] == []
    assert pull.comments == []
    assert world.evaluate(pull).conclusion == "failure"


def test_nothing_but_ids_is_taken_from_a_payload(world: World) -> None:
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    (event,) = [e for e in world.sandbox.hook.pending if e.name == "pull_request"]
    said = event.payload["pull_request"]
    assert isinstance(said, dict)
    said["head"]["sha"] = "f" * 40
    said["base"]["ref"] = "lenient"
    said["state"], said["draft"] = "closed", True
    (due,) = meaning("pull_request", event.payload)
    assert isinstance(due, Due)
    assert due.key == world.key(pull)
    with wired(world.sandbox):
        assert world.evaluator.evaluate(due.key, lambda: False).head == pull.head_sha
