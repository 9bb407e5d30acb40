"""Logs webhooks with an invalid signature: enough to find the cause, not so many that they fill a disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from policy_bot.service.logs import logger

SELDOM_SECONDS = 10.0
"""Seconds between two lines of a process: a stranger can send without limit."""


class Refusals:
    """Logs some of the refused deliveries, and with each how many were left out before it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._next = float("-inf")
        self._left_out = 0

    def tell(self, why: str, delivery: str, event: str) -> None:
        """Records a refused delivery. Its id and event are what the sender claimed, validated."""
        with self._lock:
            now = self._clock()
            if now < self._next:
                self._left_out += 1
                return
            self._next = now + SELDOM_SECONDS
            left_out, self._left_out = self._left_out, 0
        logger().warning("refused", why=why, delivery=delivery, github_event=event, left_out=left_out)
