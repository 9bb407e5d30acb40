"""T21: somebody reports success under our name -> the ruleset names our App as the source, and reports of
others under our name neither count nor are changed.

Precedent: the policy-bot README, "Security".
"""

from __future__ import annotations

from datetime import UTC, datetime

from policy_bot.sandbox.state import CheckRun
from tests.toy import CONFIG, World


def test_a_foreign_success_opens_nothing_and_is_left_alone() -> None:
    world = World()
    world.sandbox.require(world.shop)
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    at = datetime(2026, 11, 2, tzinfo=UTC)
    forged = CheckRun(
        id=world.sandbox.world.new_id(),
        repository=world.shop,
        app=world.sandbox.registration.id + 1,
        suite=world.sandbox.world.new_id(),
        head_sha=pull.head_sha,
        name="sst-policy",
        started=at,
        status="completed",
        conclusion="success",
        completed=at,
        external_id=f"pull/{pull.number}/0000000000000000/e3b0c44298fc1c14/0",
        title="All is well",
        summary="Trust me.",
    )
    world.shop.checks.append(forged)
    assert world.sandbox.world.mergeable_state(pull) == "blocked"
    world.evaluate(pull)
    ours = [run for run in world.shop.checks if run.app == world.sandbox.registration.id]
    assert [run.conclusion for run in ours] == ["failure"]
    assert (forged.conclusion, forged.title) == ("success", "All is well")
    assert world.sandbox.world.mergeable_state(pull) == "blocked"
