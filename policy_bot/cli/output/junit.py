"""`check --format junit`: a suite for each project and a case for each finding, for CI servers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from policy_bot.cli.output.style import safe
from policy_bot.cli.report import Report
from policy_bot.policy.finding import Finding
from policy_bot.policy.problems import POLICIES as UNREAD
from policy_bot.policy.settings import Notice
from policy_bot.record import NamedTuple
from policy_bot.sst.span import Span


class _Case(NamedTuple):
    """A test case. Its name has no line number, so that its history continues if lines move."""

    group: str
    name: str
    outcome: str = "passed"  # or `failure`, `error`, `skipped`
    body: str = ""
    span: Span | None = None


def render(report: Report) -> str:
    """One XML document. A finding that does not fail, such as an unknown one, is a skipped case."""
    suites = [(name, list(_counted(cases))) for name, cases in _suites(report)]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="policy-bot" {_totals([case for _, cases in suites for case in cases])}>')
    for name, cases in suites:
        lines.append(f"  <testsuite name={_attribute(name)} {_totals(cases)}>")
        lines += [line for case in cases for line in _lines(case)]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"])


def _suites(report: Report) -> Iterator[tuple[str, list[_Case]]]:
    for project, findings in report.by_project():
        cases = [_finding(report, finding) for finding in findings]
        yield project.path, cases or [_Case(project.path, "all policies")]
    for config, pattern, source in report.ignored:
        yield config, [_skipped("policy-bot", "all policies", f"ignored by `{pattern}` of {source}")]
    others = report.of_no_project()
    if others:
        yield "of no project", [_finding(report, finding) for finding in others]
    elif not report.judgement.projects and not report.ignored:
        # some readers reject a report without cases
        yield "policy-bot", [_skipped("policy-bot", "all policies", "there is no SST project")]
    if report.notices:
        yield "settings", [_notice(notice) for notice in report.notices]


def _finding(report: Report, finding: Finding) -> _Case:
    standing = report.standing(finding)
    text = f"{finding.message} ({', '.join(finding.contexts)})" + (f" {standing}" if standing else "")
    name = f"{finding.subject} in {finding.project}"
    if report.fails(finding) and finding.policy in UNREAD:
        body = f"<error message={_attribute(f'{text} ({finding.span})')}/>"
        return _Case(finding.policy, name, "error", body, finding.span)
    if report.fails(finding):
        opening = f'<failure type="{finding.severity}" message={_attribute(finding.title)}>'
        return _Case(finding.policy, name, "failure", f"{opening}{_text(text)}</failure>", finding.span)
    if finding.verdict == "unknown" or standing:
        return _skipped(finding.policy, name, text, finding.span)
    body = f"<system-out>{_text(f'{finding.severity}: {text}')}</system-out>"
    return _Case(finding.policy, name, "passed", body, finding.span)


def _notice(notice: Notice) -> _Case:
    return _skipped("settings", notice.source.path, f"{notice.level}: {notice}")


def _skipped(group: str, name: str, why: str, span: Span | None = None) -> _Case:
    return _Case(group, name, "skipped", f"<skipped message={_attribute(why)}/>", span)


def _counted(cases: Iterable[_Case]) -> Iterator[_Case]:
    """The cases of a suite, with numbers added to equal names."""
    seen: Counter[tuple[str, str]] = Counter()
    for case in cases:
        seen[case.group, case.name] += 1
        number = seen[case.group, case.name]
        yield case._replace(name=f"{case.name} #{number}") if number > 1 else case


def _totals(cases: list[_Case]) -> str:
    found = Counter(case.outcome for case in cases)
    figures = {"failures": found["failure"], "errors": found["error"], "skipped": found["skipped"]}
    return " ".join(f'{name}="{number}"' for name, number in {"tests": len(cases), **figures}.items())


def _lines(case: _Case) -> Iterator[str]:
    place = f' file={_attribute(case.span.path)} line="{case.span.line}"' if case.span else ""
    opening = f"    <testcase classname={_attribute(case.group)} name={_attribute(case.name)}{place}"
    if not case.body:
        yield f"{opening}/>"
        return
    yield f"{opening}>"
    yield f"      {case.body}"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(safe(text))


def _text(text: str) -> str:
    return escape(safe(text))
