"""The result of `check` for the writers: the judgement, its source, and what fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, cast

from policy_bot.cli.output.places import Places
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding, Judgement
from policy_bot.policy.problems import POLICIES as UNREAD
from policy_bot.policy.selection import matches
from policy_bot.policy.settings import Decision, Notice, Settings, SettingSource
from policy_bot.policy.weighing import would_gate
from policy_bot.record import NamedTuple, dataclass, field
from policy_bot.sst.deployment import Project

FailOn = frozenset[str]
"""Levels that make the exit status 1 besides gating errors: `warning`, `unknown`."""

ERRORS: FailOn = frozenset({"error"})

Level = Literal["error", "warning", "notice"]


_NO_FIX = {
    "unwritable": "none offered: the value is not written where it could be edited",
    "unproved": "none offered: it would change something else too, or not remove the finding",
    "untried": "not tried: too many fixes came before it; `policy-bot fix` tries all of them",
}


class Ignored(NamedTuple):
    """A config that the settings exclude, with the pattern and its line."""

    path: str
    pattern: str
    source: SettingSource

    @staticmethod
    def by(settings: Settings, config: str) -> Ignored:
        """The setting that excludes this config."""
        decision = settings.decisions["paths.ignore"]
        patterns = cast("tuple[str, ...]", decision.value)
        return Ignored(config, next(each for each in patterns if matches(each, config)), decision.source)


@dataclass(frozen=True)
class Report:
    """The judgement of a local run, with the rules and source behind it."""

    judgement: Judgement
    places: Places
    fail_on: FailOn = ERRORS
    judge: Judge = field(default=Judge((), Settings.default()))
    ignored: Sequence[Ignored] = field(default=())
    old: int | None = None
    """Number of findings that the base already has, which are not shown; None without a comparison."""

    @property
    def findings(self) -> list[Finding]:
        """All findings, by place."""
        return sorted(self.judgement.findings, key=lambda finding: (finding.span, finding.policy))

    def fails(self, finding: Finding) -> bool:
        """Whether this finding alone makes the exit status 1."""
        if finding.gates or finding.excuse is not None:
            return finding.gates
        if finding.verdict == "unknown":
            return "unknown" in self.fail_on
        return "warning" in self.fail_on and finding.severity != "notice"

    @property
    def status(self) -> int:
        """0 if clean, 1 for findings at the requested level or if something could not be read."""
        return int(any(self.fails(finding) for finding in self.judgement.findings))

    def level(self, finding: Finding) -> Level:
        """The level for tools: a finding that does not gate is never an error."""
        if finding.excuse is not None or finding.verdict == "unknown":
            return "error" if finding.gates else "notice"
        return "warning" if finding.severity == "error" and not finding.gates else finding.severity

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Notices about the settings (an expired waiver, a refused loosening), which never fail the check."""
        return self.judge.settings.notices

    def trial(self, finding: Finding) -> Decision | None:
        """The setting that keeps a finding from gating: `evaluate`, or enforcement from a later day."""
        settings = self.judge.settings
        policy = next((each for each in self.judge.policies if each.id == finding.policy), None)
        if not would_gate(finding, settings, policy.unknown if policy else "neutral"):
            return None
        return settings.decisions.get(f"{finding.policy}.mode") or settings.decisions["mode"]

    def standing(self, finding: Finding) -> str:
        """Why a finding does not count, with reason, day and line; "" if it does."""
        excuse, trial = finding.excuse, self.trial(finding)
        if excuse is not None:
            if excuse.inline:
                return f"ignored on the line: {excuse.reason} ({excuse.source})"
            by = f"{excuse.approved_by}; {excuse.source}"
            return f"excused until {excuse.expires}: {excuse.reason} ({by})"
        return f"not enforced: mode {trial.value}, set by {trial.source}" if trial else ""

    def no_fix(self, finding: Finding) -> str:
        """Why the policy's declared fix is not offered, as a sentence; "" if there is no reason."""
        return _NO_FIX.get(finding.no_fix, "") if finding.excuse is None else ""

    def by_project(self) -> Iterator[tuple[Project, list[Finding]]]:
        """Each project with its findings."""
        found = grouped(self.findings)
        return ((project, found.get(project.path, [])) for project in self.judgement.projects)

    def of_no_project(self) -> list[Finding]:
        """Findings about folders and files that could not be searched, and about settings."""
        paths = {project.path for project in self.judgement.projects}
        return [finding for finding in self.findings if finding.project not in paths]

    def unread(self) -> list[Finding]:
        """Findings that say that something could not be read or judged, including those of projects."""
        return [finding for finding in self.findings if finding.policy in UNREAD]

    def counts(self) -> dict[str, int]:
        """The totals. `unknown` are findings that could not be decided, `excused` those with a waiver,
        `not_enforced` are included in the others; `ignored` are projects that were not judged.
        """
        kinds = Counter(_kind(finding) for finding in self.judgement.findings)
        return {
            "projects": len(self.judgement.projects),
            "ignored": len(self.ignored),
            "errors": kinds["error"],
            "warnings": kinds["warning"],
            "notices": kinds["notice"],
            "unknown": kinds["unknown"],
            "excused": kinds["excused"],
            "not_enforced": sum(self.trial(finding) is not None for finding in self.judgement.findings),
            "problems": len(self.unread()),
            **({"old": self.old} if self.old is not None else {}),
            "fixes_not_tried": self.judgement.fixes_not_tried,
            "failing": sum(self.fails(finding) for finding in self.judgement.findings),
        }


def grouped(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by the path of their project, in the same order."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.project, []).append(finding)
    return found


def _kind(finding: Finding) -> str:
    if finding.excuse is not None:
        return "excused"
    return "unknown" if finding.verdict == "unknown" else finding.severity
