"""T6: a tenant reads another one by name -> every key contains ids that GitHub confirms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy_bot.github.events import PullKey
from policy_bot.sandbox.state import Pull
from tests.sandbox.wire import wired
from tests.toy import CONFIG, World


class Two(World):
    """acme and other, each with a `shop` and a `.github`, each with pull request 1."""

    def __init__(self) -> None:
        super().__init__({CONFIG: ""})
        self.sandbox.repository("acme/.github", {"policy-bot.yml": "mode: enforce\n"})
        self.theirs = self.sandbox.repository("other/shop", {CONFIG: "", "secret.ts": "error Secret\n"})
        self.sandbox.repository("other/.github", {"policy-bot.yml": "policies: {toy/error: off}\n"})
        self.other = self.sandbox.install("other")
        self.mine = self.sandbox.open_pull(self.shop, {CONFIG: "error Chat\n"}, title="Mine")
        self.yours = self.sandbox.open_pull(self.theirs, {CONFIG: "error Chat\n"}, title="Yours")

    def key(self, pull: Pull) -> PullKey:
        installation = self.other if pull.repository is self.theirs else self.installation
        return replace(super().key(pull), installation=installation.id)


def test_equal_names_are_judged_each_by_its_own_policy() -> None:
    world = Two()
    assert world.mine.number == world.yours.number
    for _ in range(2):
        assert world.evaluate(world.mine).conclusion == "failure"
        assert world.evaluate(world.yours).conclusion == "success"


@pytest.mark.parametrize("field", ["installation", "repository", "name"])
def test_a_key_that_mixes_tenants_reaches_nothing(field: str) -> None:
    world = Two()
    mine, yours = world.key(world.mine), world.key(world.yours)
    mixed = replace(mine, **{field: getattr(yours, field)})
    before = (len(world.shop.checks), len(world.theirs.checks))
    with wired(world.sandbox):
        outcome = world.evaluator.evaluate(mixed, lambda: False)
    assert outcome.conclusion == "gone"
    assert (len(world.shop.checks), len(world.theirs.checks)) == before


def test_a_repository_whose_name_was_taken_over_is_not_the_one_that_was_meant() -> None:
    world = Two()
    stale = world.key(world.mine)
    world.shop.name = "shop-old"
    impostor = world.sandbox.repository("acme/shop", {CONFIG: "error Chat\n"})
    with wired(world.sandbox):
        outcome = world.evaluator.evaluate(stale, lambda: False)
    assert outcome.conclusion in {"gone", "failure"}
    assert impostor.checks == []
