"""The tables. Times are seconds since 1970 by the store's clock; a work item is due while `wanted > done`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# The inbox: one row per accepted delivery, so that a repetition causes no work.
delivery = Table(
    "delivery",
    metadata,
    Column("guid", String(64), primary_key=True),
    Column("event", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("installation", BigInteger, nullable=False),
    Column("keys", Text, nullable=False),  # keys of the rows that it made due, separated by spaces
    Column("received_at", Float, nullable=False),
    Index("delivery_received", "received_at"),
)

# One row per pull request, commit (merge group, first check) or refresh. `state`: idle, waiting, running,
# failed.
due = Table(
    "due",
    metadata,
    Column("key", String(400), primary_key=True),
    Column("kind", String(8), nullable=False),  # pull, commit, refresh
    Column("installation", BigInteger, nullable=False),
    Column("repository", BigInteger, nullable=False),
    Column("name", String(256), nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("ref", String(256), nullable=False),
    Column("sha", String(64), nullable=False),
    Column("head", String(64), nullable=False),  # the newest one reported
    Column("urgent", Boolean, nullable=False),  # a person waits; otherwise bulk
    Column("wanted", BigInteger, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("state", String(8), nullable=False),
    Column("due_since", Float, nullable=False),
    Column("not_before", Float, nullable=False),  # back-off after an error; a new event cancels it
    Column("rest_until", Float, nullable=False),  # coalescing: between two starts of a busy row
    Column("started_at", Float, nullable=False),
    Column("burst", Integer, nullable=False),  # starts in quick succession
    Column("attempts", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    Column("delivery", String(64), nullable=False),  # the newest one, for the logs
    Column("lease", String(64), nullable=False),
    Column("lease_until", Float, nullable=False),
    Column("judged_head", String(64), nullable=False),
    Column("basis", Text, nullable=False, server_default=""),  # the basis of the verdict besides the head
    Column("judged_at", Float, nullable=False),
    # Everything that decides the order, so that taking a row reads only this index.
    Index("due_pick", "state", "urgent", "installation", "due_since", "not_before", "rest_until"),
    Index("due_repository", "repository"),
)

# The evidence of a verdict, for its page; found only by its token.
evaluation = Table(
    "evaluation",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("key", String(400), nullable=False),
    Column("name", String(256), nullable=False),
    Column("head", String(64), nullable=False),
    Column("conclusion", String(32), nullable=False),
    Column("judgement", LargeBinary, nullable=False),  # JSON, deflated
    Column("made_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Index("evaluation_expires", "expires_at"),
    Index("evaluation_key", "key", "made_at"),
)

# An installation's limits. No request is made for it before `not_before`.
installation = Table(
    "installation",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("not_before", Float, nullable=False),
    Column("bulk_not_before", Float, nullable=False),  # what remains of its limit is reserved for people
    Column("why", Text, nullable=False),
    Column("swept_at", Float, nullable=False),
)

# Counters and gauges of all processes together, for /metrics.
tally = Table(
    "tally",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("label", String(128), primary_key=True),
    Column("value", Float, nullable=False),
)
