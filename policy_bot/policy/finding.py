"""What a policy says of one subject at one place: the contract between judging and showing."""

from __future__ import annotations

from typing import Literal, NamedTuple

from policy_bot.record import dataclass
from policy_bot.sst.deployment import BlindSpot, Project, Step
from policy_bot.sst.span import Span

Severity = Literal["error", "warning", "notice"]
Verdict = Literal["fail", "unknown"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the bytes `start:end` of a file by `text`. An insertion has `start == end`."""

    path: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that were proved to remove the finding, add none and change no other effective value."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact a verdict rests on: its name, its value as text (or "unknown"), and its derivation, nearest
    step first. `decisive` is False for those that only say whom the rule concerns.
    """

    name: str
    value: str
    derivation: tuple[Step, ...]
    decisive: bool = True


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter that took part, its value as text, and the layer and line that set it."""

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
    """What excuses a finding: a waiver, or a comment in the source. A comment has no end and nobody who
    approved it; `at` is its place, None for a waiver.
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
    """A comment that asks to excuse findings, and what became of it.

    `policies` are those that it excuses, `idle` those of them without a finding at its place, `refused` those
    that the settings do not let it excuse, each with the reason why not. One with `mistakes` excuses nothing.
    """

    span: Span
    policies: tuple[str, ...] = ()
    reason: str = ""
    refused: tuple[tuple[str, str], ...] = ()
    mistakes: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()


class Instance(NamedTuple):
    """One subject in one context that a finding stands for: its bare name, and the values that decided, as
    text.

    `facts` holds name, value and the direction in which the value improves ("" where nobody can tell).
    """

    context: str
    subject: str
    facts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a policy says, at one place. One finding stands for all contexts and subjects that share it.

    `subject` is the first of them in words, `names` are the bare names of all, `instances` has each of them
    in each context, with the values that decided: what a later finding is compared with.

    `fingerprint` is the same before and after lines move: policy, project, subject and value path, not line.
    `gates` is False in evaluate mode, for warnings and notices, where excused, and where the base has it
    already. `trial`: the first day (ISO) on which its policy is enforced, `evaluate` if none is set, ""
    once it is enforced. `waivable`: a waiver may excuse it. `sender`: where the code sends
    the stream that a finding is about; whoever changes that line is told there.
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
    gates: bool = True
    excuse: Excuse | None = None
    related: tuple[Step, ...] = ()
    page: str = ""
    names: tuple[str, ...] = ()
    instances: tuple[Instance, ...] = ()
    trial: str = ""
    waivable: bool = True
    sender: Span | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything the policies say of some projects.

    `problems` are what kept us from seeing (a file that does not parse, a limit that was hit) or from judging
    (a settings file in error): they keep a check from succeeding. `fixes_not_tried` counts the findings for
    which a fix is declared and no work was left to prove it. `ignores` are the comments that ask to excuse
    findings.
    """

    projects: tuple[Project, ...]
    findings: tuple[Finding, ...]
    problems: tuple[BlindSpot, ...] = ()
    fixes_not_tried: int = 0
    ignores: tuple[Ignore, ...] = ()
