"""The standing proof: what the interpreter says of a program covers what Node really does, for all unknowns."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.sst.soundness.calls import any_call, every_method
from tests.sst.soundness.covering import exact, interpreted, missed
from tests.sst.soundness.generator import PROGRAMS
from tests.sst.soundness.node import Node, running

LISTED = [
    line
    for line in Path(__file__).with_name("programs.js").read_text().splitlines()
    if line and not line.startswith("//")
]
CALLS = 1_500
SEED = 20261128
UNKNOWN = 105
"""So many of the listed programs have a part that is unknown. It may fall."""


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running() as started:
        yield started


@settings(max_examples=200)
@given(program=PROGRAMS)
def test_a_program_with_undecided_conditions_is_covered(node: Node, program: str) -> None:
    assert missed(node, program) == [], program


def test_calls_of_built_ins_with_any_arguments_are_covered(node: Node) -> None:
    chance = random.Random(SEED)
    wrong = {}
    for program in [*every_method(chance, 12), *(any_call(chance) for _ in range(CALLS))]:
        if missing := missed(node, program):
            wrong[program] = missing
    assert wrong == {}


@pytest.mark.parametrize("program", LISTED)
def test_a_listed_program_is_covered(node: Node, program: str) -> None:
    assert missed(node, program) == []


def test_most_listed_programs_are_known_exactly() -> None:
    """Precision: a value that is always unknown would be sound, and worth nothing."""
    unknown = [program for program in LISTED if not exact(interpreted(program).outputs)]
    assert len(unknown) <= UNKNOWN, unknown
