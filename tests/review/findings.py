"""Findings for tests of what is shown."""

from __future__ import annotations

from policy_bot.policy.finding import Evidence, Fact, Finding, Severity
from policy_bot.sst.deployment import Step
from policy_bot.sst.span import Span


def finding(name: str = "Chat", line: int = 1, severity: Severity = "error", **more: object) -> Finding:
    """A finding that a function times out too early."""
    span = Span("sst.config.ts", line, 1, line, 10, 0, 9)
    evidence = Evidence("3.17.0", "timeout >= 300", (Fact("timeout", "60", (Step("literal", span),)),))
    values: dict[str, object] = {
        "policy": "timeout/too-short",
        "title": "Streams, but stops too early",
        "severity": severity,
        "verdict": "fail",
        "project": "sst.config.ts",
        "subject": f"function {name}",
        "span": span,
        "message": f"`{name}` streams and stops after 60 seconds.",
        "contexts": ("production",),
        "fingerprint": f"timeout/too-short {name}",
        "evidence": evidence,
        "gates": severity == "error",
    }
    return Finding(**(values | more))  # type: ignore[arg-type]
