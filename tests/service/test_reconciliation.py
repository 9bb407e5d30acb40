"""Reconciliation: failed deliveries are requested again; pull requests without a verdict are found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from policy_bot.github.errors import Refused
from policy_bot.github.events import Due
from policy_bot.service.counting import Counting
from policy_bot.service.reconciliation import MOST_REDELIVERIES, SWEPT_AT_ONCE, Reconciliation
from policy_bot.service.store import holds
from policy_bot.service.store.store import Store
from tests.service.fixtures import Time
from tests.service.pulls import ACME, OTHER, Judge, delivery, finish, key, maybe_take, request, take, want
from tests.waiting import LONG


@dataclass(frozen=True)
class Failed:
    id: int
    guid: str


@dataclass
class Log:
    """GitHub's log of deliveries."""

    listed: list[Failed] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    since: datetime | None = None

    def failed(self, since: datetime, limit: int) -> Sequence[Failed]:
        self.since = since
        return self.listed[:limit]

    def redeliver(self, id: int) -> None:
        self.asked.append(id)


def reconciliation(store: Store, log: Log, judge: Judge, woken: list[int] | None = None) -> Reconciliation:
    calls = [] if woken is None else woken
    return Reconciliation(store, log, judge, Counting(), lambda: calls.append(1))


def test_failed_deliveries_that_we_do_not_have_are_requested(store: Store) -> None:
    store.accept(delivery("known"), LONG)
    log = Log([Failed(1, "known"), Failed(2, "lost")])
    assert reconciliation(store, log, Judge()).redeliver() == 1
    assert log.asked == [2]
    assert log.since is not None
    assert datetime.now(UTC) - log.since < timedelta(days=3, minutes=1)


def test_what_fails_each_time_is_not_requested_for_ever(sqlite: Store) -> None:
    log = Log([Failed(2, "lost")])
    one = reconciliation(sqlite, log, Judge())
    for _ in range(10):
        one.redeliver()
    assert len(log.asked) == 3


def test_a_round_is_bounded_and_the_next_ones_reach_the_rest(sqlite: Store) -> None:
    """GitHub goes on listing what failed once, also when it arrived later."""
    log = Log([Failed(number, f"lost-{number}") for number in range(250)])
    one = reconciliation(sqlite, log, Judge())
    asked = []
    for _ in range(4):
        asked.append(one.redeliver())
        for number in log.asked:
            sqlite.accept(delivery(f"lost-{number}"), LONG)
    assert asked == [MOST_REDELIVERIES, MOST_REDELIVERIES, 50, 0]
    assert sorted(log.asked) == list(range(250))


def test_the_sweep_finds_what_has_no_verdict_on_its_head(store: Store, time: Time) -> None:
    want(store, request(1, head="h1"), request(2, head="old"))
    for head in ("h1", "old"):
        finish(store, take(store), head)
    want(store, request(4))  # due anyway
    judge = Judge(open=[Due(key(1), "h1"), Due(key(2), "new"), Due(key(3), "h3"), Due(key(4), "h4")])
    woken: list[int] = []
    time.pass_(60)
    assert reconciliation(store, Log(), judge, woken).sweep() == 2
    assert woken == [1]
    found = {take(store, f"l{n}").key.number for n in range(3)}
    assert found == {2, 3, 4}
    assert maybe_take(store) is None


def test_an_installation_is_swept_every_few_hours_and_few_at_once(sqlite: Store, time: Time) -> None:
    judge = Judge(open=[Due(key(1, who), "h1") for who in range(1, 2 * SWEPT_AT_ONCE + 1)])
    one = reconciliation(sqlite, Log(), judge)
    assert [one.sweep() for _ in range(3)] == [SWEPT_AT_ONCE, SWEPT_AT_ONCE, 0]
    while (taken := maybe_take(sqlite)) is not None:
        finish(sqlite, taken)
    time.pass_(6 * 3600 + 1)
    assert one.sweep() == 0, "all judged on their heads"


def test_a_held_installation_is_not_swept(sqlite: Store, time: Time) -> None:
    sqlite.write(lambda connection: holds.hold(connection, ACME, time() + 600, "limit"))
    judge = Judge(open=[Due(key(1, ACME), "h1"), Due(key(1, OTHER), "h1")])
    assert reconciliation(sqlite, Log(), judge).sweep() == 1


class Suspended(Judge):
    """One organisation's administrator has just suspended us."""

    def open_pulls(self, installation: int, repository: int = 0, name: str = "") -> Iterable[Due]:
        if installation == ACME:
            raise Refused(403, "This installation has been suspended")
        return Judge.open_pulls(self, installation, repository, name)


def test_an_installation_that_refuses_us_costs_the_sweep_only_itself(sqlite: Store) -> None:
    judge = Suspended(open=[Due(key(1, ACME), "h1"), Due(key(1, OTHER), "h1")])
    one = reconciliation(sqlite, Log(), judge)
    assert one.sweep() == 1
    assert take(sqlite).key.installation == OTHER
    assert one.sweep() == 0, "both have had their turn"
