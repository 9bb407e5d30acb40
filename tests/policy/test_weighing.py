"""What a finding weighs: severity, verdict, mode, and the weight of a cannot-tell."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from policy_bot.policy.weighing import weigh, would_gate
from tests.policy.layering import finding, standing


@pytest.mark.parametrize(
    ("org", "severity", "verdict", "gates", "would"),
    [
        ("", "error", "fail", True, False),
        ("", "warning", "fail", False, False),
        ("", "notice", "fail", False, False),
        ("", "error", "unknown", False, False),
        ("unknown: fail", "error", "unknown", True, False),
        ("unknown: fail", "warning", "unknown", False, False),
        ("unknown: pass", "error", "unknown", False, False),
        ("policies: {timeout/too-short: {unknown: fail}}", "error", "unknown", True, False),
        (
            "unknown: fail\npolicies: {timeout/too-short: {unknown: neutral}}",
            "error",
            "unknown",
            False,
            False,
        ),
        ("mode: evaluate", "error", "fail", False, True),
        ("mode: evaluate", "warning", "fail", False, False),
        ("mode: evaluate", "error", "unknown", False, False),
        ("mode: evaluate\nunknown: fail", "error", "unknown", False, True),
        ("policies: {timeout/too-short: {mode: evaluate}}", "error", "fail", False, True),
        ("mode: evaluate\npolicies: {timeout/too-short: {mode: enforce}}", "error", "fail", True, False),
        ("policies: {config/broken: {mode: evaluate}}", "error", "fail", True, False),
        ("enforce-from: 2026-11-23", "error", "fail", False, True),
        ("enforce-from: 2026-11-22", "error", "fail", True, False),
    ],
)
def test_what_a_finding_weighs(
    org: str, severity: str, verdict: Literal["fail", "unknown"], gates: bool, would: bool
) -> None:
    settings = standing(org).settings
    found = finding(severity=severity, verdict=verdict)
    assert (weigh(found, settings).gates, would_gate(found, settings)) == (gates, would)


def test_a_policys_own_weight_of_unknown_holds_until_a_setting_changes_it() -> None:
    unknown = finding(verdict="unknown")
    assert weigh(unknown, standing("").settings, "fail").gates
    assert not weigh(unknown, standing("unknown: neutral").settings, "fail").gates


def test_enforcement_begins_with_its_day() -> None:
    org = "policies: {timeout/too-short: {enforce-from: 2027-01-01}}"
    before, after = (standing(org, today=day).settings for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert not weigh(finding(), before).gates
    assert weigh(finding(), after).gates
