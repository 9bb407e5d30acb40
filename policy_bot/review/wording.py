"""Puts names, values, days and steps of a derivation into words, with units."""

from __future__ import annotations

from datetime import date

from policy_bot.policy.fact_names import called
from policy_bot.policy.finding import Finding

_SECONDS = frozenset(
    {
        "timeout",
        "server_timeout",
        "visibility_timeout",
        "function_timeout",
        "advised_visibility",
        "read_timeout",
        "durable_seconds",
        "schedule_seconds",
        "batch_window",
        "max_duration",
        "gateway_limit",
        "limit",
        "silence",
    }
)
_MEGABYTES = frozenset({"memory"})
_PLAIN = {'""': "not set", "": "not set", "true": "yes", "false": "no", "unknown": "unknown"}
_MINUTE = 60


def fact(name: str, value: str) -> str:
    """`timeout: 1200 seconds (20 minutes)`."""
    return f"{called(name)}: {quantity(name, value)}"


def quantity(name: str, value: str) -> str:
    """A fact's value as text, with its unit."""
    if name in _SECONDS and value == "-1":
        return "none"
    if name in _SECONDS and value.isdecimal():
        return seconds(int(value))
    if name in _MEGABYTES and value.isdecimal():
        return f"{value} MB"
    return _PLAIN.get(value, f"`{value}`")


def seconds(number: int) -> str:
    """`1 second`, `90 seconds`, `1200 seconds (20 minutes)`."""
    said = f"{number} second{'' if number == 1 else 's'}"
    if number < 2 * _MINUTE or number % _MINUTE:
        return said
    return f"{said} ({number // _MINUTE} minutes)"


def step(note: str) -> str:
    """One step of a derivation."""
    return {"literal": "written", "spread": "spread into it", "this file": "in"}.get(note, note)


def day(iso: str) -> str:
    """`1 March 2027`; text that is not a day stays as it is."""
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{found.day} {found:%B %Y}"


def not_enforced(finding: Finding) -> str:
    """`not enforced until 1 March 2027`; "" if it is enforced, or would not gate anyway."""
    if not finding.trial or finding.severity != "error" or finding.excuse is not None:
        return ""
    return "not enforced" if finding.trial == "evaluate" else f"not enforced until {day(finding.trial)}"
