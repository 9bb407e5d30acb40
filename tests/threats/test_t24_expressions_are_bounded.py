"""T24: an organisation's policy costs unlimited time -> expressions and files have limits, and exceeding one
is reported.

Precedents: CVE-2026-23881 and CVE-2025-47281 Kyverno (policies that exhaust the judge).
"""

from __future__ import annotations

import time

import pytest

from policy_bot.policy import growth
from policy_bot.policy.complaints import ExpressionError
from policy_bot.policy.expression import Answer, compile_expression, hiding
from policy_bot.policy.policyfile import parse
from policy_bot.policy.yamltext import FileError
from policy_bot.sst.deployment import Value
from policy_bot.sst.reasons import said

MANY = "[" + ",".join("1" * 900) + "]"
LONGEST = Value("a" * growth.LONGEST_TEXT)
ITEMS = Value(["a"] * growth.MOST_ITEMS)
TWICE = " + ".join(["name"] * (growth.MOST_SUMS // 2))
BOMBS = {
    "a backtracking pattern": "name.matches('^(a+)+$')",
    "a search for what is nearly there": f"({TWICE}).contains({TWICE} + 'b')",
    "the same for each item": "project.stages.all(s, name.contains(owner) || s == 'b')",
    "many items": f"{MANY}.all(a, {'name.contains(owner) && ' * 40} true)",
    "parts in a loop": f"{MANY}.all(a, name.substring(1).trim() != '')",
}
GROWING = [
    f"{MANY}.all(a, {MANY}.all(b, {MANY}.all(c, true)))",
    "['a'].map(a, a + a).map(a, a + a).size() > 3",
    "project.stages.map(s, [s, s]).map(s, [s, s]) == []",
    "project.stages . exists ( s, project.stages.map(t, t).size() > 1)",
    "['a'].map(a, // )\n a + a).size() > 3",
    "[r'\\'].map(a, a + a + '').size() > 3",
    "['''a'''].map(a, a + a).size() > 3",
    " + ".join(["name"] * 40) + " == ''",
]


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_time(name: str) -> None:
    values = {"name": LONGEST, "owner": Value("a" * (growth.LONGEST_TEXT - 1) + "c"), "project.stages": ITEMS}
    started = time.thread_time()
    compile_expression(BOMBS[name], "function").decide(values)
    assert time.thread_time() - started < 10  # it takes 0.02 s


@pytest.mark.parametrize("text", GROWING)
def test_what_can_grow_inside_a_loop_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="could grow without bound"):
        compile_expression(text, "function")


@pytest.mark.parametrize(
    "text",
    [
        "project.stages.exists(s, s != 'production' && s in config.app_keys)",
        "project.stages.filter(s, s.startsWith('pr-')).exists(s, s == name)",
        "(name + ' [x] ' + owner).matches(r'^a.map\\(')",
        "name == 'a.map(b, c + c)'",
    ],
)
def test_what_cannot_grow_is_taken(text: str) -> None:
    compile_expression(text, "function")


def test_a_fact_larger_than_anything_real_is_unknown() -> None:
    claim = compile_expression("name.contains('b')", "function")
    assert claim.decide({"name": Value("b" * growth.LONGEST_TEXT)}).value is True
    assert claim.decide({"name": Value("b" * (growth.LONGEST_TEXT + 1))}).value is None
    [(name, why)] = hiding(claim, {"name": Value("b" * (growth.LONGEST_TEXT + 1))})
    assert (name, str(why.reason)) == ("name", "it is too long to be judged")


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
    some = Value.one_of(tuple(Value(number) for number in range(50)), said("?"))
    answer = compile_expression("timeout + retries > batch_window", "function").decide(
        {"timeout": some, "retries": some, "batch_window": some}
    )
    assert answer == Answer(None, "too many combinations of values")


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
