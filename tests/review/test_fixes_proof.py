from __future__ import annotations

from dataclasses import replace

from policy_bot.review.fixes_proof import Allowance, bare, changes_nothing_else, differences
from policy_bot.sst.deployment import BlindSpot, Component, Crash, Deployment, Function, Project, Value
from policy_bot.sst.reasons import Why, said
from tests.policy.projects import PRODUCTION, project, span

HERE = span(4)
FUNCTION = Function(
    "component", "sst.aws.Function", Value("Chat"), Value("Chat"), HERE, {"timeout_seconds": Value(20)}
)
COMPONENT = Component("sst.aws.Function", Value("Chat"), HERE, Value({"handler": Value("a.b")}))
BEFORE = replace(project({PRODUCTION: ()}).contexts[0], components=(COMPONENT,), functions=(FUNCTION,))
ALLOWED = (Allowance(HERE, "timeout", frozenset({PRODUCTION})),)


def proved(after: Deployment, before: Deployment = BEFORE, allowed: tuple[Allowance, ...] = ALLOWED) -> bool:
    def one(deployment: Deployment) -> Project:
        return replace(project({}), contexts=(deployment,))

    return changes_nothing_else(one(before), one(after), allowed)


def with_timeout(seconds: int, **args: Value) -> Deployment:
    moved = span(9)  # text below an edit moves
    function = replace(FUNCTION, span=moved, effective={"timeout_seconds": Value(seconds)})
    component = replace(COMPONENT, span=moved, args=Value({"handler": Value("a.b"), **args}))
    return replace(BEFORE, components=(component,), functions=(function,))


def test_the_declared_key_may_change() -> None:
    assert proved(with_timeout(300, timeout=Value("300 seconds")))


def test_nothing_else_may() -> None:
    assert not proved(with_timeout(300, timeout=Value("300 seconds"), memory=Value("1 GB")))
    assert not proved(with_timeout(300, timeout=Value("300 seconds")), allowed=())
    assert not proved(replace(with_timeout(300), root={"streaming": Value(True)}))
    assert not proved(replace(with_timeout(300), components=()))
    assert not proved(replace(with_timeout(300), functions=()))


def test_not_in_another_context_and_not_of_another_subject() -> None:
    after = with_timeout(300, timeout=Value("300 seconds"))
    assert not proved(after, allowed=(Allowance(HERE, "timeout", frozenset()),))
    assert not proved(after, allowed=(Allowance(span(5), "timeout", frozenset({PRODUCTION})),))


def test_a_function_that_the_subject_made_may_be_gone_but_none_may_come() -> None:
    warmer = replace(FUNCTION, via="warmer")
    two = replace(BEFORE, functions=(FUNCTION, warmer))
    assert proved(BEFORE, before=two)
    assert not proved(two, before=BEFORE)


def test_no_crash_may_come_and_what_a_crash_hid_may_appear() -> None:
    crashed = replace(BEFORE, crashes=(Crash("ReferenceError", HERE, "dev-global"),))
    assert not proved(crashed)
    assert proved(BEFORE, before=replace(crashed, components=(), functions=()))


def test_no_syntax_error_and_no_limit_may_come() -> None:
    broken = replace(BEFORE, unknown=(BlindSpot(Why.SYNTAX_ERROR("':' does not fit here"), HERE),))
    assert not proved(broken)
    assert proved(broken, before=broken)


def test_differences_are_the_deepest_paths() -> None:
    old = {"a": {"b": 1, "c": [{"d": 1}]}, "e": 1}
    new = {"a": {"b": 2, "c": [{"d": 2}]}, "f": 1}
    assert sorted(differences(old, new)) == ["a.b", "a.c.0.d", "e", "f"]


def test_bare_values_have_no_derivation() -> None:
    assert bare(Value({"a": Value([Value(1), 2])})) == {"a": [1, 2]}
    assert bare(Value.one_of((Value(1), Value(2)), said("?"))) == ("one of", 1, 2)
    assert bare(Value.unknown(said("why"), HERE)) == ("unknown", "why")
