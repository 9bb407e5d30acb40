"""Claims are answered without the names of subjects where that is enough, and always as with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product

import pytest

from policy_bot.policy.answers import NAME, Checklist, RememberedClaim
from policy_bot.policy.engine import claims
from policy_bot.policy.evidence import Claim
from policy_bot.policy.expression import Answer, Expression
from policy_bot.policy.policy import Policy, Rule
from policy_bot.policy.settings import Settings
from policy_bot.policy.subjects import Case, cases, values_of
from policy_bot.sst.deployment import Subject, Value
from policy_bot.sst.reasons import said
from tests.policy.projects import PRODUCTION, project, subject

CONDITIONS = (
    "timeout > 900",
    'streaming && name.endsWith("Chat")',
    'name == "Upload" || timeout > 900',
    '!name.startsWith("A") && !(streaming && timeout > 900)',
    'name == "Chat" ? streaming : timeout > 900',
    "name == name",
    "[name].size() == 1 && streaming",
    '["a", "b"].exists(each, each == name || streaming)',
)


def made(*conditions: str) -> list[Claim]:
    rules = tuple(Rule("function", each, "false", "timeout", "It is so.") for each in conditions)
    profiles = {"recommended": None}
    policy = Policy("named/so", "Named", "error", "high", "0.1.0", "*", rules, profiles=profiles)
    return list(claims("4.17.0", [policy], Settings.default()))


def function(name: Value, streaming: bool, timeout: int) -> Subject:
    plain = subject("function", str(name.value), streaming=streaming, timeout=timeout)
    return replace(plain, facts={**plain.facts, "name": name})


def functions(*made: Subject) -> list[Case]:
    listed = cases(project({PRODUCTION: (subject("config"), *made)}))
    return [case for case in listed if case.subject.kind == "function"]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_subject_is_answered_as_with_its_name(condition: str) -> None:
    (claim,) = made(condition)
    names = (Value("Chat"), Value("Upload"), Value("AChat"), Value.unknown(said("not seen")))
    checklist = Checklist([RememberedClaim(claim)])
    for case in functions(*(function(*each) for each in product(names, (True, False), (60, 901)))):
        expected = claim.violation.decide(values_of(case, claim)).value
        found = [answer.value for _, answer in checklist.violated(case)]
        assert found == ([] if expected is False else [expected]), case.subject.facts


def test_subjects_that_differ_in_their_names_are_evaluated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    checklist = Checklist([*map(RememberedClaim, made(*CONDITIONS[:2]))])
    decide, evaluated = Expression.decide, list[str]()

    def counted(self: Expression, values: Mapping[str, Value], hidden: str = "") -> Answer:
        evaluated.append(self.text if hidden == NAME else f"{self.text} of {values['name'].value}")
        return decide(self, values, hidden)

    monkeypatch.setattr(Expression, "decide", counted)
    unlike = (function(Value(f"F{number}"), False, 60) for number in range(50))
    for case in functions(*unlike, function(Value("Chat"), True, 60)):
        checklist.violated(case)
    plain, named = CONDITIONS[:2]
    assert evaluated == [plain, named, named, f"{named} of Chat"]
