"""Everything that a verdict was based on, for the page that explains it."""

from __future__ import annotations

from policy_bot.policy.finding import Judgement
from policy_bot.record import dataclass
from policy_bot.review.policychange import PolicyChange
from policy_bot.review.ratchet import Ratcheted
from policy_bot.review.review import Review


@dataclass(frozen=True, slots=True)
class Details:
    """The review of the projects, the title of the check, the pull request, and the change of policy if there
    is one.
    """

    review: Review
    title: str = ""
    number: int = 0
    pull_title: str = ""
    change: PolicyChange | None = None

    @staticmethod
    def of(judgement: Judgement) -> Details:
        """The details of a judgement without a comparison."""
        return Details(Review(judgement, Ratcheted(judgement.findings, ())))
