"""The check run's title and summary: first what it comes to, then everything, in the order of what
matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from policy_bot.policy.finding import Finding, Judgement
from policy_bot.policy.problems import POLICIES as UNREAD
from policy_bot.review import comment, markdown
from policy_bot.review.ratchet import Ratcheted
from policy_bot.sst.deployment import Hidden, Project

TITLE_LIMIT = 60
NOTHING = "No SST project touched"
WAIVING = (
    "What has to wait can be excused by a waiver in the default branch's `.github/policy-bot.yml`; `mode:"
    " evaluate` there shows findings without blocking, for all policies or for one."
)
"""Said once, in the check: a comment is about its finding."""


def title(judgement: Judgement, told: Ratcheted) -> str:
    """At most 60 characters that say it all."""
    return markdown.short(_title(judgement, told), TITLE_LIMIT)


def _title(judgement: Judgement, told: Ratcheted) -> str:
    unseen = problems(judgement)
    if unseen:
        return _cannot_read([hidden.span.path for hidden in unseen])
    unread = [f.span.path for f in told.new if f.policy in UNREAD and f.gates]
    if unread:
        return _cannot_read(list(dict.fromkeys(unread)))
    if not judgement.projects and not told.new:
        return NOTHING
    counts = tally(f for f in told.new if f.excuse is None)
    where = count(len(judgement.projects), "project")
    if counts:
        failing = [f for f in told.new if f.severity == "error" and f.verdict == "fail" and not f.excuse]
        enforced = not failing or any(f.gates for f in told.new)
        return f"{counts} in {where}" + ("" if enforced else ", not enforced")
    return (
        f"Nothing to mend ({count(len(told.old), 'older finding')})"
        if told.old
        else f"No findings in {where}"
    )


def _cannot_read(paths: Sequence[str]) -> str:
    if paths[0] == ".":
        return "Cannot see the whole repository"
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"Cannot read {markdown.visible(_tail(paths[0]))}{more}"


def _tail(path: str) -> str:
    """The end of a long path: the file's name is what is recognised."""
    return path if len(path) <= 36 else "…" + path[-35:]


def problems(judgement: Judgement) -> list[Hidden]:
    """What could not be seen and is no finding: it keeps the check from passing."""
    return list(dict.fromkeys(judgement.problems))


def tally(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning, 1 cannot tell`; empty for none."""
    listed = list(findings)
    sure = [f for f in listed if f.verdict == "fail"]
    parts = [(sum(f.severity == word for f in sure), word) for word in ("error", "warning", "notice")]
    unsure = len(listed) - len(sure)
    words = [count(n, word) for n, word in parts if n] + ([f"{unsure} cannot tell"] if unsure else [])
    return ", ".join(words)


def count(n: int, word: str) -> str:
    """`1 project`, `2 projects`."""
    return f"{n} {word}{'' if n == 1 else 's'}"


def summary(judgement: Judgement, told: Ratcheted, notes: Sequence[str] = (), basis: str = "") -> str:
    """The summary, cut to GitHub's limit. `basis` says at the end what was judged."""
    active = [f for f in told.new if f.excuse is None]
    excused = [f for f in (*told.new, *told.old) if f.excuse is not None]
    sections = [
        *(markdown.message(note) for note in notes),
        _unseen(problems(judgement)),
        _table(judgement.projects, told),
        _section("Must be mended", (f for f in active if f.gates), _line),
        WAIVING if any(f.gates for f in active) else "",
        _section("Worth a look", (f for f in active if not f.gates and f.verdict == "fail"), _line),
        _section("Cannot tell", (f for f in active if not f.gates and f.verdict == "unknown"), _line),
        _section("Excused", excused, _excused),
        _section("There before this change", (f for f in told.old if f.excuse is None), _line),
        markdown.message(basis),
    ]
    whole = "\n\n".join(section for section in sections if section)
    return markdown.cut(whole or f"{NOTHING}.", markdown.SUMMARY_LIMIT)


def _unseen(unseen: Sequence[Hidden]) -> str:
    """What was not seen, first of all: nothing else in the summary is worth more."""
    if not unseen:
        return ""
    lines = [
        f"- {markdown.code(str(hidden.span))}: {markdown.message(str(hidden.reason))}" for hidden in unseen
    ]
    return "### Not seen\n\nWhat cannot be read cannot pass.\n\n" + "\n".join(lines)


def _table(projects: Sequence[Project], told: Ratcheted) -> str:
    """One row for each project and stage."""
    if not projects:
        return ""
    rows = [row for project in projects for row in _rows(project, told)]
    return "\n".join(["| Project | SST | Stage | Result |", "|---|---|---|---|", *rows])


def _rows(project: Project, told: Ratcheted) -> list[str]:
    named = f"{markdown.cell(markdown.code(project.path))} | {markdown.text(str(project.version))}"
    if project.unreadable:
        return [f"| {named} | all | not read |"]
    rows = []
    for deployment in project.contexts:
        stage = str(deployment.context)
        here = [f for f in told.new if f.project == project.path and stage in f.contexts and not f.excuse]
        rows.append(f"| {named} | {markdown.cell(markdown.code(stage))} | {tally(here) or 'passes'} |")
    return rows


def _section(name: str, findings: Iterable[Finding], line: Callable[[Finding], str]) -> str:
    order = {"error": 0, "warning": 1, "notice": 2}
    listed = sorted(findings, key=lambda f: (order[f.severity], f.span, f.policy, f.fingerprint))
    return f"### {name}\n\n" + "\n".join(line(f) for f in listed) if listed else ""


def _line(finding: Finding) -> str:
    return (
        f"- {comment.place(finding)} **{comment.heading(finding)}** {comment.policy(finding)}: "
        f"{markdown.message(comment.said(finding))} ({comment.stages(finding)})"
    )


def _excused(finding: Finding) -> str:
    excuse = finding.excuse
    if excuse is None:
        return _line(finding)
    until = f" until {markdown.text(excuse.expires)}" if excuse.expires else ""
    return (
        f"- {comment.place(finding)} {comment.policy(finding)}: {markdown.text(excuse.reason)}{until}, "
        f"by {markdown.text(excuse.approved_by)} ({markdown.text(excuse.source)})"
    )
