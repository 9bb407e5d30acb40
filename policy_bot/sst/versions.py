"""Which SST a project runs, by the strongest evidence in the repository.

Strongest first: a lockfile (exact), package.json's range, `app().version`, the form of the config, components
that exist only from some release on. Lockfiles are megabytes: they are scanned line by line, never parsed as
a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from policy_bot.sst import lockfiles
from policy_bot.sst.deployment import Version
from policy_bot.sst.packages import Declared, declared
from policy_bot.sst.source import SourceTree, Unreadable
from policy_bot.sst.span import Span

# The newest release of each major on npm, by which a range without a lockfile is read (npm takes the newest).
NEWEST = {0: "0.1.16", 1: "1.18.4", 2: "2.49.8", 3: "3.19.3", 4: "4.17.1"}
LATEST = NEWEST[4]
OLDEST_ION = "3.0.0"

Number = tuple[int, int, int]


class Bound(NamedTuple):
    """The lowest and highest release that a piece of evidence allows."""

    low: str
    high: str


class Clue(NamedTuple):
    """Evidence found inside the project itself: what it says in words, the releases it allows, and where."""

    bound: Bound
    evidence: str
    span: Span | None = None


@lru_cache(maxsize=1024)
def number(version: str) -> Number:
    """`4.1.8`, `v4.1.8-beta.1` or `4.1` as three integers; what is missing or unreadable counts as 0."""
    found = re.match(r"v?([0-9]{1,6})(?:\.([0-9]{1,6}))?(?:\.([0-9]{1,6}))?", version.strip())
    if found is None:
        return (0, 0, 0)
    major, minor, patch = (int(part or 0) for part in found.groups())
    return (major, minor, patch)


@lru_cache(maxsize=4096)
def at_least(version: str, since: str) -> bool:
    """Whether `version` is `since` or later."""
    return number(version) >= number(since)


def within(version: str, since: str, before: str = "") -> bool:
    """Whether `version` is `since` or later, and earlier than `before` if that is given."""
    return at_least(version, since) and not (before and at_least(version, before))


def find_version(tree: SourceTree, config: str, clues: tuple[Clue, ...] = ()) -> Version:
    """The version of SST that the project with this config runs; `clues` are what its own source says,
    strongest first.
    """
    wanted = declared(tree, config, "sst")
    unread: list[str] = []
    exact = _from_lockfile(tree, config, wanted, unread)
    if exact:
        return exact
    but = "".join(f"; {why}" for why in unread)
    if wanted and not unread and _PRERELEASE.match(wanted.range.strip()):
        return _exact(wanted.range.strip(), f'{wanted.path} asks for sst "{wanted.range}"', wanted.span)
    declared_range = tuple(_from_package(wanted))
    for clue in (*declared_range, *clues):
        bound = _narrow(clue.bound, clues)
        assumed = bound.low != bound.high and (bool(unread) or not declared_range)
        return Version(bound.low, bound.high, clue.evidence + but, clue.span, assumed)
    return Version(OLDEST_ION, LATEST, f"no evidence: assumed the newest, {LATEST}{but}", None, True)


_PRERELEASE = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}-[0-9A-Za-z.-]{1,40}\Z")
_ION = "0.1.16"


def _exact(version: str, evidence: str, span: Span | None) -> Version:
    """The one release that is locked. SST's repository has no tag for a pre-release, so nothing says from its
    source what it does: anything between the release before it and its own number. Those of 3.0 came before
    3.0.0 was complete.
    """
    if not _PRERELEASE.match(version):
        return Version(version, version, evidence, span)
    low = _ION if number(version)[:2] == (3, 0) else _text(_just_below(number(version)))
    return Version(low, _text(number(version)), f"{evidence}, a pre-release", span, True)


def _narrow(bound: Bound, clues: tuple[Clue, ...]) -> Bound:
    """`bound` cut down by every clue that does not contradict it."""
    for clue in clues:
        low = max(bound.low, clue.bound.low, key=number)
        high = min(bound.high, clue.bound.high, key=number)
        if number(low) <= number(high):
            bound = Bound(low, high)
    return bound


def folders_up(path: str) -> Iterator[str]:
    """The folder of a file and those above it, nearest first, ending with the tree's root `""`."""
    folder = path.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _from_lockfile(
    tree: SourceTree, config: str, wanted: Declared | None, unread: list[str]
) -> Version | None:
    """What the nearest lockfile locks; what could not be read is added to `unread`."""
    for folder in folders_up(config):
        home = config.rpartition("/")[0][len(folder) :].strip("/")
        for name, scan in lockfiles.SCANNERS.items():
            path = f"{folder}/{name}" if folder else name
            try:
                content = tree.read(path)
            except Unreadable as error:
                unread.append(f"{path} is not read, {error.why}")
                continue
            if content is None:
                continue
            locked = scan(content.decode("utf-8", "replace"), home, wanted.range if wanted else "")
            if locked is None and name == lockfiles.BINARY:
                unread.append(f"{path} is binary and names no release of sst as a text")
            if locked:
                span = Span(path, locked.line, 1, locked.line, 1, locked.start, locked.start)
                return _exact(locked.version, f"{path} locks sst {locked.version}", span)
    return None


