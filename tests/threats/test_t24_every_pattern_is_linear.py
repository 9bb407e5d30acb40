"""T24: a comment of blanks in a stranger's file blocks the whole service because a regular expression
backtracks -> every regular expression of the package takes linear time on texts constructed to attack it.

Precedents: CVE-2026-44937 (Fleet), CVE-2026-54448 (Trivy).
"""

from __future__ import annotations

import heapq
import math
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.threats import patterns
from tests.threats.patterns import Pattern

SMALL, LARGE = 500, 16_000
TRIED_LARGE = 50
"""Number of attacks that are tried at the large size: those that took longest at the small one."""
MOST = 0.1
"""CPU seconds for 16,000 characters. A linear pattern takes below a millisecond and a quadratic one about a
second, so that a busy machine changes nothing.
"""
TRIES = 5
"""How often an attack that takes longer is tried: the time of other threads counts too."""

UNATTACKED = {
    "policy_bot/cli/demo_screen.py:_FOLDED": "reads what the demo's own sandbox shows",
    "policy_bot/cli/demo_screen.py:_SUGGESTION": "reads what the demo's own sandbox shows",
    **{
        f"policy_bot/sst/interpreter/builtins/dialect.py:{name}": "reads patterns of at most 200 characters"
        for name in ("_SIMPLE", "_OPTIONAL", "_CHOICE", "_ESCAPE_OR_CLASS", "_TOKEN")
    },
}
"""Patterns that never meet a text from outside, and why."""

ALL = {
    pattern.where: pattern
    for pattern in patterns.found()
    if not pattern.where.startswith("policy_bot/sandbox/")  # the demo's and the tests' own GitHub
}


class _TooSlow(Exception):
    pass


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """The engine looks for signals while it backtracks, so that even an endless search ends."""

    def end(*_: object) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _slow(pattern: Pattern) -> list[str]:
    """Up to three attacks that cost too much. Exponential and cubic ones are found at the small size."""
    found: list[str] = []
    small: dict[int, float] = {}
    for number, attack in _attacks(pattern, SMALL):
        small[number] = _seconds(pattern, attack)
        if small[number] > MOST:
            found.append(f"{attack[:20]!r}... of {len(attack)} characters")
            if len(found) == 3:
                return found
    return found or _slow_when_large(pattern, heapq.nlargest(TRIED_LARGE, small, key=small.__getitem__))


def _slow_when_large(pattern: Pattern, numbers: list[int]) -> list[str]:
    found = []
    for number, attack in _attacks(pattern, LARGE):
        if number in numbers and _seconds(pattern, attack) > MOST:
            found.append(f"{attack[:20]!r}... of {len(attack)} characters")
            if len(found) == 3:
                break
    return found


def _attacks(pattern: Pattern, size: int) -> Iterator[tuple[int, str]]:
    """Attacks of a size, numbered: those of one number differ only in size."""
    return enumerate(patterns.attacks(pattern.compiled, size))


def _seconds(pattern: Pattern, attack: str) -> float:
    """CPU seconds of the first try that is not stopped; infinite if all are."""
    return next((took for _ in range(TRIES) if (took := _tried(pattern, attack)) <= MOST), math.inf)


def _tried(pattern: Pattern, attack: str) -> float:
    began = time.thread_time()
    try:
        with _within(MOST):
            pattern.run(attack)
    except _TooSlow:
        return math.inf
    return time.thread_time() - began


@pytest.mark.parametrize("where", sorted(ALL.keys() - UNATTACKED.keys()))
def test_no_text_makes_a_pattern_slow(where: str) -> None:
    assert not _slow(ALL[where]), ALL[where].compiled.pattern


def test_what_is_left_out_exists() -> None:
    assert UNATTACKED.keys() <= ALL.keys()


@pytest.mark.parametrize(
    "source",
    [
        r"""(?:from|import|require)\s*\(?\s*["'](\.{1,2}/[^"'\n]{1,200})["']""",
        r"(#{1,6})\s+(.*?)\s*#*\s*$",
        r"\s*(?://|/\*|#)\s*(fail|unknown)\b(?: in ([\w (),-]+?))?(?:: (.*?))?(?:\s*\*/)?\s*$",
        r"(?:a+)+$",
        r"/\*.*?\*/",
    ],
)
def test_the_attacks_find_patterns_that_are_known_to_be_slow(source: str) -> None:
    import re  # noqa: PLC0415 -- only here

    assert _slow(Pattern("a known one", re.compile(source, re.DOTALL), anchored=False))
