"""Lists every verdict of policies on a project, passes included, with its evidence, to explain a green check
too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from policy_bot.policy.engine import claims
from policy_bot.policy.evidence import Claim, evidence_of
from policy_bot.policy.expression import trusted
from policy_bot.policy.finding import Evidence
from policy_bot.policy.findings import label
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import Settings
from policy_bot.policy.subjects import Case, cases, values_of
from policy_bot.record import dataclass
from policy_bot.sst.deployment import Project
from policy_bot.sst.span import Span


@dataclass(frozen=True, slots=True)
class Stated:
    """The result of one rule for one subject, in the contexts that share the evidence."""

    policy: str
    verdict: Literal["pass", "fail", "unknown"]
    subject: str
    span: Span
    contexts: tuple[str, ...]
    evidence: Evidence


def verdicts(project: Project, policies: Sequence[Policy], settings: Settings) -> Iterator[Stated]:
    """The verdicts on all subjects that the policies apply to, in the order of the project."""
    ready = list(claims(project.version.high, policies, settings))
    found: dict[tuple[object, ...], Stated] = {}
    for case in cases(project):
        for claim in ready:
            if claim.rule.subject == case.subject.kind and _concerns(claim, case):
                stated = _stated(project, claim, case)
                key = (claim.policy.id, claim.number, stated.verdict, stated.span, stated.evidence)
                before = found.get(key)
                found[key] = stated if before is None else _joined(before, stated)
    yield from found.values()


def _concerns(claim: Claim, case: Case) -> bool:
    when = trusted(claim.rule.when, claim.rule.subject, claim.types)
    return when.decide(values_of(case, claim)).value is not False


def _stated(project: Project, claim: Claim, case: Case) -> Stated:
    answer = claim.violation.decide(values_of(case, claim)).value
    verdict: Literal["pass", "fail", "unknown"]
    verdict = "unknown" if answer is None else "fail" if answer else "pass"
    evidence = evidence_of(project, claim, case.subject)
    context = (str(case.context),)
    return Stated(claim.policy.id, verdict, label(case.subject), case.subject.span, context, evidence)


def _joined(one: Stated, other: Stated) -> Stated:
    contexts = tuple(dict.fromkeys(one.contexts + other.contexts))
    return Stated(one.policy, one.verdict, one.subject, one.span, contexts, one.evidence)
