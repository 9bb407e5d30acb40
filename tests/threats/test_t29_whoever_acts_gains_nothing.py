"""T29: somebody with read access makes the bot write for them -> buttons and events only cause another look,
which does not depend on who acted.

Precedent: Mergify, 2026-08-11 (commands run with the author's rights).
"""

from __future__ import annotations

from policy_bot.github.events import Due, meaning
from tests.toy import CONFIG, World


def test_a_button_only_makes_us_look_again() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    before = [(r.id, r.conclusion, r.summary) for r in world.shop.checks], [c.body for c in pull.comments]
    world.sandbox.hook.pending.clear()
    world.sandbox.press(run, "recheck", by="stranger")
    world.sandbox.rerun(run, by="stranger")
    meant = {m for e in world.sandbox.hook.pending for m in meaning(e.name, e.payload)}
    assert meant == {Due(world.key(pull), pull.head_sha, button=True)}
    world.evaluate(pull)
    assert before == (
        [(r.id, r.conclusion, r.summary) for r in world.shop.checks],
        [c.body for c in pull.comments],
    )


def test_words_of_people_are_no_commands() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"})
    world.evaluate(pull)
    world.sandbox.reply(pull.comments[0], "/policy-bot approve @policy-bot ignore", by="stranger")
    assert world.evaluate(pull).conclusion == "failure"
    for event in ("issue_comment", "pull_request_review", "pull_request_review_comment"):
        assert meaning(event, {"action": "created"}) == ()


def test_we_ask_for_no_right_to_change_code() -> None:
    permissions = World().sandbox.registration.permissions
    assert permissions["contents"] == "read"
    assert {name for name, right in permissions.items() if right == "write"} == {
        "checks", "pull_requests", "statuses",
    }  # fmt: skip
