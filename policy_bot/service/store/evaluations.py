"""Stored judgements: a page shows the derivation of the given verdict, never a new one."""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from policy_bot.service.store.tables import evaluation

# how long the page of a verdict can be opened
KEPT_SECONDS = 90 * 86400.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One verdict. `judgement` is JSON text."""

    token: str
    row: str
    name: str
    head: str
    conclusion: str
    judgement: str
    made_at: float


def new_token() -> str:
    """The unguessable part of a page's address (256 bits); whoever has it may read the page."""
    return secrets.token_urlsafe(32)


def keep(connection: Connection, made: Evaluation) -> None:
    """Stores a verdict for its page."""
    connection.execute(
        evaluation.insert().values(
            token=made.token,
            key=made.row,
            name=made.name,
            head=made.head,
            conclusion=made.conclusion,
            judgement=zlib.compress(made.judgement.encode()),
            made_at=made.made_at,
            expires_at=made.made_at + KEPT_SECONDS,
        )
    )


def forget(connection: Connection, beginnings: Sequence[str]) -> None:
    """Deletes the pages of all rows with this key prefix: the App was uninstalled there."""
    for beginning in beginnings:
        connection.execute(delete(evaluation).where(evaluation.c.key.startswith(beginning, autoescape=True)))


def find(connection: Connection, token: str, now: float) -> Evaluation | None:
    """The verdict of a token; None if unknown or expired."""
    query = select(evaluation).where(evaluation.c.token == token, evaluation.c.expires_at > now)
    row = connection.execute(query).first()
    if row is None:
        return None
    text = zlib.decompress(row.judgement).decode()
    return Evaluation(row.token, row.key, row.name, row.head, row.conclusion, text, row.made_at)


def earlier(connection: Connection, shown: Evaluation, now: float, most: int = 10) -> list[Evaluation]:
    """Earlier verdicts on the same pull request or branch, newest first, without judgements."""
    query = (
        select(
            evaluation.c.token,
            evaluation.c.name,
            evaluation.c.head,
            evaluation.c.conclusion,
            evaluation.c.made_at,
        )
        .where(
            evaluation.c.key == shown.row,
            evaluation.c.made_at < shown.made_at,
            evaluation.c.expires_at > now,
        )
        .order_by(evaluation.c.made_at.desc())
        .limit(most)
    )
    rows = connection.execute(query)
    return [Evaluation(r.token, shown.row, r.name, r.head, r.conclusion, "", r.made_at) for r in rows]
