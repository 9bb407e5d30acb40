"""Working a row off: every way an evaluation can end."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from policy_bot.github.errors import Forbidden, NoAnswer
from policy_bot.github.events import Due, PullKey
from policy_bot.service.counting import Counting
from policy_bot.service.store import due, overview, tallies
from policy_bot.service.store.due import LEASE_SECONDS, MOST_ATTEMPTS, EnqueueRequest, Taken
from policy_bot.service.store.store import Store
from policy_bot.service.worker import RESERVE_SECONDS, SHOWN_FROM_ATTEMPT, Evaluates, Worker
from tests.service.fixtures import Time
from tests.service.pulls import ACME, OTHER, Judge, Verdict, key, maybe_take, request, row, take, want


def worker(store: Store, judge: Evaluates, slots: int = 4) -> Worker:
    return Worker(store, judge, Counting(), slots, "https://bot.example.com")


def nobody() -> None:
    pass


def test_a_verdict_is_kept_with_its_head(store: Store) -> None:
    judge = Judge(lambda *_: Verdict("abc"))
    want(store)
    assert worker(store, judge).work(nobody)
    assert judge.asked == [key()]
    assert (row(store)["state"], row(store)["judged_head"]) == ("idle", "abc")
    assert not worker(store, judge).work(nobody)


def test_who_finds_a_row_calls_the_next_one(sqlite: Store) -> None:
    calls: list[int] = []
    want(sqlite)
    one = worker(sqlite, Judge())
    one.work(lambda: calls.append(1))
    one.work(lambda: calls.append(2))
    assert calls == [1]


def test_an_evaluation_that_a_push_overtakes_stops_and_the_next_one_judges(sqlite: Store, time: Time) -> None:
    steps: list[bool] = []

    def evaluate(_key: PullKey, superseded: Callable[[], bool]) -> Verdict:
        steps.append(superseded())
        if len(steps) == 1:
            want(sqlite, request(head="h2"))
            steps.append(superseded())
            return Verdict(superseded=True)
        return Verdict("h2")

    want(sqlite)
    one = worker(sqlite, Judge(evaluate))
    one.work(nobody)
    assert (row(sqlite)["state"], row(sqlite)["attempts"]) == ("waiting", 0)
    time.pass_(5)
    one.work(nobody)
    assert steps == [False, True, False]
    assert row(sqlite)["judged_head"] == "h2"


SHOWN = [NoAnswer(1.0, "GitHub does not answer"), RuntimeError("boom"), Forbidden("Resource not accessible")]
"""Errors that a pull request shows."""


@pytest.mark.parametrize("error", SHOWN, ids=lambda error: type(error).__name__)
def test_a_worker_that_lost_its_lease_shows_no_failure_over_the_verdict(
    store: Store, time: Time, error: Exception
) -> None:
    def fail(*_: object) -> Verdict:
        if len(judge.asked) == attempts:
            time.pass_(LEASE_SECONDS + 1)
            store.write(lambda connection: due.renew(connection, [], time()))  # as other workers do
            worker(store, Judge(lambda *_: Verdict("abc"))).work(nobody)
        raise error

    judge, attempts = Judge(fail), 1 if isinstance(error, Forbidden) else SHOWN_FROM_ATTEMPT
    want(store)
    for _ in range(attempts):
        worker(store, judge).work(nobody)
        time.pass_(1000)
    assert (row(store)["state"], row(store)["judged_head"], row(store)["last_error"]) == ("idle", "abc", "")
    assert judge.shown == []


@pytest.mark.parametrize("error", SHOWN, ids=lambda error: type(error).__name__)
def test_a_failure_is_shown_before_another_worker_can_judge(
    store: Store, time: Time, error: Exception
) -> None:
    """Otherwise its verdict could come in between, and the failure would replace it."""

    class Watched(Judge):
        def failed(self, key: PullKey, reference: str) -> None:
            super().failed(key, reference)
            want(store, request(head="h2"))  # would start at once
            others.append(maybe_take(store))

    def fail(*_: object) -> Verdict:
        raise error

    others: list[Taken | None] = []
    judge = Watched(fail)
    want(store)
    while not judge.shown:
        assert worker(store, judge).work(nobody)
        time.pass_(1000)
    assert others == [None]
    assert row(store)["state"] == "waiting"


def test_a_failure_that_a_push_overtakes_is_not_shown(sqlite: Store) -> None:
    def refuse(*_: object) -> Verdict:
        want(sqlite, request(head="h2"))
        raise Forbidden("Resource not accessible")

    judge = Judge(refuse)
    want(sqlite)
    worker(sqlite, judge).work(nobody)
    assert row(sqlite)["state"] == "waiting"
    assert judge.shown == []


def test_an_error_is_tried_again_shown_in_time_and_given_up_in_the_end(sqlite: Store, time: Time) -> None:
    def boom(*_: object) -> Verdict:
        raise RuntimeError("boom")

    judge = Judge(boom)
    want(sqlite)
    one = worker(sqlite, judge)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert one.work(nobody)
        assert len(judge.shown) == max(0, attempt - SHOWN_FROM_ATTEMPT + 1)
        time.pass_(1000)
    assert not one.work(nobody)
    (job,) = sqlite.read(lambda connection: overview.jobs(connection, time()))
    assert job.state == "failed"
    reference = judge.shown[-1][1]
    assert job.last_error == f"{reference}: RuntimeError: boom", (
        "the check names what `jobs` and the log show"
    )


def test_that_showing_a_failure_fails_too_changes_nothing(sqlite: Store, time: Time) -> None:
    class Dead(Judge):
        def failed(self, key: PullKey, reference: str) -> None:
            raise ConnectionError

    def boom(*_: object) -> Verdict:
        raise RuntimeError("boom")

    want(sqlite)
    one = worker(sqlite, Dead(boom))
    for _ in range(MOST_ATTEMPTS):
        assert one.work(nobody)
        time.pass_(1000)
    assert row(sqlite)["state"] == "failed"


def test_what_a_verdict_makes_due_as_well(sqlite: Store, time: Time) -> None:
    verdicts = {1: Verdict(also=(key(2),)), 2: Verdict(again=60)}
    judge = Judge(lambda asked, _: verdicts[asked.number])
    want(sqlite)
    one = worker(sqlite, judge)
    while one.work(nobody):
        pass
    assert [asked.number for asked in judge.asked] == [1, 2]
    time.pass_(61)
    assert one.work(nobody)
    assert judge.asked[-1].number == 2


def test_who_shares_a_rewritten_check_looks_again_only_while_at_work(sqlite: Store) -> None:
    """A running evaluation may have looked before that; an idle pull request has nothing to add."""
    others = (key(1), key(3))
    judge = Judge(lambda asked, _: Verdict(sharing=others if asked.number == 2 else ()))
    one = worker(sqlite, judge)
    want(sqlite, request(1))
    assert one.work(nobody)
    want(sqlite, request(3))
    at_work = take(sqlite)
    want(sqlite, request(2))
    assert one.work(nobody)
    assert at_work.key.number == 3
    assert sqlite.read(lambda connection: due.superseded(connection, at_work))
    assert row(sqlite)["state"] == "idle"


def test_a_pull_request_that_is_found_closed_leaves_its_check_to_one_other(sqlite: Store, time: Time) -> None:
    want(sqlite, request(1), request(2), request(3))
    judge = Judge(lambda asked, _: Verdict("", "closed") if asked.number == 3 else Verdict())
    one = worker(sqlite, judge)
    while one.work(nobody):
        time.pass_(2)
    assert [asked.number for asked in judge.asked] == [1, 2, 3, 1]
    assert row(sqlite, 3)["head"] == ""


def test_a_refresh_makes_all_that_is_open_due_in_bulk(store: Store) -> None:
    judge = Judge(open=[Due(key(number), f"h{number}") for number in range(1, 1202)])
    want(store, EnqueueRequest("refresh", PullKey(ACME, 0, "acme/.github"), urgent=False))
    assert worker(store, judge).work(nobody)
    depth = store.read(lambda connection: overview.depth(connection, store.now()))
    assert depth.rows == {("waiting", False): 1201}


def test_a_refresh_that_fails_shows_nothing_on_any_pull_request(sqlite: Store, time: Time) -> None:
    class Dead(Judge):
        def open_pulls(self, installation: int, repository: int = 0, name: str = "") -> Iterable[Due]:
            raise ConnectionError

    judge = Dead()
    want(sqlite, EnqueueRequest("refresh", PullKey(ACME, 0, ""), urgent=False))
    one = worker(sqlite, judge)
    while one.work(nobody):
        time.pass_(1000)
    assert judge.shown == []
    (job,) = sqlite.read(lambda connection: overview.jobs(connection, time()))
    assert (job.state, job.row) == ("failed", "11/0/refresh")


def test_bulk_never_takes_all_slots(sqlite: Store) -> None:
    """With half of the slots busy with bulk, the next one serves persons only."""
    inside: list[int] = []
    judge = Judge()
    one = worker(sqlite, judge, slots=4)

    def evaluate(asked: PullKey, _: Callable[[], bool]) -> Verdict:
        inside.append(asked.number)
        if len(inside) <= 4:
            one.work(nobody)  # as another slot would, while this one is busy
        return Verdict()

    judge.does = evaluate
    want(sqlite, *[request(number, urgent=False) for number in range(1, 9)])
    want(sqlite, request(100, OTHER))
    inside.clear()
    one.work(nobody)
    assert inside[0] == 100, "the person first"
    assert len(inside) == 3, "then bulk in two of four slots, and no third"


@pytest.mark.parametrize("newcomer", [False, True])
def test_the_last_slots_are_for_installations_that_have_none(sqlite: Store, newcomer: bool) -> None:
    inside: list[int] = []
    judge = Judge()
    one = worker(sqlite, judge, slots=4)

    def evaluate(asked: PullKey, _: Callable[[], bool]) -> Verdict:
        inside.append(asked.installation)
        if newcomer and len(inside) == 3:
            want(sqlite, request(1, OTHER))
        one.work(nobody)  # as another slot would, while this one is busy
        return Verdict()

    judge.does = evaluate
    want(sqlite, *[request(number) for number in range(1, 9)])
    one.work(nobody)
    assert inside == [ACME] * 3 + [OTHER] * newcomer


def test_a_stopping_worker_gives_back_what_it_holds_and_takes_nothing_more(sqlite: Store) -> None:
    judge = Judge()
    one = worker(sqlite, judge)

    def evaluate(_key: PullKey, superseded: Callable[[], bool]) -> Verdict:
        assert not superseded()
        one.stop()
        assert superseded()
        return Verdict(superseded=True)

    judge.does = evaluate
    want(sqlite, request(1), request(2))
    assert one.work(nobody)
    assert not one.work(nobody)
    assert [row(sqlite, number)["state"] for number in (1, 2)] == ["waiting", "waiting"]
    assert row(sqlite)["attempts"] == 0, "a deploy is no failure"


def test_it_holds_leases_only_while_it_works(sqlite: Store) -> None:
    judge = Judge()
    one = worker(sqlite, judge)
    held: list[list[str]] = []

    def evaluate(*_: object) -> Verdict:
        held.append(one.leases())
        return Verdict()

    judge.does = evaluate
    want(sqlite)
    one.work(nobody)
    assert [len(leases) for leases in held] == [1]
    assert one.leases() == []


def test_what_came_of_it_is_counted(sqlite: Store, time: Time) -> None:
    counting = Counting()
    want(sqlite)
    time.pass_(3)
    Worker(sqlite, Judge(), counting, 1).work(nobody)
    counting.flush(sqlite)
    counted = sqlite.read(tallies.read)
    assert counted["evaluations", "success"] == 1
    assert counted["verdict_age_seconds", "5.0"] == 1


def test_bulk_leaves_a_part_of_the_limit_to_persons(store: Store, time: Time) -> None:
    counting = Counting()

    def evaluate(asked: PullKey, _: Callable[[], bool]) -> Verdict:
        counting.response(asked.installation, 4900, 5000, "core")
        counting.response(asked.installation, 1900, 5000, "graphql")
        return Verdict()

    want(store, *[request(number, urgent=False) for number in (1, 2)], request(1, OTHER, urgent=False))
    one = Worker(store, Judge(evaluate), counting, 4)
    while one.work(nobody):
        pass
    assert [row(store, number)["state"] for number in (1, 2)] == ["idle", "waiting"]
    assert row(store, 1, OTHER)["state"] == "idle", "another installation has its own limit"
    assert not one.ready()
    want(store, request(3))
    assert one.work(nobody), "a person is served"
    time.pass_(RESERVE_SECONDS + 1)
    assert one.ready()
    assert one.work(nobody)
    assert row(store, 2)["state"] == "idle"
