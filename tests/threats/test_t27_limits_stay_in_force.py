"""T27: a rate limiter switches itself off -> in a simulated day over the limit nothing is requested before
the time that GitHub set, whoever waits, restarts or gets a shorter one.

Precedent: Atlantis issue 5591.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from policy_bot.github.errors import RetryLater
from policy_bot.github.events import PullKey
from policy_bot.service.counting import Counting
from policy_bot.service.store import due, holds
from policy_bot.service.store.store import Store
from policy_bot.service.worker import LONGEST_HOLD, Worker
from tests.service.fixtures import Time
from tests.service.pulls import ACME, OTHER, Judge, Verdict, maybe_take, request, take, want


@dataclass
class Hourly:
    """GitHub's primary limit: so many requests an hour for each installation, by the simulated clock."""

    time: Time
    most: int
    spent: dict[tuple[int, int], int] = field(default_factory=dict)
    told: dict[int, float] = field(default_factory=dict)  # installation to when it may ask again
    early: int = 0

    def evaluate(self, key: PullKey, superseded: Callable[[], bool]) -> Verdict:
        if self.time() < self.told.get(key.installation, 0):
            self.early += 1
        window = (key.installation, int(self.time() // 3600))
        self.spent[window] = self.spent.get(window, 0) + 3
        if self.spent[window] > self.most:
            self.told[key.installation] = (window[1] + 1) * 3600
            raise RetryLater(self.told[key.installation] - self.time(), "rate limit")
        return Verdict()


def test_nothing_is_asked_before_its_time_in_a_day_over_the_limit(sqlite: Store, time: Time) -> None:
    chance = random.Random(7)
    github = Hourly(time, most=90)
    worker = Worker(sqlite, Judge(github.evaluate), Counting(), 4)
    number = 0
    for _ in range(24 * 6):  # steps of ten minutes
        for _ in range(chance.randrange(15)):  # 42 an hour on average, at three requests each
            number += 1
            want(sqlite, request(number, ACME, urgent=chance.random() < 0.5))
        want(sqlite, request(1, OTHER))
        if chance.random() < 0.05:
            sqlite.write(due.lose_all)  # a crash in between
        while worker.work(lambda: None):
            pass
        time.pass_(600)
    assert github.early == 0
    assert all(spent <= 90 + 3 for spent in github.spent.values()), "the one that was limited, and no more"
    assert sum(spent for (who, _), spent in github.spent.items() if who == ACME) > 24 * 80, (
        "and the limit is used"
    )
    assert len([window for window in github.spent if window[0] == OTHER]) >= 24, "the others go on"


def test_a_shorter_wait_never_cuts_a_longer_one(store: Store, time: Time) -> None:
    want(store)
    taken = take(store)
    for seconds in (3000, 5):
        store.write(lambda connection, s=seconds: holds.hold(connection, ACME, time() + s, f"{s}"))
    store.write(lambda connection: due.give_back(connection, taken))
    time.pass_(2999)
    assert maybe_take(store) is None
    time.pass_(2)
    assert maybe_take(store) is not None


@pytest.mark.parametrize("seconds", [-5.0, 0.0, 1e12, float("inf")])
def test_a_senseless_wait_is_a_bounded_one(sqlite: Store, time: Time, seconds: float) -> None:
    def limited(*_: object) -> Verdict:
        raise RetryLater(seconds, "odd")

    want(sqlite)
    judge = Judge(limited)
    worker = Worker(sqlite, judge, Counting(), 1)
    assert worker.work(lambda: None)
    time.pass_(0.5)
    assert not worker.work(lambda: None)
    time.pass_(LONGEST_HOLD)
    assert worker.work(lambda: None)
    assert len(judge.asked) == 2
