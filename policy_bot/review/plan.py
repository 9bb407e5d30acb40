"""What a pull request ought to show: judgement, diff and base in; check run, annotations and comments out.

The same input gives the same plan, byte by byte, whatever the pull request shows now; making it so is the
publisher's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from policy_bot.policy.finding import Finding, Judgement
from policy_bot.review import comment, markdown, summary
from policy_bot.review.diff import Diff
from policy_bot.review.lines import HeadLines
from policy_bot.review.ratchet import Ratcheted
from policy_bot.review.suggestion import anchor
from policy_bot.sst.record import dataclass, field

Conclusion = Literal["success", "failure", "neutral"]
MOST_COMMENTS = 20
"""Comments on one pull request: beyond that nobody reads them, and the summary has everything."""
MOST_ANNOTATIONS = 500
"""Annotations of one check run: ten requests of GitHub's fifty."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note of the check run on a line of the head; any file, any line."""

    path: str
    line: int
    level: Literal["failure", "warning", "notice"]
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A review comment: `key` tells it apart in its pull request, `line` is its last line, `first` its
    first."""

    key: str
    path: str
    first: int
    line: int
    body: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of it."""

    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What a plan is made of. `told` is what of the judgement is new; `notes` are said at the top of the
    summary."""

    judgement: Judgement
    told: Ratcheted = Ratcheted((), ())
    diff: Diff = field(default_factory=lambda: Diff({}))
    lines: HeadLines = field(default_factory=lambda: HeadLines({}, {}))
    notes: tuple[str, ...] = ()
    held_back: bool = False
    basis: str = ""


def plan(review: Review) -> Plan:
    """The plan of a judged change."""
    told = review.told
    conclusion = conclude(review.judgement, told, review.held_back)
    return Plan(
        conclusion,
        summary.title(review.judgement, told),
        summary.summary(review.judgement, told, review.notes, review.basis),
        (*_unseen(review), *_annotations(told.new, review.lines))[:MOST_ANNOTATIONS],
        tuple(_comments(told.new, review))[:MOST_COMMENTS],
    )


def conclude(judgement: Judgement, told: Ratcheted, held_back: bool = False) -> Conclusion:
    """What the check says: unseen or gating is failure; "cannot tell" and evaluate mode are neutral."""
    if judgement.problems:
        return "failure"
    if any(finding.gates for finding in told.new):
        return "failure"
    unsure = any(finding.verdict == "unknown" and finding.excuse is None for finding in told.new)
    return "neutral" if unsure or held_back else "success"


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """What matters first, then by place: an order that does not depend on how the findings came."""
    rank = {"error": 0, "warning": 1, "notice": 2}
    return sorted(
        findings,
        key=lambda f: (not f.gates, f.verdict != "fail", rank[f.severity], f.span, f.policy, f.fingerprint),
    )


def _unseen(review: Review) -> Iterable[Annotation]:
    """What could not be seen, on its line where the head has it."""
    for hidden in summary.problems(review.judgement):
        line = review.lines.line(hidden.span)
        if line is not None:
            said = markdown.short(markdown.visible(str(hidden.reason)), 4_000)
            yield Annotation(hidden.span.path, line, "failure", "Not seen, so it cannot pass", said)


def _annotations(findings: Iterable[Finding], lines: HeadLines) -> Iterable[Annotation]:
    for finding in ordered(findings):
        line = lines.line(finding.span)
        if line is not None and finding.excuse is None:
            level = comment.level(finding)
            yield Annotation(
                finding.span.path, line, level, comment.plain_title(finding), comment.plain(finding)
            )


def speaks_up(finding: Finding) -> bool:
    """Whether a finding gets a comment where its line is in the diff."""
    return finding.verdict == "fail" and finding.severity != "notice" and finding.excuse is None


def _comments(findings: Iterable[Finding], review: Review) -> Iterable[Comment]:
    """One comment a finding, for what fails or warns on lines of the diff. Twins are told apart by their
    count."""
    seen: Counter[str] = Counter()
    for finding in ordered(findings):
        if not speaks_up(finding):
            continue
        seen[finding.fingerprint] += 1
        place = anchor(finding, review.diff, review.lines)
        if place is not None:
            key = f"{finding.fingerprint}#{seen[finding.fingerprint]}"
            yield Comment(key, place.path, place.first, place.last, comment.body(finding, place.suggestions))
