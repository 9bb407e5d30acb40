"""T24: an organisation's policy costs without bound -> expressions and files have budgets, and end in a word.

Precedents: CVE-2026-23881 and CVE-2025-47281 Kyverno (policies that exhaust the judge).
"""

from __future__ import annotations

import time

import pytest

from policy_bot.policy.expression import ExpressionError, compile_expression
from policy_bot.policy.policyfile import parse
from policy_bot.policy.yamltext import FileError
from policy_bot.sst.deployment import Known, OneOf

MANY = "[" + ",".join("1" * 900) + "]"
BOMBS = {
    "iterations": f"{MANY}.all(a, {MANY}.all(b, {MANY}.all(c, true)))",
    "a backtracking pattern": "name.matches('^(a+)+$')",
    "parts in a loop": f"{MANY}.all(a, {MANY}.all(b, name.substring(1).trim() != ''))",
    "a growing string": "(name + name + name + name).size() > 3",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_time(name: str) -> None:
    started = time.monotonic()
    compile_expression(BOMBS[name], "function").decide({"name": Known("a" * 50_000 + "!")})
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "true" + ")" * 5000,
        "!" * 100_000 + "true",
        "true || " * 60_000 + "true",
        "name.trim().replace('', 'aaaa') == ''",
        "name.trim() . split ('') == []",
        "['a'].join(name.trim()) == ''",
        "name.substring(1).replace(r'\\', name) + r'\\' == ''",
    ],
)
def test_what_is_too_deep_or_too_long_or_multiplies_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(text, "function")


def test_combinations_of_values_are_bounded() -> None:
    some = OneOf(tuple(Known(number) for number in range(50)), "?")
    started = time.monotonic()
    answer = compile_expression("timeout + retries > batch_window", "function").decide(
        {"timeout": some, "retries": some, "batch_window": some}
    )
    assert answer.value is None
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "matter",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "a: " + "[" * 5000 + "]" * 5000,
        "a: !!python/object/apply:os.system [true]",
        "title: " + "x" * 400_000,
    ],
)
def test_a_hostile_front_matter_is_refused(matter: str) -> None:
    with pytest.raises(FileError):
        parse("policies/a/b.md", f"---\n{matter}\n---\n")
