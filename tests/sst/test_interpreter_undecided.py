"""Programs with two undecided conditions, run by Node for every value of them (`undecided/record.mjs`): what
the interpreter says covers every outcome.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sst.programs import result_of

HERE = Path(__file__).parent / "undecided"
OUTCOMES: dict[str, list[Any]] = json.loads((HERE / "outcomes.json").read_text())
PROGRAMS = [
    line for line in (HERE / "programs.txt").read_text().splitlines() if line and not line.startswith("#")
]
CONDITIONS = 'const A = process.env.A === "1", B = process.env.B === "1";'


def test_every_program_was_recorded() -> None:
    assert list(OUTCOMES) == PROGRAMS


@pytest.mark.parametrize("program", PROGRAMS)
def test_covers_every_outcome(program: str) -> None:
    seen = result_of(f"{CONDITIONS} return await (async () => {{ {program}\n }})()")
    missing = [outcome for outcome in OUTCOMES[program] if not covers(seen, outcome)]
    assert not missing, f"said {seen!r}"


def covers(seen: Any, outcome: Any) -> bool:
    """Whether what the interpreter says of a value includes an outcome."""
    if isinstance(seen, dict) and "$oneOf" in seen:
        return any(covers(choice, outcome) for choice in seen["$oneOf"])
    if isinstance(seen, dict) and "$unknown" in seen:
        return True
    if isinstance(outcome, dict) and "$" in outcome:
        return bool(seen == "$undefined") if outcome["$"] == "undefined" else True
    if isinstance(outcome, list):
        return isinstance(seen, list) and _elements(seen, outcome)
    if isinstance(outcome, dict):
        return isinstance(seen, dict) and all(covers(seen.get(key), outcome[key]) for key in outcome)
    return type(seen) is type(outcome) and bool(seen == outcome)


def _elements(seen: list[Any], outcome: list[Any]) -> bool:
    """Whether the elements can be those of an outcome: some may be missing, and there may be more."""
    if not seen:
        return not outcome
    first, *rest = seen
    if isinstance(first, dict) and "..." in first:
        return True
    perhaps = isinstance(first, dict) and "$perhaps" in first
    if perhaps and _elements(rest, outcome):
        return True
    value = first["$perhaps"] if perhaps else first
    return bool(outcome) and covers(value, outcome[0]) and _elements(rest, outcome[1:])
