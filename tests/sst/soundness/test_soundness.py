"""The standing proof: what the interpreter says of a program covers what Node really does, for all unknowns."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.heap import Arr, Obj
from policy_bot.sst.values import AbstractValue, OneOf, OptionalItem, Unknown
from tests.sst.programs import plain
from tests.sst.soundness.calls import any_call, every_function, every_method, every_operator
from tests.sst.soundness.covering import exact, interpreted, missed
from tests.sst.soundness.generator import PROGRAMS
from tests.sst.soundness.node import Node, running

LISTED = [
    line
    for line in Path(__file__).with_name("programs.js").read_text().splitlines()
    if line and not line.startswith("//")
]
CALLS = 500
KNOWN = 1_965
"""So many of the calls are known exactly. It may rise."""
SEED = 20261128
INEXACT = Path(__file__).with_name("inexact.txt")


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running() as started:
        yield started


@settings(max_examples=200)
@given(program=PROGRAMS)
def test_a_program_with_undecided_conditions_is_covered(node: Node, program: str) -> None:
    assert missed(node, program) == [], program


@pytest.mark.no_cover
def test_calls_of_built_ins_with_any_arguments_are_covered(node: Node) -> None:
    chance = random.Random(SEED)
    wrong, known = {}, 0
    for program in [
        *every_method(chance, 12),
        *every_function(chance, 12),
        *every_operator(),
        *(any_call(chance) for _ in range(CALLS)),
    ]:
        said = interpreted(program).outputs
        known += exact(said)
        if missing := missed(node, program, said):
            wrong[program] = missing
    assert wrong == {}
    assert known >= KNOWN


@pytest.mark.parametrize("program", LISTED)
def test_a_listed_program_is_covered(node: Node, program: str) -> None:
    assert missed(node, program) == []


def test_what_is_said_of_programs_that_are_not_known_exactly() -> None:
    """Precision: a value that is always unknown would be sound, and worth nothing."""
    assert inexact() == INEXACT.read_text(), "if this is better: python -m tests.sst.soundness.test_soundness"


def inexact() -> str:
    """The programs with something unknown, each with the values that are found."""
    outputs = ((program, interpreted(program).outputs) for program in LISTED)
    return "".join(f"{program}\n    {shown(output)}\n" for program, output in outputs if not exact(output))


def shown(value: AbstractValue | OptionalItem) -> str:
    """A value as a line: `?` is unknown, `1 | 2` one of several, `(1)` an element or key that may be missing."""
    if isinstance(value, OptionalItem):
        return f"({shown(value.value)})"
    if isinstance(value, Unknown):
        return "?"
    if isinstance(value, OneOf):
        return " | ".join(map(shown, value.choices))
    data = value.data
    if isinstance(data, Arr):
        return f"[{', '.join([*map(shown, data.items), *['...'] * (data.open is not None)])}]"
    if isinstance(data, Obj):
        pairs = [f"{key}: {shown(each)}" for key, each in data.props.items()]
        return f"{{{', '.join([*pairs, *['...'] * (data.rest is not None)])}}}"
    if isinstance(data, str):
        return json.dumps(data, ensure_ascii=False)
    return str(plain(value)) if is_plain(data) else type(data).__name__


def is_plain(data: object) -> bool:
    return data is None or data is UNDEFINED or isinstance(data, (int, float))


if __name__ == "__main__":
    INEXACT.write_text(inexact())
