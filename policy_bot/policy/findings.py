"""Turns the results of rules into findings: one for each policy and place, over all contexts and subjects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from policy_bot.policy.evidence import Claim, deciding_values, evidence_of, rule_values
from policy_bot.policy.expression import Answer
from policy_bot.policy.fact_names import called
from policy_bot.policy.finding import Finding, FindingInstance, Verdict
from policy_bot.policy.message import SENTENCE, fill, tame
from policy_bot.policy.policy import Rule
from policy_bot.policy.relations import fact_of
from policy_bot.policy.subjects import Case, values_of
from policy_bot.record import NamedTuple
from policy_bot.sst import ranges
from policy_bot.sst.deployment import Project, Step, Subject, Value
from policy_bot.sst.span import Span

_RANK = {"error": 0, "warning": 1, "notice": 2}
CANNOT_TELL = "Cannot tell: "
_NAMED = 3
"""How many other subjects at one place a message names before it only counts them."""


class RuleResult(NamedTuple):
    """The result of one rule for one subject in one context, before contexts are merged."""

    claim: Claim
    case: Case
    verdict: Verdict
    span: Span
    message: str

    @property
    def subject(self) -> Subject:
        """The subject of the result."""
        return self.case.subject


def result_of(claim: Claim, case: Case, answer: Answer) -> RuleResult | None:
    """Returns the result of a violated or undecided rule; None for a cannot-tell that is not to be
    mentioned.
    """
    values = values_of(case, claim)
    span = _place(case.subject, claim.rule)
    if answer.value and not _is_guessed(claim, case):
        return RuleResult(claim, case, "fail", span, fill(claim.rule.message, values))
    if claim.weight == "pass" or _is_broken(claim, case):
        return None
    message = CANNOT_TELL + _why(claim, case, answer)
    return RuleResult(claim, case, "unknown", span, message)


def _is_guessed(claim: Claim, case: Case) -> bool:
    """Whether an error depends on the SST release while nothing states which one the project uses."""
    version = case.version
    return (
        claim.severity == "error"
        and version is not None
        and version.assumed
        and ranges.is_assumed(claim.sst, version)
    )


def _is_broken(claim: Claim, case: Case) -> bool:
    """Whether only a syntax error keeps the rule from being decided, which a problem already reports."""
    hiding = [value for _, value in claim.hiding(values_of(case, claim))] if case.broken else []
    return bool(hiding) and all(map(partial(_is_reported, case), hiding))


def _is_reported(case: Case, value: Value) -> bool:
    place, reason = hidden_at(value), value.reason
    return reason is not None and reason.syntax_error and place is not None and place.path in case.broken


def _why(claim: Claim, case: Case, answer: Answer) -> str:
    if case.subject.kind == "problem":
        return fill("{reason}", values_of(case, claim))
    if answer.value and case.version is not None:
        unsure = f"this applies only to SST {claim.sst}, and the release is unknown"
        said = fill(claim.rule.message, values_of(case, claim))
        return f"{unsure} ({case.version.evidence}). {said}"
    if case.subject.kind == "unseen":
        why = tame(case.subject.name, SENTENCE)
        end = "" if why.endswith("?") else "."  # "...; did you mean `sst.aws.Function`?"
        return f"{why}{end} Components that this code creates are not judged."
    hidden = dict(claim.hiding(values_of(case, claim)))
    name = claim.rule.at if claim.rule.at in hidden else next(iter(hidden), "")
    if not name:
        return f"the rule could not be evaluated: {tame(answer.why, SENTENCE)}."
    place = hidden_at(hidden[name])
    where = f" ({place.path}:{place.line})" if place else ""
    whose = f" of `{tame(case.subject.name)}`" if case.subject.kind not in ("config", "crash") else ""
    return f"the {called(name)}{whose} is unknown: {tame(str(hidden[name].reason), SENTENCE)}{where}."


def hidden_at(value: Value) -> Span | None:
    """The place that makes a value unknown: its own, or the last step of its derivation that has one."""
    return value.span or next((step.span for step in reversed(value.origin) if step.span is not None), None)


def _place(subject: Subject, rule: Rule) -> Span:
    """Where the fact named by `at` takes effect, or else the subject itself."""
    value = fact_of(subject, rule.at)
    seen = next((step.span for step in value.origin if step.span is not None), None)
    return seen or value.span or subject.span


def label(subject: Subject) -> str:
    """Describes a subject in words that do not change when lines move: `function "Chat"
    (sst.aws.Function)`.
    """
    name = f' "{tame(subject.name)}"' if subject.name else ""
    kind = f" ({subject.type})" if subject.type and subject.type != subject.kind else ""
    return f"{subject.kind}{name}{kind}"


def merged(project: Project, said: Iterable[RuleResult]) -> Iterator[tuple[RuleResult, Finding]]:
    """Merges the results into one finding for each policy, verdict and place, with the result it reports.

    The most severe rule is reported, then the first: for all contexts, and for all subjects at that place
    (constructed in a loop, or sharing one value).
    """
    lines: dict[tuple[str, Verdict, str, int], list[list[RuleResult]]] = {}
    for each in said:
        groups = lines.setdefault((each.claim.policy.id, each.verdict, each.span.path, each.span.line), [])
        group = next((group for group in groups if _is_one(group[0], each)), None)
        if group is None:
            groups.append([each])
        else:
            group.append(each)
    for groups in lines.values():
        for group in groups:
            first = min(group, key=lambda each: (_RANK[each.claim.severity], each.claim.number))
            yield first, _finding(project, first, group)


def _is_one(one: RuleResult, other: RuleResult) -> bool:
    """Whether two results are one finding. Two refusals at one place stay separate: each has its own
    remedy.
    """
    refusals = one.subject.kind == other.subject.kind == "crash"
    return _overlap(one.span, other.span) and (one.message == other.message or not refusals)


def _overlap(one: Span, other: Span) -> bool:
    """Whether two spans are one place: the pair `timeout: 300` and its value `300` are."""
    return (one.start < other.end and other.start < one.end) or one.start == other.start


def _finding(project: Project, first: RuleResult, group: list[RuleResult]) -> Finding:
    claim, subject = first.claim, label(first.subject)
    alike = [each.subject.name for each in group if each.subject.kind == first.subject.kind]
    others = [name for name in dict.fromkeys(alike) if name != first.subject.name]
    return Finding(
        policy=claim.policy.id,
        title=claim.policy.title,
        severity=claim.severity,
        verdict=first.verdict,
        project=project.path,
        subject=subject,
        span=first.span,
        message=first.message + also_holds(others),
        contexts=tuple(dict.fromkeys(str(each.case.context) for each in group)),
        fingerprint=":".join((claim.policy.id, project.path, subject, claim.rule.at, first.verdict)),
        evidence=evidence_of(project, claim, first.subject),
        related=_related(first),
        page=claim.policy.id,
        names=(first.subject.name, *others),
        instances=tuple(sorted(map(_instance, group))),
        waivable=claim.policy.waivable,
        sender=_sender(first.subject),
    )


MOST_COMPARED = 24
"""Subjects and contexts that are kept with a finding to compare its stages."""

Cases = Mapping[tuple[str, str], Sequence[Case]]
"""The cases of a project by kind and name of their subject."""


def compared(first: RuleResult, finding: Finding, alike: Cases) -> tuple[FindingInstance, ...]:
    """The subjects of a finding in every context, passing or not, with all values that its rule uses."""
    found = (
        FindingInstance(str(case.context), name, rule_values(first.claim, values_of(case, first.claim)))
        for name in finding.names
        for case in alike.get((first.subject.kind, name), ())
    )
    return tuple(islice(found, MOST_COMPARED))


def also_holds(others: Sequence[str]) -> str:
    """The end of a message that also covers further subjects at the same place."""
    return f" The same holds for {_listed(others)}." if others else ""


def _instance(said: RuleResult) -> FindingInstance:
    facts = deciding_values(said.claim, values_of(said.case, said.claim))
    return FindingInstance(str(said.case.context), said.subject.name, facts)


def _listed(names: Sequence[str]) -> str:
    shown = [f"`{tame(name)}`" for name in names[:_NAMED]]
    if len(names) > _NAMED:
        shown.append(f"{len(names) - _NAMED} more")
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" and {shown[-1]}"


def _sender(subject: Subject) -> Span | None:
    """Where the code sends a stream; None for other subjects, and if that is unknown."""
    producer = subject.facts.get("producer") if subject.kind == "stream" else None
    return producer.origin[0].span if producer is not None and producer.is_known and producer.origin else None


def _related(said: RuleResult) -> tuple[Step, ...]:
    """Where the value comes from, beyond the line of the finding, and the place that makes it unknown."""
    found = list(fact_of(said.subject, said.claim.rule.at).origin)
    if said.verdict == "unknown":
        hiding = said.claim.hiding(values_of(said.case, said.claim))
        found += [Step(f"hides `{name}`: {value.reason}", hidden_at(value)) for name, value in hiding]
    line = said.span[:2]
    return tuple(dict.fromkeys(step for step in found if step.span is not None and step.span[:2] != line))
