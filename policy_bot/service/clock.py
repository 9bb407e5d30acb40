"""The time for leases and waits: seconds since 1970, without jumps during the life of the process."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]


def steady(now: float) -> Clock:
    """A clock that starts at `now` and then follows the monotonic clock.

    A change of the machine's clock must neither end a lease early nor make a waiting row wait for hours.
    """
    start = time.monotonic()
    return lambda: now + (time.monotonic() - start)


def late(ask: Callable[[], float]) -> Clock:
    """A steady clock that gets the time from `ask` on first use, since the source may start later."""
    found: list[Clock] = []

    def now() -> float:
        if not found:  # two threads may both ask; either answer is good
            found.append(steady(ask()))
        return found[0]()

    return now
