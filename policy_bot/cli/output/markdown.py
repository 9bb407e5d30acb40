"""`check --format markdown`: what the check of a pull request would say, for the summary of a CI step. Of
annotations GitHub shows ten of a kind and drops the rest.
"""

from __future__ import annotations

from policy_bot.cli.report import Report
from policy_bot.review import summary
from policy_bot.review.ratchet import Ratcheted
from policy_bot.review.review import Review


def render(report: Report) -> str:
    """What the check run of a pull request would say of these projects, with a title."""
    told = Ratcheted(tuple(report.findings), ())
    notes = tuple(str(notice) for notice in report.notices)
    review = Review(report.judgement, told, notes=notes)
    return f"## policy-bot: {summary.title(review)}\n\n{summary.summary(review)}\n"
