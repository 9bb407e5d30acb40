"""Combines the checks of several pull requests with the same head: the check shows the strictest verdict."""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.record import dataclass, replace
from policy_bot.review import markdown
from policy_bot.review.plan import Plan
from policy_bot.review.review import Conclusion

_STRICTEST: tuple[Conclusion, ...] = ("failure", "neutral", "success")


@dataclass(frozen=True, slots=True)
class SharedVerdict:
    """Pull requests that are alike, into one branch, and their plan as if they were alone."""

    numbers: Sequence[int]
    plan: Plan


def shared(standings: Sequence[SharedVerdict], left: Sequence[int] = ()) -> Plan:
    """The plan for the first pull request: its own comments, and the check of all.

    `left` are further pull requests that were not judged: if there are any, the check fails.
    """
    own = standings[0].plan
    numbers = sorted({number for each in standings for number in each.numbers} | set(left))
    if left:
        return replace(_too_many(numbers), comments=own.comments)
    if len(numbers) == 1:
        return own
    strictest = min(standings, key=lambda each: (_STRICTEST.index(each.plan.conclusion), min(each.numbers)))
    note = (
        f"This commit is the head of {_listed(numbers)}, which share one check. "
        f"It shows the strictest verdict, that of #{min(strictest.numbers)}"
        + (", and without that one the verdict of the others." if len(standings) > 1 else ".")
    )
    summary = markdown.cut(f"{note}\n\n{strictest.plan.summary}", markdown.SUMMARY_LIMIT)
    return replace(strictest.plan, summary=summary, comments=own.comments)


def _too_many(numbers: Sequence[int]) -> Plan:
    return Plan(
        "failure",
        f"{len(numbers)} pull requests share this commit",
        f"This commit is the head of {_listed(numbers)}, which share one check. So many are not judged"
        " together: close some of them, or push another commit to one.",
    )


def _listed(numbers: Sequence[int]) -> str:
    shown = [f"#{number}" for number in numbers]
    return f"{', '.join(shown[:-1])} and {shown[-1]}"
