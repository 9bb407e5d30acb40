"""T26: a retry posts twice -> a write without an answer is looked for before it is sent again.

Precedent: PyGithub 2.10.0 sends a POST three times over 5xx (measured).
"""

from __future__ import annotations

import pytest

from policy_bot.sandbox.faults import Fault
from tests.toy import CONFIG, World

WRITES = ["POST .*/reviews", "POST .*/check-runs", "POST .*/access_tokens"]


@pytest.mark.parametrize("status", [0, 500, 502, 503, 504])
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_leaves_one_of_each(write: str, status: int, when: str) -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.sandbox.faults.plan(Fault(write, when, status))
    world.evaluate(pull)
    assert [len(pull.comments), len(pull.reviews), len(world.shop.checks)] == [1, 1, 1]


def test_a_lost_answer_to_taking_comments_away() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error A\nerror B\nnote\n"})
    world.evaluate(pull)
    world.sandbox.push(pull, {CONFIG: "note\n"})
    looks = [0]

    def second_of_graphql(request: object) -> Fault | None:
        looks[0] += "graphql" in str(request)
        return Fault("", "after", 502) if looks[0] == 2 else None

    world.sandbox.faults.each = second_of_graphql
    world.evaluate(pull)
    assert pull.comments == []
    run = world.check(pull)
    assert run is not None
    assert run.conclusion == "success"


def test_a_write_is_sent_once_while_github_stumbles() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "note\n"})
    world.sandbox.faults.plan(Fault("POST .*/check-runs", "before", 502))
    world.evaluate(pull)
    asked = [str(r) for r in world.sandbox.requests if "access_tokens" not in r.path]
    look, write = "POST /graphql", "POST /repos/acme/shop/check-runs"
    assert asked == [look, write, look, write]
