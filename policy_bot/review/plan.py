"""Plans what a pull request should show: judgement, diff and base in; check run, annotations and comments
out.

The same input gives the same plan, byte by byte, regardless of what the pull request shows now; the publisher
writes the difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from policy_bot.policy.causes import Cause, by_cause
from policy_bot.policy.finding import Finding
from policy_bot.record import dataclass
from policy_bot.review import comment, markdown, summary
from policy_bot.review.review import Conclusion, Review
from policy_bot.review.suggestion import anchor, spot
from policy_bot.review.summary import Shown

MOST_COMMENTS = 20
"""How many comments one pull request gets: nobody reads more, and the summary has everything."""
MOST_ANNOTATIONS = 500
"""How many annotations one check run gets: ten requests of GitHub's fifty."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note of the check run on a line of the head, in any file."""

    path: str
    line: int
    level: Literal["failure", "warning", "notice"]
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A review comment: `key` identifies it in its pull request, `line` is its last line, `first` its
    first.
    """

    key: str
    path: str
    first: int
    line: int
    body: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The complete plan."""

    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()
    comments: tuple[Comment, ...] = ()


def plan(review: Review) -> Plan:
    """Plans for a judged change."""
    annotations = [*_unseen(review), *_annotations(review), *_excused_here(review)]
    comments = list(_comments(review))
    shown = Shown(
        len(annotations),
        min(len(annotations), MOST_ANNOTATIONS),
        len(comments),
        min(len(comments), MOST_COMMENTS),
    )
    return Plan(
        review.conclusion,
        summary.title(review),
        summary.summary(review, shown),
        tuple(annotations[:MOST_ANNOTATIONS]),
        tuple(comments[:MOST_COMMENTS]),
    )


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Sorts by importance, then by place, independently of the order of the findings."""
    rank = {"error": 0, "warning": 1, "notice": 2}
    return sorted(
        findings,
        key=lambda f: (not f.gates, f.verdict != "fail", rank[f.severity], f.span, f.policy, f.fingerprint),
    )


def _unseen(review: Review) -> Iterable[Annotation]:
    """Failures to read, each on its line if the head has it."""
    for hidden in summary.problems(review.judgement):
        line = review.lines.line(hidden.span)
        if line is not None:
            said = markdown.short(comment.plainly(str(hidden.reason)), 4_000)
            yield Annotation(hidden.span.path, line, "failure", "Could not be read", said)


def _annotations(review: Review) -> Iterable[Annotation]:
    for finding in ordered(review.ratcheted.new):
        line = review.lines.line(finding.span)
        if line is not None and finding.excuse is None:
            level = comment.level(finding)
            title, text = comment.plain_title(finding), comment.plain(finding)
            yield Annotation(finding.span.path, line, level, title, text)


def _excused_here(review: Review) -> Iterable[Annotation]:
    """A finding that the change excuses with its own comment, shown where reviewers read the change."""
    brought = review.brought
    for finding in ordered(review.ratcheted.new):
        line = review.lines.line(finding.span)
        excuse = finding.excuse
        if line is not None and excuse is not None and excuse.at in brought:
            said = markdown.short(
                f"{comment.ignored(True).capitalize()}: {comment.plainly(excuse.reason)}", 4_000
            )
            yield Annotation(finding.span.path, line, "notice", comment.plain_title(finding), said)


def speaks_up(finding: Finding) -> bool:
    """Whether a finding gets a comment if its line is in the diff."""
    return finding.verdict == "fail" and finding.severity != "notice" and finding.excuse is None


def needs_diff(finding: Finding) -> bool:
    """Whether the diff decides how a new finding is shown: it gets a comment, or a comment in the source
    excuses it, which the change may have added.
    """
    return speaks_up(finding) or (finding.excuse is not None and finding.excuse.inline)


def _comments(review: Review) -> Iterable[Comment]:
    """One comment per cause and file, on the first changed line that it has there. Its key is that of the
    finding on that line; equal ones are distinguished by their count.
    """
    seen: Counter[str] = Counter()
    placed: dict[str, list[tuple[str, Finding]]] = {}
    for finding in ordered(review.ratcheted.new):
        if speaks_up(finding):
            seen[finding.fingerprint] += 1
            key = f"{finding.fingerprint}#{seen[finding.fingerprint]}"
            where = spot(finding, review.diff, review.lines)
            placed.setdefault(where.path, []).append((key, finding))
    found = [each for listed in placed.values() for each in _in_file(listed, review)]
    rank = {id(finding): at for at, finding in enumerate(ordered(review.ratcheted.new))}
    yield from (made for made, first in sorted(found, key=lambda each: rank[id(each[1])]))


def _in_file(listed: list[tuple[str, Finding]], review: Review) -> Iterable[tuple[Comment, Finding]]:
    keys = {id(finding): key for key, finding in listed}
    for cause in by_cause(finding for _, finding in listed):
        anchors = [(finding, anchor(finding, review.diff, review.lines)) for finding in cause.findings]
        first = next(((finding, place) for finding, place in anchors if place is not None), None)
        if first is None:
            continue
        finding, place = first
        others = tuple(other for other in cause.findings if other is not finding)
        lines = {id(other): where.last for other, where in anchors if where is not None}
        text = comment.body(
            Cause(finding, others),
            place.suggestions,
            review.links,
            lambda other: lines.get(id(other)),  # noqa: B023 -- called at once
            place.patches,
        )
        yield Comment(keys[id(finding)], place.path, place.first, place.last, text), finding
