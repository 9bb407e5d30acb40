"""The conditions of the built-in policies are shipped compiled, and mean what compiling them now means."""

from __future__ import annotations

import pytest

from policy_bot.policy import builtin, compiled
from policy_bot.policy.evidence import conditions
from policy_bot.policy.expression import Answer, Expression, trusted
from policy_bot.policy.facts import declarations
from policy_bot.sst.deployment import Value
from policy_bot.sst.shape import SHAPES

CONDITIONS = {condition.key: condition for condition in conditions(builtin.load())}
CHANGED = "timeout > 12345 && streaming"


def test_all_conditions_of_the_built_in_policies_are_compiled() -> None:
    """`tests/policies/test_packs.py` finds out whether they are stale."""
    assert {key for key in CONDITIONS if compiled.program(key) is None} == set()


@pytest.mark.parametrize("condition", CONDITIONS.values(), ids=lambda each: each.text)
def test_a_compiled_condition_answers_as_its_text_does(
    condition: Expression, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {"int": 300, "string": "url", "bool": True, "list": ["production"]}
    given = {f"parameters.{name}": Value(typed[type_]) for name, type_ in condition.parameters}

    def answers(made: Expression) -> list[Answer]:
        values = (True, False, 0, 901, "", "url", [], ["production"], None)
        return [made.decide({name: Value(value) for name in made.names} | given) for value in values]

    shipped = answers(condition)
    monkeypatch.setattr(compiled, "program", lambda key: None)
    fresh = Expression(condition.text, condition.subject, condition.names, condition.parameters)
    assert answers(fresh) == shipped


def test_a_condition_of_an_organisation_is_compiled_when_it_is_needed() -> None:
    own = trusted(CHANGED, "function", {})
    assert compiled.program(own.key) is None
    assert own.decide({"timeout": Value(20000), "streaming": Value(True)}) == Answer(True)


def test_the_same_program_gives_the_same_bytes_however_its_maps_are_ordered() -> None:
    condition = next(iter(CONDITIONS.values()))
    text = {compiled.dump({condition.key: condition.made()}) for _ in range(20)}
    assert len(text) == 1


def test_a_fact_has_the_same_type_in_all_kinds_of_subjects() -> None:
    """So one environment serves the programs of all of them."""
    types: dict[str, set[str]] = {}
    for kind in SHAPES:
        for name, type_ in declarations(kind).items():
            types.setdefault(name, set()).add(type_)
    assert {name: found for name, found in types.items() if len(found) > 1} == {}
