"""What makes a check fail, and how loud a finding is."""

from dataclasses import replace

import pytest

from policy_bot.cli.report import FailOn, Report
from policy_bot.policy.finding import Finding, Judgement
from tests.cli.examples import (
    BROKEN,
    CLEAN,
    EMPTY,
    EXCUSED,
    PROJECT,
    TOO_SHORT,
    TREE,
    UNKNOWN,
    WARNING,
    Places,
)

EVALUATED = replace(TOO_SHORT, gates=False)
WEIGHTY_UNKNOWN = replace(UNKNOWN, gates=True)
NOTICE = replace(WARNING, severity="notice")


@pytest.mark.parametrize(
    ("finding", "fail_on", "status", "level"),
    [
        (TOO_SHORT, "error", 1, "error"),
        (WARNING, "error", 0, "warning"),
        (WARNING, "warning", 1, "warning"),
        (NOTICE, "warning", 0, "notice"),
        (EXCUSED, "warning", 0, "notice"),
        (EVALUATED, "error", 0, "warning"),  # being tried, not enforced
        (UNKNOWN, "error", 0, "notice"),
        (UNKNOWN, "warning", 0, "notice"),
        (WEIGHTY_UNKNOWN, "error", 1, "error"),  # `unknown: fail`
    ],
)
def test_what_a_finding_does_to_the_exit_status(
    finding: Finding, fail_on: FailOn, status: int, level: str
) -> None:
    report = Report(Judgement((PROJECT,), (finding,)), Places(TREE), fail_on)
    assert report.status == status
    assert report.level(finding) == level


def test_what_could_not_be_judged_is_never_a_success() -> None:
    assert BROKEN.status == 1
    assert CLEAN.status == 0
    assert EMPTY.status == 0
