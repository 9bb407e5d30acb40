"""A policy as plain data: the content of a policy file, independent of the file.

`policyfile` builds it from Markdown, `builtin` from the shipped JSON; `engine` applies it.
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
    """A parameter of a policy that an organisation may set. `tighter` is the stricter direction; if None, any
    change loosens.
    """

    type: ParameterType
    default: object
    doc: str
    tighter: Literal["higher", "lower"] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One declared edit of a subject: `set` a key to a text (added if it is missing), `remove` or `move` it,
    or `create` a file whose path is the fact `key`.

    `key` is a dotted path as in the source (`server.timeout`); `text` is TypeScript with `{facts}` in braces,
    or the key that the value moves to.
    """

    op: Literal["set", "remove", "move", "create"]
    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Edits of another subject of the project, made only if exactly one satisfies `where`."""

    subject: str
    where: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Remedy:
    """A declared fix: edits of the subject itself, and perhaps of one other. Offered only if it is proved."""

    title: str
    changes: tuple[Change, ...] = ()
    elsewhere: Elsewhere | None = None
    when: str = "true"


@dataclass(frozen=True, slots=True)
class Rule:
    """A requirement for one kind of subject: a finding if `when` holds and `require` does not.

    `at` is the fact on whose line the finding is reported. `better` declares in which direction facts improve
    if the comparisons in the rule do not show it. `severity`, `sst` and `profiles` come from the policy if
    they are None.
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
    """One policy. `id` is its path without `.md`; `profiles` names those it belongs to, with a severity if it
    differs.
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
        """The severity in a profile, None if the policy is not part of it."""
        return (self.profiles[profile] or self.severity) if profile in self.profiles else None

    def rule_severity(self, rule: Rule, profile: Profile) -> Severity | None:
        """The severity of one of its rules in a profile, None if the rule is not part of it."""
        within = self.severity_in(profile)
        if within is None or rule.profiles is None:
            return within and (rule.severity or within)
        return (rule.profiles[profile] or rule.severity or within) if profile in rule.profiles else None

    @property
    def fixable(self) -> bool:
        """Whether any of its rules declares a fix."""
        return any(rule.remedies for rule in self.rules)
