"""`check --format gitlab`: a Code Quality report, which GitLab shows in the merge request.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from policy_bot.cli.report import Report
from policy_bot.policy.finding import Finding

_SEVERITIES = {"error": "major", "warning": "minor", "notice": "info"}


def render(report: Report) -> str:
    """A list of issues. Excused findings are left out, since GitLab has no suppressions."""
    issues = [_finding(report, finding) for finding in report.findings if finding.excuse is None]
    return json.dumps(issues, indent=1)


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    place = report.places.place(finding.span)
    contexts = f" ({', '.join(finding.contexts)})" if finding.contexts else ""
    severity = "info" if finding.verdict == "unknown" else _SEVERITIES[report.level(finding)]
    return {
        "check_name": finding.policy,
        "description": f"{finding.message}{contexts}",
        "fingerprint": _digest(finding.fingerprint),
        "severity": "blocker" if report.fails(finding) else severity,
        "location": {"path": place.file, "lines": {"begin": place.line, "end": place.end_line}},
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
