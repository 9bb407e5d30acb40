"""SST version ranges of policies: `>=4.2.1`, `>=3.0.0 <4.2.1`, `*`, alternatives by `||`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from policy_bot.sst.deployment import Version

_BOUND = re.compile(r"(>=|<=|>|<|=)\s*(\d+(?:\.\d+){0,2})")
Release = tuple[int, int, int]
_HOLDS: dict[str, Callable[[Release, Release], bool]] = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
}


def release(text: str) -> Release:
    """The three numbers of "4.17.0" (missing ones are 0, a pre-release suffix is left out)."""
    numbers = [int(number) for number in re.findall(r"\d+", text.partition("-")[0])][:3]
    major, minor, patch = (*numbers, 0, 0, 0)[:3]
    return major, minor, patch


@cache
def parse(text: str) -> tuple[tuple[tuple[str, Release], ...], ...]:
    """Alternatives of bounds. Raises `ValueError` naming what is not a bound."""
    alternatives = []
    for part in text.split("||"):
        rest = _BOUND.sub("", part).strip(" ,")
        if rest not in ("", "*"):
            raise ValueError(f"{rest!r} is not a version bound such as >=4.2.1")
        alternatives.append(tuple((op, release(number)) for op, number in _BOUND.findall(part)))
    return tuple(alternatives)


@cache
def admits(text: str, version: str) -> bool:
    """Whether one release lies in the range."""
    number = release(version)
    return any(all(_HOLDS[op](number, bound) for op, bound in bounds) for bounds in parse(text))


def is_assumed(text: str, version: Version) -> bool:
    """Whether the range would have decided otherwise for the lower bound, so that the assumption must be
    said.
    """
    return admits(text, version.low) != admits(text, version.high)
