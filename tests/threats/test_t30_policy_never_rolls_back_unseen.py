"""T30: an older, weaker policy returns -> the last valid revision is the latest one, and a return is
logged.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from policy_bot.policy.revision import Revision
from policy_bot.service.evaluation.evaluator import Evaluator
from policy_bot.service.store.revisions import StoredRevisions
from policy_bot.service.store.store import Store
from tests.service import sqlite
from tests.toy import CONFIG, POLICIES, SECRET, TODAY, ToyReader, World

MILD, STRICT, BROKEN = "policies: {toy/error: off}\n", "mode: enforce\n", "polices: {}\n"


class Kept(World):
    """A world whose evaluator keeps revisions in a store, with the organisation's file to change."""

    def __init__(self, store: Store) -> None:
        self.revisions = StoredRevisions(store)
        super().__init__({CONFIG: ""})
        self.policy = self.sandbox.repository("acme/.github", {"policy-bot.yml": MILD})
        self.pull = self.sandbox.open_pull(self.shop, {CONFIG: "error Chat\n"}, title="x")

    def fresh(self) -> Evaluator:
        plain = super().fresh()
        return Evaluator(
            plain._app, ToyReader(), [SECRET], self.revisions, today=lambda: TODAY, policies=lambda: POLICIES
        )

    def conclusion_with(self, text: str) -> str:
        """The verdict after the organisation's file became this."""
        self.sandbox.push_branch(self.policy, "main", {"policy-bot.yml": text})
        return self.evaluate(self.pull, self.fresh()).conclusion


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Kept]:
    seconds = iter(range(1_000, 100_000))
    store = Store(sqlite.make(tmp_path), lambda: float(next(seconds)))
    yield Kept(store)
    store.close()


def test_breaking_the_file_brings_back_the_latest_good_one_not_an_older(world: Kept) -> None:
    assert world.conclusion_with(MILD + "# 1\n") == "success"
    assert world.conclusion_with(STRICT) == "failure"
    assert world.conclusion_with(BROKEN) == "failure"
    assert "last valid version stays in force" in (world.check(world.pull).summary or "")  # type: ignore[union-attr]


def test_a_break_from_the_first_day_on_never_passes(world: Kept) -> None:
    assert world.conclusion_with(BROKEN) == "failure"


def test_a_return_to_an_older_file_is_logged(world: Kept) -> None:
    world.conclusion_with(MILD)
    world.conclusion_with(STRICT)
    with capture_logs() as logs:
        world.conclusion_with(MILD)
    assert [line["event"] for line in logs] == ["policy.returned"]
    history = world.revisions.history(world.installation.id, world.policy.id)
    assert [seen.returned for seen in history] == [True, False]


def test_an_evaluation_that_read_the_older_file_and_ends_late_does_not_restore_it(world: Kept) -> None:
    world.conclusion_with(MILD)
    where = (world.installation.id, world.policy.id)
    late = StoredRevisions(world.revisions.store)
    late.last_good(*where)
    world.conclusion_with(STRICT)
    late.keep(*where, Revision("", {"policy-bot.yml": MILD + "# as it was\n"}), "0" * 40)
    good = world.revisions.last_good(*where)
    assert good is not None
    assert good.files["policy-bot.yml"] == STRICT
