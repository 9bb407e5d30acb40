"""The inbox: stores a delivery together with the rows that it makes due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection

from policy_bot.service.store import due, evaluations, heads
from policy_bot.service.store.due import EnqueueRequest
from policy_bot.service.store.tables import delivery
from policy_bot.service.store.upserts import insert


@dataclass(frozen=True, slots=True)
class Delivery:
    """The stored part of a webhook: its origin and its requests. The body is not needed again."""

    guid: str
    event: str
    action: str
    installation: int
    received_at: float
    requests: tuple[EnqueueRequest, ...] = ()
    gone: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()  # key prefixes of rows whose pages nobody may see any more


def accept(connection: Connection, deliveries: Sequence[Delivery]) -> list[bool]:
    """Stores each delivery with its requests; False, without effect, for a known GUID."""
    first: dict[str, Delivery] = {}
    for one in deliveries:
        first.setdefault(one.guid, one)
    rows = [_row(one) for one in first.values()]
    new = {guid for (guid,) in connection.execute(_insert(connection.dialect.name), rows)}
    accepted = [one for guid, one in first.items() if guid in new]
    if accepted:
        due.want(
            connection,
            [request for one in accepted for request in one.requests],
            max(one.received_at for one in accepted),
        )
        closed = [row for one in accepted for row in one.gone]
        due.gone(connection, closed)
        heads.left(connection, closed, max(one.received_at for one in accepted))
        evaluations.forget(connection, [rows for one in accepted for rows in one.removed])
    return [one.guid in new and first[one.guid] is one for one in deliveries]


@cache
def _insert(dialect: str) -> Any:
    return insert(dialect, delivery).on_conflict_do_nothing().returning(delivery.c.guid)


def _row(one: Delivery) -> dict[str, object]:
    keys = " ".join(
        [request.row for request in one.requests[:20]] + [f"-{row}" for row in (*one.gone, *one.removed[:20])]
    )
    return {
        "guid": one.guid, "event": one.event, "action": one.action, "installation": one.installation,
        "keys": keys, "received_at": one.received_at,
    }  # fmt: skip
