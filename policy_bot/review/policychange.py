"""The review of a pull request that changes policy: are the files valid, do their cases pass, what is the
effect?

Policy is reviewed like code: the change is judged before it applies to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_bot.policy.changes import SettingChange
from policy_bot.policy.message import counted
from policy_bot.policy.revision import FILE_NAME, FOLDER, REPOSITORY_FOLDER, misplaced
from policy_bot.policy.settings import LayerName
from policy_bot.policy.yamltext import Mistake
from policy_bot.record import dataclass, replace
from policy_bot.review import markdown
from policy_bot.review.comment import plainly
from policy_bot.review.plan import MOST_ANNOTATIONS, Annotation, Plan
from policy_bot.review.review import Conclusion
from policy_bot.review.summary import NOTHING

ORGANISATIONS = "/.github"
"""How the full name of a repository ends whose root contains an organisation's policy."""
MOST_LISTED = 50
_RANK: dict[Conclusion, int] = {"success": 0, "neutral": 1, "failure": 2}


@dataclass(frozen=True, slots=True)
class Effect:
    """A pull request whose check would conclude differently: `acme/shop#12`."""

    where: str
    before: Conclusion
    after: Conclusion

    @property
    def red(self) -> bool:
        """Whether it would turn red."""
        return self.before != "failure" and self.after == "failure"

    @property
    def green(self) -> bool:
        """Whether it would no longer be red."""
        return self.before == "failure" and self.after != "failure"


