"""A thread that writes in groups: separate writers would collide at each commit's sync.

Callers get an answer only after the commit that has their work is on disk.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

Item = TypeVar("Item")
T = TypeVar("T")

LARGEST_GROUP = 128
MOST_WAITING = 2000
TROUBLE_SECONDS = 8.0
"""How long a database fault counts after it occurred: longer than between two writes of our own."""


class Overloaded(Exception):
    """The work was not stored in time; the sender has to retry."""


@dataclass(frozen=True, eq=False)
class _Job:
    batch: Callable[[Connection, Sequence[Any]], Sequence[Any]]
    item: Any
    answer: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs pieces of work in shared transactions, in order of arrival."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writing=True)
        self._jobs: queue.Queue[_Job | None] = queue.Queue(MOST_WAITING)
        self._lock = threading.Lock()
        self._closed = False
        self._trouble = ("", 0.0)
        self._thread = self._begun()

    def _begun(self) -> threading.Thread:
        thread = threading.Thread(target=self._run, name="writer", daemon=True)
        thread.start()
        return thread

    def revive(self) -> bool:
        """Restarts the thread if it has died, with its queue; True if it had."""
        with self._lock:
            if self._closed or self._thread.is_alive():
                return False
            self._thread = self._begun()
            return True

    @property
    def trouble(self) -> str:
        """Why nothing can be stored at present, by the last commit; empty if it can."""
        if not self._thread.is_alive():
            return "the writer is not running"
        text, since = self._trouble
        return text if time.monotonic() - since < TROUBLE_SECONDS else ""

    def do(self, work: Callable[[Connection], T], timeout: float) -> T:
        """The result of `work` after its commit. Raises its errors, or `Overloaded` after `timeout`
        seconds.
        """
        answer: T = self._wait(_Job(lambda connection, _: [work(connection)], None), timeout)
        return answer

    def add(
        self, batch: Callable[[Connection, Sequence[Item]], Sequence[T]], item: Item, timeout: float
    ) -> T:
        """Like `do`, for one item of many that `batch`, always the same function, handles together."""
        answer: T = self._wait(_Job(batch, item), timeout)
        return answer

    @property
    def waiting(self) -> int:
        """Number of waiting pieces of work."""
        return self._jobs.qsize()

    def close(self) -> None:
        """Ends the thread after the waiting work."""
        with self._lock:
            self._closed = True
        self._jobs.put(None)
        self._thread.join(30)

    def _wait(self, job: _Job, timeout: float) -> Any:
        end = time.monotonic() + timeout
        try:
            self._jobs.put(job, timeout=timeout)
            return job.answer.result(max(0.0, end - time.monotonic()))
        except (queue.Full, TimeoutError, CancelledError):
            job.answer.cancel()
            raise Overloaded("the database did not store it in time") from None

    def _run(self) -> None:
        open_ = True
        while open_ and (first := self._jobs.get()) is not None:
            group = [first]
            while len(group) < LARGEST_GROUP and open_ and not self._jobs.empty():
                job = self._jobs.get_nowait()
                open_ = job is not None
                group.extend([job] if job else [])
            self._commit([job for job in group if job.answer.set_running_or_notify_cancel()])

    def _commit(self, group: Sequence[_Job]) -> None:
        if not group:
            return
        try:
            with self._engine.begin() as connection:
                answers = list(_answers(connection, group))
        except Exception as error:
            trouble = _trouble(error)
            self._trouble = (trouble, time.monotonic())
            if len(group) == 1 or trouble:  # a fault of the database, not of one piece of work
                for job in group:
                    job.answer.set_exception(error)
            else:  # retries by halves, to store all but the faulty one
                half = len(group) // 2
                self._commit(group[:half])
                self._commit(group[half:])
            return
        self._trouble = ("", 0.0)
        for job, answer in answers:
            job.answer.set_result(answer)


def _trouble(error: Exception) -> str:
    """A fault that affects all writes, if it is not the work's own."""
    said = str(error.orig).lower() if isinstance(error, OperationalError) else "no such"
    if said.startswith(
        "no such"
    ):  # a missing table or column, which SQLite also reports as an operational error
        return ""
    return "the disk is full" if "full" in said or "no space left" in said else "the database stores nothing"


def _answers(connection: Connection, group: Sequence[_Job]) -> list[tuple[_Job, Any]]:
    batches: dict[Any, list[_Job]] = {}
    for job in group:
        batches.setdefault(job.batch, []).append(job)
    answers: list[tuple[_Job, Any]] = []
    for batch, jobs in batches.items():
        answers += zip(jobs, batch(connection, [job.item for job in jobs]), strict=True)
    return answers
