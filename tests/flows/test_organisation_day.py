"""A day in the life of an organisation, small: the bench's story comes true, and what it costs is bounded."""

from __future__ import annotations

from tests.bench.organisation_day import live


def test_policy_is_introduced_enforced_excused_and_audited() -> None:
    day = live(20)
    results = {step.name: step.result for step in day.steps}
    assert results["judged again: nothing gates"] == "2 neutral, 2 success"
    assert results["review: enforced"] == "Policy: 2 pull requests would turn red, 0 green"
    assert results["judged again: it gates"] == "2 failure, 2 success"
    reviewed = results["review: one waiver"]
    assert reviewed == "Policy: 1 setting loosened; 0 pull requests would turn red, 1 green"
    assert results["judged again: one is excused"] == "1 failure, 3 success"
    requests = {step.name: step.requests for step in day.steps}
    assert requests["judged again: it gates"] <= 4 * len(day.pulls)
    assert requests["audit, nothing changed"] == 3