def _from_package(wanted: Declared | None) -> Iterator[Clue]:
    if wanted:
        bound = bounds(wanted.range)
        if bound:
            yield Clue(bound, f'{wanted.path} asks for sst "{wanted.range}"', wanted.span)


def bounds(text: str) -> Bound | None:
    """The lowest and the newest release that an npm range allows; None for one that says nothing (`*`,
    `latest`, a URL).
    """
    parts = [_one_range(part) for part in text.split("||")]
    known = [part for part in parts if part]
    if not known or len(known) < len(parts):
        return None
    return Bound(min((b.low for b in known), key=number), max((b.high for b in known), key=number))


LONGEST_RANGE = 300
"""Characters of a version range that is understood: they are written by people."""
_COMPARATOR = re.compile(
    r"(\^|~|>=|<=|>|<|=)?\s{0,9}v?(\d{1,6}(?:\.(?:\d{1,6}|[xX*]))*+(?:[-+][0-9A-Za-z.+-]*+)?)"
)


def _one_range(text: str) -> Bound | None:
    text = text.strip()
    if len(text) > LONGEST_RANGE:
        return None
    if text.startswith("npm:"):
        text = text.removeprefix("npm:").rpartition("@")[2]
    if " - " in text:
        first, _, last = text.partition(" - ")
        return Bound(_text(number(first)), _text(number(last)))
    found = _COMPARATOR.findall(text)
    if not found or _COMPARATOR.sub("", text).strip(" ,"):
        return None
    low, high = (0, 0, 0), number(LATEST)
    for operator, version in found:
        start, end = _span_of(operator, version)
        low, high = max(low, start), min(high, end)
    return Bound(_text(low), _text(max(low, high)))


def _span_of(operator: str, version: str) -> tuple[Number, Number]:
    """The first and last release that one comparator allows."""
    at = number(version)
    given = len(re.findall(r"\.(?:\d)", version.partition("-")[0].partition("+")[0])) + 1
    last_of_major = number(NEWEST.get(at[0], f"{at[0]}.999.999"))
    if operator in (">=", ">"):
        return at, number(LATEST)
    if operator == "<":
        return (0, 0, 0), _just_below(at)
    if operator == "<=":
        return (0, 0, 0), at
    if operator == "^" or given == 1:
        return at, (0, at[1], 999) if at[0] == 0 and given > 1 else last_of_major
    if operator == "~" or given == 2:
        return at, min(last_of_major, (at[0], at[1], 999))
    return at, at


def _just_below(at: Number) -> Number:
    if at[1:] == (0, 0):
        return number(NEWEST.get(at[0] - 1, f"{at[0] - 1}.999.999"))
    return (at[0], at[1] - 1, 999) if at[2] == 0 else (at[0], at[1], at[2] - 1)


def _text(at: Number) -> str:
    return ".".join(map(str, at))
