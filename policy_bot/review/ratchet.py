"""Only what is new weighs: findings that the base has already are listed, but neither gate nor get a comment.

A finding is the same by its fingerprint (policy, project, subject, value path), whatever line it moved to.
Where one fingerprint stands several times (a component made in a loop, twins), as many are old as the base
has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from policy_bot.policy.finding import Finding
from policy_bot.sst.record import dataclass, replace


@dataclass(frozen=True, slots=True)
class Ratcheted:
    """The findings of a head, told apart: what the change brings, and what was there (which no longer
    gates)."""

    new: tuple[Finding, ...]
    old: tuple[Finding, ...]


def ratchet(head: Iterable[Finding], base: Iterable[Finding]) -> Ratcheted:
    """Tell new findings from old. A finding that got worse (unknown to fail, warning to error) is new."""
    left = Counter(_identity(finding) for finding in base)
    new, old = [], []
    for finding in head:
        if left[_identity(finding)] > 0:
            left[_identity(finding)] -= 1
            old.append(replace(finding, gates=False))
        else:
            new.append(finding)
    return Ratcheted(tuple(new), tuple(old))


def _identity(finding: Finding) -> tuple[str, str, str, bool]:
    return finding.fingerprint, finding.verdict, finding.severity, finding.excuse is not None
