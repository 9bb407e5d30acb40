"""Parts of a comment that the pictures do not show."""

from __future__ import annotations

import pytest

from policy_bot.policy.finding import Evidence, Fact, Judgement, Setting
from policy_bot.review import comment
from policy_bot.review.plan import plan
from policy_bot.review.ratchet import ratchet
from policy_bot.review.review import Review
from policy_bot.review.summary import WAIVING
from tests.review.findings import finding

STAGES = "(parameters.stages.size() == 0 || context.stage in parameters.stages)"
RULE = f"streams && {STAGES} && !(timeout >= parameters.least)"


def why(*settings: Setting) -> str:
    evidence = Evidence("3.17.0", RULE, (Fact("timeout", "60", ()),), settings)
    return comment.derivation(finding(evidence=evidence))


def test_the_settings_that_a_rule_asks_for_are_reported() -> None:
    assert "- setting `least` is `300` by default" in why(Setting("least", "300", "default"))
    assert "- setting `stages` is empty, set in policy-bot.yml:3" in why(
        Setting("stages", "", "policy-bot.yml:3")
    )


def test_settings_that_decide_nothing_are_not_reported() -> None:
    assert "setting" not in why(Setting("stages", "", "default"))
    assert "setting" not in why(Setting("most", "900", "default"), Setting("leas", "900", "default"))


def test_a_policy_is_linked_where_its_page_has_an_address() -> None:
    assert comment.policy(finding()) == "`timeout/too-short`"
    page = "https://example.com/timeout/too-short"
    assert comment.policy(finding(page=page)) == f"[`timeout/too-short`]({page})"


@pytest.mark.parametrize(("severity", "said"), [("error", 1), ("warning", 0)])
def test_how_to_waive_is_reported_once_in_the_check_where_something_gates(severity: str, said: int) -> None:
    found = (finding("A", severity=severity), finding("B", severity=severity))  # type: ignore[arg-type]
    planned = plan(Review(Judgement((), found), ratchet(found)))
    assert planned.summary.count(WAIVING) == said
    assert not any(WAIVING in each.body for each in planned.comments)
