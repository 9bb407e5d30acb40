"""Wake-ups tell workers that a row may have become due.

A wake-up carries no data and may be lost or doubled: the work items are the truth. Within a process it is a
condition on which threads wait; between processes, a job of procrastinate (`wakeups_postgres`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from policy_bot.service.housekeeping import LEAVE_SECONDS, Chore, Housekeeping
from policy_bot.service.logs import logger, plain

# Rows that wait for a time (back-off, pause, limit) or lost their wake-up are found at the latest after this
# many seconds.
LONGEST_SLEEP = 1.0

# Processes at most one row and returns whether it found one; calls its argument when it has found one, before
# processing it.
TakeRow = Callable[[Callable[[], None]], bool]
# Whether there is a row that could be taken. Cheap: called once a second.
Ready = Callable[[], bool]


class Engine(Protocol):
    """Calls `work` in several threads whenever there may be something to do."""

    def wake(self) -> None:
        """Tells a worker to look. Cheap, callable from any thread, never raises."""

    def start(self, work: TakeRow, ready: Ready, slots: int, chores: Sequence[Chore] = ()) -> None:
        """Begins. `chores` are for all processes together: whenever one is due, one of them does it."""

    def alive(self) -> bool:
        """Whether wake-ups would be heard now."""

    def stop(self, seconds: float) -> bool:
        """Begins no more work; waits this long for what is running. True if all of it ended."""


class Threads:
    """The engine within one process."""

    def __init__(self) -> None:
        self._calls = threading.Semaphore(0)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._chores = Housekeeping("chores", ())

    def wake(self) -> None:
        """One more thread looks, if one is asleep."""
        self._calls.release()

    def start(self, work: TakeRow, ready: Ready, slots: int, chores: Sequence[Chore] = ()) -> None:
        """Starts the threads. They are daemons: unfinished work stays due when the process ends."""
        self._chores = Housekeeping("chores", chores)
        self._chores.start()
        workers = [
            threading.Thread(target=self._work, args=(work,), name=f"worker-{n}") for n in range(slots)
        ]
        self._threads = [*workers, threading.Thread(target=self._poll, args=(ready,), name="poll")]
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def _work(self, work: TakeRow) -> None:
        while not self._stopping.is_set():
            self._calls.acquire()
            while self._calls.acquire(blocking=False):  # one look serves all calls until now
                pass
            while not self._stopping.is_set() and work(self.wake):
                pass
        self._calls.release()  # the next thread has to end as well

    def _poll(self, ready: Ready) -> None:
        while not self._stopping.wait(LONGEST_SLEEP):
            try:
                if ready():
                    self.wake()
            except Exception as error:
                logger().error("could not look for work", error=plain(error))

    def alive(self) -> bool:
        """Whether every thread is alive."""
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def stop(self, seconds: float) -> bool:
        """Waits for the rows that are being processed."""
        end = time.monotonic() + seconds
        self._stopping.set()
        self._calls.release(len(self._threads) or 1)
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        self._chores.stop(LEAVE_SECONDS)
        return not any(thread.is_alive() for thread in self._threads)
