"""Prepares a rule for one project, and collects the evidence for its verdicts.

The evidence is stored with the finding, so a page can show it later without judging again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from policy_bot.policy.direction import better
from policy_bot.policy.expression import Expression, hiding, trusted
from policy_bot.policy.finding import Evidence, Fact, Setting, Severity
from policy_bot.policy.message import shown
from policy_bot.policy.policy import Policy, Rule
from policy_bot.policy.relations import fact_of
from policy_bot.policy.settings import Settings, UnknownWeight
from policy_bot.record import dataclass
from policy_bot.sst import ranges
from policy_bot.sst.deployment import Project, Subject, Value


@dataclass(frozen=True)
class Claim:
    """One rule with the settings that apply to it: severity, parameters, and the expression that is true of a
    violation.
    """

    policy: Policy
    rule: Rule
    number: int
    severity: Severity
    sst: str
    violation: Expression
    parameters: Mapping[str, Value]
    sources: tuple[Setting, ...]
    weight: UnknownWeight

    @staticmethod
    def make(
        policy: Policy, rule: Rule, number: int, severity: Severity, sst: str, settings: Settings
    ) -> Claim:
        """Makes the claim of a rule under the settings."""
        parameters: dict[str, Value] = {}
        sources = []
        for name, parameter in policy.parameters.items():
            value, source = settings.parameter(policy.id, name, parameter.default)
            content = [Value(item) for item in value] if isinstance(value, (list, tuple)) else value
            parameters[f"parameters.{name}"] = known = Value(content)
            sources.append(Setting(name, shown(known), source))
        violation = _violation(policy, rule)
        weight = settings.unknown_of(policy.id, policy.unknown)
        return Claim(
            policy, rule, number, severity, sst, violation, parameters, tuple(sources), weight
        )  # fmt: skip

    @property
    def types(self) -> dict[str, str]:
        """The types of the policy's parameters."""
        return _types(self.policy)

    def hiding(self, values: Mapping[str, Value]) -> Iterator[tuple[str, Value]]:
        """The facts that keep the rule from being decided, in the order in which it names them."""
        return hiding(self.violation, values)


def conditions(policies: Iterable[Policy]) -> Iterator[Expression]:
    """The conditions under which the rules of policies are violated."""
    return (_violation(policy, rule) for policy in policies for rule in policy.rules)


def _violation(policy: Policy, rule: Rule) -> Expression:
    return trusted(violation_text(rule), rule.subject, _types(policy))


def _types(policy: Policy) -> dict[str, str]:
    return {name: parameter.type for name, parameter in policy.parameters.items()}


def violation_text(rule: Rule) -> str:
    """The expression that is true if the rule is violated."""
    return rule.when if rule.require == "false" else f"({rule.when}) && !({rule.require})"


def deciding_values(claim: Claim, values: Mapping[str, Value]) -> tuple[tuple[str, str, str], ...]:
    """The values that decide, each with its name and the direction in which it improves."""
    return _shown(claim, (claim.rule.at, *_deciding(claim)), values)


def rule_values(claim: Claim, values: Mapping[str, Value]) -> tuple[tuple[str, str, str], ...]:
    """The values that decide, and those that say whom the rule concerns, in the form of `deciding_values`."""
    return _shown(claim, (claim.rule.at, *_deciding(claim), *claim.violation.names), values)


def _shown(
    claim: Claim, names: Sequence[str], values: Mapping[str, Value]
) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (name, shown(value), better(claim.rule, name))
        for name in dict.fromkeys(names)
        if not name.startswith(_AROUND) and (value := values.get(name)) is not None
    )


_AROUND = ("parameters.", "context.", "project.")
"""Facts that do not belong to the subject itself: equal for the head and its base, or compared elsewhere."""


def _deciding(claim: Claim) -> Sequence[str]:
    rule = claim.rule
    return trusted(rule.when if rule.require == "false" else rule.require, rule.subject, claim.types).names


def evidence_of(project: Project, claim: Claim, subject: Subject) -> Evidence:
    """Collects the evidence of a verdict: the facts that decide, then those that say whether the rule
    applies.
    """
    rule = claim.rule
    deciding = _deciding(claim)
    facts = tuple(
        Fact(name, shown(value) or '""', value.origin, name == rule.at or name in deciding)
        for name in dict.fromkeys((rule.at, *deciding, *claim.violation.names))
        if name in subject.facts or (name.startswith("args.") and "args" in subject.facts)
        for value in (fact_of(subject, name),)
    )
    return Evidence(_version(project, claim), claim.violation.text, facts, claim.sources)


def _version(project: Project, claim: Claim) -> str:
    version = project.version
    text = f"{version} ({version.evidence})"
    if ranges.is_assumed(claim.sst, version):
        return f"{text}; judged as {version.high}, to which {claim.policy.id} applies"
    return text
