"""Recovers lost deliveries, since GitHub does not redeliver them by itself.

Failed deliveries are requested again, and, more slowly, open pull requests are compared with their verdicts.
Both have limits of requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from sqlalchemy import Connection, select, update

from policy_bot.github import basis
from policy_bot.github.deliveries import DeliveryFailure
from policy_bot.github.events import Due
from policy_bot.service.counting import Counting
from policy_bot.service.logs import logger, plain
from policy_bot.service.store import due, holds, overview
from policy_bot.service.store.due import EnqueueRequest
from policy_bot.service.store.store import Store
from policy_bot.service.store.tables import due as due_table
from policy_bot.service.store.tables import installation

# GitHub can redeliver for 3 days
LISTED = timedelta(days=3)
# GitHub keeps failed attempts in the list after a successful redelivery, so the list must reach beyond them
MOST_LISTED = 2000
# redelivery requests per round; the next round continues
MOST_REDELIVERIES = 100
# requests per delivery: some fail for a reason, and irrelevant events are never stored
MOST_ASKED = 3
# interval for an installation; a few in each round spread the requests over the hours
SWEPT_EVERY_SECONDS = 6 * 3600.0
SWEPT_AT_ONCE = 5


class DeliveryLog(Protocol):
    """The App's deliveries at GitHub."""

    def failed(self, since: datetime, limit: int) -> Sequence[DeliveryFailure]:
        """The failed deliveries."""

    def redeliver(self, id: int) -> None:
        """Requests a redelivery."""


class Opens(Protocol):
    """Lists open pull requests."""

    def installations(self) -> Iterable[int]:
        """All of the App's installations."""

    def to_compare(self, installation: int) -> Iterable[Due]:
        """The open pull requests, with the current basis of a verdict on each."""


class Reconciliation:
    """Redelivery and reconciliation."""

    def __init__(
        self,
        store: Store,
        deliveries: DeliveryLog,
        opens: Opens,
        counting: Counting,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._deliveries = deliveries
        self._opens = opens
        self._counting = counting
        self._wake = wake
        self._asked: dict[str, int] = {}

    def redeliver(self) -> int:
        """Requests failed deliveries that we do not have, each three times at most; returns how many."""
        failed = self._deliveries.failed(datetime.now(UTC) - LISTED, MOST_LISTED)
        known = self._store.read(
            lambda connection: overview.received(connection, [one.guid for one in failed])
        )
        listed = {one.guid: one for one in failed if one.guid not in known}
        self._asked = {guid: count for guid, count in self._asked.items() if guid in listed}
        wanted = [one for guid, one in listed.items() if self._asked.get(guid, 0) < MOST_ASKED]
        for one in wanted[:MOST_REDELIVERIES]:
            self._asked[one.guid] = self._asked.get(one.guid, 0) + 1
            self._deliveries.redeliver(one.id)
            self._counting.add("redeliveries")
            logger().info("asked for a failed delivery", delivery=one.guid)
        return len(wanted[:MOST_REDELIVERIES])

    def sweep(self) -> int:
        """Compares open pull requests of some installations with their verdicts; returns how many differ."""
        now = self._store.now()
        everybody = list(self._opens.installations())
        self._store.write(lambda connection: holds.know(connection, everybody))
        turn = self._store.read(lambda connection: _turn(connection, now))
        found = 0
        for who in turn:
            try:
                found += self._compare(who)
            except Exception as error:  # the others must not wait; its next turn comes
                logger().error("could not sweep an installation", installation=who, error=plain(error))
        self._store.write(lambda connection: _swept(connection, turn, now))
        if found:
            self._wake()
        return found

    def _compare(self, who: int) -> int:
        found = 0
        some: list[Due] = []
        for open_ in self._opens.to_compare(who):
            some.append(open_)
            if len(some) == 500:
                found += self._missed(some)
                some = []
        return found + self._missed(some)

    def _missed(self, open_: Sequence[Due]) -> int:
        requests = {EnqueueRequest("pull", one.key, one.head, urgent=False).row: one for one in open_}
        judged = self._store.read(lambda connection: _judged(connection, list(requests)))
        missed = [
            EnqueueRequest("pull", one.key, one.head, urgent=False)
            for row, one in requests.items()
            if not _still_holds(judged.get(row), one)
        ]
        if missed:
            self._store.write(lambda connection: due.want(connection, missed, self._store.now()))
            self._counting.add("swept", by=len(missed))
            logger().warning("the sweep found pull requests without a current verdict", count=len(missed))
        return len(missed)


class _Judged(NamedTuple):
    """A verdict's head and basis; no head if the check shows a failure of ours."""

    at_work: bool
    head: str
    basis: str


def _still_holds(judged: _Judged | None, one: Due) -> bool:
    """Whether nothing is left to do: an evaluation is under way, or the verdict has the current basis. Finds
    unreported changes of the base branch and of policy.
    """
    if judged is None or judged.at_work:
        return judged is not None
    return judged.head == one.head and (not one.basis or basis.holds(judged.basis, one.basis))


def _judged(connection: Connection, rows: list[str]) -> dict[str, _Judged]:
    table = due_table.c
    query = select(table.key, table.state, table.judged_head, table.basis).where(table.key.in_(rows))
    return {
        row.key: _Judged(
            row.state in {"waiting", "running"}, "" if row.state == "failed" else row.judged_head, row.basis
        )
        for row in connection.execute(query)
    }


def _turn(connection: Connection, now: float) -> list[int]:
    table = installation.c
    late = select(table.id).where(table.swept_at < now - SWEPT_EVERY_SECONDS, table.not_before <= now)
    return [who for (who,) in connection.execute(late.order_by(table.swept_at).limit(SWEPT_AT_ONCE))]


def _swept(connection: Connection, who: Sequence[int], now: float) -> None:
    connection.execute(update(installation).where(installation.c.id.in_(who)).values(swept_at=now))
