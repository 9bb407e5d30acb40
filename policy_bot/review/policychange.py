"""What a pull request that changes policy shows: are the files good, do their cases pass, what would change.

Policy is reviewed like code: the change is judged before it holds for anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_bot.policy.revision import FILE_NAME, FOLDER, REPOSITORY_FOLDER
from policy_bot.policy.settings import LayerName
from policy_bot.policy.yamltext import Problem
from policy_bot.review import markdown
from policy_bot.review.plan import MOST_ANNOTATIONS, Annotation, Plan
from policy_bot.review.review import Conclusion
from policy_bot.review.summary import NOTHING, count
from policy_bot.sst.record import dataclass, replace

ORGANISATIONS = "/.github"
"""How the full name of the repository ends whose root holds an organisation's policy."""
MOST_LISTED = 50
_RANK: dict[Conclusion, int] = {"success": 0, "neutral": 1, "failure": 2}


@dataclass(frozen=True, slots=True)
class Effect:
    """One branch or pull request that would be told something else: `acme/shop` or `acme/shop#12`.

    `before` and `after` are conclusions; for a default branch, how many of its findings would gate.
    """

    where: str
    before: str
    after: str
    worse: bool


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What was found of a change of policy. `unseen` says what was left out, and why."""

    layer: LayerName
    problems: tuple[Problem, ...] = ()
    cases: int = 0
    failed: int = 0
    failing: tuple[Problem, ...] = ()
    changed: tuple[tuple[str, str, str], ...] = ()
    notices: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    looked_at: int = 0
    unseen: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the files may come into force."""
        return not self.problems and not self.failing


def touches_policy(name: str, changed: frozenset[str] | None) -> LayerName | None:
    """Whose policy a change of these paths changes. Where not all are told, the organisation's repository
    is taken to change it.
    """
    if name.endswith(ORGANISATIONS) and (changed is None or any(_is_policy(path, "") for path in changed)):
        return "organisation"
    return "repository" if any(_is_policy(path, REPOSITORY_FOLDER) for path in changed or ()) else None


def _is_policy(path: str, folder: str) -> bool:
    inside = path.removeprefix(f"{folder}/") if folder else path
    if folder and inside == path:
        return False
    name = inside.replace("_", "-").removeprefix(".").replace(".yaml", ".yml")
    return name == FILE_NAME or (inside.startswith(f"{FOLDER}/") and inside.endswith(".md"))


def policy_plan(change: PolicyChange) -> Plan:
    """The plan of a change of policy."""
    found = (*change.problems, *change.failing)
    notes = tuple(Annotation(each.path, each.place.line, "failure", "Policy", _said(each)) for each in found)
    return Plan("success" if change.good else "failure", _title(change), _summary(change), notes)


def joined(plan: Plan, other: Plan) -> Plan:
    """Both in one check: the worse conclusion, and the words of whichever has something to say first."""
    first, second = (other, plan) if _RANK[other.conclusion] >= _RANK[plan.conclusion] else (plan, other)
    silent = plan.title == NOTHING
    summary = other.summary if silent else f"{first.summary}\n\n{second.summary}"
    return replace(
        plan,
        conclusion=first.conclusion,
        title=other.title if silent else first.title,
        summary=markdown.cut(summary, markdown.SUMMARY_LIMIT),
        annotations=(*other.annotations, *plan.annotations)[:MOST_ANNOTATIONS],
    )


def _title(change: PolicyChange) -> str:
    if change.problems:
        return f"{count(len(change.problems), 'mistake')} in policy files"
    if change.failing:
        verb = "fails" if change.failed == 1 else "fail"
        return f"{change.failed} of {count(change.cases, 'case')} of the policies {verb}"
    worse = sum(effect.worse for effect in change.effects)
    better = len(change.effects) - worse
    if not change.effects:
        return "Policy: nothing would change"
    return f"Policy: {worse} would turn red, {better} green"


def _summary(change: PolicyChange) -> str:
    parts = [f"## Policy of the {change.layer}"]
    parts += _listed("Mistakes", change.problems)
    parts += _listed("Cases that fail", change.failing)
    if change.good and change.cases:
        parts.append(f"{count(change.cases, 'case')} of the changed policies pass.")
    parts += [markdown.message(notice) for notice in change.notices]
    parts += _settings(change.changed)
    if change.good:
        parts += _effects(change)
    if change.unseen:
        parts.append(
            "### Not looked at\n\n" + "\n".join(f"- {markdown.text(each)}" for each in _cut(change.unseen))
        )
    return markdown.cut("\n\n".join(parts), markdown.SUMMARY_LIMIT)


def _listed(heading: str, problems: Iterable[Problem]) -> list[str]:
    lines = [
        f"- {markdown.code(f'{each.path}:{each.place.line}:{each.place.column}')}: "
        + markdown.message(_said(each))
        for each in problems
    ]
    return [f"### {heading}\n\n" + "\n".join(_cut(lines))] if lines else []


def _said(problem: Problem) -> str:
    return f"{problem.what}. {problem.hint}" if problem.hint else problem.what


def _settings(changed: Sequence[tuple[str, str, str]]) -> list[str]:
    if not changed:
        return []
    rows = [
        f"| {' | '.join(markdown.cell(markdown.code(each)) for each in row)} |"
        for row in changed[:MOST_LISTED]
    ]
    return ["### Settings\n\n| setting | now | then |\n|---|---|---|\n" + "\n".join(rows)]


def _effects(change: PolicyChange) -> list[str]:
    looked = f"{change.looked_at} default branches and pull requests with SST projects were judged by both."
    if not change.effects:
        return [f"### What would change\n\nNothing: {looked}"]
    rows = [
        f"| {markdown.text(each.where)} | {markdown.text(each.before)} | {markdown.text(each.after)} |"
        for each in sorted(change.effects, key=lambda each: (not each.worse, each.where))[:MOST_LISTED]
    ]
    more = len(change.effects) - len(rows)
    table = (
        "| where | now | then |\n|---|---|---|\n" + "\n".join(rows) + (f"\n\nand {more} more" if more else "")
    )
    return [f"### What would change\n\n{looked}\n\n{table}"]


def _cut(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST_LISTED
    return [*lines[:MOST_LISTED], *([f"and {more} more"] if more > 0 else [])]
