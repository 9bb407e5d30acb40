"""`check --format sarif`: SARIF 2.1.0, as code scanning services and editors read it.

Written by hand: the Python models at hand know no fixes, no suppressions and no column kind, which are what
we have to say. Field by field after https://docs.oasis-open.org/sarif/sarif/v2.1.0/.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from policy_bot import __version__
from policy_bot.cli.output.places import Place
from policy_bot.cli.report import Report
from policy_bot.policy.finding import Edit, Finding, Fix
from policy_bot.policy.settings import Notice
from policy_bot.sst.deployment import Hidden

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "notice": "note"}


def render(report: Report) -> str:
    """One SARIF log with one run."""
    findings = report.findings
    rules = list({finding.policy: finding for finding in findings}.values())
    numbers = {rule.policy: number for number, rule in enumerate(rules)}
    run = {
        "tool": {"driver": _driver(rules)},
        "columnKind": "unicodeCodePoints",
        "results": [_result(report, finding, numbers[finding.policy]) for finding in findings],
        "invocations": [
            {
                "executionSuccessful": not report.judgement.problems,
                "toolExecutionNotifications": [_problem(problem) for problem in report.judgement.problems],
                "toolConfigurationNotifications": [_notice(notice) for notice in report.notices],
            }
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _driver(rules: list[Finding]) -> dict[str, Any]:
    return {
        "name": "policy-bot",
        "semanticVersion": __version__,
        "rules": [
            {
                "id": rule.policy,
                "shortDescription": {"text": rule.title},
                "defaultConfiguration": {"level": LEVELS[rule.severity]},
                **({"helpUri": rule.page} if rule.page.startswith("https://") else {}),
            }
            for rule in rules
        ],
    }


def _result(report: Report, finding: Finding, rule: int) -> dict[str, Any]:
    place = report.places.place(finding.span)
    contexts = f" ({', '.join(finding.contexts)})" if finding.contexts else ""
    standing = report.standing(finding)
    result: dict[str, Any] = {
        "ruleId": finding.policy,
        "ruleIndex": rule,
        # SARIF's words for "cannot tell" are kind "review" without a level of failure
        "kind": "fail" if finding.verdict == "fail" else "review",
        "level": LEVELS[report.level(finding)] if finding.verdict == "fail" else "none",
        "message": {"text": finding.message + contexts + (f" {standing}" if standing else "")},
        "locations": [{"physicalLocation": _location(place)}],
        "partialFingerprints": {"policyBot/v1": finding.fingerprint},
    }
    if finding.fixes:
        result["fixes"] = [_fix(report, fix) for fix in finding.fixes]
    if finding.excuse is not None:
        result["suppressions"] = [{"kind": "external", "justification": standing}]
    return result


def _location(place: Place) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": quote(place.file)},
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        },
    }


def _fix(report: Report, fix: Fix) -> dict[str, Any]:
    paths = dict.fromkeys(edit.path for edit in fix.edits)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": quote(path)},
                "replacements": [_replacement(report, edit) for edit in fix.edits if edit.path == path],
            }
            for path in paths
        ],
    }


def _replacement(report: Report, edit: Edit) -> dict[str, Any]:
    line, column = report.places.offset(edit.path, edit.start)
    end_line, end_column = report.places.offset(edit.path, edit.end)
    return {
        "deletedRegion": {
            "startLine": line,
            "startColumn": column,
            "endLine": end_line,
            "endColumn": end_column,
        },
        "insertedContent": {"text": edit.text},
    }


def _notice(notice: Notice) -> dict[str, Any]:
    location = {
        "artifactLocation": {"uri": quote(notice.source.path)},
        "region": {"startLine": notice.source.line, "startColumn": notice.source.column},
    }
    return {
        "level": notice.level,
        "message": {"text": notice.message},
        "locations": [{"physicalLocation": location}],
    }


def _problem(problem: Hidden) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": problem.reason},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(problem.span.path)},
                    "region": {"startLine": problem.span.line},
                }
            }
        ],
    }
