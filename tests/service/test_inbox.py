"""The inbox: stored once, or not at all; and the writer that commits for many."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, func, select, text

from policy_bot.service.store.store import Store
from policy_bot.service.store.tables import delivery as deliveries
from policy_bot.service.store.writer import Overloaded, Writer
from tests.service.pulls import delivery, finish, maybe_take, request, row, take
from tests.waiting import LONG, until


def count(store: Store) -> int:
    query = select(func.count()).select_from(deliveries)
    return store.read(lambda connection: connection.scalar(query)) or 0


def test_a_delivery_makes_its_row_due_in_the_same_transaction(store: Store) -> None:
    assert store.accept(delivery("guid-1"), LONG)
    assert count(store) == 1
    assert take(store).delivery == "d-1"


def test_the_same_delivery_again_causes_no_work(store: Store) -> None:
    store.accept(delivery("guid-1"), LONG)
    finish(store, take(store))
    assert not store.accept(delivery("guid-1"), LONG)
    assert row(store)["wanted"] == 1
    assert maybe_take(store) is None


def test_many_senders_at_once_each_get_their_own_answer(store: Store) -> None:
    with ThreadPoolExecutor(16) as senders:
        answers = list(senders.map(lambda n: store.accept(delivery(f"guid-{n % 200}"), LONG), range(400)))
    assert answers.count(True) == 200
    assert row(store)["wanted"] == 200


def test_two_web_processes_share_one_inbox(store: Store) -> None:
    other = Store(store.engine.url.render_as_string(hide_password=False), store.now)
    try:
        with ThreadPoolExecutor(8) as senders:
            both = [store, other]
            answers = list(
                senders.map(
                    lambda n: both[n % 2].accept(delivery(f"guid-{n // 2}", request(n % 5)), LONG), range(80)
                )
            )
        assert answers.count(True) == 40
    finally:
        other.close()


def test_work_that_comes_together_is_committed_together(sqlite: Store) -> None:
    groups: list[int] = []

    def batch(_connection: Connection, items: Sequence[int]) -> list[int]:
        groups.append(len(items))
        return [item * 2 for item in items]

    writer, busy, gate = Writer(sqlite.engine), threading.Event(), threading.Event()
    with ThreadPoolExecutor(9) as threads:
        threads.submit(writer.do, lambda _connection: (busy.set(), gate.wait(LONG)), LONG)
        busy.wait(LONG)
        answers = [threads.submit(writer.add, batch, number, LONG) for number in range(8)]
        until(lambda: writer.waiting == 8)
        gate.set()
        assert [answer.result() for answer in answers] == [number * 2 for number in range(8)]
    assert groups == [8]
    writer.close()


def test_one_piece_of_work_that_fails_spoils_no_other(sqlite: Store) -> None:
    def bad(connection: Connection) -> None:
        connection.execute(text("insert into nowhere values (1)"))

    writer, busy, gate = Writer(sqlite.engine), threading.Event(), threading.Event()
    with ThreadPoolExecutor(3) as threads:
        threads.submit(writer.do, lambda _connection: (busy.set(), gate.wait(LONG)), LONG)
        busy.wait(LONG)
        failing = threads.submit(writer.do, bad, LONG)
        working = threads.submit(writer.do, lambda connection: connection.scalar(text("select 7")), LONG)
        until(lambda: writer.waiting == 2)
        gate.set()
        assert working.result() == 7
        with pytest.raises(Exception, match="nowhere"):
            failing.result()
    writer.close()


def test_who_is_not_served_in_time_is_answered_and_leaves_nothing(sqlite: Store) -> None:
    busy, gate = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as threads:
        threads.submit(sqlite.write, lambda _connection: (busy.set(), gate.wait(LONG)))
        busy.wait(LONG)
        with pytest.raises(Overloaded):
            sqlite.accept(delivery("guid-1"), 0.05)
        gate.set()
    assert count(sqlite) == 0
    assert sqlite.accept(delivery("guid-1"), LONG)
