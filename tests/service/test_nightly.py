"""A day begins: what it changes is judged again, and the audit goes on in small rounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from policy_bot.policy.revision import Revision
from policy_bot.service.nightly import Nightly
from policy_bot.service.store import audits, tables
from policy_bot.service.store.revisions import StoredRevisions
from policy_bot.service.store.store import Store
from tests.sandbox.wire import wired
from tests.service import sqlite
from tests.toy import CONFIG, POLICIES, TODAY, ToyReader, World


@dataclass
class Night:
    """acme with two repositories, and the chore on some day."""

    store: Store
    day: date = TODAY
    woken: int = 0

    def __post_init__(self) -> None:
        self.world = World({CONFIG: "error Chat\n"})
        self.world.sandbox.repository("acme/docs", {"README.md": "x"})
        self.revisions = StoredRevisions(self.store)
        app = self.world.evaluator._app
        self.nightly = Nightly(app, ToyReader(), self.store, lambda: self.day, lambda: POLICIES)

    def round(self) -> int:
        """One round; the requests it needed, without those for a token."""
        before = len(self.world.sandbox.requests)
        with wired(self.world.sandbox):
            self.nightly.round(self._wake)
        asked = self.world.sandbox.requests[before:]
        return sum("access_tokens" not in each.path for each in asked)

    def _wake(self) -> None:
        self.woken += 1

    def due(self) -> list[tuple[str, int]]:
        """What became due, by kind and installation."""
        query = select(tables.due.c.kind, tables.due.c.installation)
        return [(row.kind, row.installation) for row in self.store.read(lambda of: of.execute(query).all())]


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    store = Store(sqlite.make(tmp_path), lambda: 1000.0)
    yield Night(store)
    store.close()


def waiver(expires: date) -> Revision:
    return Revision("", {"policy-bot.yml": f"waivers:\n  - {{policy: toy/error, expires: {expires}}}\n"})


@pytest.mark.parametrize(
    ("ahead", "judged_again"),
    [(-1, True), (0, True), (1, False), (-2, False)],
    ids=["ended", "day", "soon", "past"],
)
def test_a_day_that_policy_names_makes_open_pull_requests_due(
    night: Night, ahead: int, judged_again: bool
) -> None:
    installation = night.world.installation.id
    night.revisions.keep(installation, 7, waiver(TODAY + timedelta(ahead)), "a" * 40)
    night.round()
    assert night.due() == ([("refresh", installation)] if judged_again else [])
    assert night.woken == judged_again


def test_a_day_begins_once(night: Night) -> None:
    installation = night.world.installation.id
    night.revisions.keep(installation, 7, waiver(TODAY), "a" * 40)
    for _ in range(3):
        night.round()
    assert night.woken == 1
    night.day += timedelta(1)
    night.round()
    assert night.woken == 2, "the day after its last it is void"


def test_another_tenants_days_are_not_ours(night: Night) -> None:
    night.revisions.keep(999, 7, waiver(TODAY), "a" * 40)
    night.round()
    assert night.due() == []


def test_every_repository_is_audited_once_a_day(night: Night) -> None:
    night.round()
    shop = audits.found(night.store, night.world.installation.id, night.world.shop.id)
    assert shop
    assert [finding.policy for finding in shop.findings] == ["toy/error"]
    assert night.round() == 1, "only: where the App is installed"
    night.day += timedelta(1)
    assert night.round() > 1


def test_a_round_is_small_and_the_next_goes_on(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_bot.service.nightly.ROUND", 70)
    for number in range(60):
        night.world.sandbox.repository(f"acme/lib-{number:02}", {"README.md": "x"})
    rounds = []
    while audits.nights(night.store).get(night.world.installation.id, ("", ""))[1] != str(TODAY):
        rounds.append(night.round())
    assert len(rounds) > 2
    assert max(rounds) <= 70
