"""The input of a plan: a judgement, separated into old and new, and what is needed to show it."""

from __future__ import annotations

from typing import Literal

from policy_bot.policy.finding import Finding, Judgement
from policy_bot.record import dataclass, field
from policy_bot.review.diff import Diff
from policy_bot.review.lines import HeadLines
from policy_bot.review.links import NO_LINKS, Links
from policy_bot.review.ratchet import Ratcheted
from policy_bot.sst.span import Span

Conclusion = Literal["success", "failure", "neutral"]
Occasion = Literal["change", "branch"]
"""`change`: a pull request or merge group; `branch`: the tip of a branch, for which everything is old."""


@dataclass(frozen=True, slots=True)
class Review:
    """A judged change. `ratcheted` are its findings by age; `notes` open the summary, `basis` (the judged
    tree) closes it. `held_back`: only evaluate mode keeps something from gating.
    """

    judgement: Judgement
    ratcheted: Ratcheted = Ratcheted((), ())
    diff: Diff = field(default_factory=lambda: Diff({}))
    lines: HeadLines = field(default_factory=lambda: HeadLines({}, {}))
    notes: tuple[str, ...] = ()
    held_back: bool = False
    basis: str = ""
    occasion: Occasion = "change"
    links: Links = NO_LINKS

    @property
    def conclusion(self) -> Conclusion:
        """The conclusion of the check."""
        return conclude(self.judgement, self.ratcheted, self.held_back)

    @property
    def active(self) -> list[Finding]:
        """Current findings: new and not excused. On a branch, which is compared with itself, all findings."""
        every = (*self.ratcheted.new, *(self.ratcheted.old if self.occasion == "branch" else ()))
        return [finding for finding in every if finding.excuse is None]

    @property
    def older(self) -> list[Finding]:
        """Findings that existed before the change and are not excused."""
        listed = self.ratcheted.old if self.occasion == "change" else ()
        return [finding for finding in listed if finding.excuse is None]

    @property
    def excused(self) -> list[Finding]:
        """Findings that a waiver or a comment in the source excuses, old or new."""
        every = (*self.ratcheted.new, *self.ratcheted.old)
        return [finding for finding in every if finding.excuse is not None]

    @property
    def brought(self) -> frozenset[Span]:
        """The comments that excuse new findings and that the change itself adds."""
        excuses = (finding.excuse for finding in self.ratcheted.new)
        places = [excuse.at for excuse in excuses if excuse is not None and excuse.at is not None]
        return frozenset(at for at in places if self._adds(at))

    def _adds(self, at: Span) -> bool:
        line = self.lines.line(at)
        return line is not None and self.diff.adds(at.path, line)


def conclude(judgement: Judgement, ratcheted: Ratcheted, held_back: bool = False) -> Conclusion:
    """The conclusion: failure for unread files and gating findings; neutral for "cannot tell" and evaluate
    mode.
    """
    if judgement.problems:
        return "failure"
    if any(finding.gates for finding in ratcheted.new):
        return "failure"
    unsure = any(finding.verdict == "unknown" and finding.excuse is None for finding in ratcheted.new)
    return "neutral" if unsure or held_back else "success"
