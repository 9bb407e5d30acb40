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
