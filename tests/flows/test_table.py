"""What the author of a pull request sees, case by case, through the whole service."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from policy_bot.sandbox.state import Pull
from tests.flows.configs import CLEAN, config, line
from tests.flows.street import Street

POLICY = re.compile(r"`([a-z-]+/[a-z-]+)`")
STREAMS = "streaming: !$dev,\n      url: true"


@dataclass(frozen=True)
class Case:
    """A config, the check's conclusion, the gate, and `line text: policy` of every comment."""

    text: str
    conclusion: str
    gate: str
    comments: tuple[tuple[str, str], ...] = ()
    suggests: tuple[str, ...] = ()
    says: str = ""


BLOCKED, OPEN = "blocked", "clean"
CASES = {
    "streaming in app()": Case(
        config("url: true", app="streaming: true"),
        "failure", BLOCKED,
        (("streaming: true,", "streaming/ignored-location"),),
        ("timeout: \"300 seconds\",", "Remove `streaming` from `app()`"),
        "SST drops `streaming`",
    ),
    "streaming at the root and on a function": Case(
        config('streaming: true,\n      url: true,\n      timeout: "300 seconds"', root="streaming: true"),
        "success", OPEN,
        (("  streaming: true,", "streaming/ignored-location"),),
        says="other settings enable streaming here",
    ),
    "streaming at the root and nothing streams": Case(
        config(root="streaming: true"),
        "failure", BLOCKED,
        (("streaming: true,", "streaming/ignored-location"),),
        says="nothing in this project streams",
    ),
    "$dev at the root": Case(
        config(root="streaming: !$dev"),
        "failure", BLOCKED,
        (("streaming: !$dev,", "streaming/dev-global-outside-run"),),
        says="ReferenceError: $dev is not defined",
    ),
    "a function as it ought to be": Case(config(f'{STREAMS},\n      timeout: "5 minutes"'), "success", OPEN),
    "streams for 60 seconds": Case(
        config('streaming: true,\n      url: true,\n      timeout: "60 seconds"'),
        "failure", BLOCKED,
        (('timeout: "60 seconds",', "timeout/too-short"),),
        ('timeout: "300 seconds",',),
        "after 60 seconds",
    ),
    "a number for a timeout": Case(
        config("timeout: 300"),
        "failure", BLOCKED,
        (("timeout: 300,", "timeout/invalid-duration"),),
        ('timeout: "300 seconds",',),
        "duration.split is not a function",
    ),
    "more than Lambda gives": Case(
        config('timeout: "20 minutes"'),
        "failure", BLOCKED,
        (('timeout: "20 minutes",', "timeout/lambda-max"),),
        ('timeout: "900 seconds",',),
        "900 seconds",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_the_author_sees(town: Street, name: str) -> None:
    case = CASES[name]
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": case.text})
    town.settle()
    assert town.run(pull).conclusion == case.conclusion, town.run(pull).summary
    assert town.sandbox.world.mergeable_state(pull) == case.gate
    wanted = sorted((line(case.text, text), policy) for text, policy in case.comments)
    assert commented(pull) == wanted
    bodies = "\n".join(comment.body for comment in pull.comments)
    assert all(suggestion in bodies for suggestion in case.suggests), bodies
    assert case.says in bodies


def test_no_timeout_is_twenty_seconds(town: Street) -> None:
    shop = town.begin(CLEAN)
    text = config(STREAMS)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": text})
    town.settle()
    (comment,) = pull.comments
    assert "after 20 seconds" in comment.body
    assert town.run(pull).conclusion == "failure"


def test_a_timeout_from_the_environment_is_unknown(town: Street) -> None:
    shop = town.begin(CLEAN)
    text = config("streaming: true,\n      url: true,\n      timeout: process.env.T")
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": text})
    town.settle()
    run, hides = town.run(pull), line(text, "timeout: process.env.T,")
    assert run.conclusion == "neutral"
    assert town.sandbox.world.mergeable_state(pull) == OPEN
    assert f"sst.config.ts:{hides}" in (run.summary or "")
    assert {one["start_line"] for one in run.annotations} == {hides}


def test_only_the_readme_changed(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"README.md": "# Shop\n"})
    town.settle()
    assert town.run(pull).conclusion == "success"
    assert town.run(pull).title == "No SST project touched"
    assert not pull.comments
    assert not pull.reviews


def test_a_config_that_does_not_parse(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": "export default $config({\n  app( {\n"})
    town.settle()
    assert town.run(pull).conclusion == "failure"
    assert "sst.config.ts:" in (town.run(pull).summary or "")
    assert town.sandbox.world.mergeable_state(pull) == BLOCKED


def commented(pull: Pull) -> list[tuple[int, str]]:
    """First line and policy of each comment."""
    threads = [(comment.thread, POLICY.search(comment.body)) for comment in pull.comments]
    named = [(thread.start_line or thread.line, policy) for thread, policy in threads]
    return sorted((number, policy[1]) for number, policy in named if number and policy)


UNSEEN = config("url: true").replace(
    "async run() {",
    'async run() {\n    const { makeApi } = await import("@acme/infra");\n    makeApi("Api");',
)


def test_code_that_cannot_be_followed_is_not_green(town: Street) -> None:
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": UNSEEN})
    town.settle()
    run = town.run(pull)
    assert run.conclusion == "neutral"
    assert "config/unseen-code" in run.summary
    assert 'the package "@acme/infra" is not read' in run.annotations[0]["message"]


def test_and_gates_where_cannot_tell_fails(town: Street) -> None:
    shop = town.begin(CLEAN | {".github/policy-bot.yml": "unknown: fail\n"})
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": UNSEEN})
    town.settle()
    assert town.run(pull).conclusion == "failure"
