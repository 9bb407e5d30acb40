"""Where each repository stands by its last audit, in numbers: what an organisation's pages are made from.

One narrow row a repository, so that a page about ten thousand of them reads one short range of one index.
Which of them a person may see is decided row by row by whoever reads them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    Text,
    and_,
    delete,
    select,
)

from policy_bot.service.store.due import insert
from policy_bot.service.store.tables import metadata

standing = Table(
    "standing",
    metadata,
    Column("installation", BigInteger, primary_key=True, autoincrement=False),
    Column("repository", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(256), nullable=False),  # owner/name
    Column("verdict", String(8), nullable=False),
    Column("projects", Integer, nullable=False),
    Column("counts", Text, nullable=False),  # JSON: severity, "unknown" or "excused" -> findings
    Column("policies", Text, nullable=False),  # JSON: policy -> findings that are not excused
    Column("oldest", String(10), nullable=False),  # day on which its oldest open finding was first seen
    Column("made_at", Float, nullable=False),
)

trend = Table(
    "trend",
    metadata,
    Column("installation", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), primary_key=True),
    Column("verdicts", Text, nullable=False),  # JSON: verdict -> repositories
    Column("counts", Text, nullable=False),  # JSON, as in `standing`
)

VERDICTS = ("fail", "unknown", "pass", "none")
"""What a repository has: something that gates, something that cannot be told, neither, no SST."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One repository's last audit in numbers. `oldest` is a day (ISO), or "" without open findings."""

    repository: int
    name: str
    verdict: str
    projects: int
    counts: Mapping[str, int] = field(default_factory=dict)
    policies: Mapping[str, int] = field(default_factory=dict)
    oldest: str = ""
    made_at: float = 0.0

    @property
    def open(self) -> int:
        """Findings that nobody has excused."""
        return sum(number for kind, number in self.counts.items() if kind != "excused")


@dataclass(frozen=True, slots=True)
class Day:
    """An installation on one day: repositories by verdict, findings by severity."""

    day: str
    verdicts: Mapping[str, int]
    counts: Mapping[str, int]


def keep(connection: Connection, installation: int, made: Standing) -> None:
    """Remember where a repository stands."""
    row = {
        "installation": installation, "repository": made.repository, "name": made.name,
        "verdict": made.verdict, "projects": made.projects, "counts": json.dumps(dict(made.counts)),
        "policies": json.dumps(dict(made.policies)), "oldest": made.oldest, "made_at": made.made_at,
    }  # fmt: skip
    statement = insert(connection.dialect.name, standing).values(row)
    keys = ["installation", "repository"]
    changed = {name: row[name] for name in row if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def of_installation(connection: Connection, installation: int) -> list[Standing]:
    """Every audited repository of an installation."""
    rows = connection.execute(select(standing).where(standing.c.installation == installation)).all()
    return [
        Standing(
            row.repository,
            row.name,
            row.verdict,
            row.projects,
            _numbers(row.counts),
            _numbers(row.policies),
            row.oldest,
            row.made_at,
        )
        for row in rows
    ]


@lru_cache(maxsize=4096)
def _numbers(text: str) -> Mapping[str, int]:
    """Numbers by name. Most repositories of an organisation have the same few, so each text is read once."""
    return MappingProxyType(json.loads(text))


def forget(connection: Connection, installation: int, repository: int | None = None) -> None:
    """Drop a repository, or a whole installation: the App was removed from it."""
    mine = standing.c.installation == installation
    if repository is None:
        connection.execute(delete(trend).where(trend.c.installation == installation))
    else:
        mine = and_(mine, standing.c.repository == repository)
    connection.execute(delete(standing).where(mine))


def close_day(connection: Connection, installation: int, day: str) -> None:
    """Add today's totals to the trend."""
    found = of_installation(connection, installation)
    row = {
        "installation": installation,
        "day": day,
        "verdicts": json.dumps(Counter(each.verdict for each in found)),
        "counts": json.dumps(total(each.counts for each in found)),
    }
    statement = insert(connection.dialect.name, trend).values(row)
    changed = {"verdicts": row["verdicts"], "counts": row["counts"]}
    keys = ["installation", "day"]
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))


def days(connection: Connection, installation: int, most: int = 180) -> list[Day]:
    """The trend, oldest first."""
    query = select(trend).where(trend.c.installation == installation).order_by(trend.c.day.desc()).limit(most)
    rows = connection.execute(query).all()
    return [Day(row.day, json.loads(row.verdicts), json.loads(row.counts)) for row in reversed(rows)]


def total(numbers: Iterable[Mapping[str, int]]) -> Counter[str]:
    """The sum of numbers by name. Repositories share their mappings (`_numbers`), so each is added once,
    times how often it occurs.
    """
    often: Counter[int] = Counter()
    shared: dict[int, Mapping[str, int]] = {}
    for each in numbers:
        often[id(each)] += 1
        shared[id(each)] = each
    counted: Counter[str] = Counter()
    for key, times in often.items():
        for name, number in shared[key].items():
            counted[name] += number * times
    return counted
