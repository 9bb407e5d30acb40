"""`check --format junit`: a suite for each project, a case for each finding, as CI servers read it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from policy_bot.cli.output.style import safe
from policy_bot.cli.report import Report
from policy_bot.policy.finding import Finding
from policy_bot.policy.settings import Notice
from policy_bot.sst.deployment import Hidden, Project

_HEAD = 2


def render(report: Report) -> str:
    """One XML document. What neither passed nor fails (a cannot-tell, say) is a skipped case."""
    counts = report.counts()
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(
        f'<testsuites name="policy-bot" failures="{counts["failing"]}" errors="{counts["problems"]}">'
    )
    for project, findings in report.by_project():
        lines.extend(_suite(report, project, findings))
    for config in report.ignored:
        pattern, source = report.ignoring(config)
        lines.extend(_left_out(config, f"ignored by `{pattern}` of {source}"))
    if len(lines) == _HEAD:  # some readers take a report without any case for a broken one
        lines.extend(_left_out("policy-bot", "there is no SST project"))
    if report.judgement.problems:
        lines.extend(_problems(report.judgement.problems))
    if report.notices:
        lines.extend(_notices(report.notices))
    return "\n".join([*lines, "</testsuites>"])


def _suite(report: Report, project: Project, findings: list[Finding]) -> Iterator[str]:
    failures = sum(report.fails(finding) for finding in findings)
    skipped = sum(_skipped(report, finding) for finding in findings)
    yield (
        f'  <testsuite name={_attribute(project.path)} tests="{len(findings) or 1}"'
        f' failures="{failures}" errors="0" skipped="{skipped}">'
    )
    if not findings:
        yield f'    <testcase classname={_attribute(project.path)} name="all policies"/>'
    for finding in findings:
        yield from _case(report, finding)
    yield "  </testsuite>"


def _left_out(name: str, why: str) -> Iterator[str]:
    yield f'  <testsuite name={_attribute(name)} tests="1" failures="0" errors="0" skipped="1">'
    yield f'    <testcase classname={_attribute(name)} name="all policies">'
    yield f"      <skipped message={_attribute(why)}/>"
    yield "    </testcase>"
    yield "  </testsuite>"


def _case(report: Report, finding: Finding) -> Iterator[str]:
    path, line = finding.span.path, finding.span.line
    name = _attribute(f"{finding.subject} at {path}:{line}")
    yield (
        f"    <testcase classname={_attribute(finding.policy)} name={name}"
        f' file={_attribute(path)} line="{line}">'
    )
    standing = report.standing(finding)
    text = f"{finding.message} ({', '.join(finding.contexts)})" + (f" {standing}" if standing else "")
    if report.fails(finding):
        opening = f'<failure type="{finding.severity}" message={_attribute(finding.title)}>'
        yield f"      {opening}{_text(text)}</failure>"
    elif _skipped(report, finding):
        yield f"      <skipped message={_attribute(text)}/>"
    else:
        yield f"      <system-out>{_text(f'{finding.severity}: {text}')}</system-out>"
    yield "    </testcase>"


def _skipped(report: Report, finding: Finding) -> bool:
    """What must not look passed and does not fail: what could not be told, is excused or not enforced."""
    weightless = finding.verdict == "unknown" or bool(report.standing(finding))
    return weightless and not report.fails(finding)


def _problems(problems: tuple[Hidden, ...]) -> Iterator[str]:
    number = len(problems)
    yield f'  <testsuite name="could not be judged" tests="{number}" failures="0" errors="{number}">'
    for problem in problems:
        yield f'    <testcase classname="policy-bot" name={_attribute(str(problem.span))}>'
        yield f"      <error message={_attribute(problem.reason)}/>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _notices(notices: tuple[Notice, ...]) -> Iterator[str]:
    number = len(notices)
    yield f'  <testsuite name="settings" tests="{number}" failures="0" errors="0" skipped="{number}">'
    for notice in notices:
        yield f'    <testcase classname="settings" name={_attribute(notice.source.path)}>'
        yield f"      <skipped message={_attribute(f'{notice.level}: {notice}')}/>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _attribute(text: str) -> str:
    return quoteattr(safe(text))


def _text(text: str) -> str:
    return escape(safe(text))
