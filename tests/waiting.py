"""Waiting in tests: for the event itself, with a limit that only a hang exceeds."""

from __future__ import annotations

import time
from collections.abc import Callable

LONG = 120.0
"""Seconds until something counts as hanging."""


def until(true: Callable[[], bool]) -> None:
    """Waits for something that happens soon."""
    end = time.monotonic() + LONG
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)
