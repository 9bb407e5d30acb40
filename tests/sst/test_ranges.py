from __future__ import annotations

import pytest

from policy_bot.sst.deployment import Version
from policy_bot.sst.ranges import admits, contains, is_assumed, npm, number, parse


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        ("*", "2.0.0", True),
        (">=4.2.1", "4.2.1", True),
        (">=4.2.1", "4.2.0", False),
        (">=4.2.1", "4.10.0", True),
        (">=3.0.0 <4.2.1", "4.2.1", False),
        (">=3.10.7 <3.14.17 || >=4", "4.0.0", True),
        (">=3.10.7 <3.14.17 || >=4", "3.19.0", False),
        ("<3", "2.49.8", True),
        (">4.2.1", "4.2.1", False),
        (">4.2.1", "4.2.2", True),
        ("<=4.2.1", "4.2.1", True),
        ("=4.2.1", "4.2.2", False),
    ],
)
def test_ranges(text: str, version: str, expected: bool) -> None:
    assert admits(text, version) is expected


def test_an_assumption_differs_from_a_fact() -> None:
    unpinned = Version("3.0.0", "4.17.0", "package.json")
    assert is_assumed(">=4.2.1", unpinned)
    assert not is_assumed(">=3", unpinned)


def test_what_is_no_bound_is_named() -> None:
    with pytest.raises(ValueError, match=r"'\^4' is not a version bound"):
        parse("^4")


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("^3.1.0", "3.19.3", "4.0.0"),
        ("^0.1.3", "0.1.16", "0.2.0"),
        ("~4.2", "4.2.7", "4.3.0"),
        ("4.x", "4.17.0", "5.0.0"),
        (">3.1", "3.2.0", "3.1.78"),
        ("<=3.1", "3.1.78", "3.2.0"),
        ("3.0.1 - 3.4.1", "3.4.1", "3.4.2"),
        (">4.2.1-beta.1", "4.2.1", "4.2.0"),
        ("<=4.2.1-beta.1", "4.2.0", "4.2.1"),
        ("^2.0.0 || ^3.0.0", "3.0.0", "4.0.0"),
    ],
)
def test_ranges_of_npm(text: str, inside: str, outside: str) -> None:
    found = npm(text)
    assert found is not None
    assert contains(found, number(inside))
    assert not contains(found, number(outside))
