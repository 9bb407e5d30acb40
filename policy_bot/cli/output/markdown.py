"""`check --format markdown`: what the check of a pull request would say, for the summary of a CI step. Of
annotations GitHub shows ten of a kind and drops the rest.
"""

from __future__ import annotations

from policy_bot.cli.report import Report
from policy_bot.review import summary
from policy_bot.review.ratchet import Ratcheted


def render(report: Report) -> str:
    """What the check run of a pull request would say of these projects, with a title."""
    told = Ratcheted(tuple(report.findings), ())
    notes = [str(notice) for notice in report.notices]
    return (
        f"## policy-bot: {summary.title(report.judgement, told)}\n\n"
        f"{summary.summary(report.judgement, told, notes)}\n"
    )
