"""`check --format rdjson`: the format of reviewdog, with fixes.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

import json
from typing import Any

from policy_bot.cli.output.places import Places, ShownPlace
from policy_bot.cli.report import Report
from policy_bot.policy.finding import Edit, Finding
from policy_bot.sst.span import Span

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "notice": "INFO"}


def render(report: Report) -> str:
    """One DiagnosticResult. Columns count bytes from 1, as in reviewdog."""
    diagnostics = [_finding(report, finding) for finding in report.findings if finding.excuse is None]
    return json.dumps({"source": {"name": "policy-bot"}, "diagnostics": diagnostics}, indent=1)


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    contexts = f" ({', '.join(finding.contexts)})" if finding.contexts else ""
    standing = report.standing(finding)
    found: dict[str, Any] = {
        "message": finding.message + contexts + (f"\n{standing}" if standing else ""),
        "location": _location(finding.span),
        "severity": _SEVERITIES[report.level(finding)],
        "code": {"value": finding.policy},
    }
    own = [fix for fix in finding.fixes if all(edit.path == finding.span.path for edit in fix.edits)]
    if own:  # a reviewdog suggestion applies to its diagnostic's file only
        found["suggestions"] = [_suggestion(report.places, edit) for edit in own[0].edits]
    return found


def _location(span: Span) -> dict[str, Any]:
    return {"path": span.path, "range": _range(ShownPlace(*span[:5]))}


def _suggestion(places: Places, edit: Edit) -> dict[str, Any]:
    lines = places.lines(edit.path)
    return {
        "range": {"start": _position(lines, edit.start), "end": _position(lines, edit.end)},
        "text": edit.text,
    }


def _range(place: ShownPlace) -> dict[str, Any]:
    return {
        "start": {"line": place.line, "column": place.column},
        "end": {"line": place.end_line, "column": place.end_column},
    }


def _position(lines: list[bytes], offset: int) -> dict[str, int]:
    """Line and column (bytes, from 1) of an offset into a file."""
    for number, line in enumerate(lines, 1):
        if offset <= len(line):
            return {"line": number, "column": offset + 1}
        offset -= len(line) + 1
    return {"line": len(lines), "column": len(lines[-1]) + 1}
