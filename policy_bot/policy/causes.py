"""Groups findings by cause: what is fixed in one go is shown once, with the other places listed.

    `GET /a` waits 30 seconds  routes.ts:4   |  `GET /a` waits 30 seconds, the same holds for `GET /b`
    `GET /b` waits 30 seconds  routes.ts:9   |  `GET /c` waits 60 seconds
    `GET /c` waits 60 seconds  routes.ts:14  |

Findings stay apart for the comparison with the base, for waivers and for fixes; only what is shown is
grouped.
"""

from __future__ import annotations

from collections.abc import Iterable

from policy_bot.policy.finding import Finding
from policy_bot.policy.findings import also_holds
from policy_bot.record import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """Findings of one policy that report the same about different subjects or places."""

    first: Finding
    others: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in their order."""
        return (self.first, *self.others)


def by_cause(findings: Iterable[Finding]) -> list[Cause]:
    """Groups findings by cause, in the order of their first findings."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(_cause(finding), []).append(finding)
    return [Cause(first, tuple(others)) for first, *others in groups.values()]


def own_message(finding: Finding) -> str:
    """The message without the names of further subjects at the same place."""
    return finding.message.removesuffix(also_holds(finding.names[1:]))


def _cause(finding: Finding) -> tuple[object, ...]:
    message = own_message(finding)
    for name in finding.names[:1]:
        message = message.replace(f"`{name}`", "``")
    excuse = finding.excuse
    return (
        finding.project,
        finding.policy,
        finding.verdict,
        finding.severity,
        finding.gates,
        finding.trial,
        excuse and (excuse.source, excuse.reason, excuse.expires),
        finding.evidence.expression,
        finding.contexts,
        message,
    )
