"""T18: a verdict on an old head or base counts for a new one -> a check belongs to the head that was judged,
each push and new base is judged again, findings that the default branch lacks are new for every base, an
old finding that got worse is new, and pull requests with the same head show the strictest verdict.

Precedents: Atlantis #6529, policy-bot #903.
"""

from __future__ import annotations

from policy_bot.github.events import Due, meaning
from policy_bot.sandbox.faults import FaultyRequest
from tests.sandbox.wire import wired
from tests.toy import CONFIG, World


def test_a_push_while_judging_leaves_the_new_head_without_a_verdict() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "note\n"})
    old = pull.head_sha

    def push_meanwhile(request: FaultyRequest) -> None:
        if request.path != "/graphql":
            return
        world.sandbox.watchers.clear()
        world.sandbox.push(pull, {CONFIG: "error Chat\n"})

    world.sandbox.watchers.append(push_meanwhile)
    assert world.evaluate(pull).head == old
    assert world.check(pull) is None  # the gate of the new head stays shut
    assert {run.head_sha for run in world.shop.checks} == {old}
    assert world.evaluate(pull).conclusion == "failure"


def test_no_base_but_the_default_branch_makes_a_success() -> None:
    world = World()
    world.sandbox.push_branch(world.shop, "lenient", {CONFIG: "error Chat\n"})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"}, base="lenient")
    assert world.evaluate(pull).conclusion == "failure"
    world.sandbox.retarget(pull, "main")
    assert world.evaluate(pull).conclusion == "failure"


def test_a_lenient_branch_opens_no_other_gate() -> None:
    world = World()
    world.sandbox.push_branch(world.shop, "lenient", {CONFIG: "error Chat\n"})
    gated = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"}, branch="one")
    head = gated.head_sha
    trick = world.sandbox.open_pull(world.shop, {"README.md": "#\n"}, branch="one", base="lenient")
    world.sandbox.force_push(world.shop, "one", head)
    for pull in (gated, trick, gated, trick):
        assert world.evaluate(pull).conclusion == "failure"
    run = world.check(gated)
    assert run is not None
    assert run.conclusion == "failure"


def test_policy_of_the_base_moves_the_verdict() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    assert world.evaluate(pull).conclusion == "failure"
    world.sandbox.push_branch(world.shop, "main", {".github/policy-bot.yml": "mode: evaluate\n"})
    assert world.evaluate(pull).conclusion == "neutral"


def test_running_all_checks_again_judges_a_fork_by_the_branch_it_goes_to() -> None:
    world = World({CONFIG: "error Chat\n"})
    world.sandbox.push_branch(world.shop, "strict", {CONFIG: "note\n"})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\nnote\n"}, base="strict")
    assert world.evaluate(pull).conclusion == "failure"
    suite = {"head_sha": pull.head_sha, "pull_requests": []}  # GitHub lists none that comes from a fork
    payload = {
        "action": "rerequested",
        "check_suite": suite,
        "installation": {"id": world.installation.id},
        "repository": {"id": world.shop.id, "full_name": world.shop.full_name},
    }
    (due,) = meaning("check_suite", payload)
    assert isinstance(due, Due)
    with wired(world.sandbox):
        outcome = world.evaluator.evaluate(due.key, lambda: False)
    assert outcome.also == (world.key(pull),)
    assert {run.conclusion for run in world.shop.checks} == {"failure"}
