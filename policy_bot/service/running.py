"""Starts and stops the parts of a running service together: store, engine, worker and chores."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from policy_bot.service.counting import Counting
from policy_bot.service.housekeeping import Chore, Housekeeping
from policy_bot.service.logs import logger, plain
from policy_bot.service.store import due
from policy_bot.service.store.store import Store
from policy_bot.service.wakeups import Engine
from policy_bot.service.worker import Worker

# Seconds from SIGTERM to the end: platforms kill after 30 s (Kubernetes, Heroku), some after 10 s (Docker).
GRACE_SECONDS = 8.0
# How often leases are renewed; a lease that was not renewed for `due.LEASE_SECONDS` is lost.
KEEP_SECONDS = 10.0


@dataclass
class Running:
    """The parts of one process besides its web server. `worker` is None if it only accepts webhooks. `asking`
    are chores that may wait for GitHub, `shared` those that only one of all processes runs.
    """

    store: Store
    counting: Counting
    engine: Engine
    worker: Worker | None = None
    asking: Sequence[Chore] = ()
    shared: Sequence[Chore] = ()
    close: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        own = [
            Chore("writer", 1, self.store.revive),
            Chore("count", 5, lambda: self.counting.flush(self.store), first=5),
        ]
        if self.worker is not None:
            own.append(Chore("leases", KEEP_SECONDS, self._keep_leases))
        self.chores = (*own, *self.asking, *self.shared)
        self._house = Housekeeping("house", own)
        # GitHub may take long to answer; another thread renews leases meanwhile.
        self._asking = Housekeeping("asking", self.asking)

    def start(self) -> None:
        """Begins to work."""
        if self.worker is not None:
            self.engine.start(self.worker.work, self.worker.ready, self.worker.slots, self.shared)
        self._house.start()
        self._asking.start()

    def stop(self) -> None:
        """Returns or ends the current work, within `GRACE_SECONDS`."""
        end = time.monotonic() + GRACE_SECONDS
        if self.worker is not None:
            self.worker.stop()
            ended = self.engine.stop(GRACE_SECONDS)
            logger().info("stopped", ended=ended)
            if ended:  # otherwise a thread still reads; the readers end with the process
                self.close()
        self._asking.stop(0.1)
        self._house.stop(max(0.1, end - time.monotonic()))
        try:
            self.counting.flush(self.store)
            self.store.close()
        except Exception as error:
            logger().error("could not leave the database cleanly", error=plain(error))

    def _keep_leases(self) -> None:
        worker = self.worker
        if worker is not None:
            self.store.write(lambda connection: due.renew(connection, worker.leases(), self.store.now()))
