"""The store: one SQLite file or one Postgres, with the same tables and the same statements."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Engine, text

from policy_bot.service.clock import Clock, late, steady
from policy_bot.service.logs import logger
from policy_bot.service.store import inbox
from policy_bot.service.store.engine import connect
from policy_bot.service.store.inbox import Delivery
from policy_bot.service.store.writer import Writer

T = TypeVar("T")

# How long a worker's own writes may wait: longer than a webhook's, since no client waits for them.
WRITE_SECONDS = 30.0


class Store:
    """Reads and writes in transactions. `now` is the time of the database's machine and does not jump. Does
    not contact Postgres before it is needed, so a store can be made while it is away.
    """

    def __init__(
        self, url: str, clock: Clock | None = None, also: Callable[[Connection], None] | None = None
    ) -> None:
        """`also` runs in the transaction of accepted groups, to commit a wake-up with its rows."""
        self.engine: Engine = connect(url)
        self.on_postgres = self.engine.dialect.name == "postgresql"
        self.now = clock or (late(self._database_time) if self.on_postgres else steady(time.time()))
        self._also = also
        self._writer = Writer(self.engine)

    def _database_time(self) -> float:
        with self.engine.connect() as connection:
            return float(connection.scalar(text("select extract(epoch from clock_timestamp())")) or 0)

    def accept(self, delivery: Delivery, timeout: float) -> bool:
        """Stores a delivery durably; False if it existed. Raises `Overloaded` or the database's error."""
        return self._writer.add(self._accept, delivery, timeout)

    def _accept(self, connection: Connection, deliveries: Sequence[Delivery]) -> list[bool]:
        accepted = inbox.accept(connection, deliveries)
        # One line for the group: a line for each would cost a third of the rate at which we accept.
        logger().info(
            "storing", deliveries=[_line(one) for one, new in zip(deliveries, accepted, strict=True) if new]
        )
        if self._also is not None and any(
            one and which.requests for one, which in zip(accepted, deliveries, strict=True)
        ):
            self._also(connection)
        return accepted

    def write(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` in a transaction and returns its result once it is committed."""
        if not self.on_postgres:
            return self._writer.do(work, WRITE_SECONDS)
        with self.engine.begin() as connection:
            return work(connection)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` on a consistent snapshot."""
        with self.engine.begin() as connection:
            return work(connection)

    def trouble(self) -> str:
        """Why nothing can be stored now; empty if it can."""
        return self._writer.trouble

    def revive(self) -> None:
        """Restarts the writer if it has died."""
        if self._writer.revive():
            logger().error("the writer had died and was restarted")

    def close(self) -> None:
        """Commits what is waiting and closes the connections."""
        self._writer.close()
        self.engine.dispose()


def _line(delivery: Delivery) -> str:
    rows = [request.row for request in delivery.requests[:3]] or [f"-{row}" for row in delivery.gone]
    return " ".join([delivery.guid, delivery.event, delivery.action, *rows])
