"""Turns failures to read or judge into subjects of their own policies, so that they have a severity, are
compared with the base, can be waived, and do not gate under `evaluate`, like any other finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding, Judgement
from policy_bot.policy.policy import Policy
from policy_bot.record import replace
from policy_bot.sst.deployment import BlindSpot, Context, Deployment, Project, Step, Subject, Value, Version

POLICIES = frozenset(
    {"config/unreadable", "config/syntax-error", "config/reader-limit", "config/broken-settings"}
)
"""Policies whose findings say that something could not be read."""
_ALL = POLICIES | {"config/project-gone"}
_NO_VERSION = Version("4.0.0", "4.0.0", "no project")
_EVERYWHERE = "every stage"


def covered(judge: Judge) -> bool:
    """Whether the judge has the policies for problems. Without them, problems are not findings and must keep
    the check from passing themselves.
    """
    return {policy.id for policy in judge.policies} >= _ALL


def included(judge: Judge, judgement: Judgement) -> Judgement:
    """The judgement with its problems as findings. Its projects must have their contexts."""
    findings = (*judgement.findings, *of_projects(judge, judgement.projects))
    return replace(judgement, findings=findings, problems=())


def is_complete(judgement: Judgement) -> bool:
    """Whether everything could be read."""
    return not any(finding.policy in POLICIES for finding in judgement.findings)


def of_projects(judge: Judge, projects: Iterable[Project]) -> tuple[Finding, ...]:
    """Findings for projects that could not be read completely."""
    found = [replace(project, contexts=contexts) for project in projects if (contexts := _contexts(project))]
    return _ours(judge)(replace(each, unreadable=None) for each in found).findings


def of_places(judge: Judge, hidden: Iterable[BlindSpot], kind: str = "") -> tuple[Finding, ...]:
    """Findings for problems that belong to no project: each at its own place."""
    by_path: dict[str, list[BlindSpot]] = {}
    for each in dict.fromkeys(hidden):
        by_path.setdefault(each.span.path, []).append(each)
    projects = [
        Project(path, _NO_VERSION, (_deployment(Context(_EVERYWHERE), listed, kind),), frozenset())
        for path, listed in by_path.items()
    ]
    return _ours(judge)(projects).findings


def _ours(judge: Judge) -> Judge:
    """A judge with only the built-in policies for problems: it evaluates no expression of anybody else."""
    found = tuple(policy for policy in judge.policies if policy.id in _ALL)
    return Judge(_KNOWN.setdefault(tuple(map(id, found)), found), judge.settings)


_KNOWN: dict[tuple[int, ...], tuple[Policy, ...]] = {}
"""One tuple for equal policies: the engine caches its preparations by its identity."""


def _contexts(project: Project) -> tuple[Deployment, ...]:
    if project.unreadable is not None:
        return (_deployment(Context(_EVERYWHERE), [project.unreadable]),)
    cut = ((each.context, [h for h in each.unknown if h.cut_short]) for each in project.contexts)
    return tuple(_deployment(context, hidden) for context, hidden in cut if hidden)


def _deployment(context: Context, hidden: Iterable[BlindSpot], kind: str = "") -> Deployment:
    subjects = tuple(_subject(each, kind or _kind(each)) for each in dict.fromkeys(hidden))
    nothing: Mapping[str, Value] = {}
    return Deployment(context, nothing, nothing, (), (), (), subjects, ())


def _kind(hidden: BlindSpot) -> str:
    if hidden.reason.limit:
        return "limit"
    return "syntax" if hidden.reason.syntax_error else "unreadable"


def _subject(hidden: BlindSpot, kind: str) -> Subject:
    step = (Step("could not be read", hidden.span),)
    reason = str(hidden.reason).removeprefix("limit: ").removeprefix(f"{hidden.span.path}: ")
    facts: dict[str, Value] = {
        "kind": Value(kind, step),
        "file": Value(hidden.span.path, step),
        "reason": Value(reason, step),
        "judged": Value.unknown(hidden.reason, hidden.span),
    }
    return Subject("problem", hidden.span.path, "", hidden.span, facts)
