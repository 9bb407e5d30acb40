"""Only what is new weighs."""

from __future__ import annotations

from dataclasses import replace

from policy_bot.policy.finding import Excuse
from policy_bot.review.ratchet import ratchet
from tests.review.findings import finding


def test_a_finding_of_the_base_is_old_wherever_its_line_went() -> None:
    told = ratchet([finding("A", 9), finding("B", 10)], [finding("A", 2)])
    assert [f.subject for f in told.new] == ["function B"]
    assert [(f.subject, f.gates) for f in told.old] == [("function A", False)]


def test_one_more_of_the_same_is_new() -> None:
    told = ratchet([finding("A", 1), finding("A", 2)], [finding("A", 1)])
    assert (len(told.new), len(told.old)) == (1, 1)


def test_what_got_worse_is_new() -> None:
    warned = finding("A", severity="warning")
    unsure = replace(finding("A"), verdict="unknown")
    excused = replace(finding("A"), excuse=Excuse("we know", "2027-01-01", "ada", "policy-bot.yml:3"))
    for before in (warned, unsure, excused):
        told = ratchet([finding("A")], [before])
        assert told.new == (finding("A"),)


def test_without_a_base_everything_is_new() -> None:
    assert ratchet([finding("A")], []).new == (finding("A"),)
