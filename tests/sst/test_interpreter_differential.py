"""Programs of our own, run once by Node (`differential/record.mjs`): the interpreter gives the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.sst.programs import result_of

HERE = Path(__file__).parent / "differential"
EXPECTED = json.loads((HERE / "expected.json").read_text())
PROGRAMS = {
    name.strip(): body
    for name, _, body in (
        block.partition("\n")
        for block in re.split(r"^// # ", (HERE / "programs.ts").read_text(), flags=re.M)[1:]
    )
}


def test_every_program_was_recorded() -> None:
    assert list(PROGRAMS) == list(EXPECTED)


@pytest.mark.parametrize("name", PROGRAMS)
def test_gives_what_node_gives(name: str) -> None:
    assert json.dumps(result_of(PROGRAMS[name])) == json.dumps(EXPECTED[name]["value"])
