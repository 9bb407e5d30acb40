"""Patterns are anchored, mean one thing, and cost linear time."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_bot.policy.selection import matches, mistake, name_matches


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("apps/web/sst.config.ts", "apps/web/sst.config.ts", True),
        ("apps/*/sst.config.ts", "apps/web/sst.config.ts", True),
        ("apps/*", "apps/web/sst.config.ts", False),
        ("apps/**", "apps/web/sst.config.ts", True),
        ("apps/**", "apps", True),
        ("**/sst.config.ts", "sst.config.ts", True),
        ("**/sst.config.ts", "a/b/c/sst.config.ts", True),
        ("**/x/**/y", "a/x/b/c/y", True),
        ("**/x/**/y", "a/x/b/c/z", False),
        ("apps/web", "my-apps/web", False),
        ("web", "web2", False),
        ("app/[slug]/*.ts", "app/[slug]/page.ts", True),
        ("app/[slug]/*.ts", "app/s/page.ts", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("*.config.*", "sst.config.ts", True),
        ("a//b", "a/b", True),
        ("a/b", "./a//b", True),
        ("caf\u00e9/*", "cafe\u0301/x", True),
        ("A/b", "a/b", False),
    ],
)
def test_what_a_pattern_says(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_repository_names_ignore_case_as_on_github() -> None:
    assert name_matches("Web-*", "web-shop")
    assert not name_matches("web-*", "my-web-shop")


@pytest.mark.parametrize(
    "pattern", ["/apps", "apps/", "a//b", "../a", "a/./b", "a\\b", "", " ", "a**/b", "x" * 301]
)
def test_patterns_that_would_surprise_are_refused(pattern: str) -> None:
    assert mistake(pattern)


@given(st.text("ab*?/", min_size=1, max_size=12), st.text("ab/", max_size=12))
def test_agrees_with_the_definition(pattern: str, path: str) -> None:
    if mistake(pattern) is None:
        assert matches(pattern, path) == _defined([*pattern.split("/")], [p for p in path.split("/") if p])


def _defined(pattern: list[str], path: list[str]) -> bool:
    """The meaning by recursion: right, and exponential."""
    if not pattern:
        return not path
    if pattern[0] == "**":
        return _defined(pattern[1:], path) or bool(path and _defined(pattern, path[1:]))
    return bool(path) and _part(pattern[0], path[0]) and _defined(pattern[1:], path[1:])


def _part(pattern: str, part: str) -> bool:
    if not pattern:
        return not part
    if pattern[0] == "*":
        return _part(pattern[1:], part) or bool(part and _part(pattern, part[1:]))
    return bool(part) and pattern[0] in {"?", part[0]} and _part(pattern[1:], part[1:])


def test_a_hostile_pattern_costs_no_more_than_its_length_times_the_path() -> None:
    for pattern, path in (
        ("*a" * 150, "a" * 400 + "b"),
        ("/".join(["**", "a"] * 60) + "/b", "/".join(["a"] * 200)),
    ):
        found, calls = counted(lambda pattern=pattern, path=path: matches(pattern, path))
        assert not found
        assert calls < 2 * len(pattern) * len(path)


def counted(work: Callable[[], bool]) -> tuple[bool, int]:
    """The answer, and the number of calls that it took."""
    events: Counter[str] = Counter()
    before = sys.getprofile()
    sys.setprofile(lambda _frame, event, _of: events.update([event]))
    try:
        return work(), events["call"]
    finally:
        sys.setprofile(before)
