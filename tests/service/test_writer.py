"""The thread that writes for all: in time or not at all, without one bad piece of work costing the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from policy_bot.service.store.engine import connect
from policy_bot.service.store.writer import LARGEST_GROUP, Overloaded, Writer
from tests.waiting import LONG, until


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(connect(f"sqlite:///{tmp_path}/db"))


def held(writer: Writer) -> threading.Event:
    """The writer is busy until the event is set."""
    going, release = threading.Event(), threading.Event()

    def work(_: Connection) -> None:
        going.set()
        release.wait(LONG)

    threading.Thread(target=lambda: writer.do(work, LONG), daemon=True).start()
    assert going.wait(LONG)
    return release


def together(writer: Writer, items: Sequence[int], batch: Callable[..., Sequence[int]]) -> list[object]:
    """The answer to each of several senders of one group."""
    told: list[object] = [None] * len(items)
    release = held(writer)

    def send(number: int) -> None:
        try:
            told[number] = writer.add(batch, items[number], LONG)
        except Exception as error:
            told[number] = error

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(items))]
    for thread in threads:
        thread.start()
    until(lambda: writer.waiting >= len(items))
    release.set()
    for thread in threads:
        thread.join()
    return told


def test_one_that_cannot_be_stored_costs_a_handful_of_transactions(writer: Writer) -> None:
    sizes: list[int] = []

    def batch(_: Connection, items: Sequence[int]) -> Sequence[int]:
        sizes.append(len(items))
        if 13 in items:
            raise ValueError("poison")
        return items

    told = together(writer, range(LARGEST_GROUP), batch)
    assert isinstance(told[13], ValueError)
    assert [each for number, each in enumerate(told) if number != 13] == [
        number for number in range(LARGEST_GROUP) if number != 13
    ]
    assert len(sizes) == 1 + 2 * 7  # 128 = 2 ** 7: each halving tries two halves


def test_a_fault_of_the_database_is_not_tried_again_for_each(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policy_bot.service.store.writer.TROUBLE_SECONDS", LONG)
    calls: list[int] = []

    def batch(_: Connection, items: Sequence[int]) -> Sequence[int]:
        calls.append(len(items))
        raise OperationalError("insert", {}, Exception("database or disk is full"))

    told = together(writer, range(20), batch)
    assert all(isinstance(each, OperationalError) for each in told)
    assert calls == [20]
    assert writer.trouble == "the disk is full"
    assert writer.do(lambda _: 1, LONG) == 1
    assert writer.trouble == ""


def test_waiting_and_commit_share_one_deadline(writer: Writer) -> None:
    release = held(writer)
    with pytest.raises(Overloaded):
        writer.do(lambda _: 1, 0.2)
    release.set()  # not before: the deadline passes while the writer is busy


def test_a_dead_writer_is_reported_and_restarted(writer: Writer) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threading, "excepthook", lambda _: None)
        patch.setattr(writer, "_commit", lambda _: (_ for _ in ()).throw(SystemExit()))
        with pytest.raises(Overloaded):
            writer.do(lambda _: 1, 0.5)
        writer._thread.join(LONG)
    assert writer.trouble == "the writer is not running"
    assert writer.revive()
    assert not writer.revive()
    assert writer.do(lambda _: 2, LONG) == 2
    assert writer.trouble == ""
    writer.close()
    assert not writer.revive()
