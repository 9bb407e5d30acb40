"""What time it is, for leases and waiting: seconds since 1970 that never jump while the process lives."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]


def steady(now: float) -> Clock:
    """A clock that starts at `now` and follows the monotonic clock from there.

    Somebody setting the machine's clock must neither end a lease early nor make a waiting row wait for hours.
    """
    start = time.monotonic()
    return lambda: now + (time.monotonic() - start)


def late(ask: Callable[[], float]) -> Clock:
    """A steady clock that asks what time it is when that is first needed: whom it asks may come after us.
    Until then it raises what `ask` raises.
    """
    found: list[Clock] = []

    def now() -> float:
        if not found:  # two threads at once both ask, and either answer is good
            found.append(steady(ask()))
        return found[0]()

    return now