@dataclass(frozen=True, slots=True)
class BranchEffect:
    """A default branch with a different number of gating findings. These are old in every pull request, so
    they gate none that leaves them unchanged.
    """

    where: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """The results for a change of policy. `unseen` says what was left out, and why."""

    layer: LayerName
    problems: tuple[Mistake, ...] = ()
    cases: int = 0
    failed: int = 0
    failing: tuple[Mistake, ...] = ()
    changed: tuple[SettingChange, ...] = ()
    notices: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    branches: tuple[BranchEffect, ...] = ()
    looked_at: int = 0
    unseen: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the files are valid."""
        return not self.problems and not self.failing


def touches_policy(name: str, changed: frozenset[str]) -> LayerName | None:
    """Whose policy a change of these paths changes."""
    organisation = name.endswith(ORGANISATIONS)
    if organisation and (any(_is_policy(path, "") for path in changed) or misplaced(changed, organisation)):
        return "organisation"
    own = any(_is_policy(path, REPOSITORY_FOLDER) for path in changed)
    return "repository" if own or misplaced(changed, organisation=False) else None


def _is_policy(path: str, folder: str) -> bool:
    inside = path.removeprefix(f"{folder}/") if folder else path
    if folder and inside == path:
        return False
    name = inside.replace("_", "-").removeprefix(".").replace(".yaml", ".yml")
    return name in (FILE_NAME, FOLDER) or (inside.startswith(f"{FOLDER}/") and inside.endswith(".md"))


def policy_plan(change: PolicyChange) -> Plan:
    """Plans for a change of policy."""
    found = (*change.problems, *change.failing)
    notes = tuple(
        Annotation(each.path, each.place.line, "failure", "Policy", plainly(_said(each))) for each in found
    )
    return Plan("success" if change.good else "failure", _title(change), _summary(change), notes)


def joined(plan: Plan, other: Plan) -> Plan:
    """Combines both in one check: the worse conclusion, and the title of whichever has a result to report
    first.
    """
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
        return f"{counted(len(change.problems), 'mistake')} in policy files"
    if change.failing:
        verb = "fails" if change.failed == 1 else "fail"
        return f"{change.failed} of {counted(change.cases, 'case')} of the policies {verb}"
    loosened = sum(each.effect in ("loosens", "may loosen") for each in change.changed)
    parts = [f"{counted(loosened, 'setting')} loosened"] if loosened else []
    parts.append(_verdicts(change.effects))
    return f"Policy: {'; '.join(parts)}"


def _verdicts(effects: Sequence[Effect]) -> str:
    """How many gating verdicts would change."""
    red, green = sum(each.red for each in effects), sum(each.green for each in effects)
    if not red and not green:
        return "no pull request would turn red or green"
    return f"{counted(red, 'pull request')} would turn red, {green} green"


def _summary(change: PolicyChange) -> str:
    parts = [f"## Policy of the {change.layer}"]
    parts += _listed("Mistakes", change.problems)
    parts += _listed("Cases that fail", change.failing)
    if change.good and change.cases:
        parts.append(f"{counted(change.cases, 'case')} of the changed policies pass.")
    parts += [markdown.message(notice) for notice in change.notices]
    parts += _settings(change.changed)
    if change.good:
        parts += _effects(change)
    if change.unseen:
        parts.append(
            "### Not examined\n\n" + "\n".join(f"- {markdown.text(each)}" for each in _cut(change.unseen))
        )
    return markdown.cut("\n\n".join(parts), markdown.SUMMARY_LIMIT)


def _listed(heading: str, problems: Iterable[Mistake]) -> list[str]:
    lines = [
        f"- {markdown.code(f'{each.path}:{each.place.line}:{each.place.column}')}: "
        + markdown.message(_said(each))
        for each in problems
    ]
    return [f"### {heading}\n\n" + "\n".join(_cut(lines))] if lines else []


def _said(problem: Mistake) -> str:
    return f"{problem.what}. {problem.hint}" if problem.hint else problem.what


def _settings(changed: Sequence[SettingChange]) -> list[str]:
    """Every changed key; those that loosen policy come first and are marked."""
    if not changed:
        return []
    rows = [
        f"| {f'**{each.effect}**' if 'loosen' in each.effect else each.effect} | "
        + " | ".join(_value(text) for text in (each.setting, each.now, each.then))
        + " |"
        for each in changed[:MOST_LISTED]
    ]
    return [
        "### Settings\n\n| | setting | now | then |\n|---|---|---|---|\n" + "\n".join(rows) + _more(changed)
    ]


def _value(text: str) -> str:
    return markdown.cell(markdown.code(text)) if text else "-"


def _more(listed: Sequence[object]) -> str:
    return f"\n\nand {len(listed) - MOST_LISTED} more" if len(listed) > MOST_LISTED else ""


def _effects(change: PolicyChange) -> list[str]:
    looked = (
        f"{change.looked_at} default branches and pull requests with SST projects were judged under both."
    )
    if not change.effects and not change.branches:
        return [f"### What would change\n\nNothing: {looked}"]
    return [f"### What would change\n\n{looked}", *_pulls(change.effects), *_branches(change.branches)]


def _pulls(effects: Sequence[Effect]) -> list[str]:
    """The pull requests, those that would turn red first."""
    rows = [
        f"| {markdown.text(each.where)} | {each.before} | {each.after} |"
        for each in sorted(effects, key=lambda each: (not each.red, each.where))[:MOST_LISTED]
    ]
    head = "| pull request | now | then |\n|---|---|---|\n"
    return [head + "\n".join(rows) + _more(effects)] if rows else []


def _findings(number: int) -> str:
    return counted(number, "gating finding")


def _branches(branches: Sequence[BranchEffect]) -> list[str]:
    """The default branches, those with the most new errors first."""
    rows = [
        f"| {markdown.text(each.where)} | {_findings(each.before)} | {_findings(each.after)} |"
        for each in sorted(branches, key=lambda each: (each.before - each.after, each.where))[:MOST_LISTED]
    ]
    note = (
        "Findings of a default branch are old in every pull request, and block none that leaves them"
        " unchanged."
    )
    head = f"{note}\n\n| default branch | now | then |\n|---|---|---|\n"
    return [head + "\n".join(rows) + _more(branches)] if rows else []


def _cut(lines: Sequence[str]) -> list[str]:
    more = len(lines) - MOST_LISTED
    return [*lines[:MOST_LISTED], *([f"and {more} more"] if more > 0 else [])]
