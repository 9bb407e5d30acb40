"""The results of an audit per repository, so that the next one examines only what has changed.

Keyed by installation and repository id. A row records its basis: the commit, and the rules.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Float, LargeBinary, String, Table, and_, select

from policy_bot.service.store import standings
from policy_bot.service.store.standings import Found, Standing
from policy_bot.service.store.store import Store
from policy_bot.service.store.tables import metadata
from policy_bot.service.store.upserts import put

table = Table(
    "audited",
    metadata,
    Column("installation", BigInteger, primary_key=True, autoincrement=False),
    Column("repository", BigInteger, primary_key=True, autoincrement=False),
    Column("head", String(64), nullable=False),
    Column("rules", String(200), nullable=False),  # version, policy commit and day; "" if there is no SST
    Column("content", LargeBinary, nullable=False),  # JSON, deflated
    Column("made_at", Float, nullable=False),
)


night = Table(
    "night",
    metadata,
    Column("installation", BigInteger, primary_key=True, autoincrement=False),
    Column("turned", String(10), nullable=False),  # the last day whose beginning was handled
    Column("audited", String(10), nullable=False),  # the day of the last complete audit
)


@dataclass(frozen=True, slots=True)
class AuditedFinding:
    """One finding of a default branch. `since` is the day (ISO) of the audit that first found it."""

    project: str
    policy: str
    title: str
    verdict: str
    severity: str
    subject: str
    path: str
    line: int
    column: int
    message: str
    fingerprint: str
    gates: bool
    excused: str
    since: str
    excused_until: str = ""

    @property
    def kind(self) -> str:
        """One of `standings.KINDS`."""
        if self.excused:
            return "excused"
        return "unknown" if self.verdict == "unknown" else self.severity


@dataclass(frozen=True, slots=True)
class AuditedFunction:
    """One Lambda function of a default branch. `values` has a row for each context: its name, then timeout,
    streaming and URL in words.
    """

    project: str
    name: str
    via: str
    owner: str
    path: str
    line: int
    values: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Audited:
    """The results for one repository: its projects (none: no SST), its findings, files that could not be
    read, and notices about its settings.
    """

    head: str
    rules: str
    projects: tuple[str, ...] = ()
    findings: tuple[AuditedFinding, ...] = ()
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    functions: tuple[AuditedFunction, ...] = ()

    @property
    def has_sst(self) -> bool:
        """Whether there is an SST project, or something that could not be read and may be one."""
        return bool(self.projects or self.findings or self.problems)


def found(store: Store, installation: int, repository: int) -> Audited | None:
    """The results of the last audit of a repository."""
    mine = and_(table.c.installation == installation, table.c.repository == repository)
    row = store.read(lambda connection: connection.execute(select(table).where(mine)).first())
    if row is None:
        return None
    data = json.loads(zlib.decompress(row.content))
    findings = tuple(AuditedFinding(**each) for each in data["findings"])
    return Audited(
        row.head,
        row.rules,
        tuple(data["projects"]),
        findings,
        tuple(data["problems"]),
        tuple(data["notices"]),
        tuple(_function(each) for each in data.get("functions", ())),  # rows from before 0004 have none
    )


def _function(data: dict[str, Any]) -> AuditedFunction:
    return AuditedFunction(**{**data, "values": tuple(tuple(row) for row in data["values"])})


def keep(store: Store, installation: int, repository: int, name: str, audited: Audited) -> None:
    """Stores results, and the repository's standing in numbers."""
    data = asdict(audited)
    row: dict[str, Any] = {
        "installation": installation, "repository": repository, "head": data.pop("head"),
        "rules": data.pop("rules"), "content": b"", "made_at": store.now(),
    }  # fmt: skip
    row["content"] = zlib.compress(json.dumps(data).encode())
    made = standing(repository, name, audited, row["made_at"])

    def write(to: Connection) -> None:
        put(to, table, row)
        standings.keep(to, installation, made)

    store.write(write)


def standing(repository: int, name: str, audited: Audited, now: float) -> Standing:
    """The numbers of an audit."""
    found = Found(Counter((each.policy, each.kind) for each in audited.findings))
    return Standing(
        repository,
        name,
        _verdict(audited),
        len(audited.projects),
        found,
        min((each.since for each in audited.findings if not each.excused), default=""),
        now,
    )


def _verdict(audited: Audited) -> str:
    if any(each.gates for each in audited.findings):
        return "fail"
    if audited.problems or any(each.verdict == "unknown" and not each.excused for each in audited.findings):
        return "unknown"
    return "pass" if audited.projects else "none"


def without_sst(store: Store, installation: int, release: str) -> dict[int, str]:
    """The repositories in which a release found no SST, by id, with the commit that it examined."""
    mine = and_(
        table.c.installation == installation, table.c.rules.startswith(f"{release} ", autoescape=True)
    )
    rows = store.read(lambda connection: connection.execute(select(table).where(mine)).all())
    contents = ((row, json.loads(zlib.decompress(row.content))) for row in rows)
    return {
        row.repository: row.head
        for row, data in contents
        if not (data["projects"] or data["findings"] or data["problems"])
    }


def nights(store: Store) -> dict[int, tuple[str, str]]:
    """By installation: the last day that was begun, and the day of the last audit."""
    rows = store.read(lambda connection: connection.execute(select(night)).all())
    return {row.installation: (row.turned, row.audited) for row in rows}


def keep_night(store: Store, installation: int, turned: str, audited: str) -> None:
    """Stores these two days."""
    row = {"installation": installation, "turned": turned, "audited": audited}
    store.write(lambda to: put(to, night, row))
