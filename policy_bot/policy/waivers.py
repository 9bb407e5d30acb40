"""Applies waivers: which findings they excuse, when they end, and whether they still excuse anything.

A waiver is limited to its policy, repository, place and subject. The day comes with the settings, never from
a clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_bot.policy.finding import Excuse, Finding
from policy_bot.policy.selection import matches, text_matches
from policy_bot.policy.settings import Notice, Settings, Waiver

WARN_DAYS = 14
"""How many days before its end the check warns of a waiver."""


def excuse(finding: Finding, settings: Settings) -> Excuse | None:
    """The excuse for the finding today, or None. Of several waivers, the one that lasts longest."""
    fitting = [
        waiver for waiver in settings.waivers if _covers(waiver, finding) and _in_force(waiver, settings)
    ]
    if not fitting:
        return None
    longest = max(fitting, key=lambda waiver: waiver.expires)
    return Excuse(longest.reason, longest.expires.isoformat(), longest.approved_by, str(longest.source))


def ending(settings: Settings) -> tuple[Notice, ...]:
    """Reports waivers that have ended or end soon."""
    return tuple(notice for waiver in settings.waivers for notice in _about_its_end(waiver, settings))


def idle(settings: Settings, findings: Sequence[Finding]) -> tuple[Notice, ...]:
    """Reports waivers in force that excuse none of these findings, which must be all of the repository."""
    return tuple(
        Notice(
            f"the waiver of `{waiver.policy}` at `{waiver.path}` excuses nothing: remove it", waiver.source
        )
        for waiver in settings.waivers
        if _in_force(waiver, settings) and not any(_covers(waiver, finding) for finding in findings)
    )


def _about_its_end(waiver: Waiver, settings: Settings) -> Iterable[Notice]:
    if settings.today is None:
        return
    days = waiver.days_left(settings.today)
    if days < 0:
        ended = f"the waiver of `{waiver.policy}` ended on {waiver.expires} and no longer excuses anything"
        yield Notice(f"{ended}: fix the finding, or have a new date approved", waiver.source, "error")
    elif days <= WARN_DAYS:
        when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
        ends = f"the waiver of `{waiver.policy}` at `{waiver.path}` ends {when} ({waiver.expires})"
        yield Notice(ends, waiver.source)


def _in_force(waiver: Waiver, settings: Settings) -> bool:
    return settings.today is not None and waiver.days_left(settings.today) >= 0


def _covers(waiver: Waiver, finding: Finding) -> bool:
    return (
        waiver.policy == finding.policy
        and (not waiver.subject or _names(waiver.subject, finding))
        and (matches(waiver.path, finding.span.path) or matches(waiver.path, finding.project))
    )


def _names(subject: str, finding: Finding) -> bool:
    """Whether the subject covers all names of the finding: another one at the same place is not excused."""
    return bool(finding.names) and all(text_matches(subject, name) for name in finding.names)
