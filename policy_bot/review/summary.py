"""The check run's title and summary: the result first, then the findings by policy and cause, with those that
block merging first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_bot.policy.causes import Cause, by_cause
from policy_bot.policy.finding import Finding, Judgement
from policy_bot.policy.message import counted
from policy_bot.policy.problems import POLICIES as UNREAD
from policy_bot.record import dataclass
from policy_bot.review import comment, markdown, waiving, wording
from policy_bot.review.links import Links
from policy_bot.review.review import Review
from policy_bot.sst.deployment import BlindSpot, Project
from policy_bot.sst.span import Span

TITLE_LIMIT = 60
GONE = "config/project-gone"
NOTHING = "No SST project touched"
WAIVING = (
    "A finding that has to wait can be excused by a waiver, and `mode: evaluate` shows findings without"
    " blocking, for all policies or for one: in the default branch's `.github/policy-bot.yml`, or in the"
    " organisation's own settings, if they do not leave it to repositories."
)
"""Shown once, in the check: a comment is about its finding."""
ON_BRANCH = (
    "A check on a branch reports its findings and blocks nothing: pull requests are checked for what they"
    " add."
)
MOST_PLACES = 30
"""How many further places of one cause are listed."""
MOST_EXCUSED = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """How many annotations and comments there are, and how many of them the pull request shows."""

    annotations: int = 0
    annotations_shown: int = 0
    comments: int = 0
    comments_shown: int = 0


def title(review: Review) -> str:
    """The result in at most 60 characters."""
    return markdown.short(_title(review), TITLE_LIMIT)


def _title(review: Review) -> str:
    unseen = problems(review.judgement)
    if unseen:
        return _cannot_read([hidden.span.path for hidden in unseen])
    unread = [f.span.path for f in review.ratcheted.new if f.policy in UNREAD and f.gates]
    if unread:
        return _cannot_read(list(dict.fromkeys(unread)))
    if not review.judgement.projects and not review.ratcheted.new:
        return NOTHING
    gone = [f.span.path for f in review.active if f.policy == GONE]
    if gone and not review.judgement.projects:
        more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
        return f"Project not judged: {markdown.visible(_tail(gone[0]))}{more}"
    excused = f", {len(review.excused)} excused" if review.excused else ""
    counts = tally(review.active)
    where = "on this branch" if review.occasion == "branch" else f"in {_projects(review)}"
    if counts:
        trial = _trial(review)
        return f"{counts}, {trial}" if trial else f"{counts} {where}{excused}"
    if review.older:
        return f"Nothing new ({counted(len(review.older), 'older finding')}{excused})"
    return f"No findings in {_projects(review)}{excused}"


def _projects(review: Review) -> str:
    return counted(len(review.judgement.projects), "project")


def _trial(review: Review) -> str:
    """`not enforced until 1 March 2027` if only that keeps all errors from gating."""
    failing = [f for f in review.active if f.severity == "error" and f.verdict == "fail"]
    if not failing or any(f.gates for f in review.active) or review.occasion == "branch":
        return ""
    days = {wording.not_enforced(finding) for finding in failing}
    return days.pop() or "not enforced" if len(days) == 1 else "not enforced"


def _cannot_read(paths: Sequence[str]) -> str:
    if paths[0] == ".":
        return "Cannot see the whole repository"
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"Cannot read {markdown.visible(_tail(paths[0]))}{more}"


def _tail(path: str) -> str:
    """The end of a long path: people recognise the file's name."""
    return path if len(path) <= 36 else "…" + path[-35:]


def problems(judgement: Judgement) -> list[BlindSpot]:
    """Failures to read that are not findings; they keep the check from passing."""
    return list(dict.fromkeys(judgement.problems))


