"""`check --format github`: workflow commands, which GitHub Actions shows on the lines of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.cli.output.style import safe
from policy_bot.cli.report import Report
from policy_bot.policy.finding import Finding
from policy_bot.policy.settings import Notice


def render(report: Report) -> str:
    """A line for each finding, and one with the totals."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    for finding in report.findings:
        yield _finding(report, finding)
    for notice in report.notices:
        yield _notice(notice)
    counts = report.counts()
    figures = f"{counts['failing']} failing of {len(report.findings)}"
    ignored = f"; projects ignored: {len(report.ignored)}" if report.ignored else ""
    unread = f"; could not be read: {counts['problems']}" if counts["problems"] else ""
    yield f"policy-bot: findings: {figures}{unread}{ignored}"


def _notice(notice: Notice) -> str:
    """A notice about settings. A file of the organisation has no line here; its message names the place."""
    source = notice.source
    if source.layer != "repository":
        return _command(notice.level, str(notice), title="policy-bot settings")
    at: dict[str, str | int] = {"file": source.path, "line": source.line}
    return _command(notice.level, notice.message, **at, title="policy-bot settings")


def _finding(report: Report, finding: Finding) -> str:
    place = report.places.place(finding.span)
    columns: dict[str, str | int] = {}
    if place.line == place.end_line:  # columns are allowed only if both are on one line
        columns = {"col": place.column, "endColumn": place.end_column}
    contexts = f" ({', '.join(finding.contexts)})" if finding.contexts else ""
    standing = report.standing(finding)
    return _command(
        report.level(finding),
        finding.message + contexts + (f"\n{standing}" if standing else ""),
        file=place.file,
        line=place.line,
        endLine=place.end_line,
        title=finding.policy,
        **columns,
    )


def _command(level: str, message: str, **properties: str | int) -> str:
    pairs = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {pairs}::{_data(message)}"


def _data(text: str) -> str:
    """Escapes a message: keeps its line breaks; nothing in it can end the command or control a terminal."""
    lines = (safe(line) for line in text.splitlines())
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(value: str | int) -> str:
    return _data(str(value)).replace(":", "%3A").replace(",", "%2C")
