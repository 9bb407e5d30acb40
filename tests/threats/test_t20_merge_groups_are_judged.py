"""T20: merge groups pass without being judged -> a group is judged by its own tree, against its target
branch.

Precedents: policy-bot's merge_group handler reports success unseen; its #800.
"""

from __future__ import annotations

from policy_bot.github.events import Due, meaning
from policy_bot.sandbox.state import Pull
from tests.sandbox.wire import wired
from tests.toy import CONFIG, World


def _judged(world: World, pull: Pull) -> tuple[str, int]:
    """How the group that is made for a pull request ends, and in how many requests."""
    world.sandbox.hook.pending.clear()
    world.sandbox.enqueue(pull)
    (event,) = [e for e in world.sandbox.hook.pending if e.name == "merge_group"]
    (due,) = meaning(event.name, event.payload)
    assert isinstance(due, Due)
    before = len(world.sandbox.requests)
    with wired(world.sandbox):
        outcome = world.evaluator.evaluate(due.key, lambda: False)
    runs = [run for run in world.shop.checks if run.head_sha == outcome.head]
    assert [(run.name, run.status, run.conclusion) for run in runs] == [
        ("sst-policy", "completed", outcome.conclusion)
    ]
    return outcome.conclusion, len(world.sandbox.requests) - before


def test_a_group_that_brings_a_finding_fails() -> None:
    world = World({CONFIG: "warning Old\n"})
    assert _judged(world, world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"}))[0] == "failure"


def test_a_group_that_joins_two_harmless_changes_into_harm_fails() -> None:
    world = World({CONFIG: "note\n"})
    pull = world.sandbox.open_pull(world.shop, {"infra/api.ts": "error Chat\n"})
    assert world.evaluate(pull).conclusion == "success"  # nothing reads the file
    world.sandbox.push_branch(world.shop, "main", {CONFIG: "note\nuse infra/api.ts\n"})
    assert _judged(world, pull)[0] == "failure"


def test_a_group_is_not_held_up_by_what_its_branch_has_already() -> None:
    world = World({CONFIG: "error Old\n"})
    assert _judged(world, world.sandbox.open_pull(world.shop, {CONFIG: "error Old\nnote\n"}))[0] == "success"
