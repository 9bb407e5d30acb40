"""A policy as plain data: what a policy file says, without the file.

Built from Markdown by `policyfile` and from the shipped JSON by `builtin`; judged by `engine`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from policy_bot.policy.finding import Severity
from policy_bot.policy.settings import Profile, UnknownWeight
from policy_bot.record import dataclass, field

ParameterType = Literal["int", "string", "bool", "list"]
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class PolicyParameter:
    """What an organisation may set of a policy. `tighter` says which direction is stricter; None: any change
    loosens.
    """

    type: ParameterType
    default: object
    doc: str
    tighter: Literal["higher", "lower"] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One declared edit of a subject: `set` a key to a text (added where it is missing), `remove` or `move`
    it; or `create` a file, whose path is the fact `key`.

    `key` is dotted as in the source (`server.timeout`), `text` TypeScript with `{facts}` in braces, or the
    key that the value moves to.
    """

    op: Literal["set", "remove", "move", "create"]
    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Edits of another subject of the project, made only where exactly one satisfies `where`."""

    subject: str
    where: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """A declared fix: edits of the subject itself, perhaps of one other. Offered only where it is proved."""

    title: str
    changes: tuple[Change, ...] = ()
    elsewhere: Elsewhere | None = None
    when: str = "true"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is demanded of one kind of subject: a finding where `when` holds and `require` does not.

    `at` is the fact whose line is meant. `better` says of facts which way they improve, where the
    comparisons in the rule do not. `severity`, `sst` and `profiles` are the policy's own where they are
    None.
    """

    subject: str
    when: str
    require: str
    at: str
    message: str
    severity: Severity | None = None
    sst: str | None = None
    profiles: Mapping[str, Severity | None] | None = None
    remedies: tuple[Remedy, ...] = ()
    better: Mapping[str, Literal["higher", "lower"]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy. `id` is its path without `.md`; `profiles` names those it belongs to, with a severity where
    it differs.
    """

    id: str
    title: str
    severity: Severity
    confidence: Confidence
    since: str
    sst: str
    rules: tuple[Rule, ...]
    parameters: Mapping[str, PolicyParameter] = field(default_factory=dict)
    unknown: UnknownWeight = "neutral"
    waivable: bool = True
    profiles: Mapping[str, Severity | None] = field(default_factory=dict)
    page: str = ""
    path: str = ""

    def severity_in(self, profile: Profile) -> Severity | None:
        """The severity in a profile, None where the policy is not part of it."""
        return (self.profiles[profile] or self.severity) if profile in self.profiles else None

    def rule_severity(self, rule: Rule, profile: Profile) -> Severity | None:
        """The severity of one of its rules in a profile, None where the rule is not part of it."""
        within = self.severity_in(profile)
        if within is None or rule.profiles is None:
            return within and (rule.severity or within)
        return (rule.profiles[profile] or rule.severity or within) if profile in rule.profiles else None

    @property
    def fixable(self) -> bool:
        """Whether any of its rules declares a fix."""
        return any(rule.remedies for rule in self.rules)