def tally(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning, 1 cannot tell`; empty for none."""
    listed = list(findings)
    sure = [f for f in listed if f.verdict == "fail"]
    parts = [(sum(f.severity == word for f in sure), word) for word in ("error", "warning", "notice")]
    unsure = len(listed) - len(sure)
    words = [counted(n, word) for n, word in parts if n] + ([f"{unsure} cannot tell"] if unsure else [])
    return ", ".join(words)


def summary(review: Review, shown: Shown | None = None) -> str:
    """The summary, cut to GitHub's limit."""
    active = review.active
    gating = [f for f in active if f.gates]
    links = review.links
    sections = [
        *(markdown.message(note) for note in review.notes),
        _unread(problems(review.judgement)),
        _table(review),
        ON_BRANCH if review.occasion == "branch" and active else "",
        _section("Blocks merging", gating, links),
        _waiving(gating),
        _section(
            "Found on this branch" if review.occasion == "branch" else "Does not block",
            [f for f in active if not f.gates and f.verdict == "fail"],
            links,
        ),
        _section("Cannot tell", [f for f in active if not f.gates and f.verdict == "unknown"], links),
        _excused(review),
        _section("Already there before this change", review.older, links),
        _how_many(shown) if shown else "",
        markdown.message(review.basis),
    ]
    whole = "\n\n".join(section for section in sections if section)
    return markdown.cut(whole or f"{NOTHING}.", markdown.SUMMARY_LIMIT)


def _unread(unseen: Sequence[BlindSpot]) -> str:
    """Files that were not read come first: nothing else in the summary is more important."""
    if not unseen:
        return ""
    lines = [
        f"- {markdown.code(f'{hidden.span.path}:{hidden.span.line}')}: {markdown.message(str(hidden.reason))}"
        for hidden in unseen
    ]
    return "### Not read\n\nThe check cannot pass without reading this.\n\n" + "\n".join(lines)


def _table(review: Review) -> str:
    """One row for each project and stage."""
    projects = review.judgement.projects
    if not projects:
        return ""
    rows = [row for project in projects for row in _rows(project, review)]
    return "\n".join(["| Project | SST | Stage | Result |", "|---|---|---|---|", *rows])


def _rows(project: Project, review: Review) -> list[str]:
    path = review.links.line(project.path, 1)
    named = f"{markdown.cell(comment.linked(project.path, path))} | {markdown.text(str(project.version))}"
    if project.unreadable:
        return [f"| {named} | all | not read |"]
    stages = [str(deployment.context) for deployment in project.contexts]
    return [
        f"| {named} | {markdown.cell(markdown.code(stage))} | {_result(project, stage, stages, review)} |"
        for stage in stages
    ]


def _result(project: Project, stage: str, stages: Sequence[str], review: Review) -> str:
    """The findings of one stage. A finding that names none of the stages holds in all of them."""

    def here(findings: Iterable[Finding]) -> list[Finding]:
        return [
            finding
            for finding in findings
            if finding.project == project.path
            and (stage in finding.contexts or not set(finding.contexts) & set(stages))
        ]

    older, excused = len(here(review.older)), len(here(review.excused))
    words = [
        tally(here(review.active)),
        f"{older} older" if older else "",
        f"{excused} excused" if excused else "",
    ]
    found = ", ".join(word for word in words if word)
    return found or ("passes" if review.conclusion == "success" else "no findings")


def _section(name: str, findings: Iterable[Finding], links: Links) -> str:
    """Findings by policy, and by cause within it."""
    order = {"error": 0, "warning": 1, "notice": 2}
    listed = sorted(findings, key=lambda f: (order[f.severity], f.span, f.policy, f.fingerprint))
    if not listed:
        return ""
    by_policy: dict[tuple[str, str], list[Finding]] = {}
    for finding in listed:
        by_policy.setdefault((finding.policy, comment.heading(finding)), []).append(finding)
    groups = [_policy(heading, group, links) for (_, heading), group in by_policy.items()]
    return f"### {name} ({len(listed)})\n\n" + "\n\n".join(groups)


def _policy(heading: str, findings: Sequence[Finding], links: Links) -> str:
    causes = by_cause(findings)
    number = f" · {len(findings)} findings" if len(findings) > 1 else ""
    number += f", {counted(len(causes), 'cause')}" if len(causes) > 1 and len(causes) < len(findings) else ""
    head = f"**{heading}** · {comment.policy(findings[0], links)}{number}"
    return "\n".join([head, "", *(_cause(cause, links) for cause in causes)])


def _cause(cause: Cause, links: Links) -> str:
    first = cause.first
    line = (
        f"- {comment.place(first, links)}: {markdown.message(comment.message(cause))} {comment.holds(first)}"
    )
    if not cause.others:
        return line
    places = [_other(finding, links) for finding in cause.others[:MOST_PLACES]]
    left = len(cause.others) - len(places)
    more = f" and {left} more" if left > 0 else ""
    return f"{line} The same holds for {len(cause.others)} more: {', '.join(places)}{more}."


def _other(finding: Finding, links: Links) -> str:
    name = f"{markdown.code(finding.names[0])} at " if finding.names and finding.names[0] else ""
    return f"{name}{comment.place(finding, links)}"


def _waiving(gating: Sequence[Finding]) -> str:
    folded = waiving.folded(gating)
    return f"{WAIVING}\n\n{folded}" if folded else ""


def _excused(review: Review) -> str:
    """Who excused what, why and until when."""
    excused = review.excused
    if not excused:
        return ""
    brought = review.brought
    lines = [_excuse(finding, review.links, brought) for finding in excused[:MOST_EXCUSED]]
    left = len(excused) - len(lines)
    return f"### {len(excused)} excused\n\n" + "\n".join([*lines, *([f"- and {left} more"] if left else [])])


def _excuse(finding: Finding, links: Links, brought: frozenset[Span]) -> str:
    excuse = finding.excuse
    assert excuse is not None
    until = f", until {markdown.text(wording.day(excuse.expires))}" if excuse.expires else ""
    how = f"**Excused{until}**, by {markdown.text(excuse.approved_by)}"
    if excuse.inline:
        how = f"**{comment.ignored(excuse.at in brought).capitalize()}**"
    return (
        f"- {comment.place(finding, links)} {comment.policy(finding, links)}: "
        f"{markdown.message(comment.said(finding))} {how}: "
        f"{markdown.text(excuse.reason)}. Set in {markdown.text(excuse.source)}."
    )


def _how_many(shown: Shown) -> str:
    """How many are shown on lines, if not all of them are."""
    said = []
    if shown.comments > shown.comments_shown:
        said.append(f"{shown.comments_shown} of {shown.comments} causes have a comment on changed lines.")
    if shown.annotations > shown.annotations_shown:
        said.append(
            f"{shown.annotations_shown} of {shown.annotations} findings are annotated on their lines."
        )
    return " ".join([*said, "The others are listed here only."]) if said else ""
