"""Judging: every subject of every context by every policy, merged into one finding a place.

Pure and deterministic: the same projects, policies and settings give the same findings in the same order. A
policy that cannot be decided says so (verdict `unknown`, with the place that hides the value); an expression
that fails while it runs counts as that, never as a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from policy_bot.policy import sstrange
from policy_bot.policy.cannottell import one_cannot_tell
from policy_bot.policy.evidence import Claim, evidence_of
from policy_bot.policy.expression import Answer
from policy_bot.policy.finding import Finding, Judgement, Severity, Verdict
from policy_bot.policy.message import fill, tame
from policy_bot.policy.policy import Policy, Rule
from policy_bot.policy.screening import Case, Screen, cases, values_of
from policy_bot.policy.settings import Settings
from policy_bot.policy.weighing import weigh
from policy_bot.sst.deployment import Deployment, Hidden, OneOf, Project, Step, Subject, Unknown
from policy_bot.sst.record import dataclass, replace
from policy_bot.sst.span import Span


@dataclass(frozen=True)
class Judge:
    """Policies and the settings they are judged by: what turns projects into a judgement."""

    policies: tuple[Policy, ...]
    settings: Settings

    def __call__(self, projects: Iterable[Project]) -> Judgement:
        """The judgement of some projects."""
        return judge(tuple(projects), self.policies, self.settings)


def judge(projects: Sequence[Project], policies: Sequence[Policy], settings: Settings) -> Judgement:
    """What the policies say of the projects under the settings."""
    seen = [project for project in projects if not settings.ignores(project.path)]
    problems = tuple(project.unreadable for project in seen if project.unreadable is not None)
    findings = [
        finding
        for project in seen
        for finding in one_cannot_tell(_judge_project(project, policies, settings))
    ]
    return Judgement(tuple(seen), tuple(sorted(findings, key=_order)), problems + _limits(seen))


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


def _limits(projects: Sequence[Project]) -> tuple[Hidden, ...]:
    """The places where a limit of the reader cut a project short: what was not seen there was not judged."""
    found = [
        hidden
        for project in projects
        for deployment in project.contexts
        for hidden in deployment.unknown
        if hidden.reason.startswith("limit")
    ]
    return tuple(dict.fromkeys(found))


class _Said(NamedTuple):
    """What one rule says of one subject in one context, before contexts are merged."""

    claim: Claim
    subject: Subject
    context: str
    verdict: Verdict
    span: Span
    message: str


def _judge_project(project: Project, policies: Sequence[Policy], settings: Settings) -> Iterator[Finding]:
    screen = Screen(tuple(_claims(project, policies, settings)))
    said: dict[tuple[object, ...], list[_Said]] = {}
    for deployment in project.contexts:
        for each in _one_per_place(list(_judge_deployment(project, deployment, screen))):
            key = (each.claim.policy.id, label(each.subject), each.span, each.verdict, each.message)
            said.setdefault(key, []).append(each)
    counted: dict[str, int] = {}
    for group, more in _together(said.values()):
        finding = _finding(project, group, more, settings)
        number = counted[finding.fingerprint] = counted.get(finding.fingerprint, 0) + 1
        if number > 1:
            finding = replace(finding, fingerprint=f"{finding.fingerprint}#{number}")
        yield weigh(finding, settings, group[0].claim.policy.unknown)


def _claims(project: Project, policies: Sequence[Policy], settings: Settings) -> Iterator[Claim]:
    """The rules that concern this project, each with its severity and parameters in force."""
    for policy in policies:
        for number, rule in enumerate(policy.rules):
            severity = _severity(policy, rule, settings)
            within = rule.sst or policy.sst
            if severity is not None and sstrange.applies(within, project.version):
                yield Claim.make(policy, rule, number, severity, within, settings)


def _severity(policy: Policy, rule: Rule, settings: Settings) -> Severity | None:
    """The severity in force, None where the rule is off. A policy outside of the profile is on where a layer
    says so.
    """
    profile = settings.profile_of(policy.id)
    default = policy.rule_severity(rule, profile)
    if default is None:
        asked = policy.severity_in(profile) is None and f"{policy.id}.severity" in settings.decisions
        return settings.severity(policy.id, policy.severity) if asked else None
    return settings.severity(policy.id, default)


def _judge_deployment(project: Project, deployment: Deployment, screen: Screen) -> Iterator[_Said]:
    for case in cases(project, deployment):
        for claim in screen.suspects(case):
            answer = claim.violation.decide(values_of(case, claim))
            said = None if answer.value is False else _say(claim, case, answer)
            if said is not None:
                yield said


def _say(claim: Claim, case: Case, answer: Answer) -> _Said | None:
    context = str(case.context)
    values = values_of(case, claim)
    span = _place(case.subject, claim.rule)
    if answer.value:
        return _Said(claim, case.subject, context, "fail", span, fill(claim.rule.message, values))
    if claim.weight == "pass":
        return None
    message = f"Cannot tell: {_why(claim, case, answer)}"
    return _Said(claim, case.subject, context, "unknown", span, message)


def _why(claim: Claim, case: Case, answer: Answer) -> str:
    hidden = dict(claim.hiding(values_of(case, claim)))
    name = claim.rule.at if claim.rule.at in hidden else next(iter(hidden), "")
    if not name:
        return f"the rule could not be decided ({tame(answer.why)})."
    place = hidden_at(hidden[name])
    where = f" ({place.path}:{place.line})" if place else ""
    return f"`{name}` could not be seen: {tame(hidden[name].reason)}{where}."


def hidden_at(value: Unknown | OneOf) -> Span | None:
    """The place that hides a value: its own, else the last step of its derivation that has one."""
    if isinstance(value, Unknown) and value.span is not None:
        return value.span
    return next((step.span for step in reversed(value.origin) if step.span is not None), None)


def _place(subject: Subject, rule: Rule) -> Span:
    """Where the fact that is meant takes effect, else the subject itself."""
    value = subject.facts[rule.at]
    seen = next((step.span for step in value.origin if step.span is not None), None)
    return seen or (value.span if isinstance(value, Unknown) else None) or subject.span


def label(subject: Subject) -> str:
    """A subject in words that stay the same when lines move: `function "Chat" (sst.aws.Function)`."""
    name = f' "{tame(subject.name)}"' if subject.name else ""
    kind = f" ({subject.type})" if subject.type and subject.type != subject.kind else ""
    return f"{subject.kind}{name}{kind}"


def _one_per_place(said: Sequence[_Said]) -> Iterator[_Said]:
    """At one place of one context the first rule of a policy that says something speaks for those after it."""
    first: dict[tuple[str, Span, Verdict], int] = {}
    for each in said:
        key = (each.claim.policy.id, each.span, each.verdict)
        first[key] = min(first.get(key, each.claim.number), each.claim.number)
    for each in said:
        if first[each.claim.policy.id, each.span, each.verdict] == each.claim.number:
            yield each


def _together(groups: Iterable[list[_Said]]) -> Iterator[tuple[list[_Said], int]]:
    """What a loop makes at one place is said once, with how many more it holds for."""
    made: dict[tuple[object, ...], tuple[list[_Said], int]] = {}
    for group in groups:
        said = group[0]
        contexts = tuple(each.context for each in group)
        key = (said.claim.policy.id, said.claim.number, said.span, said.verdict, contexts)
        made[key] = (made[key][0], made[key][1] + 1) if key in made else (group, 0)
    yield from made.values()


def _finding(project: Project, group: list[_Said], more: int, settings: Settings) -> Finding:
    said = group[0]
    claim = said.claim
    severity: Severity = claim.severity
    return Finding(
        policy=claim.policy.id,
        title=claim.policy.title,
        severity=severity,
        verdict=said.verdict,
        project=project.path,
        subject=label(said.subject),
        span=said.span,
        message=f"{said.message} The same holds for {more} more made here." if more else said.message,
        contexts=tuple(dict.fromkeys(each.context for each in group)),
        fingerprint=":".join(
            (claim.policy.id, project.path, label(said.subject), claim.rule.at, said.verdict)
        ),
        evidence=evidence_of(project, claim, said.subject, settings),
        related=_related(said),
        page=claim.policy.id,
    )


def _related(said: _Said) -> tuple[Step, ...]:
    """Where the value comes from, beyond the place of the finding, and the place that hides it."""
    steps = said.subject.facts[said.claim.rule.at].origin
    found = [step for step in steps if step.span is not None and step.span != said.span]
    if said.verdict == "unknown":
        for name, value in said.claim.hiding(said.subject.facts):
            place = hidden_at(value)
            if place is not None and place != said.span:
                found.append(Step(f"hides `{name}`: {value.reason}", place))
    return tuple(dict.fromkeys(found))
