"""Findings: a policy's verdict on one subject at one place, as judging produces and every front end
shows it.
"""

from __future__ import annotations

from typing import Literal

from policy_bot.record import NamedTuple, dataclass
from policy_bot.sst.deployment import BlindSpot, Project, Step
from policy_bot.sst.span import Span

Severity = Literal["error", "warning", "notice"]
Verdict = Literal["fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replaces the bytes `start:end` of a file by `text`. An insertion has `start == end`."""

    path: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that were proved to remove the finding, add none and change no other effective value."""

    title: str
    edits: tuple[Edit, ...]


NoFix = Literal["", "unwritable", "unproved", "untried"]
"""Why a finding has no fix although its policy declares one: the value is not written where it could be
edited, the fix changes something else, or the budget was exhausted. "" if there is a fix, or none declared.
"""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that a verdict depends on: its name, its value as text (or "unknown"), and its derivation,
    nearest step first. `decisive` is False for facts that only determine whether the rule applies.
    """

    name: str
    value: str
    derivation: tuple[Step, ...]
    decisive: bool = True


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter of the rule, its value as text, and the layer and line that set it."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict was derived from: one structure for terminal, JSON, comment and page."""

    sst_version: str
    expression: str
    facts: tuple[Fact, ...]
    settings: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Excuse:
    """A waiver or a comment in the source that excuses a finding. A comment has no end and no approver; `at`
    is its place, None for a waiver.
    """

    reason: str
    expires: str
    approved_by: str
    source: str
    at: Span | None = None

    @property
    def inline(self) -> bool:
        """Whether it is a comment in the source."""
        return self.at is not None


@dataclass(frozen=True, slots=True)
class Ignore:
    """An ignore comment, and its effect.

    `policies` are those that it excuses, `idle` those of them without a finding at its place, `refused` those
    that the settings do not let it excuse, each with the reason. One with `mistakes` excuses nothing.
    """

    span: Span
    policies: tuple[str, ...] = ()
    reason: str = ""
    refused: tuple[tuple[str, str], ...] = ()
    mistakes: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()


class FindingInstance(NamedTuple):
    """One subject in one context that a finding covers: its bare name, and the values that decided, as text.

    `facts` holds name, value and the direction in which the value improves ("" if it is not evident).
    """

    context: str
    subject: str
    facts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A policy's verdict at one place. One finding covers all contexts and subjects that share it.

    `subject` describes the first of them, `names` are the bare names of all, and `instances` has each of them
    in each context, with the values that decided: later findings are compared with these. `compared` has some
    of these subjects in every context, passing or not, with all values that the rule uses.

    `fingerprint` does not change when lines move: it consists of policy, project, subject and value path.
    `gates` is False in evaluate mode, for warnings and notices, for excused findings, and for those that the
    base already has. `trial` is the first day (ISO) on which its policy is enforced, `evaluate` if none is
    set, "" once it is enforced. `waivable`: a waiver may excuse it. `sender` is the line that sends the
    stream of the finding, so that whoever changes that line gets the comment.
    """

    policy: str
    title: str
    severity: Severity
    verdict: Verdict
    project: str
    subject: str
    span: Span
    message: str
    contexts: tuple[str, ...]
    fingerprint: str
    evidence: Evidence
    fixes: tuple[Fix, ...] = ()
    no_fix: NoFix = ""
    gates: bool = True
    excuse: Excuse | None = None
    related: tuple[Step, ...] = ()
    page: str = ""
    names: tuple[str, ...] = ()
    instances: tuple[FindingInstance, ...] = ()
    compared: tuple[FindingInstance, ...] = ()
    trial: str = ""
    waivable: bool = True
    sender: Span | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of judging some projects.

    `problems` prevented reading (a file that does not parse, an exceeded limit) or judging (a settings file
    with mistakes): they keep a check from succeeding. `fixes_not_tried` counts the findings with a declared
    fix whose proof did not fit into the budget. `ignores` are the ignore comments.
    """

    projects: tuple[Project, ...]
    findings: tuple[Finding, ...]
    problems: tuple[BlindSpot, ...] = ()
    fixes_not_tried: int = 0
    ignores: tuple[Ignore, ...] = ()
