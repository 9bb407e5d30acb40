"""Limits the rate of requests as GitHub requires of an App, across all workers of one process.

GitHub counts per installation
(https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api): at most 80 content-creating
requests a minute and 500 an hour, a second between writes if there are many, and a pause of the given length
after a limit is hit.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from policy_bot.github.errors import RetryLater

A_MINUTE, AN_HOUR = 60.0, 3600.0
WRITES_A_MINUTE, WRITES_AN_HOUR = 80, 500
AT_EASE = 10
"""Writes within a minute that need no pause: a pull request takes two or three."""


@dataclass
class Pace:
    """The rate of one installation. Thread-safe; never sleeps longer than a second."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _until: float = 0.0
    _why: str = ""
    _writes: deque[float] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def before(self, write: bool) -> None:
        """Call before each request. Raises `RetryLater` while GitHub requires a pause or the writes are used
        up.
        """
        with self._lock:
            now = self.clock()
            if now < self._until:
                raise RetryLater(self._until - now, self._why)
            wait = self._reserve(now) if write else 0.0
        if wait > 0:
            self.sleep(wait)

    def hold(self, seconds: float, why: str) -> RetryLater:
        """Pauses all requests of the installation for this long, as GitHub requires. Returns the error to
        raise.
        """
        with self._lock:
            self._until = max(self._until, self.clock() + seconds)
            self._why = why
        return RetryLater(seconds, why)

    def _reserve(self, now: float) -> float:
        """Reserves a slot for a write; returns how long to wait for it."""
        while self._writes and self._writes[0] <= now - AN_HOUR:
            self._writes.popleft()
        minute = [at for at in self._writes if at > now - A_MINUTE]
        if len(minute) >= WRITES_A_MINUTE:
            raise RetryLater(minute[0] + A_MINUTE - now, "80 writes a minute are GitHub's limit")
        if len(self._writes) >= WRITES_AN_HOUR:
            raise RetryLater(self._writes[0] + AN_HOUR - now, "500 writes an hour are GitHub's limit")
        crowded = len(minute) >= AT_EASE
        at = max(now, self._writes[-1] + 1.0) if crowded else now
        self._writes.append(at)
        return at - now
