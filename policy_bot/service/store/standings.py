"""The standing of each repository by its last audit, in numbers, for an organisation's pages.

One narrow row per repository, so that a page about ten thousand of them reads one short range of one index.
The caller decides row by row which of them a person may see.
"""

from __future__ import annotations

import json
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

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
    func,
    select,
)

from policy_bot.service.store.tables import metadata
from policy_bot.service.store.upserts import put

standing = Table(
    "standing",
    metadata,
    Column("installation", BigInteger, primary_key=True, autoincrement=False),
    Column("repository", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(256), nullable=False),  # owner/name
    Column("verdict", String(8), nullable=False),
    Column("projects", Integer, nullable=False),
    Column("found", Text, nullable=False),  # JSON: "policy kind" -> number, see `Found`
    Column("oldest", String(10), nullable=False),  # day on which its oldest open finding was first seen
    Column("made_at", Float, nullable=False),
)

trend = Table(
    "trend",
    metadata,
    Column("installation", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), primary_key=True),
    Column("verdicts", Text, nullable=False),  # JSON: verdict -> repositories
    Column("found", Text, nullable=False),  # JSON, as in `standing`
)

MOST_KEPT = 4
"""Maximum number of installations whose rows a process keeps: ten thousand rows take about 4 MB."""

VERDICTS = ("fail", "unknown", "pass", "none")
"""Verdicts of a repository: something gates, something cannot be determined, neither, no SST."""


KINDS = ("error", "warning", "notice", "unknown", "excused")
"""Kinds of findings: a severity, cannot be determined, or excused."""


@dataclass(frozen=True)
class Found:
    """Findings in numbers, by policy and kind."""

    numbers: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def by_kind(self) -> Counter[str]:
        """Findings by kind."""
        counted: Counter[str] = Counter()
        for (_, kind), number in self.numbers.items():
            counted[kind] += number
        return counted

    @cached_property
    def by_policy(self) -> Counter[str]:
        """Open findings, which are not excused, by policy."""
        counted: Counter[str] = Counter()
        for (policy, kind), number in self.numbers.items():
            if kind != "excused":
                counted[policy] += number
        return counted

    @cached_property
    def open(self) -> int:
        """Open findings."""
        return sum(self.by_policy.values())

    @property
    def text(self) -> str:
        """The stored form; equal findings have equal texts."""
        return json.dumps({" ".join(key): number for key, number in sorted(self.numbers.items())})

    @staticmethod
    @lru_cache(maxsize=4096)
    def of(text: str) -> Found:
        """Parses the stored form; cached, since most repositories have the same."""
        read = ((key.split(" "), number) for key, number in json.loads(text).items())
        return Found({(policy, kind): number for (policy, kind), number in read})

    @staticmethod
    def total(every: Iterable[Found]) -> Found:
        """The sum. Repositories share equal findings (`of`): each is added once, times its number."""
        often: Counter[int] = Counter()
        shared: dict[int, Found] = {}
        for each in every:
            often[id(each)] += 1
            shared[id(each)] = each
        counted: Counter[tuple[str, str]] = Counter()
        for key, times in often.items():
            for name, number in shared[key].numbers.items():
                counted[name] += number * times
        return Found(counted)


class Standing(NamedTuple):
    """The numbers of one repository's last audit. `oldest` is a day (ISO), or "" without open findings.

    A tuple, because a page makes ten thousand of them.
    """

    repository: int
    name: str
    verdict: str
    projects: int
    found: Found
    oldest: str = ""
    made_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Day:
    """An installation on one day: repositories by verdict, and their findings."""

    day: str
    verdicts: Mapping[str, int]
    found: Found


def keep(connection: Connection, installation: int, made: Standing) -> None:
    """Stores a repository's standing."""
    row = {
        "installation": installation, "repository": made.repository, "name": made.name,
        "verdict": made.verdict, "projects": made.projects, "found": made.found.text,
        "oldest": made.oldest, "made_at": made.made_at,
    }  # fmt: skip
    put(connection, standing, row)


def of_installation(connection: Connection, installation: int) -> list[Standing]:
    """Every audited repository of an installation."""
    columns = [standing.c[name] for name in Standing._fields]
    rows = connection.execute(select(*columns).where(standing.c.installation == installation)).all()
    return [
        Standing(id, name, verdict, projects, Found.of(found), oldest, made_at)
        for id, name, verdict, projects, found, oldest, made_at in rows
    ]


class KeptStandings:
    """Caches each installation's repositories until one of them changes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, tuple[object, Sequence[Standing]]] = OrderedDict()

    def of_installation(self, connection: Connection, installation: int) -> Sequence[Standing]:
        """Every audited repository of an installation. Thread-safe: at worst two threads read the same."""
        version = _version(connection, installation)
        before, found = self._kept.get(installation, (None, ()))
        if before != version:
            found = of_installation(connection, installation)
            self._kept[installation] = (version, found)
            while len(self._kept) > MOST_KEPT:
                with suppress(KeyError):  # another thread was faster
                    self._kept.popitem(last=False)
        return found


def _version(connection: Connection, installation: int) -> object:
    """Changes with every row: a changed row has another time, even if a clock was set back."""
    times = (func.count(), func.max(standing.c.made_at), func.sum(standing.c.made_at))
    return tuple(connection.execute(select(*times).where(standing.c.installation == installation)).one())


def owners(connection: Connection) -> dict[int, str]:
    """The owner of each audited installation."""
    some = func.min(standing.c.name).label("name")  # of any repository: its name begins with the owner
    query = select(standing.c.installation, some).group_by(standing.c.installation)
    return {row.installation: row.name.partition("/")[0] for row in connection.execute(query)}


def forget(connection: Connection, installation: int, repository: int | None = None) -> None:
    """Deletes a repository, or a whole installation: the App was removed from it."""
    mine = standing.c.installation == installation
    if repository is None:
        connection.execute(delete(trend).where(trend.c.installation == installation))
    else:
        mine = and_(mine, standing.c.repository == repository)
    connection.execute(delete(standing).where(mine))


def close_day(connection: Connection, installation: int, day: str) -> None:
    """Adds today's totals to the trend."""
    found = of_installation(connection, installation)
    row = {
        "installation": installation,
        "day": day,
        "verdicts": json.dumps(Counter(each.verdict for each in found)),
        "found": Found.total(each.found for each in found).text,
    }
    put(connection, trend, row)


@dataclass(frozen=True, slots=True)
class Overall:
    """All installations together: repositories by verdict, and their findings."""

    verdicts: Mapping[str, int]
    found: Found


def overall(connection: Connection) -> Overall:
    """The totals of all installations, for the metrics."""
    columns = (standing.c.verdict, standing.c.found)
    groups = connection.execute(select(*columns, func.count()).group_by(*columns)).all()
    verdicts: Counter[str] = Counter()
    for verdict, _, times in groups:
        verdicts[verdict] += times
    return Overall(verdicts, Found.total(Found.of(text) for _, text, times in groups for _ in range(times)))


def days(connection: Connection, installation: int, most: int = 180) -> list[Day]:
    """The trend, oldest first."""
    query = select(trend).where(trend.c.installation == installation).order_by(trend.c.day.desc()).limit(most)
    rows = connection.execute(query).all()
    return [Day(row.day, json.loads(row.verdicts), Found.of(row.found)) for row in reversed(rows)]
