"""`check --format sarif`: SARIF 2.1.0, for code scanning services and editors.

Written by hand, since the available Python models have no fixes, suppressions or column kind. Fields follow
https://docs.oasis-open.org/sarif/sarif/v2.1.0/.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from policy_bot import HOMEPAGE, __version__
from policy_bot.cli.output.places import ShownPlace
from policy_bot.cli.report import Report
from policy_bot.policy import builtin
from policy_bot.policy.causes import Cause, by_cause
from policy_bot.policy.finding import Edit, Excuse, Finding, Fix
from policy_bot.policy.pages import page, purpose
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import Notice

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
PAGES = f"{HOMEPAGE}/blob/main/docs/policies"
"""Web address of the built-in policies' pages."""

MOST_LINKS = 100
"""Maximum number of other places of a cause that a message links to."""
LEVELS = {"error": "error", "warning": "warning", "notice": "note"}


def render(report: Report) -> str:
    """One SARIF log with one run."""
    findings = report.findings
    unread = [finding for finding in report.unread() if report.fails(finding)]
    rules = _rules(report, list({finding.policy: finding for finding in findings}.values()))
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    results = [_result(report, cause, numbers[cause.first.policy]) for cause in by_cause(findings)]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "policy-bot", "semanticVersion": __version__, "rules": rules}},
        "automationDetails": {"id": "policy-bot/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "invocations": [
            {
                "executionSuccessful": not unread,
                "toolExecutionNotifications": [_notification(report, finding) for finding in unread],
                "toolConfigurationNotifications": [_notice(notice) for notice in report.notices],
            }
        ],
    }
    if report.judgement.fixes_not_tried:
        run["properties"] = {"fixesNotTried": report.judgement.fixes_not_tried}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _rules(report: Report, findings: list[Finding]) -> list[dict[str, Any]]:
    """A rule for each policy, with its page, which an alert shows."""
    policies = {policy.id: policy for policy in report.judge.policies}
    return [
        {
            "id": finding.policy,
            "name": _name(finding.policy),
            "shortDescription": {"text": finding.title},
            "defaultConfiguration": {"level": LEVELS[finding.severity]},
            **(_described(policies[finding.policy]) if finding.policy in policies else {}),
        }
        for finding in findings
    ]


def _described(policy: Policy) -> dict[str, Any]:
    text = page(policy)
    is_built_in = any(policy is known for known in builtin.load())
    return {
        **({"helpUri": f"{PAGES}/{policy.id}.md"} if is_built_in else {}),
        "fullDescription": {"text": purpose(policy) or policy.title},
        "help": {"text": text, "markdown": text},
        "properties": {"precision": policy.confidence, "tags": ["sst", policy.id.partition("/")[0]]},
    }


def _result(report: Report, cause: Cause, rule: int) -> dict[str, Any]:
    """One result for a cause at its first place; the others are related locations, linked in the message."""
    finding = cause.first
    contexts = f" ({', '.join(finding.contexts)})" if finding.contexts else ""
    standing = report.standing(finding)
    result: dict[str, Any] = {
        "ruleId": finding.policy,
        "ruleIndex": rule,
        # unknown findings are notes of kind "fail": SARIF allows no level for "review", which viewers then
        # hide
        "kind": "fail",
        "level": LEVELS[report.level(finding)],
        "message": _message(finding.message + contexts + (f" {standing}" if standing else "") + _also(cause)),
        "locations": [{"physicalLocation": _location(report.places.place(finding.span))}],
        "partialFingerprints": {
            "policyBot/v1": finding.fingerprint,
            "primaryLocationLineHash": _line_hash(report, finding),
        },
        "properties": {"verdict": finding.verdict},
    }
    if cause.others:
        result["relatedLocations"] = [
            {"id": number, "physicalLocation": _location(report.places.place(other.span))}
            for number, other in enumerate(cause.others, 1)
        ]
    fixes = [fix for each in cause.findings for fix in each.fixes]
    if fixes:
        result["fixes"] = [_fix(report, fix) for fix in fixes]
    if finding.excuse is not None:
        result["suppressions"] = [_suppression(finding.excuse, standing)]
    return result


def _also(cause: Cause) -> str:
    """Links to the related locations (SARIF 2.1.0, 3.11.6)."""
    if not cause.others:
        return ""
    links = [f"[{_linked(other)}]({number})" for number, other in enumerate(cause.others[:MOST_LINKS], 1)]
    left = len(cause.others) - len(links)
    return f" The same holds for {len(cause.others)} more: {', '.join(links)}" + (
        f" and {left} more." if left else "."
    )


def _linked(finding: Finding) -> str:
    """A name as link text, which may not contain brackets."""
    name = finding.names[0] if finding.names and finding.names[0] else ""
    text = name or f"{finding.span.path}:{finding.span.line}"
    return "".join("()"["[]".index(c)] if c in "[]" else c for c in text.replace("\\", "/"))


def _suppression(excuse: Excuse, standing: str) -> dict[str, str]:
    """A comment is `inSource`, a waiver `external`, in SARIF's terms."""
    return {"kind": "inSource" if excuse.inline else "external", "justification": standing}


def _message(text: str) -> dict[str, str]:
    """Plain text, and Markdown if the message has code in it."""
    return {"text": text.replace("`", ""), "markdown": text} if "`" in text else {"text": text}


def _name(policy: str) -> str:
    """`timeout/too-short` as `TimeoutTooShort`, SARIF's form of a rule name."""
    return "".join(part.capitalize() for part in policy.replace("/", "-").split("-"))


def _line_hash(report: Report, finding: Finding) -> str:
    """Hash of the line's text, by which code scanning recognises an alert whose line moved."""
    import hashlib

    line = report.places.line(finding.span.path, finding.span.line).strip()
    number = finding.fingerprint.partition("#")[2] or "1"
    return f"{hashlib.sha256(line.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}:{number}"


def _location(place: ShownPlace) -> dict[str, Any]:
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


def _notification(report: Report, finding: Finding) -> dict[str, Any]:
    """A problem that makes the run unsuccessful."""
    place = report.places.place(finding.span)
    text = {"text": finding.message.replace("`", "")}
    return {"level": "error", "message": text, "locations": [{"physicalLocation": _location(place)}]}


def _notice(notice: Notice) -> dict[str, Any]:
    """A notice about settings. For a file of the organisation, only the message names the place."""
    source = notice.source
    if source.layer != "repository":
        return {"level": notice.level, "message": {"text": str(notice)}}
    location = {
        "artifactLocation": {"uri": quote(source.path)},
        "region": {"startLine": source.line, "startColumn": source.column},
    }
    return {
        "level": notice.level,
        "message": {"text": notice.message},
        "locations": [{"physicalLocation": location}],
    }
