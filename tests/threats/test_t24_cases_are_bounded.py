"""T24: a stranger proposes a policy whose cases occupy a reader for minutes -> cases from forks are not run;
all others have a time limit, whose excess does not pass, and a newer push ends them at once.

Precedents: CVE-2026-23881 and CVE-2025-47281 (Kyverno).
"""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.sandbox.state import CheckRun, Pull
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.source import SourceTree
from tests.sandbox.wire import wired
from tests.toy import Clock, ToyReader, World

CASES = 20
POLICY = """\
---
title: Nothing may be called Evil
severity: error
since: 0.1.0
subject: function
require: name != "Evil"
at: name
message: "`{name}` is no name."
---
## What it does
## Why it is bad
## Example
## Use instead
## Cases
""" + "\n".join(f"### Case {number}\n```ts\n// nothing\n```" for number in range(CASES))
FILES = {".github/policies/acme/evil.md": POLICY}


class SlowReader(ToyReader):
    """Takes a minute for each case."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.read_so_far = 0

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        self.clock.sleep(60)
        self.read_so_far += 1
        return super().read(tree, path, contexts)


def street() -> tuple[World, SlowReader]:
    world = World({"README.md": "# shop\n"})
    world.reader = reader = SlowReader(world.clock)
    world.evaluator = world.fresh()
    return world, reader


def checked(world: World, pull: Pull) -> CheckRun:
    world.evaluate(pull)
    run = world.check(pull)
    assert run is not None
    return run


def test_no_case_of_a_fork_is_run_and_that_is_reported() -> None:
    world, reader = street()
    fork = world.sandbox.fork(world.shop, "eve")
    run = checked(world, world.sandbox.open_pull(world.shop, FILES, source=fork))
    assert reader.read_so_far == 0
    assert f"- {CASES} cases: the pull request comes from a fork" in run.summary


def test_mistakes_in_a_policy_of_a_fork_are_reported_all_the_same() -> None:
    world, _ = street()
    fork = world.sandbox.fork(world.shop, "eve")
    wrong = {path: text.replace("name != ", "nam != ") for path, text in FILES.items()}
    run = checked(world, world.sandbox.open_pull(world.shop, wrong, source=fork))
    assert (run.conclusion, run.title) == ("failure", "1 mistake in policy files")


def test_cases_that_take_too_long_end_and_do_not_pass() -> None:
    world, reader = street()
    run = checked(world, world.sandbox.open_pull(world.shop, FILES))
    assert reader.read_so_far == 4
    assert (run.conclusion, run.title) == ("failure", "16 of 20 cases of the policies fail")
    assert "all cases together take more than 180 s" in run.summary


def test_a_newer_push_stops_them() -> None:
    world, reader = street()
    pull = world.sandbox.open_pull(world.shop, FILES)
    with wired(world.sandbox):
        outcome = world.evaluator.evaluate(world.key(pull), lambda: reader.read_so_far >= 2)
    assert outcome.superseded
    assert reader.read_so_far == 2
