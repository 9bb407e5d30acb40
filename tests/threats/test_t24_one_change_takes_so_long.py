"""T24: a stranger's pull request with a thousand slow configs occupies everybody's readers -> judging a
change has limits of time and memory on both sides; unread projects do not pass, and a newer push ends the
evaluation at once.

Precedents: CVE-2024-37904 (Minder), CVE-2026-23881 (Kyverno).
"""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.record import replace
from policy_bot.service.evaluation.judging import MOST_HELD
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.source import SourceTree
from tests.sandbox.wire import wired
from tests.toy import Clock, ToyReader, World

CONFIGS = {f"app{i}/sst.config.ts": "error Slow\n" for i in range(20)}


class SlowReader(ToyReader):
    """Takes a minute for each project."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.read_so_far = 0

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        self.clock.sleep(60)
        self.read_so_far += 1
        return super().read(tree, path, contexts)


class HeavyReader(ToyReader):
    """Each project means all that may be held."""

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        return replace(super().read(tree, path, contexts), weight=MOST_HELD)


def slow(files: dict[str, str] | None = None) -> tuple[World, SlowReader]:
    world = World({"README.md": "# shop\n", **(files or {})})
    world.reader = reader = SlowReader(world.clock)
    world.evaluator = world.fresh()
    return world, reader


def test_what_takes_too_long_ends_and_does_not_pass() -> None:
    world, reader = slow()
    pull = world.sandbox.open_pull(world.shop, CONFIGS)
    assert world.evaluate(pull).conclusion == "failure"
    assert reader.read_so_far == 4
    run = world.check(pull)
    assert run is not None
    assert "limit: judging takes more than 180 s; 16 of 20 projects are not read" in (run.summary or "")


def test_the_base_is_read_within_the_same_time_and_what_is_not_read_counts_as_new() -> None:
    paths = sorted(CONFIGS)[:3]
    world, reader = slow(dict.fromkeys(paths, "error Old\n"))
    pull = world.sandbox.open_pull(world.shop, dict.fromkeys(paths, "error Old\n# more\n"))
    assert world.evaluate(pull).conclusion == "failure"
    assert reader.read_so_far == 4, "three at the head, then one of the base"
    run = world.check(pull)
    assert run is not None
    said = "limit: judging takes more than 180 s; 2 of 3 projects of the base are not read, so all their"
    assert said in (run.summary or "")
    assert sum("A toy finding" in note["title"] for note in run.annotations) == 2


def test_what_means_too_much_is_not_held_and_does_not_pass() -> None:
    world = World({"README.md": "# shop\n"})
    world.reader = HeavyReader()
    world.evaluator = world.fresh()
    pull = world.sandbox.open_pull(world.shop, dict.fromkeys(CONFIGS, ""))
    outcome = world.evaluate(pull)
    assert outcome.conclusion == "failure"
    assert outcome.details is not None
    judgement = outcome.details.review.judgement
    assert len(judgement.projects) == 2
    (problem,) = judgement.problems
    assert (
        str(problem.reason)
        == "limit: the results of the projects exceed 4 MiB; 18 of 20 projects are not read"
    )


def test_a_newer_push_stops_it_between_two_readings() -> None:
    world, reader = slow()
    pull = world.sandbox.open_pull(world.shop, CONFIGS)
    with wired(world.sandbox):
        outcome = world.evaluator.evaluate(world.key(pull), lambda: reader.read_so_far >= 2)
    assert outcome.superseded
    assert reader.read_so_far == 2
    assert world.check(pull) is None
