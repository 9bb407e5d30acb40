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

SMALL, MEDIUM, LARGE = 500, 1_000, 16_000
TRIED_LARGE = 50
"""Number of attacks that are tried at the larger sizes: those that took longest at the small one."""
GROWTH = 64
"""From medium to large, linear time grows by 16, quadratic time by 256."""
MOST = 0.1
"""CPU seconds for the shorter texts. The slowest linear pattern takes 4 milliseconds."""
ENOUGH = 0.0001
"""CPU seconds from which on a growth can be measured."""
TRIES = 5
"""How often an attack is tried that seems slow: other threads and a busy machine are slow too."""

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


def _attack(pattern: Pattern, tries: int = TRIES) -> str:
    """An attack that costs more than linear time, shortened; "" if there is none."""
    small: dict[int, float] = {}
    for number, attack in enumerate(patterns.attacks(pattern.compiled, SMALL)):
        small[number] = _seconds(pattern, attack, tries)
        if small[number] == math.inf:
            return attack[:20]
    tried = heapq.nlargest(TRIED_LARGE, small, key=small.__getitem__)
    for number, (medium, large) in enumerate(
        zip(
            patterns.attacks(pattern.compiled, MEDIUM), patterns.attacks(pattern.compiled, LARGE), strict=True
        )
    ):
        if number in tried and not _is_linear(pattern, medium, large, tries):
            return medium[:20]
    return ""


def _is_linear(pattern: Pattern, medium: str, large: str, tries: int) -> bool:
    share = took = math.inf
    for _ in range(tries):
        share = min(share, *(_seconds(pattern, medium, tries) for _ in range(3)))
        most = GROWTH * max(share, ENOUGH)
        if share == math.inf:
            return False
        took = min(took, _tried(pattern, large, 4 * most))
        if took < most:
            return True
    return False


def _seconds(pattern: Pattern, attack: str, tries: int) -> float:
    """CPU seconds for a short text; infinite if each try was stopped."""
    return next((took for _ in range(tries) if (took := _tried(pattern, attack, MOST)) < math.inf), math.inf)


def _tried(pattern: Pattern, attack: str, most: float) -> float:
    began = time.thread_time()
    try:
        with _within(most):
            pattern.run(attack)
    except _TooSlow:
        return math.inf
    return time.thread_time() - began


@pytest.mark.parametrize("where", sorted(ALL.keys() - UNATTACKED.keys()))
def test_no_text_makes_a_pattern_slow(where: str) -> None:
    assert not _attack(ALL[where]), ALL[where].compiled.pattern


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

    assert _attack(Pattern("a known one", re.compile(source, re.DOTALL), anchored=False), tries=1)
