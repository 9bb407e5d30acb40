"""T11: a pull request changes its own rules -> rules come from the base side and the organisation only."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tests.toy import CONFIG, World

WAIVER = dedent(
    """\
    waivers:
      - policy: toy/error
        path: "**"
        reason: because I say so
        expires: 2027-01-01
        approved-by: "@me"
    """
)
ATTEMPTS = {
    "off": {".github/policy-bot.yml": "policies: {toy/error: off}\n"},
    "evaluate": {".github/policy-bot.yml": "mode: evaluate\n"},
    "waived": {".github/policy-bot.yml": WAIVER},
    "ignored": {".github/policy-bot.yml": "paths: {ignore: ['**']}\n"},
    "an organisation's file in the wrong place": {"policy-bot.yml": "policies: {toy/error: off}\n"},
    "a policy of the same name": {".github/policies/toy/error.md": "---\ntitle: mild\n---\n"},
}


@pytest.mark.parametrize("files", ATTEMPTS.values(), ids=ATTEMPTS)
def test_what_a_pull_request_brings_does_not_judge_it(files: dict[str, str]) -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n", **files}, title="Trust me")
    assert world.evaluate(pull).conclusion == "failure"


@pytest.mark.parametrize("files", ATTEMPTS.values(), ids=ATTEMPTS)
def test_nor_does_what_a_fork_brings(files: dict[str, str]) -> None:
    world = World()
    fork = world.sandbox.fork(world.shop, "eve")
    pull = world.sandbox.open_pull(
        world.shop, {CONFIG: "error Chat\n", **files}, title="Trust me", source=fork
    )
    assert world.evaluate(pull).conclusion == "failure"


def test_what_the_base_side_says_does_judge_it() -> None:
    world = World({CONFIG: "", ".github/policy-bot.yml": "policies: {toy/error: off}\n"})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\n"}, title="Fine here")
    assert world.evaluate(pull).conclusion == "success"


def test_what_was_waived_on_the_base_side_stays_so_though_the_head_takes_it_away() -> None:
    world = World({CONFIG: "", ".github/policy-bot.yml": WAIVER})
    changes = {CONFIG: "error Chat\n", ".github/policy-bot.yml": "mode: enforce\n"}
    pull = world.sandbox.open_pull(world.shop, changes, title="Stricter from now on")
    assert world.evaluate(pull).conclusion == "success"


def test_a_pull_request_in_the_organisations_repository_is_judged_by_what_is_merged() -> None:
    world = World({CONFIG: "error Chat\n"})
    policy = world.sandbox.repository("acme/.github", {"policy-bot.yml": "mode: enforce\n"})
    world.sandbox.open_pull(policy, {"policy-bot.yml": "policies: {toy/error: off}\n"}, title="Milder")
    pull = world.sandbox.open_pull(world.shop, {CONFIG: "error Chat\nerror New\n"}, title="More")
    assert world.evaluate(pull).conclusion == "failure"
