"""The work of a new day (UTC): gives verdicts again that the day changes, and audits everything.

No webhook announces the end of a waiver or an `enforce-from` date. The work is done in rounds of few
requests, so that nothing else waits, and resumes where it stopped; two processes that do the same do no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Literal

from policy_bot.github import repositories
from policy_bot.github.app import App
from policy_bot.github.errors import Absent, Refused, RetryLater
from policy_bot.github.events import PullKey
from policy_bot.isolation.reader import Reader
from policy_bot.policy import builtin
from policy_bot.policy.policy import Policy
from policy_bot.service.audit import RESERVE, Audit, context_of
from policy_bot.service.evaluation.rules import RuleBook
from policy_bot.service.logs import logger
from policy_bot.service.store import audits, due, standings
from policy_bot.service.store.due import EnqueueRequest
from policy_bot.service.store.revisions import StoredRevisions
from policy_bot.service.store.store import Store

ROUND = 3 * RESERVE
"""Requests per round."""


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass
class Nightly:
    """The chore of a day's beginning."""

    app: App
    reader: Reader
    store: Store
    today: Callable[[], date] = _today
    policies: Callable[[], tuple[Policy, ...]] = builtin.load
    organisation_required: bool = False

    def round(self, wake: Callable[[], None]) -> None:
        """Begins the day if that has not been done, then continues with one audit.

        `wake` tells the workers that something became due.
        """
        day = self.today()
        done = audits.nights(self.store)
        listed = sorted(repositories.accounts(self.app.itself()))
        if self._turn([id for id, _ in listed], done, day):
            wake()
        for id, owner in listed:
            if done.get(id, ("", ""))[1] == str(day):
                continue
            state = self._audit(id, owner, day)
            if state == "done":
                audits.keep_night(self.store, id, str(day), str(day))
                self.store.write(partial(standings.close_day, installation=id, day=str(day)))
            if state != "waits":
                return

    def _turn(self, installations: list[int], done: dict[int, tuple[str, str]], day: date) -> bool:
        """Judges again where files in force name a day that begins or has just ended."""
        waiting = [id for id in installations if done.get(id, ("", ""))[0] != str(day)]
        named = (
            StoredRevisions(self.store).naming([str(day), str(day - timedelta(1))])
            if waiting
            else frozenset()
        )
        requests = [
            EnqueueRequest("refresh", PullKey(id, 0, ""), urgent=False) for id in waiting if id in named
        ]
        if requests:
            self.store.write(lambda connection: due.want(connection, requests, self.store.now()))
        for id in waiting:
            audits.keep_night(self.store, id, str(day), done.get(id, ("", ""))[1])
        return bool(requests)

    def _audit(self, installation: int, owner: str, day: date) -> Literal["done", "more", "waits"]:
        """One round of an audit."""
        client = self.app.client(installation)
        book = RuleBook(StoredRevisions(self.store), lambda: day, self.policies, self.organisation_required)
        context = context_of(client, self.app.identity.app_id, book, self.reader)
        audit = Audit(client, installation, context, self.store, day, ROUND)
        try:
            left = sum(each.audited is None for each in audit.run(owner))
        except RetryLater as later:
            logger().info("an audit waits", installation=installation, why=later.why)
            return "waits"
        except (Absent, Refused) as refusal:
            logger().warning("an audit is refused", installation=installation, why=str(refusal))
            return "done"
        if left:
            return "more"
        logger().info("an audit is done", installation=installation)
        return "done"
