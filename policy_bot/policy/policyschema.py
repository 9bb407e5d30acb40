"""The schema of a policy's front matter, strict, so that an unknown key is an error rather than a rule that
is ignored; and what the engine makes of it.

Imports pydantic, so it is loaded only to read policy files, never for built-in policies.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from policy_bot.policy.finding import Severity
from policy_bot.policy.policy import (
    Change,
    Confidence,
    Elsewhere,
    ParameterType,
    Policy,
    PolicyParameter,
    Remedy,
    Rule,
)
from policy_bot.policy.settings import Profile, UnknownWeight
from policy_bot.policy.strength import Direction

Profiles = list[Profile] | dict[Profile, Severity]
Subject = Literal[
    "config", "function", "site", "route", "routing", "stream", "queue", "component", "argument", "crash",
    "unseen", "problem",
]  # fmt: skip
Cel = Annotated[str, Field(min_length=1, max_length=4000)]


class _StrictModel(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ElsewhereModel(_StrictModel):
    """Edits of another subject, made only if exactly one satisfies `where`."""

    subject: Subject = Field(description="Kind of the other subject.")
    where: Cel = Field(description="CEL over the other subject's facts; exactly one must satisfy it.")
    set: dict[str, str] = Field(default_factory=dict, description="Keys to set, with their TypeScript text.")
    remove: list[str] = Field(default_factory=list, description="Keys to remove.")


class FixModel(_StrictModel):
    """A declared fix. It is offered only if applying it is proved to remove the finding and to change nothing
    else.
    """

    title: str = Field(min_length=3, max_length=120, description="What applying it does, in the imperative.")
    when: Cel = Field(default="true", description="CEL: when the fix applies.")
    set: dict[str, str] = Field(
        default_factory=dict, description="Keys to set (added if missing), with their text."
    )
    remove: list[str] = Field(default_factory=list, description="Keys to remove.")
    move: dict[str, str] = Field(default_factory=dict, description="Keys to move: from where, to where.")
    create: dict[str, str] = Field(
        default_factory=dict,
        description="Files to create: the fact with the path (empty if the file exists), and their text.",
    )
    elsewhere: ElsewhereModel | None = Field(default=None, description="Edits of one other subject.")

    def remedy(self) -> Remedy:
        """The fix for the engine."""
        other = self.elsewhere
        there = Elsewhere(other.subject, other.where, _changes(other.set, other.remove)) if other else None
        moves = (Change("move", key, to) for key, to in self.move.items())
        creates = (Change("create", name, text) for name, text in self.create.items())
        changes = (*_changes(self.set, self.remove), *moves, *creates)
        return Remedy(self.title, changes, there, self.when)


def _changes(settings: dict[str, str], removals: list[str]) -> tuple[Change, ...]:
    return (*(Change("remove", key) for key in removals), *(Change("set", k, v) for k, v in settings.items()))


class ParameterModel(_StrictModel):
    """A parameter that settings may change."""

    type: ParameterType = Field(description="Its type; a list is of strings.")
    default: int | str | bool | list[str] = Field(description="The value if no setting changes it.")
    doc: str = Field(min_length=3, description="One sentence for the page, with the unit.")
    tighter: Direction = Field(
        default=None,
        description="Which direction is stricter: numbers by size, lists by inclusion, bool higher = true.",
    )

    @model_validator(mode="after")
    def _default_fits(self) -> ParameterModel:
        kinds: dict[str, type] = {"int": int, "string": str, "bool": bool, "list": list}
        fits = isinstance(self.default, kinds[self.type])
        if not fits or (self.type == "int" and isinstance(self.default, bool)):
            raise ValueError(f"the default is not of type {self.type}")
        return self


class RuleModel(_StrictModel):
    """A requirement for one kind of subject."""

    subject: Subject = Field(description="What it judges.")
    stages: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]] = Field(
        default_factory=list, max_length=16, description="Stages to which it applies; all by default."
    )
    when: Cel = Field(default="true", description="CEL: the subjects to which it applies.")
    require: Cel = Field(default="false", description="CEL: what must hold for them.")
    at: str = Field(description="The fact on whose line the finding is reported.")
    message: str = Field(
        min_length=10, description="One or two sentences; `{fact}` and `{fact:duration}` are filled in."
    )
    severity: Severity | None = Field(default=None, description="If it differs from the policy's.")
    sst: str | None = Field(default=None, description="SST versions it concerns, e.g. `>=3.0.0 <4.2.1`.")
    profiles: Profiles | None = Field(default=None, description="If it differs from the policy's.")
    better: dict[str, Literal["higher", "lower"]] = Field(
        default_factory=dict,
        description="Which way a fact improves, if no comparison in the rule shows it: an older finding whose"
        " value moves that way does not count as new.",
    )
    fix: FixModel | list[FixModel] | None = Field(default=None, description="Declared fixes, best first.")

    def fixes(self) -> list[FixModel]:
        """The declared fixes."""
        return self.fix if isinstance(self.fix, list) else [self.fix] if self.fix else []

    def rule(self) -> Rule:
        """The rule for the engine; its condition includes its stages."""
        stages = f"context.stage in {json.dumps(self.stages)} && " if self.stages else ""
        return Rule(
            subject=self.subject,
            when=f"{stages}({self.when})" if stages else self.when,
            require=self.require,
            at=self.at,
            message=self.message,
            severity=self.severity,
            sst=self.sst,
            profiles=None if self.profiles is None else _by_profile(self.profiles),
            remedies=tuple(fix.remedy() for fix in self.fixes()),
            better=dict(self.better),
        )


def _by_profile(profiles: Profiles) -> dict[str, Severity | None]:
    if isinstance(profiles, dict):
        return {str(name): severity for name, severity in profiles.items()}
    return dict.fromkeys(profiles)


class PolicyModel(_StrictModel):
    """The front matter of a policy file: either one rule inline, or several under `rules`."""

    title: str = Field(min_length=5, max_length=90, description="The bad pattern in a few words.")
    severity: Severity = Field(
        description="error: it breaks or has no effect; warning: it is probably wrong."
    )
    confidence: Confidence = "high"
    since: str = Field(
        default="",
        pattern=r"^(\d+\.\d+\.\d+)?$",
        description="Version of policy-bot that introduced it; for built-in policies.",
    )
    sst: str = Field(default="*", description="SST versions to which it applies.")
    unknown: UnknownWeight = Field(
        default="neutral", description="Effect of a cannot-tell: shown, gating, or not mentioned."
    )
    waivable: bool = Field(default=True, description="Whether a waiver may excuse its findings.")
    profiles: Profiles = Field(
        default_factory=lambda: list[Profile](("recommended", "guide")),
        description="Profiles it belongs to, as a list or with a severity for each.",
    )
    parameters: dict[str, ParameterModel] = Field(
        default_factory=dict, description="What settings may change."
    )
    rules: list[RuleModel] = Field(
        min_length=1, description="The requirements; a single rule may be written inline."
    )

    def policy(self, id: str, path: str, page: str) -> Policy:
        """The policy for the engine."""
        return Policy(
            id=id,
            title=self.title,
            severity=self.severity,
            confidence=self.confidence,
            since=self.since,
            sst=self.sst,
            rules=tuple(rule.rule() for rule in self.rules),
            parameters={
                key: PolicyParameter(p.type, p.default, p.doc, p.tighter)
                for key, p in self.parameters.items()
            },
            unknown=self.unknown,
            waivable=self.waivable,
            profiles=_by_profile(self.profiles),
            page=page,
            path=path,
        )
