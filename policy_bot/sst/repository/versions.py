"""Determines which SST a project runs, by the strongest evidence in the repository.

Strongest first: a lockfile (exact), the range in package.json, `app().version`, the form of the config,
components that exist only from some release on. Lockfiles are megabytes, so they are scanned, never parsed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from policy_bot.record import NamedTuple
from policy_bot.regex import regex
from policy_bot.sst.catalog.arguments import releases
from policy_bot.sst.deployment import Version
from policy_bot.sst.ranges import LATEST, NEWEST, OLDEST_ION, Comparator, Number, npm, number
from policy_bot.sst.repository import lockfiles
from policy_bot.sst.repository.packages import Dependency, declared, overriding
from policy_bot.sst.source import SourceTree, Unreadable
from policy_bot.sst.span import Span


class VersionBound(NamedTuple):
    """The lowest and highest release that a piece of evidence allows."""

    low: str
    high: str


class Clue(NamedTuple):
    """Evidence from the project's own source: a description, the releases it allows, and its position."""

    bound: VersionBound
    evidence: str
    span: Span | None = None


def find_version(tree: SourceTree, config: str, clues: tuple[Clue, ...] = ()) -> Version:
    """Determines the version of SST of a config's project; `clues` come from its own source, strongest
    first.
    """
    wanted = declared(tree, config, "sst")
    unread: list[str] = []
    exact = _from_lockfile(tree, config, wanted, unread)
    if exact:
        return exact
    but = "".join(f"; {why}" for why in unread)
    wanted = overriding(tree, config, "sst") or wanted
    if wanted and not unread and _PRERELEASE.match(wanted.range.strip()):
        return _exact(wanted.range.strip(), f'{wanted.path} asks for sst "{wanted.range}"', wanted.span)
    declared_range = tuple(_from_package(wanted))
    for clue in (*declared_range, *clues):
        bound = _narrow(clue.bound, clues)
        assumed = bound.low != bound.high and (bool(unread) or not declared_range)
        return Version(bound.low, bound.high, clue.evidence + but, clue.span, assumed)
    return Version(OLDEST_ION, LATEST, f"no evidence: the newest, {LATEST}, is assumed{but}", None, True)


_PRERELEASE = regex(r"[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}-[0-9A-Za-z.-]{1,40}\Z")
_ION = "0.1.16"


def _exact(version: str, evidence: str, span: Span | None) -> Version:
    """The locked release. A pre-release has no tag in SST's repository, so it may behave like any release
    from the one before it to its own number. Pre-releases of 3.0 predate a complete 3.0.0.
    """
    if not _PRERELEASE.match(version):
        return Version(version, version, evidence, span)
    at = number(version)
    low = _ION if at[:2] == (3, 0) else _text(_newest((Comparator("<", at),)) or _just_below(at))
    return Version(low, _text(number(version)), f"{evidence}, a pre-release", span, True)


def _narrow(bound: VersionBound, clues: tuple[Clue, ...]) -> VersionBound:
    """Narrows `bound` by every clue that does not contradict it."""
    for clue in clues:
        low = max(bound.low, clue.bound.low, key=number)
        high = min(bound.high, clue.bound.high, key=number)
        if number(low) <= number(high):
            bound = VersionBound(low, high)
    return bound


def folders_up(path: str) -> Iterator[str]:
    """The folders above a file, nearest first, ending with the root `""`."""
    folder = path.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]
    yield ""


def _from_lockfile(
    tree: SourceTree, config: str, wanted: Dependency | None, unread: list[str]
) -> Version | None:
    """The version in the nearest lockfile; appends problems to `unread`."""
    for folder in folders_up(config):
        home = config.rpartition("/")[0][len(folder) :].strip("/")
        for name in lockfiles.SCANNERS:
            path = f"{folder}/{name}" if folder else name
            try:
                content = tree.read(path)
            except Unreadable as error:
                unread.append(f"{path} is not read, {error.why}")
                continue
            if content is None:
                continue
            locked = _lookup(name, content)(home, wanted.range if wanted else "")
            if locked is None and name == lockfiles.BINARY:
                unread.append(f"{path} is binary, and the release of sst in it is unclear")
            if locked:
                span = Span(path, locked.line, 1, locked.line, 1, locked.start, locked.start)
                return _exact(locked.version, f"{path} locks sst {locked.version}", span)
    return None


@lru_cache(maxsize=2)
def _lookup(name: str, content: bytes) -> lockfiles.Lookup:
    return lockfiles.SCANNERS[name](content.decode("utf-8", "replace"))


def _from_package(wanted: Dependency | None) -> Iterator[Clue]:
    if wanted:
        bound = bounds(wanted.range)
        if bound:
            yield Clue(bound, f'{wanted.path} asks for sst "{wanted.range}"', wanted.span)


@lru_cache(maxsize=256)  # projects of a repository share a few ranges; 4 % of a small reading
def bounds(text: str) -> VersionBound | None:
    """The lowest and the newest release that an npm range allows; None if it names none (`*`, `latest`, a
    URL).
    """
    alternatives = npm(text)
    if alternatives is None:
        return None
    known = [_bound(comparators) for comparators in alternatives]
    return VersionBound(_text(min(low for low, _ in known)), _text(max(high for _, high in known)))


def _bound(comparators: Sequence[Comparator]) -> tuple[Number, Number]:
    """The lowest and the newest release that satisfy all comparators. For majors 0 to 2 only the newest
    release is known, so `~2.12` counts as 2.12.0.
    """
    if len(comparators) == 1 and comparators[0].operator == "=":
        return comparators[0].release, comparators[0].release
    low = max((_lowest(each) for each in comparators), default=(0, 0, 0))
    newest = _newest(comparators)
    if newest is None:
        ends = [_just_below(each.release) for each in comparators if each.operator == "<"]
        newest = min(ends, default=low)
    return low, max(low, newest)


def _lowest(comparator: Comparator) -> Number:
    if comparator.operator == ">":
        return next((each for each in _released() if each > comparator.release), comparator.release)
    return comparator.release if comparator.operator in (">=", "=") else (0, 0, 0)


def _newest(comparators: Sequence[Comparator]) -> Number | None:
    released = reversed(_released())
    return next((each for each in released if all(one.admits(each) for one in comparators)), None)


@cache
def _released() -> list[Number]:
    """All known releases, oldest first. All have three numbers, so they need no parsing as others do."""
    parts = {tuple(map(int, each.split("."))) for each in (*releases(), *NEWEST.values())}
    return [(major, minor, patch) for major, minor, patch in sorted(parts)]


def _just_below(at: Number) -> Number:
    """The last release before `at` that follows from its number: 2.11.0 before 2.12.0."""
    major, minor, patch = at
    if patch:
        return major, minor, patch - 1
    return (major, minor - 1, 0) if minor else number(NEWEST.get(major - 1, ""))


def _text(at: Number) -> str:
    return ".".join(map(str, at))
