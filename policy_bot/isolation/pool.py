"""Several kept workers for a service that judges in several threads."""

from __future__ import annotations

import queue
from collections.abc import Sequence

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
        self._free: queue.LifoQueue[Worker] = (
            queue.LifoQueue()
        )  # last used first: the rest need not be started at all
        for worker in self._all:
            self._free.put(worker)

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """The project whose config is `path`."""
        worker = self._free.get()
        try:
            return worker.read(tree, path, contexts)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """End all processes. Only when no thread reads any more."""
        for worker in self._all:
            worker.close()
