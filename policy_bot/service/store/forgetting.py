"""Deletes expired rows, so that the disk stays bounded and nothing of a repository is kept for ever."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, select

from policy_bot.service.store.store import Store
from policy_bot.service.store.tables import delivery, due, evaluation

# GitHub redelivers for 3 days (Enterprise Server 7); GUIDs are kept for longer
DELIVERY_SECONDS = 14 * 86400.0
# after so many seconds without events, a pull request is queried anew at its next event
IDLE_SECONDS = 90 * 86400.0
# rows deleted at once, so that writers do not wait long
AT_ONCE = 1000


def forget(connection: Connection, now: float) -> int:
    """Deletes up to `AT_ONCE` expired rows of each table; returns how many it deleted."""
    idle = and_(
        due.c.state == "idle", due.c.due_since < now - IDLE_SECONDS, due.c.judged_at < now - IDLE_SECONDS
    )
    return (
        _delete(connection, delivery, delivery.c.guid, delivery.c.received_at < now - DELIVERY_SECONDS)
        + _delete(connection, evaluation, evaluation.c.token, evaluation.c.expires_at < now)
        + _delete(connection, due, due.c.key, idle)
    )


def forget_all(store: Store) -> None:
    """Deletes all expired rows, some at a time, so that others write in between."""
    while store.write(lambda connection: forget(connection, store.now())):
        time.sleep(0.2)


def _delete(connection: Connection, table: Table, key: Any, expired: Any) -> int:
    some = select(key).where(expired).limit(AT_ONCE).scalar_subquery()
    return connection.execute(delete(table).where(key.in_(some))).rowcount
