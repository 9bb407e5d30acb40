"""T15: a special state skips the policy (draft, reopened, new base, converted) -> each action of each event
leads to the same verdict.

Precedents: CVE-2023-34091 (Kyverno: what is being deleted was not judged).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policy_bot.github.events import Due, Gone, Meaning, meaning
from policy_bot.sandbox.state import Pull
from tests.sandbox.wire import wired
from tests.toy import CONFIG, World


def _ready(world: World, pull: Pull) -> None:
    pull.draft = True
    world.sandbox.ready(pull)


def _reopened(world: World, pull: Pull) -> None:
    world.sandbox.close(pull)
    world.sandbox.hook.pending.clear()
    world.sandbox.reopen(pull)


def _rerun(world: World, pull: Pull) -> None:
    world.evaluate(pull)
    world.sandbox.hook.pending.clear()
    run = world.check(pull)
    assert run is not None
    world.sandbox.rerun(run)


def _pressed(world: World, pull: Pull) -> None:
    world.evaluate(pull)
    world.sandbox.hook.pending.clear()
    run = world.check(pull)
    assert run is not None
    world.sandbox.press(run, "recheck")


def _base(world: World, pull: Pull) -> None:
    world.sandbox.push_branch(world.shop, "release", {"README.md": "# release\n"})
    world.sandbox.hook.pending.clear()
    world.sandbox.retarget(pull, "release")


DEEDS: dict[str, Callable[[World, Pull], object]] = {
    "opened": lambda world, pull: None,
    "synchronize": lambda world, pull: world.sandbox.push(pull, {CONFIG: "error Other\n"}),
    "ready_for_review": _ready,
    "converted_to_draft": lambda world, pull: world.sandbox.ready(pull, False),
    "reopened": _reopened,
    "edited, another base": _base,
    "check_run rerequested": _rerun,
    "check_run requested_action": _pressed,
    "check_suite rerequested": lambda world, pull: world.sandbox.rerun_all(pull),
    "merge_group checks_requested": lambda world, pull: world.sandbox.enqueue(pull),
}


def _meant(world: World) -> list[Meaning]:
    return [m for event in world.sandbox.hook.pending for m in meaning(event.name, event.payload)]


@pytest.mark.parametrize("deed", DEEDS)
def test_whatever_happens_to_it_a_bad_pull_request_fails(deed: str) -> None:
    world = World()
    world.sandbox.hook.pending.clear()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    if deed != "opened":
        world.sandbox.hook.pending.clear()
    DEEDS[deed](world, pull)
    due = [each for each in _meant(world) if isinstance(each, Due)]
    assert due
    with wired(world.sandbox):
        assert {world.evaluator.evaluate(each.key, lambda: False).conclusion for each in due} == {"failure"}


def test_a_closed_one_is_forgotten_and_other_edits_are_left() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.sandbox.hook.pending.clear()
    world.sandbox.close(pull)
    (event,) = [e for e in world.sandbox.hook.pending if e.name == "pull_request"]
    assert meaning("pull_request", event.payload) == (Gone(world.key(pull)),)
    renamed = event.payload | {"action": "edited", "changes": {"title": {"from": "x"}}}
    assert meaning("pull_request", renamed) == ()
    for action in ("labeled", "assigned", "stacked", "", None, 3):
        assert meaning("pull_request", event.payload | {"action": action}) == ()
