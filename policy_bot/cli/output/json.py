"""`check --format json`: the schema `policy-bot.check/1`."""

from __future__ import annotations

import json
from typing import Any

from policy_bot.cli.report import Ignored, Report
from policy_bot.policy.finding import Edit, Finding, Fix
from policy_bot.policy.settings import Notice

SCHEMA = "policy-bot.check/1"


def render(report: Report) -> str:
    """One JSON document. Lines and columns count from 1, columns in characters; edits in bytes, from 0."""
    document = {
        "schema": SCHEMA,
        "projects": [
            {
                "path": project.path,
                "sst": {"version": str(project.version), "evidence": project.version.evidence},
                "findings": [_finding(report, finding) for finding in findings],
            }
            for project, findings in report.by_project()
        ],
        "problems": [_finding(report, finding) for finding in report.unread()],
        "ignored": [_ignored(each) for each in report.ignored],
        "settings": [_notice(notice) for notice in report.notices],
        "summary": report.counts(),
    }
    return json.dumps(document, indent=1)


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    place = report.places.place(finding.span)
    found: dict[str, Any] = {
        "policy": finding.policy,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "fails": report.fails(finding),
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "message": finding.message,
        "contexts": list(finding.contexts),
        "subject": finding.subject,
        "fingerprint": finding.fingerprint,
    }
    if finding.fixes:
        found["fix"] = _fix(report, finding.fixes[0])
    if report.no_fix(finding):
        found["no_fix"] = {"reason": finding.no_fix, "message": report.no_fix(finding)}
    if finding.excuse is not None:
        excuse = finding.excuse
        found["excuse"] = {
            "kind": "inline" if excuse.inline else "waiver",
            "reason": excuse.reason,
            "expires": excuse.expires,
            "approved_by": excuse.approved_by,
            "source": excuse.source,
        }
    trial = report.trial(finding)
    if trial is not None:
        found["not_enforced"] = {"mode": str(trial.value), "source": str(trial.source)}
    return found


def _ignored(ignored: Ignored) -> dict[str, Any]:
    return {"path": ignored.path, "pattern": ignored.pattern, "source": str(ignored.source)}


def _notice(notice: Notice) -> dict[str, Any]:
    source = notice.source
    return {"level": notice.level, "file": source.path, "line": source.line, "message": notice.message}


def _fix(report: Report, fix: Fix) -> dict[str, Any]:
    return {"title": fix.title, "edits": [_edit(report, edit) for edit in fix.edits]}


def _edit(report: Report, edit: Edit) -> dict[str, Any]:
    line, column = report.places.offset(edit.path, edit.start)
    end_line, end_column = report.places.offset(edit.path, edit.end)
    return {
        "file": edit.path,
        "start": edit.start,
        "end": edit.end,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "text": edit.text,
    }
