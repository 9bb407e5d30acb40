"""Starts and stops the parts of a running service together: store, engine, worker and chores."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from policy_bot.service.counting import Counting
from policy_bot.service.housekeeping import Chore, Housekeeping
from policy_bot.service.logs import logger, plain
from policy_bot.service.store import due, forgetting, holds
from policy_bot.service.store.store import Store
from policy_bot.service.wakeups import Engine
from policy_bot.service.worker import Worker

# Seconds from SIGTERM to the end: platforms kill after 30 s (Kubernetes, Heroku), some after 10 s (Docker).
GRACE_SECONDS = 8.0
# How often leases are renewed; a lease that was not renewed for `due.LEASE_SECONDS` is lost.
KEEP_SECONDS = 10.0


class Running:
    """What one process runs besides its web server. `worker` is None where it only accepts."""

    def __init__(
        self,
        store: Store,
        counting: Counting,
        engine: Engine,
        worker: Worker | None = None,
        reconciliation: Sequence[Chore] = (),
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self._close = close
        self._store = store
        self._counting = counting
        self._engine = engine
        self._worker = worker
        chores = [
            Chore("writer", 1, store.revive),
            Chore("count", 5, lambda: counting.flush(store), first=5),
        ]
        if worker is not None:
            chores += self._upkeep()
        self.chores = (*chores, *reconciliation)
        self._house = Housekeeping("house", chores)
        # reconciliation waits for GitHub; another thread renews leases meanwhile.
        self._reconciliation = Housekeeping("reconciliation", reconciliation) if reconciliation else None

    def _upkeep(self) -> list[Chore]:
        return [
            Chore("leases", KEEP_SECONDS, self._keep_leases),
            Chore("forget", 60, self._forget, first=30),
            Chore("unclamp", 300, lambda: self._store.write(lambda c: holds.unclamp(c, self._store.now()))),
        ]

    def start(self) -> None:
        """Begins to work."""
        if self._worker is not None:
            self._engine.start(self._worker.work, self._worker.ready, self._worker.slots)
        self._house.start()
        if self._reconciliation is not None:
            self._reconciliation.start()

    def stop(self) -> None:
        """Returns or ends the current work, within `GRACE_SECONDS`."""
        end = time.monotonic() + GRACE_SECONDS
        if self._worker is not None:
            self._worker.stop()
            ended = self._engine.stop(GRACE_SECONDS)
            logger().info("stopped", ended=ended)
            if ended:  # otherwise a thread still reads; the readers end with the process
                self._close()
        if self._reconciliation is not None:
            self._reconciliation.stop(0.1)  # it may wait for GitHub; its work can be repeated
        self._house.stop(max(0.1, end - time.monotonic()))
        try:
            self._counting.flush(self._store)
            self._store.close()
        except Exception as error:
            logger().error("could not leave the database cleanly", error=plain(error))

    def _keep_leases(self) -> None:
        worker = self._worker
        if worker is not None:
            self._store.write(lambda connection: due.renew(connection, worker.leases(), self._store.now()))

    def _forget(self) -> None:
        while self._store.write(lambda connection: forgetting.forget(connection, self._store.now())):
            time.sleep(0.2)  # others write in between
