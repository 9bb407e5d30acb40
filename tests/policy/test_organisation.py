"""Five policies as an organisation writes them: short, without a page, and true."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot.policy import builtin, cases
from policy_bot.policy.page import front
from policy_bot.policy.policyfile import parse
from policy_bot.review.rehearsal import rehearse
from policy_bot.sst.reading import read_project

FILES = sorted((Path(__file__).parent / "organisation").rglob("*.md"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_policy_of_an_organisation_is_short_and_its_cases_hold(file: Path) -> None:
    text = file.read_text()
    assert len((front(text) or "").split("\n")) < 10
    policy = parse(file.as_posix(), text)
    found = cases.read(text)
    assert found
    for case in found:
        assert rehearse(policy, case, read_project, builtin.load()).passed, case.name
