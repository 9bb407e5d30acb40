"""T16: an error while judging counts as a pass -> the result is a visible cannot-tell, which gates if so
configured.

Precedents: CVE-2025-46342 Kyverno (a failed look-up skipped the rule).
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from policy_bot.policy.engine import judge
from policy_bot.policy.policy import Policy, Rule
from policy_bot.policy.settings import BUILT_IN, Decision, Settings
from tests.policy.projects import PRODUCTION, project, subject

MANY = "[" + ",".join("1" * 400) + "]"
FAILING = {
    "division by zero": "timeout / (timeout - timeout) > 1",
    "index out of range": "log_retention == [log_retention][timeout]",
    "iteration budget": f"{MANY}.all(a, {MANY}.all(b, {MANY}.all(c, a + b + c > timeout - 100)))",
    "overflow": "timeout * 9223372036854775807 > 0",
}


def policy(expression: str) -> Policy:
    rule = Rule("function", "true", expression, "timeout", "It is not as it should be.")
    return Policy(
        "test/failing", "It fails", "error", "high", "0.1.0", "*", (rule,), profiles={"recommended": None}
    )


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_expression_is_a_cannot_tell(name: str) -> None:
    there = project({PRODUCTION: (subject(timeout=20),)})
    [finding] = judge([there], [policy(FAILING[name])], Settings.default()).findings
    assert finding.verdict == "unknown"
    assert "could not be evaluated" in finding.message


def test_it_gates_where_the_settings_say_so() -> None:
    decisions = {**Settings.default().decisions, "unknown": Decision("fail", BUILT_IN)}
    there = project({PRODUCTION: (subject(timeout=20),)})
    [finding] = judge([there], [policy(FAILING["overflow"])], Settings(decisions)).findings
    assert finding.gates


def test_one_failing_rule_hides_no_other() -> None:
    good = replace(policy("timeout > 300"), id="test/good")
    there = project({PRODUCTION: (subject(timeout=20),)})
    findings = judge([there], [policy(FAILING["overflow"]), good], Settings.default()).findings
    assert {(finding.policy, finding.verdict) for finding in findings} == {
        ("test/failing", "unknown"),
        ("test/good", "fail"),
    }
