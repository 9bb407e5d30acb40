"""Reads one settings file strictly into requests, each with its line.

A file is valid as a whole or not at all: every mistake is reported with line, column and a way to fix it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

from pydantic import BaseModel, ValidationError

from policy_bot.policy.mistakes import places_of, problems_of
from policy_bot.policy.schema import (
    LayerSettings,
    OrganisationBlock,
    OrganisationFile,
    OrganisationWaiver,
    PolicySettings,
    RepositoryFile,
    RepositoryWaiver,
    Selection,
)
from policy_bot.policy.selection import name_matches
from policy_bot.policy.settings import (
    ENFORCE,
    EVALUATE,
    RESERVED,
    Enforcement,
    LayerName,
    SettingSource,
    Waiver,
)
from policy_bot.policy.yamltext import FileError, Loc, Marked, Mistake, read
from policy_bot.record import dataclass


@dataclass(frozen=True, slots=True)
class RepositoryTraits:
    """The properties of a repository that selections use: `name` without its owner, `visibility` "" if not
    known.
    """

    name: str
    topics: frozenset[str] = frozenset()
    visibility: str = ""


@dataclass(frozen=True, slots=True)
class SettingRequest:
    """A file's request that an address have a value."""

    address: str
    value: object
    source: SettingSource


@dataclass(frozen=True, slots=True)
class AllowRule:
    """An entry of `allow` or `lock`: the addresses it covers, and its line."""

    pattern: str
    source: SettingSource

    def covers(self, address: str) -> bool:
        """Whether the rule covers this address: the address itself, its policy, its group or kind (`mode`),
        or everything.
        """
        owner, _, name = address.partition(".")
        if self.pattern in {"*", address, owner} or (self.pattern == name and name in RESERVED):
            return True
        return self.pattern.endswith("/*") and address.startswith(self.pattern[:-1])


@dataclass(frozen=True, slots=True)
class Where:
    """The conditions of a selection; None means no restriction."""

    repositories: tuple[str, ...] | None = None
    topics: frozenset[str] | None = None
    visibility: str | None = None

    def __str__(self) -> str:
        lists = (("repositories", self.repositories), ("topics", self.topics and sorted(self.topics)))
        asked = [f"{key} [{', '.join(names)}]" for key, names in lists if names is not None]
        return ", ".join([*asked, *([f"visibility {self.visibility}"] if self.visibility else [])])

    def takes(self, repository: RepositoryTraits) -> bool:
        """Whether the repository is selected."""
        named = self.repositories is None or any(
            name_matches(pattern, repository.name) for pattern in self.repositories
        )
        topical = self.topics is None or bool(self.topics & repository.topics)
        return named and topical and self.visibility in {None, repository.visibility}


