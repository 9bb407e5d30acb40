"""Processes a work item: takes it, evaluates it, and marks it as done, returned, held or failed."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

import structlog
from sqlalchemy import Connection

from policy_bot.github.errors import Forbidden, NoAnswer, RetryLater
from policy_bot.github.events import Due, PullKey
from policy_bot.service.counting import Counting
from policy_bot.service.evaluation.steps import Outcome
from policy_bot.service.evidence.stored import as_json
from policy_bot.service.logs import hide, logger, plain
from policy_bot.service.store import due, evaluations, heads, holds, turns
from policy_bot.service.store.due import EnqueueRequest, Taken
from policy_bot.service.store.evaluations import Evaluation
from policy_bot.service.store.store import Store

# An evaluation that runs longer than this hangs: its lease is not renewed and the row goes to another worker.
LONGEST_EVALUATION = 900.0
# From this attempt on, the pull request shows that we have a problem; it need not know of a passing one.
SHOWN_FROM_ATTEMPT = 3
# The shortest and the longest pause of an installation after a limit, in seconds.
SHORTEST_HOLD, LONGEST_HOLD = 1.0, 5400.0
# Below this share of an installation's limit, bulk work waits this many seconds and looks again: judging
# everything again must not use up the requests of people who push.
RESERVE, RESERVE_SECONDS = 0.4, 300.0
# How many rows are written at once when a whole organisation becomes due, so that a webhook never waits for
# all of them.
AT_ONCE = 500


class Evaluates(Protocol):
    """The interface of an evaluator for workers."""

    def evaluate(
        self, key: PullKey, superseded: Callable[[], bool], details_url: str = "", head: str = ""
    ) -> Outcome:
        """Judges and publishes."""

    def failed(self, key: PullKey, reference: str) -> None:
        """Shows that we have a problem."""

    def open_pulls(self, installation: int, repository: int = 0, name: str = "") -> Iterable[Due]:
        """The open pull requests."""


class _Slot(NamedTuple):
    """An evaluation that runs in one of the threads."""

    urgent: bool
    started: float
    who: int = 0


class Worker:
    """Processes one row at a time in each of several threads. The last quarter of them is for installations
    that have no other, so that a few cannot occupy all.
    """

    def __init__(
        self, store: Store, evaluator: Evaluates, counting: Counting, slots: int, public_url: str = ""
    ) -> None:
        self._store = store
        self._evaluator = evaluator
        self._counting = counting
        self._public_url = public_url
        self.slots = slots
        self._bulk_slots = max(1, slots // 2)
        self._running: dict[str, _Slot] = {}  # by lease
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Evaluations stop at their next step, and nothing more is taken."""
        self._stopping.set()

    def leases(self) -> list[str]:
        """The leases under which this process works, except those that hang."""
        oldest = time.monotonic() - LONGEST_EVALUATION
        with self._lock:
            return [lease for lease, each in self._running.items() if each.started > oldest]

    def ready(self) -> bool:
        """Whether there is a row that could be taken."""
        return self._store.read(lambda connection: turns.ready(connection, self._store.now()))

    def work(self, found: Callable[[], None]) -> bool:
        """Takes one row and processes it; False if there was none. Never raises.

        `found` is called once a row is taken, because another worker may find another one.
        """
        if self._stopping.is_set():
            return False
        try:
            taken = self._take()
            if taken is None:
                return False
        except Exception as error:
            logger().error("could not take work", error=plain(error))
            return False
        try:
            found()
            with structlog.contextvars.bound_contextvars(
                row=taken.row, delivery=taken.delivery, name=taken.key.name
            ):
                self._settle(taken)
        except Exception as error:  # the database is away: the lease ends by itself and the row is due again
            logger().error("could not record the end of work", row=taken.row, error=plain(error))
        finally:
            with self._lock:
                self._running.pop(taken.lease, None)
        return True

    def _take(self) -> Taken | None:
        lease = secrets.token_hex(12)
        with self._lock:
            bulk = sum(not each.urgent for each in self._running.values()) < self._bulk_slots
            last = self.slots - len(self._running) <= self.slots // 4
            busy = {each.who for each in self._running.values()} if last else set()
            self._running[lease] = _Slot(True, time.monotonic())
        taken = None
        try:
            taken = self._store.write(
                lambda connection: turns.take(connection, self._store.now(), lease, bulk, busy)
            )
        finally:
            with self._lock:
                if taken is None:
                    del self._running[lease]
                else:
                    self._running[lease] = _Slot(taken.urgent, time.monotonic(), taken.key.installation)
        return taken

    def _superseded(self, taken: Taken) -> bool:
        return self._stopping.is_set() or self._store.read(
            lambda connection: due.superseded(connection, taken)
        )

    def _settle(self, taken: Taken) -> None:
        started = time.monotonic()
        try:
            result = self._expand(taken) if taken.kind == "refresh" else self._evaluate(taken)
        except RetryLater as limit:
            result = "held"
            self._hold(taken, limit)
        except Forbidden as refusal:
            result = "forbidden"
            self._refused(taken, refusal)
        except Exception as error:
            result = "error"
            self._fail(taken, error)
        seconds = time.monotonic() - started
        self._counting.add("evaluations", result)
        self._counting.duration("evaluation_seconds", seconds)
        logger().info("worked off", result=result, seconds=round(seconds, 3), attempt=taken.attempts)

    def _evaluate(self, taken: Taken) -> str:
        token = evaluations.new_token()
        url = f"{self._public_url}/e/{token}" if self._public_url else ""
        outcome = self._evaluator.evaluate(taken.key, lambda: self._superseded(taken), url, taken.head)
        now = self._store.now()
        if outcome.superseded:
            self._store.write(lambda connection: due.give_back(connection, taken))
            return "superseded"
        also, sharing = (
            [EnqueueRequest("pull" if key.number else "commit", key, urgent=False) for key in keys]
            for keys in (outcome.also, outcome.sharing)
        )
        page = None
        if outcome.details is not None:
            text = as_json(outcome.details)
            page = Evaluation(token, taken.row, taken.key.name, outcome.head, outcome.conclusion, text, now)

        def done(connection: Connection) -> None:
            if due.finish(connection, taken, now, outcome.head, outcome.again, outcome.basis):
                if page is not None:
                    evaluations.keep(connection, page)
                if outcome.conclusion == "closed":  # the event that reported it was lost
                    heads.left(connection, [taken.row], now)
                heads.overtaken(connection, [each.row for each in sharing])
                due.want(connection, also, now)

        self._store.write(done)
        if not taken.urgent and self._counting.left(taken.key.installation) < RESERVE:
            self._save_for_persons(taken.key.installation)
        self._counting.duration("verdict_age_seconds", max(0.0, now - taken.due_since))
        return outcome.conclusion

    def _save_for_persons(self, who: int) -> None:
        until = self._store.now() + RESERVE_SECONDS
        self._store.write(lambda connection: holds.hold_bulk(connection, who, until))
        logger().info("bulk work waits: the limit is for people", installation=who, seconds=RESERVE_SECONDS)

    def _expand(self, taken: Taken) -> str:
        """Processes a refresh: everything open becomes due, in bulk."""
        key = taken.key
        some: list[EnqueueRequest] = []
        for open_ in self._evaluator.open_pulls(key.installation, key.repository, key.name):
            some.append(EnqueueRequest("pull", open_.key, open_.head, urgent=False, delivery=taken.delivery))
            if len(some) == AT_ONCE:
                self._want(some)
                some = []
        self._want(some)
        self._store.write(lambda connection: due.finish(connection, taken, self._store.now(), ""))
        return "expanded"

    def _want(self, requests: list[EnqueueRequest]) -> None:
        self._store.write(lambda connection: due.want(connection, requests, self._store.now()))

    def _hold(self, taken: Taken, limit: RetryLater) -> None:
        # GitHub's limits end within the hour, so waits outside this range are not believed
        until = self._store.now() + min(LONGEST_HOLD, max(SHORTEST_HOLD, limit.seconds))

        self._store.write(
            lambda connection: holds.hold(connection, taken.key.installation, until, hide(limit.why))
        )
        # `why` distinguishes a limit from a GitHub that cannot be reached
        logger().warning("held", installation=taken.key.installation, seconds=limit.seconds, why=limit.why)
        if isinstance(limit, NoAnswer):
            self._show(taken, taken.lease[:8], last=False)
            self._store.write(lambda connection: due.put_off(connection, taken, self._store.now()))
        else:
            self._store.write(lambda connection: due.give_back(connection, taken))

    def _fail(self, taken: Taken, error: Exception) -> None:
        reference = taken.lease[:8]
        text = hide(f"{reference}: {type(error).__name__}: {error}")
        logger().error("failed", reference=reference, attempt=taken.attempts, exc_info=error)
        self._show(taken, reference, last=taken.attempts >= due.MOST_ATTEMPTS)
        self._store.write(lambda connection: due.fail(connection, taken, self._store.now(), text))

    def _refused(self, taken: Taken, refusal: Forbidden) -> None:
        """GitHub would refuse it again: the row fails at once. It becomes due when the permission is granted,
        through that event or the sweep.
        """
        reference, owner = taken.lease[:8], taken.key.name.partition("/")[0]
        hint = f"`policy-bot doctor --org {owner}` names the missing permission" if owner else ""
        text = hide(f"{reference}: GitHub refuses this to the App: {refusal.message}. {hint}")
        logger().error("refused by GitHub", reference=reference, why=hide(refusal.message), hint=hint)
        self._show(taken, reference, last=True)
        self._store.write(
            lambda connection: due.fail(connection, taken, self._store.now(), text, for_good=True)
        )

    def _show(self, taken: Taken, reference: str, last: bool) -> None:
        """Shows a failure while the row is leased: after that it could replace another worker's verdict."""
        if taken.kind != "refresh" and (last or taken.attempts >= SHOWN_FROM_ATTEMPT):
            try:
                if not self._store.read(lambda connection: due.superseded(connection, taken)):
                    self._evaluator.failed(taken.key, reference)
            except Exception as also:
                logger().error("could not report the failure", reference=reference, error=plain(also))
