"""Several kept workers for a service that judges in several threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from queue import SimpleQueue
from threading import Lock

from policy_bot.isolation.kept import Worker
from policy_bot.isolation.limits import Bounds
from policy_bot.isolation.reader import Finding
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.source import SourceTree


class Workers(Finding):
    """At most `size` reading processes; a thread that finds none free waits for one. Safe to share between
    threads.
    """

    def __init__(self, size: int = 2, bounds: Bounds = Bounds()) -> None:  # noqa: B008 -- frozen
        self._all = [Worker(bounds) for _ in range(size)]
        self._lock = Lock()
        self._free = list(self._all)  # last used first: the rest need not be started at all
        self._waiting: deque[SimpleQueue[Worker]] = deque()

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """The project whose config is `path`."""
        worker = self._take()
        try:
            return worker.read(tree, path, contexts)
        finally:
            self._hand_on(worker)

    def _take(self) -> Worker:
        with self._lock:
            if self._free:
                return self._free.pop()
            turn: SimpleQueue[Worker] = SimpleQueue()
            self._waiting.append(turn)
        return turn.get()

    def _hand_on(self, worker: Worker) -> None:
        """Gives it to whoever waits longest: a thread that reads forty projects in a row queues like all."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().put(worker)
            else:
                self._free.append(worker)

    def close(self) -> None:
        """End all processes. Only when no thread reads any more."""
        for worker in self._all:
            worker.close()