@dataclass(frozen=True, slots=True)
class Part:
    """The requests of a file or of one selection in it; `source` is the line of the selection."""

    requests: tuple[SettingRequest, ...] = ()
    allow: tuple[AllowRule, ...] = ()
    lock: tuple[AllowRule, ...] = ()
    where: Where = Where()
    source: SettingSource | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """A settings file of valid form. `parts` are in the order in which they override each other; `named_at`
    is the line of the approvers.
    """

    name: LayerName
    path: str
    parts: tuple[Part, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    approvers: frozenset[str] | None = None
    named_at: SettingSource | None = None


def parse(path: str, text: str, name: LayerName) -> Layer:
    """Parses a settings file. Raises `FileError` with every mistake in its form."""
    layer, problems = parse_in_part(path, text, name)
    if problems:
        raise FileError(problems)
    return layer


def parse_in_part(path: str, text: str, name: LayerName) -> tuple[Layer, list[Mistake]]:
    """Parses the valid parts of a settings file, and collects the mistakes in its form, so that mistakes in
    the rest can be reported at the same time. Raises `FileError` if it is not YAML at all.
    """
    model = OrganisationFile if name == "organisation" else RepositoryFile
    marked = read(path, text)
    try:
        return _layer(marked, model, name)
    except ValidationError as error:
        problems = problems_of(error.errors(), marked, model)
        wrong = places_of(error.errors(), marked)
    try:
        layer, others = _layer(read(path, text, without=wrong), model, name)
    except ValidationError:
        return Layer(name, path), problems
    return layer, [*problems, *others]


def _layer(marked: Marked, model: type[BaseModel], name: LayerName) -> tuple[Layer, list[Mistake]]:
    file: BaseModel = model.model_validate({} if marked.data is None else marked.data)
    reading = _LayerReading(marked, name, [])
    return reading.layer(cast("OrganisationFile | RepositoryFile", file)), reading.problems


@dataclass(frozen=True, slots=True)
class _LayerReading:
    marked: Marked
    name: LayerName
    problems: list[Mistake]

    def layer(self, file: OrganisationFile | RepositoryFile) -> Layer:
        parts = [self._part(file, ())]
        approvers = named_at = None
        if isinstance(file, OrganisationFile):
            parts += [self._part(each, ("select", number)) for number, each in enumerate(file.select)]
            approvers = None if file.approvers is None else frozenset(file.approvers)
            named_at = None if file.approvers is None else self._source(("approvers",))
        waivers = tuple(self._waiver(each, number) for number, each in enumerate(file.waivers))
        return Layer(self.name, self.marked.path, tuple(parts), waivers, approvers, named_at)

    def _part(self, block: LayerSettings, at: Loc) -> Part:
        requests = tuple(self._requests(block, at))
        if not isinstance(block, OrganisationBlock):
            return Part(requests)
        where = _where(block) if isinstance(block, Selection) else Where()
        allow, lock = self._rules(block.allow, (*at, "allow")), self._rules(block.lock, (*at, "lock"))
        return Part(requests, allow, lock, where, self._source(at) if at else None)

    def _requests(self, block: LayerSettings, at: Loc) -> Iterable[SettingRequest]:
        if block.extends:
            yield self._request("extends", block.extends, (*at, "extends"))
        yield from self._weights(block, "", at)
        for policy, settings in block.policies.items():
            here = (*at, "policies", policy)
            if settings.severity:
                yield self._request(f"{policy}.severity", settings.severity, (*here, "severity"))
            yield from self._weights(settings, f"{policy}.", here)
            for parameter, value in settings.parameters.items():
                plain = tuple(value) if isinstance(value, list) else value
                yield self._request(f"{policy}.{parameter}", plain, (*here, "parameters", parameter))
        if block.stages:
            yield self._request("stages", tuple(block.stages), (*at, "stages"))
        if block.paths.ignore:
            yield self._request("paths.ignore", tuple(block.paths.ignore), (*at, "paths", "ignore"))
        if isinstance(block, RepositoryFile) and block.inline is not None:
            yield self._request("inline", block.inline, (*at, "inline"))
        if block.release_branches:
            yield self._request("release-branches", tuple(block.release_branches), (*at, "release-branches"))

    def _weights(
        self, block: LayerSettings | PolicySettings, prefix: str, at: Loc
    ) -> Iterable[SettingRequest]:
        if block.mode and block.enforce_from:
            what = "`mode` and `enforce-from` exclude each other: before its date, `enforce-from` evaluates"
            self.problems.append(self.marked.problem((*at, "mode"), what, "Remove one of them"))
        if block.mode or block.enforce_from:
            key = "enforce-from" if block.enforce_from else "mode"
            yield self._request(f"{prefix}mode", _enforcement(block.mode, block.enforce_from), (*at, key))
        if block.unknown:
            yield self._request(f"{prefix}unknown", block.unknown, (*at, "unknown"))

    def _request(self, address: str, value: object, at: Loc) -> SettingRequest:
        return SettingRequest(address, value, self._source(at))

    def _rules(self, patterns: Sequence[str], at: Loc) -> tuple[AllowRule, ...]:
        return tuple(
            AllowRule(pattern, self._source((*at, number))) for number, pattern in enumerate(patterns)
        )

    def _waiver(self, waiver: RepositoryWaiver, number: int) -> Waiver:
        return Waiver(
            policy=waiver.policy,
            path=waiver.path,
            reason=waiver.reason.strip(),
            expires=waiver.expires,
            approved_by=waiver.approved_by.strip(),
            source=self._source(("waivers", number)),
            repository=waiver.repository if isinstance(waiver, OrganisationWaiver) else "",
            subject=waiver.subject or "",
        )

    def _source(self, at: Loc) -> SettingSource:
        return SettingSource(self.name, self.marked.path, *self.marked.place(at))


def _enforcement(mode: str | None, start: date | None) -> Enforcement:
    """`enforce-from` means evaluate before a day and enforce from then on."""
    if start:
        return Enforcement(start)
    return ENFORCE if mode == "enforce" else EVALUATE


def _where(selection: Selection) -> Where:
    where = selection.where
    return Where(
        None if where.repositories is None else tuple(where.repositories),
        None if where.topics is None else frozenset(where.topics),
        where.visibility,
    )
