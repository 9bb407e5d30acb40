"""Judges every subject of every context by every policy, and merges the results into one finding per place.

Pure and deterministic: the same projects, policies and settings give the same findings in the same order. A
policy that cannot be decided gives the verdict `unknown`, with the place of the unknown value; an expression
that fails at run time is also unknown, never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from policy_bot.policy import inline
from policy_bot.policy.answers import Checklist, RememberedClaim
from policy_bot.policy.evidence import Claim
from policy_bot.policy.finding import Finding, Ignore, Judgement, Severity
from policy_bot.policy.findings import RuleResult, compared, merged, result_of
from policy_bot.policy.inline import Ignores
from policy_bot.policy.policy import Policy, Rule
from policy_bot.policy.settings import Settings
from policy_bot.policy.subjects import Case, cases
from policy_bot.policy.unknownfindings import merge_unknown
from policy_bot.policy.weighing import weigh
from policy_bot.record import dataclass, replace
from policy_bot.sst import ranges
from policy_bot.sst.deployment import BlindSpot, Project, Version


@dataclass(frozen=True)
class Judge:
    """Policies and settings, applied to projects."""

    policies: tuple[Policy, ...]
    settings: Settings

    def __call__(self, projects: Iterable[Project]) -> Judgement:
        """Judges the projects."""
        return judge(tuple(projects), self.policies, self.settings)

    def grounds(self, project: Project) -> dict[str, RuleResult]:
        """Returns what each finding of a project is based on, by fingerprint: the rule, and its first subject
        in its first context. Fixes start from there.
        """
        ignores = inline.of_project(project, self.policies, self.settings)
        found = _weighed(project, self.policies, self.settings, ignores)
        return {finding.fingerprint: said for said, finding in found}

    def rehearse(self, version: Version) -> None:
        """Prepares the rules that nearly every project of this version needs, while the CLI waits for its
        reader.
        """
        ready = _checklists(_Same(self.policies), _Same(self.settings), version.high)
        for kind in ("config", "function"):
            if kind in ready:
                ready[kind].get_ready()


def judge(projects: Sequence[Project], policies: Sequence[Policy], settings: Settings) -> Judgement:
    """Judges projects by the policies under the settings."""
    seen = [project for project in projects if not settings.ignores(project.path)]
    problems = tuple(project.unreadable for project in seen if project.unreadable is not None)
    findings: list[Finding] = []
    ignores: list[Ignore] = []
    for project in seen:
        asked = inline.of_project(project, policies, settings)
        weighed = _weighed(project, policies, settings, asked)
        found = list(merge_unknown(finding for _, finding in weighed))
        findings += found
        ignores += asked.reported(found)
    ordered = tuple(sorted(findings, key=_order))
    return Judgement(tuple(seen), ordered, problems + _unjudged(seen), ignores=inline.merged(ignores))


def joined(parts: Iterable[Judgement]) -> Judgement:
    """Joins judgements of different projects, as if they had been judged together."""
    every = tuple(parts)
    findings = sorted((finding for part in every for finding in part.findings), key=_order)
    projects = tuple(project for part in every for project in part.projects)
    problems = dict.fromkeys(problem for part in every for problem in part.problems)
    ignores = inline.merged(each for part in every for each in part.ignores)
    return Judgement(projects, tuple(findings), tuple(problems), ignores=ignores)


def _order(finding: Finding) -> tuple[object, ...]:
    span = finding.span
    return (
        finding.project,
        span.path,
        span.start,
        span.end,
        finding.policy,
        finding.subject,
        finding.fingerprint,
    )


def _unjudged(projects: Sequence[Project]) -> tuple[BlindSpot, ...]:
    """The places at which a syntax error or a limit ended the reading of a project: the rest was not
    judged.
    """
    found = [
        hidden
        for project in projects
        for deployment in project.contexts
        for hidden in deployment.unknown
        if hidden.cut_short
    ]
    return tuple(dict.fromkeys(found))


def _weighed(
    project: Project, policies: Sequence[Policy], settings: Settings, ignores: Ignores
) -> Iterator[tuple[RuleResult, Finding]]:
    lists = _checklists(_Same(tuple(policies)), _Same(settings), project.version.high)
    every = list(cases(project))
    said = [each for case in every for each in _judge_case(case, lists)]
    if not said:
        return
    alike: dict[tuple[str, str], list[Case]] = {}
    for case in every:
        alike.setdefault((case.subject.kind, case.subject.name), []).append(case)
    counted: dict[str, int] = {}
    for first, finding in merged(project, said):
        number = counted[finding.fingerprint] = counted.get(finding.fingerprint, 0) + 1
        fingerprint = f"{finding.fingerprint}#{number}" if number > 1 else finding.fingerprint
        one = replace(finding, fingerprint=fingerprint, compared=compared(first, finding, alike))
        yield first, weigh(one, settings, first.claim.policy.unknown, ignores)


def _judge_case(case: Case, lists: Mapping[str, Checklist]) -> Iterator[RuleResult]:
    checklist = lists.get(case.subject.kind)
    for claim, answer in checklist.violated(case) if checklist is not None else ():
        said = result_of(claim, case, answer)
        if said is not None:
            yield said


class _Same:
    """A key that equals only itself: policies and settings are compared by identity."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value


@lru_cache(maxsize=64)
def _checklists(policies: _Same, settings: _Same, release: str) -> dict[str, Checklist]:
    """The rules that apply to a release of SST by kind of subject, prepared once for all its projects."""
    by_kind: dict[str, list[RememberedClaim]] = {}
    for each in _remembered(policies, settings):
        if ranges.admits(each.claim.sst, release):
            by_kind.setdefault(each.claim.rule.subject, []).append(each)
    return {kind: _checklist(tuple(found)) for kind, found in by_kind.items()}


_checklist = lru_cache(maxsize=1024)(Checklist)
"""Shared by the releases to which the same rules apply."""


@lru_cache(maxsize=64)
def _remembered(policies: _Same, settings: _Same) -> tuple[RememberedClaim, ...]:
    """The claims for all releases: making them takes longer than judging a project."""
    return tuple(map(RememberedClaim, _claims(policies.value, settings.value)))


def claims(release: str, policies: Sequence[Policy], settings: Settings) -> Iterator[Claim]:
    """Returns the rules that apply to a release of SST, each with its severity and parameters in force.

    For a project that does not pin its version the newest release counts, because a fresh installation gets
    it.
    """
    return (claim for claim in _claims(policies, settings) if ranges.admits(claim.sst, release))


def _claims(policies: Sequence[Policy], settings: Settings) -> Iterator[Claim]:
    for policy in policies:
        for number, rule in enumerate(policy.rules):
            severity = _severity(policy, rule, settings)
            if severity is not None:
                within = rule.sst or policy.sst
                yield Claim.make(policy, rule, number, severity, within, settings)


def _severity(policy: Policy, rule: Rule, settings: Settings) -> Severity | None:
    """The severity in force, None if the rule is off. A policy outside the profile is on if a layer sets its
    severity.
    """
    profile = settings.profile_of(policy.id)
    default = policy.rule_severity(rule, profile)
    if default is None:
        asked = policy.severity_in(profile) is None and f"{policy.id}.severity" in settings.decisions
        return settings.severity(policy.id, policy.severity) if asked else None
    return settings.severity(policy.id, default)
