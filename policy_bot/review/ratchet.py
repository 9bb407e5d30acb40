"""Separates new findings from those that the base already has, which are listed but neither gate nor get a
comment.

A finding is old if each base has the same one (policy, project, subject, value path, on any line) and it is
not worse there: not in more contexts, not for more subjects, and with the same values, or values that moved
towards what the policy requires. Each finding of a base accounts for one finding of the head.

    base: timeout of 60 s in production, of required 300 s
    head: 60 s in production              old
    head: 100 s in production             old
    head: 1 s in production               new
    head: 60 s in production and staging  new
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from policy_bot.policy.finding import Finding, FindingInstance
from policy_bot.record import dataclass, replace

_NUMBER = re.compile(r"#[0-9]{1,9}$")


@dataclass(frozen=True, slots=True)
class Ratcheted:
    """The findings of a head, separated into those that the change brings and old ones, which no longer
    gate.
    """

    new: tuple[Finding, ...]
    old: tuple[Finding, ...]


def ratchet(head: Iterable[Finding], *bases: Iterable[Finding]) -> Ratcheted:
    """Separates new findings from old ones: those that every base has, no worse."""
    findings = list(head)
    old = set(range(len(findings))) if bases else set()
    for base in bases:
        old &= _accounted(findings, list(base))
    return Ratcheted(
        tuple(each for at, each in enumerate(findings) if at not in old),
        tuple(replace(each, gates=False) for at, each in enumerate(findings) if at in old),
    )


def _accounted(head: Sequence[Finding], base: Sequence[Finding]) -> set[int]:
    """Positions of the head's findings that the base accounts for; equal ones are paired first."""
    left: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for finding in base:
        left[_identity(finding)].append(finding)
    found: set[int] = set()
    for accounts in (_equal, _no_worse):
        for at, finding in enumerate(head):
            there = left.get(_identity(finding), [])
            match = None if at in found else _first(there, finding, accounts)
            if match is not None:
                del there[match]
                found.add(at)
    return found


def _first(
    there: Sequence[Finding], finding: Finding, accounts: Callable[[Finding, Finding], bool]
) -> int | None:
    return next((at for at, before in enumerate(there) if accounts(finding, before)), None)


def _identity(finding: Finding) -> tuple[object, ...]:
    """Returns the key by which findings match: equal ones differ by their values, not by the number in their
    fingerprint.
    """
    return (
        _NUMBER.sub("", finding.fingerprint),
        finding.verdict,
        finding.severity,
        finding.excuse is not None,
    )


def _equal(finding: Finding, before: Finding) -> bool:
    return finding.instances == before.instances and finding.contexts == before.contexts


def _no_worse(finding: Finding, before: Finding) -> bool:
    if not set(finding.contexts) <= set(before.contexts):
        return False
    left: dict[tuple[str, str], list[FindingInstance]] = defaultdict(list)
    for instance in before.instances:
        left[instance.context, instance.subject].append(instance)
    for instance in finding.instances:
        there = left[instance.context, instance.subject]
        match = next((at for at, each in enumerate(there) if _improved(instance, each)), None)
        if match is None:
            return False
        del there[match]
    return True


def _improved(now: FindingInstance, before: FindingInstance) -> bool:
    """Whether every value is the same, or moved towards what the policy requires."""
    values = {name: value for name, value, _ in before.facts}
    return all(
        name in values and (value == values[name] or _towards(value, values[name], better))
        for name, value, better in now.facts
    )


def _towards(value: str, before: str, better: str) -> bool:
    try:
        moved = float(value) - float(before)
    except ValueError:  # a list: fewer elements are lower
        now, then = set(value.split(", ")), set(before.split(", "))
        moved = float(now > then) - float(now < then)
    return (better == "higher" and moved > 0) or (better == "lower" and moved < 0)
