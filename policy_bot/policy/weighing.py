"""Determines the effect of a finding under the settings: whether it gates, and what excuses it.

The settings decide about a cannot-tell (`fail`, `neutral`, `pass`); a failure gates if its severity is error
and its policy is enforced today. An excused finding never gates and stays visible.
"""

from __future__ import annotations

from policy_bot.policy.finding import Finding
from policy_bot.policy.inline import NONE, Ignores
from policy_bot.policy.settings import Settings, UnknownWeight
from policy_bot.policy.waivers import excuse
from policy_bot.record import replace


def weigh(
    finding: Finding, settings: Settings, unknown: UnknownWeight = "neutral", ignores: Ignores = NONE
) -> Finding:
    """Sets `gates` and `excuse` of a finding; `unknown` is its policy's own effect of a cannot-tell.

    A waiver takes precedence over an ignore comment: it has an end and an approver.
    """
    excused = finding.excuse or excuse(finding, settings) or ignores.excuse(finding)
    gates = (
        excused is None
        and finding.severity == "error"
        and settings.mode_of(finding.policy) == "enforce"
        and (finding.verdict == "fail" or settings.unknown_of(finding.policy, unknown) == "fail")
    )
    return replace(finding, gates=gates, excuse=excused, trial=settings.trial_of(finding.policy))


def would_gate(finding: Finding, settings: Settings, unknown: UnknownWeight = "neutral") -> bool:
    """Whether evaluate mode alone keeps the finding from gating, which makes a check neutral rather than
    successful.
    """
    return (
        finding.excuse is None
        and finding.severity == "error"
        and settings.mode_of(finding.policy) == "evaluate"
        and (finding.verdict == "fail" or settings.unknown_of(finding.policy, unknown) == "fail")
    )
