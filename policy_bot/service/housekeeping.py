"""Periodic chores: renews leases, finds lost ones, stores metrics, deletes old rows, reconciles."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from policy_bot.github.errors import RetryLater
from policy_bot.service.logs import logger, plain

WHEN_CALLED = math.inf
"""`every` and `first` of a chore that somebody else times."""
LONGEST_SLEEP = 3600.0
LEAVE_SECONDS = 2.0
"""Seconds that a stop waits for the running chore: one that uses the database needs less, and must not lose
its connection. One that waits for GitHub is abandoned, since its work can be repeated.
"""


@dataclass
class Chore:
    """A task to repeat after so many seconds, for the first time after `first`."""

    name: str
    every: float
    do: Callable[[], object]
    first: float = 0.0
    due: float = field(init=False, default=0.0)


class Housekeeping:
    """Runs chores one after the other in one thread. A failed chore is logged and repeated later."""

    def __init__(self, name: str, chores: Sequence[Chore]) -> None:
        self._chores = chores
        self._stopping = False
        self._called = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Starts the thread, if there is anything to do."""
        if not self._chores:
            return
        for chore in self._chores:
            chore.due = time.monotonic() + chore.first
        self._thread.start()

    def call(self, chore: Chore) -> None:
        """Runs a chore as soon as the current one ends, whatever its interval."""
        chore.due = 0.0
        self._called.set()

    def stop(self, seconds: float) -> None:
        """Stops after the current chore."""
        self._stopping = True
        self._called.set()
        if self._thread.ident is not None:  # it was started
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopping:
            chore = min(self._chores, key=lambda one: one.due)
            if (wait := chore.due - time.monotonic()) > 0:
                self._called.wait(min(wait, LONGEST_SLEEP))
                self._called.clear()
                continue
            chore.due = time.monotonic() + chore.every
            try:
                chore.do()
            except RetryLater as later:
                logger().warning("a chore waits for GitHub", chore=chore.name, why=plain(later))
            except Exception as error:
                logger().error("a chore failed", chore=chore.name, error=plain(error))
