"""`check --format markdown`: the summary of a pull request's check, for CI. GitHub shows ten annotations."""

from __future__ import annotations

from policy_bot.cli.report import Report
from policy_bot.review import summary
from policy_bot.review.ratchet import Ratcheted
from policy_bot.review.review import Review


def render(report: Report) -> str:
    """The title and summary of a pull request's check for these projects."""
    ratcheted = Ratcheted(tuple(report.findings), ())
    notes = tuple(str(notice) for notice in report.notices)
    review = Review(report.judgement, ratcheted, notes=notes)
    return f"## policy-bot: {summary.title(review)}\n\n{summary.summary(review)}\n"
