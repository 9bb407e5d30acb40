"""Wake-ups: whoever accepts is heard by whoever works, in one process and between processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest

from policy_bot.service.housekeeping import Chore
from policy_bot.service.store.store import Store
from policy_bot.service.wakeups import Engine, Threads
from policy_bot.service.wakeups_postgres import Jobs, prepare
from tests.service import postgres
from tests.service.pulls import delivery, request
from tests.waiting import LONG, until


@dataclass
class Rows:
    """Counts rows, in place of a worker over a store."""

    waiting: int = 0
    done: int = 0
    most: int = 0
    busy: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def work(self, found: Callable[[], None]) -> bool:
        with self.lock:
            if not self.waiting:
                return False
            self.waiting -= 1
            self.busy += 1
            self.most = max(self.most, self.busy)
        found()
        time.sleep(0.02)
        with self.lock:
            self.busy -= 1
        with self.changed:
            self.done += 1
            self.changed.notify_all()
        return True

    def ready(self) -> bool:
        return self.waiting > 0

    def wait_for(self, true: Callable[[], bool]) -> bool:
        with self.changed:
            return self.changed.wait_for(true, LONG)


@pytest.fixture
def database() -> Iterator[str]:
    address = postgres.make()
    prepare(address)
    yield address
    postgres.drop(address)


@pytest.fixture(params=["threads", "procrastinate"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    one = Threads() if request.param == "threads" else Jobs(request.getfixturevalue("database"))
    yield one
    one.stop(LONG)


def test_one_call_brings_as_many_workers_as_there_is_work(engine: Engine) -> None:
    rows = Rows(waiting=10_000)
    engine.start(rows.work, rows.ready, 4)
    engine.wake()
    assert rows.wait_for(lambda: rows.most == 4)
    rows.waiting = 0
    assert engine.alive()


def test_a_lost_call_is_made_good(engine: Engine) -> None:
    rows = Rows()
    engine.start(rows.work, rows.ready, 2)
    rows.waiting = 3  # and nobody is notified
    assert rows.wait_for(lambda: rows.done == 3)


def test_chores_are_done_again_and_again_also_if_one_fails(engine: Engine) -> None:
    rows, done = Rows(), []

    def chore(name: str) -> None:
        with rows.changed:
            done.append(name)
            rows.changed.notify_all()
        if name == "bad":
            raise RuntimeError

    engine.start(rows.work, rows.ready, 1, [Chore(name, 1, partial(chore, name)) for name in ("bad", "good")])
    assert rows.wait_for(lambda: done.count("bad") > 1 and done.count("good") > 1)
    assert engine.stop(LONG)


def test_a_chore_finds_its_turn_while_all_slots_are_busy(engine: Engine) -> None:
    rows, done = Rows(waiting=100_000), threading.Event()
    engine.start(rows.work, rows.ready, 2, [Chore("sweep", 1, done.set)])
    engine.wake()
    assert done.wait(LONG)
    rows.waiting = 0


def test_one_of_two_workers_does_a_chore_each_time(database: str) -> None:
    rows, done, workers = Rows(), [], [Jobs(database), Jobs(database)]

    def chore() -> None:
        with rows.changed:
            done.append(time.time())
            rows.changed.notify_all()

    began = int(time.time())
    for one in workers:
        one.start(rows.work, rows.ready, 1, [Chore("sweep", 1, chore)])
    assert rows.wait_for(lambda: len(done) >= 4)
    assert all(one.stop(LONG) for one in workers)
    times = int(done[-1]) - began + 1  # once each second; the first time is that of the second before
    assert len(done) <= times


def test_a_job_of_a_worker_that_died_is_deleted(database: str) -> None:
    """It would otherwise remain "doing" for ever."""
    store, jobs, rows = Store(database), Jobs(database), Rows()
    dead = (
        "insert into procrastinate_jobs (queue_name, task_name, status) values ('policy-bot', 'x', 'doing')"
    )
    store.write(lambda to: to.exec_driver_sql(dead))
    jobs.start(rows.work, rows.ready, 1)

    def is_gone() -> bool:
        query = "select count(*) from procrastinate_jobs where task_name = 'x'"
        return store.read(lambda of: of.exec_driver_sql(query).scalar()) == 0

    try:
        until(is_gone)
    finally:
        jobs.stop(LONG)
        store.close()


def test_it_stops(engine: Engine) -> None:
    rows = Rows(waiting=10_000)
    engine.start(rows.work, rows.ready, 2)
    engine.wake()
    assert rows.wait_for(lambda: rows.done > 0)
    rows.waiting = 0
    assert engine.stop(LONG)


def test_a_call_goes_with_the_transaction_and_one_is_enough(database: str) -> None:
    """Only one job waits, however many deliveries: ten thousand rows never enter the engine's queue."""
    jobs = Jobs(database)
    store = Store(database, also=jobs.wake_with)
    try:
        for number in range(30):
            store.accept(delivery(f"guid-{number}", request(number)), LONG)
        count = "select count(*) from procrastinate_jobs where status = 'todo'"
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql(count).scalar() == 1
    finally:
        store.close()


def test_preparing_twice_is_harmless(database: str) -> None:
    prepare(database)
