"""Merges unknown findings of several policies that have the same cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_bot.policy.finding import Finding
from policy_bot.record import replace

_RANK = {"error": 0, "warning": 1, "notice": 2}


def merge_unknown(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Merges unknown findings at the same place for the same subject.

    The most severe one remains and names the others, so nothing that gates is lost.
    """
    hidden: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        if finding.verdict == "unknown" and finding.excuse is None:
            hidden.setdefault((finding.span, finding.subject), []).append(finding)
        else:
            yield finding
    for group in hidden.values():
        yield _joined(sorted(group, key=_weight))


def _weight(finding: Finding) -> tuple[bool, int, str]:
    return (not finding.gates, _RANK[finding.severity], finding.policy)


def _joined(group: list[Finding]) -> Finding:
    first = group[0]
    others = sorted({finding.policy for finding in group} - {first.policy})
    if not others:
        return first
    listed = " and ".join(filter(None, [", ".join(others[:-1]), others[-1]]))
    contexts = tuple(dict.fromkeys(context for finding in group for context in finding.contexts))
    return replace(
        first, message=f"{first.message} It also keeps {listed} from being judged.", contexts=contexts
    )
