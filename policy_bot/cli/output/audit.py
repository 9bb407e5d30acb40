"""`audit` for programs: JSON, CSV for spreadsheets, SARIF for code scanning."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import quote

from policy_bot import __version__
from policy_bot.cli.output.sarif import LEVELS, SCHEMA
from policy_bot.service.audit import AuditedRepository
from policy_bot.service.spreadsheet import cell
from policy_bot.service.store.audits import AuditedFinding

COLUMNS = (
    "repository",
    "project",
    "policy",
    "verdict",
    "severity",
    "gates",
    "age_days",
    "since",
    "place",
    "message",
)


def as_json(organisation: str, seen: Sequence[AuditedRepository], today: date) -> str:
    """`policy-bot.audit/1`: a list of repositories and a list of findings."""
    data = {
        "schema": "policy-bot.audit/1",
        "organisation": organisation,
        "day": str(today),
        "repositories": [
            {
                "name": each.name,
                "state": _state(each),
                "head": each.audited.head if each.audited else "",
                "projects": list(each.audited.projects) if each.audited else [],
                "problems": list(each.audited.problems) if each.audited else [],
                "notices": list(each.audited.notices) if each.audited else [],
            }
            for each in seen
        ],
        "findings": [
            {"repository": name, "age_days": _age(found, today), **asdict(found)}
            for name, found in _findings(seen)
        ],
        "summary": _counts(seen),
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def as_csv(organisation: str, seen: Sequence[AuditedRepository], today: date) -> str:
    """One line for each finding."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for name, found in _findings(seen):
        row: Mapping[str, object] = {
            "repository": name,
            "project": found.project,
            "policy": found.policy,
            "verdict": _verdict(found),
            "severity": found.severity,
            "gates": found.gates,
            "age_days": _age(found, today),
            "since": found.since,
            "place": f"{found.path}:{found.line}:{found.column}",
            "message": found.message,
        }
        writer.writerow({key: cell(value) for key, value in row.items()})
    return out.getvalue()


def sarif(organisation: str, seen: Sequence[AuditedRepository], today: date) -> str:
    """SARIF 2.1.0, with a run for each repository, since paths are relative to it."""
    runs = [_run(each.name, each.audited.findings) for each in seen if each.audited and each.audited.findings]
    return (
        json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": runs}, ensure_ascii=False, indent=1) + "\n"
    )


RENDER: Mapping[str, Callable[[str, Sequence[AuditedRepository], date], str]] = {
    "json": as_json,
    "csv": as_csv,
    "sarif": sarif,
}


def _findings(seen: Sequence[AuditedRepository]) -> Iterator[tuple[str, AuditedFinding]]:
    for each in seen:
        for found in each.audited.findings if each.audited else ():
            yield each.name, found


def _verdict(found: AuditedFinding) -> str:
    if found.excused:
        return "excused"
    return (
        "cannot tell"
        if found.verdict == "unknown"
        else found.severity
        if found.gates
        else f"({found.severity})"
    )


def _age(found: AuditedFinding, today: date) -> int:
    return (today - date.fromisoformat(found.since)).days


def _state(seen: AuditedRepository) -> str:
    if seen.audited is None:
        return "left out"
    return "judged" if seen.audited.has_sst else "no SST"


def _counts(seen: Sequence[AuditedRepository]) -> dict[str, Any]:
    found = [finding for _, finding in _findings(seen)]
    return {
        "repositories": len(seen),
        "with_sst": sum(_state(each) == "judged" for each in seen),
        "left_out": sum(each.audited is None for each in seen),
        "looked_at_now": sum(each.asked for each in seen),
        "findings": len(found),
        "would_gate": sum(each.gates for each in found),
    }


def _run(repository: str, findings: Sequence[AuditedFinding]) -> dict[str, Any]:
    rules = list({found.policy: found for found in findings}.values())
    numbers = {rule.policy: number for number, rule in enumerate(rules)}
    return {
        "automationDetails": {"id": f"policy-bot/{quote(repository)}/"},
        "tool": {
            "driver": {
                "name": "policy-bot",
                "semanticVersion": __version__,
                "rules": [{"id": rule.policy, "shortDescription": {"text": rule.title}} for rule in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, numbers[found.policy]) for found in findings],
    }


def _result(found: AuditedFinding, rule: int) -> dict[str, Any]:
    region = {"startLine": found.line, "startColumn": found.column}
    result: dict[str, Any] = {
        "ruleId": found.policy,
        "ruleIndex": rule,
        "kind": "fail" if found.verdict == "fail" else "review",
        "level": LEVELS[found.severity] if found.verdict == "fail" else "none",
        "message": {"text": found.message},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": quote(found.path)}, "region": region}}
        ],
        "partialFingerprints": {"policyBot/v1": found.fingerprint},
    }
    if found.excused:
        result["suppressions"] = [{"kind": "external", "justification": found.excused}]
    return result
