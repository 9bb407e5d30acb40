"""Whatever happens in whatever order: a row is never held twice, and in the end everything wanted is done."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from policy_bot.service.store import due
from policy_bot.service.store.due import Taken
from policy_bot.service.store.store import Store
from policy_bot.service.store.tables import due as table
from tests.service import sqlite
from tests.service.fixtures import Time
from tests.service.pulls import ACME, OTHER, finish, maybe_take, request, want

NUMBERS = st.integers(1, 3)
WHO = st.sampled_from([ACME, OTHER])


class Rows(RuleBasedStateMachine):
    """Workers that take, end, lose and fail, while a sender never stops."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.time = Time()
        self.store = Store(sqlite.make(Path(self.folder.name)), self.time)
        self.held: dict[str, Taken] = {}
        self.lost: list[Taken] = []
        self.newest: dict[str, int] = {}
        self.judged: dict[str, int] = {}
        self.leases = 0

    def teardown(self) -> None:
        self.drain()
        assert self.judged == self.newest, "the last judgement of each row is of its newest event"
        self.store.close()
        self.folder.cleanup()

    @rule(number=NUMBERS, who=WHO, urgent=st.booleans())
    def event(self, number: int, who: int, urgent: bool) -> None:
        one = request(number, who, urgent=urgent)
        want(self.store, one)
        self.newest[one.row] = self.newest.get(one.row, 0) + 1

    @rule(seconds=st.sampled_from([0.5, 5, 70]))
    def wait(self, seconds: float) -> None:
        self.time.pass_(seconds)

    @rule(bulk=st.booleans())
    def take(self, bulk: bool) -> None:
        self.leases += 1
        taken = maybe_take(self.store, f"l{self.leases}", bulk=bulk)
        if taken is not None:
            assert taken.row not in self.held, "one evaluation of a pull request at a time"
            assert taken.wanted == self.newest[taken.row]
            self.held[taken.row] = taken

    @rule(data=st.data())
    def done(self, data: st.DataObject) -> None:
        if self.held:
            taken = self.held.pop(data.draw(st.sampled_from(sorted(self.held))))
            assert finish(self.store, taken)
            self.judged[taken.row] = taken.wanted

    @rule(data=st.data(), failed=st.booleans())
    def undone(self, data: st.DataObject, failed: bool) -> None:
        if self.held:
            taken = self.held.pop(data.draw(st.sampled_from(sorted(self.held))))
            if failed:
                self.store.write(lambda connection: due.fail(connection, taken, self.time(), "boom"))
            else:
                self.store.write(lambda connection: due.give_back(connection, taken))

    @rule()
    def crash(self) -> None:
        self.store.write(due.lose_all)
        self.lost += self.held.values()
        self.held = {}

    @rule()
    def too_late(self) -> None:
        for taken in self.lost:
            assert not finish(self.store, taken), "whoever lost his lease ends nothing"
        self.lost = []

    @invariant()
    def what_is_wanted_is_not_forgotten(self) -> None:
        query = table.select().where(table.c.wanted > table.c.done, table.c.state == "idle")
        assert not self.store.read(lambda connection: connection.execute(query).all())

    def drain(self) -> None:
        self.crash()
        self.store.write(lambda connection: due.retry(connection, self.time()))
        for _ in range(60):
            self.time.pass_(1000)
            taken = maybe_take(self.store, "drain")
            if taken is not None:
                assert finish(self.store, taken)
                self.judged[taken.row] = taken.wanted
        # What was retried counts as wanted once more: compare what the rows say instead of what was sent.
        rows = self.store.read(lambda connection: connection.execute(table.select()).all())
        assert all(row.wanted == row.done and row.state == "idle" for row in rows)
        self.newest = {row.key: row.wanted for row in rows}


Rows.TestCase.settings = settings(
    max_examples=12, stateful_step_count=30, suppress_health_check=list(HealthCheck)
)
TestRows = Rows.TestCase
