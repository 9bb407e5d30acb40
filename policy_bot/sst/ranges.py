"""SST releases as numbers, and ranges of them: in policies (`>=3.0.0 <4.2.1`), in package.json and in
`app().version` (npm's grammar: `^3.1.0`, `~4.2`, `3.x`, `3.0.0 - 3.2.0`).

Either grammar becomes alternatives of comparators over whole releases: `^3.1.0 || 4.2` is
`>=3.1.0 <4.0.0` or `>=4.2.0 <4.3.0`. https://github.com/npm/node-semver#ranges
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from policy_bot.record import NamedTuple
from policy_bot.regex import regex
from policy_bot.sst.deployment import Version

# The newest release of each major on npm, by which a range without a lockfile is read (npm takes the newest).
NEWEST = {0: "0.1.16", 1: "1.18.4", 2: "2.49.8", 3: "3.19.3", 4: "4.17.1"}
LATEST = NEWEST[4]
OLDEST_ION = "3.0.0"

LONGEST = 300
"""Characters of a range that is understood: they are written by people."""

Number = tuple[int, int, int]


class Comparator(NamedTuple):
    """One condition on a release; `operator` is `>=`, `<=`, `>`, `<` or `=`."""

    operator: str
    release: Number

    def admits(self, release: Number) -> bool:
        """Whether the release satisfies the condition."""
        if release == self.release:
            return "=" in self.operator
        return self.operator[0] == (">" if release > self.release else "<")


Range = tuple[tuple[Comparator, ...], ...]
"""Alternatives; a release has to satisfy all comparators of one of them."""

_PREFIX = regex(r"v?([0-9]{1,6})(?:\.([0-9]{1,6}))?(?:\.([0-9]{1,6}))?")
_BOUND = regex(r"(>=|<=|>|<|=)\s{0,9}(\d{1,6}(?:\.\d{1,6}){0,2})")
_COMPARATOR = regex(
    r"(\^|~|>=|<=|>|<|=)?\s{0,9}v?(\d{1,6}(?:\.(?:\d{1,6}|[xX*]))*+)((?:-[0-9A-Za-z.-]*+)?)(?:\+[0-9A-Za-z.-]*+)?"
)


@lru_cache(maxsize=1024)
def number(version: str) -> Number:
    """`4.1.8`, `v4.1.8-beta.1` or `4.1` as three integers; missing or unreadable ones count as 0."""
    found = _PREFIX.match(version.strip())
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


def contains(alternatives: Range, release: Number) -> bool:
    """Whether a release lies in the range."""
    return any(all(each.admits(release) for each in comparators) for comparators in alternatives)


@cache
def parse(text: str) -> Range:
    """The range of a policy. Raises `ValueError` naming the part that is not a bound."""
    alternatives = []
    for part in text.split("||"):
        rest = _BOUND.sub("", part).strip(" ,")
        if rest not in ("", "*"):
            raise ValueError(f"{rest!r} is not a version bound such as >=4.2.1")
        alternatives.append(
            tuple(Comparator(operator, number(release)) for operator, release in _BOUND.findall(part))
        )
    return tuple(alternatives)


@cache
def admits(text: str, version: str) -> bool:
    """Whether a release lies in the range of a policy."""
    return contains(parse(text), number(version))


def is_assumed(text: str, version: Version) -> bool:
    """Whether the range of a policy decides otherwise for the lower bound, so that the finding has to say
    which release it assumes.
    """
    return admits(text, version.low) != admits(text, version.high)


def npm(text: str) -> Range | None:
    """The range of a dependency; None if it names no release (`*`, `latest`, a URL)."""
    alternatives = [_alternative(part.strip()) for part in text.split("||")]
    known = tuple(each for each in alternatives if each)
    return known if len(known) == len(alternatives) else None


def _alternative(text: str) -> tuple[Comparator, ...]:
    if len(text) > LONGEST:
        return ()
    if text.startswith("npm:"):
        text = text.removeprefix("npm:").rpartition("@")[2]
    first, hyphen, last = text.partition(" - ")
    if hyphen:
        text = f">={first.strip()} <={last.strip()}"
    found = _COMPARATOR.findall(text)
    if not found or _COMPARATOR.sub("", text).strip(" ,"):
        return ()
    return tuple(each for comparator in found for each in _comparators(*comparator))


def _comparators(operator: str, version: str, prerelease: str) -> tuple[Comparator, ...]:
    """One comparator of npm over whole releases. `3.1` stands for all of 3.1, so `>3.1` begins at 3.2.0. A
    prerelease comes before the release of its number: `>4.2.1-beta` admits 4.2.1.
    """
    at = number(version)
    given = 1 + len(re.findall(r"\.\d", version))
    after = _after(at, given) if given < len(at) else None
    if operator == "^":
        return Comparator(">=", at), Comparator("<", _after(at, 2 if at[0] == 0 and given > 1 else 1))
    if operator == "~":
        return Comparator(">=", at), Comparator("<", _after(at, min(given, 2)))
    if operator in (">=", "<"):
        return (Comparator(operator, at),)
    if operator == ">":
        return (Comparator(">=", after or at) if after or prerelease else Comparator(">", at),)
    if operator == "<=":
        return (Comparator("<", after or at) if after or prerelease else Comparator("<=", at),)
    return (Comparator(">=", at), Comparator("<", after)) if after else (Comparator("=", at),)


def _after(at: Number, parts: int) -> Number:
    """The first release behind all that share the first `parts` numbers (1 or 2)."""
    return (at[0] + 1, 0, 0) if parts == 1 else (at[0], at[1] + 1, 0)
