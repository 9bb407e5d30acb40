"""Metrics of this process that are not in the store yet."""

from __future__ import annotations

import threading
from collections import defaultdict

from sqlalchemy import Connection

from policy_bot.service.store import tallies
from policy_bot.service.store.store import Store
from policy_bot.service.store.tallies import Series

# upper bounds of the histogram of durations, in seconds
BOUNDS = (0.005, 0.01, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class Counting:
    """Counters, durations and gauges of one process; `flush` adds them to the totals of all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: dict[Series, float] = defaultdict(float)
        self._measured: dict[Series, float] = {}
        self._left: dict[tuple[int, str], float] = {}

    def add(self, name: str, label: str = "", by: float = 1) -> None:
        """Increments a counter."""
        with self._lock:
            self._counted[name, label] += by

    def duration(self, name: str, seconds: float) -> None:
        """Adds a duration to the histogram."""
        bound = next((str(bound) for bound in BOUNDS if seconds <= bound), "+Inf")
        with self._lock:
            self._counted[name, bound] += 1
            self._counted[f"{name}_sum", ""] += seconds

    def measure(self, name: str, label: str, value: float) -> None:
        """Sets a gauge."""
        with self._lock:
            self._measured[name, label] = value

    def response(self, installation: int, remaining: int | None, limit: int | None, resource: str) -> None:
        """Counts an answer of GitHub, and records the installation's rate limit."""
        self.add("github_requests", f"{installation}/{resource}")
        if remaining is not None:
            self.measure("github_remaining", f"{installation}/{resource}", remaining)
        if limit is not None:
            self.measure("github_limit", f"{installation}/{resource}", limit)
        if remaining is not None and limit:
            with self._lock:
                self._left[installation, resource] = remaining / limit

    def left(self, installation: int) -> float:
        """Remaining share (0 to 1) of the installation's scarcest limit by GitHub's last answer; 1 if
        unknown.
        """
        with self._lock:
            return min((left for (who, _), left in self._left.items() if who == installation), default=1.0)

    def flush(self, store: Store) -> None:
        """Adds the metrics to the store; keeps them for the next time if that fails."""
        with self._lock:
            counted, self._counted = self._counted, defaultdict(float)
            measured, self._measured = self._measured, {}
        if not counted and not measured:
            return

        def tell(connection: Connection) -> None:
            tallies.add(connection, counted)
            tallies.put(connection, measured)

        try:
            store.write(tell)
        except Exception:
            with self._lock:
                for series, value in counted.items():
                    self._counted[series] += value
                self._measured = measured | self._measured
            raise
