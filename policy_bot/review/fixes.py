"""Proves drafts of fixes by applying them to a copy, which is read and judged again.

A fix is offered only if applying it removes its finding, adds none, and changes no other effective value in
any context. Unproved fixes are not offered, and those that were not tried are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Edit, Finding, Fix, Judgement, NoFix
from policy_bot.record import dataclass, replace
from policy_bot.review.drafts import Draft, Drafts
from policy_bot.review.fixes_proof import changes_nothing_else
from policy_bot.review.fixes_text import apply
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.source import Overlay, SourceTree, Unreadable

Read = Callable[[SourceTree, str, Sequence[Context] | None], Project]

MOST_WORK = 2_000
"""Budget for one judgement, in subjects that are read again: each proof costs a reading of its project."""

LEAST_WORK = 50
"""The least cost of a proof, so that at most forty are made for small projects too."""

MOST_FINDINGS = 100
"""Maximum number of findings for which fixes are searched: at most forty proofs are made, and at most twenty
suggestions are shown.
"""


@dataclass(frozen=True)
class Attempt:
    """A draft, and the findings that it should remove (several if they share one value)."""

    findings: tuple[Finding, ...]
    draft: Draft


@dataclass(frozen=True)
class Trial:
    """A project as it was read and judged, on which fixes are tried."""

    project: Project
    findings: tuple[Finding, ...]
    tree: SourceTree
    read: Read
    judge: Judge

    def proves(self, attempts: Sequence[Attempt]) -> bool:
        """Whether these drafts, applied together, remove their findings and change nothing else."""
        edits = [edit for attempt in attempts for edit in attempt.draft.edits]
        after = self._after(edits)
        if after is None:
            return False
        allowed = tuple(each for attempt in attempts for each in attempt.draft.allowed)
        fixed = [finding for attempt in attempts for finding in attempt.findings]
        return self._removes(fixed, self.judge([after]).findings) and changes_nothing_else(
            self.project, after, allowed
        )

    def _after(self, edits: Sequence[Edit]) -> Project | None:
        """The project with the edits applied; None if they cannot be."""
        changes: dict[str, bytes | None] = {}
        for path in dict.fromkeys(edit.path for edit in edits):
            source = self.tree.read(path)
            changed = apply(source or b"", [e for e in edits if e.path == path])
            if changed is None:
                return None
            changes[path] = changed
        contexts = [deployment.context for deployment in self.project.contexts]
        try:
            return self.read(Overlay(self.tree, changes), self.project.path, contexts)
        except Unreadable:  # the caller has no time left for another reading
            return None

    def _removes(self, fixed: Sequence[Finding], now: Iterable[Finding]) -> bool:
        """Whether each kind of finding decreased by the number that was fixed, and none increased.

        If SST stopped early before (a crash), or a stream was broken, the rest was not judged (how long it
        lasts): then only findings that gate count as added.
        """
        cut_short = any(finding.subject.startswith(("crash", "stream ")) for finding in fixed)
        most = Counter(_kind(finding) for finding in self.findings)
        most.subtract(_kind(finding) for finding in fixed)
        there = Counter(_kind(finding) for finding in now if not cut_short or finding.gates)
        gone = {_kind(finding) for finding in fixed}
        still = Counter(_kind(finding) for finding in now)
        return all(number <= most[kind] for kind, number in there.items()) and all(
            still[kind] <= most[kind] for kind in gone
        )


def _kind(finding: Finding) -> str:
    """The fingerprint without the number that distinguishes equal ones: that changes if one of them is
    fixed.
    """
    return finding.fingerprint.partition("#")[0] if "#" in finding.fingerprint else finding.fingerprint


def is_fixable(finding: Finding, judge: Judge) -> bool:
    """Whether its policy declares fixes for such a finding."""
    policy = next((policy for policy in judge.policies if policy.id == finding.policy), None)
    return policy is not None and finding.verdict == "fail" and policy.fixable


@dataclass(frozen=True, slots=True)
class TriedFixes:
    """The drafts for one finding after the search: the fix of each, best first, None if it is not proved.

    `cost` is the work of one proof, `applies` says that the policy declares a fix for this finding, whether
    or not it can be written here.
    """

    cost: int
    fixes: tuple[Fix | None, ...]
    applies: bool


class Budget:
    """How many subjects proofs may still read again. One proof is always made, however large the project."""

    def __init__(self, left: int | None = None) -> None:
        self.left = MOST_WORK if left is None else left

    def affords(self, cost: int) -> bool:
        """Whether another proof is allowed; takes its cost if so."""
        if cost > self.left and self.left < MOST_WORK:
            return False
        self.left -= cost
        return True


def with_fixes(
    judgement: Judgement,
    tree: SourceTree,
    read: Read,
    judge: Judge,
    wanted: Callable[[Finding], bool] = lambda finding: True,
    elsewhere: Callable[[Finding, Budget], TriedFixes | None] = lambda finding, budget: None,
) -> Judgement:
    """Adds the fixes that could be proved to the `wanted` findings of a judgement. `tree` is what was read.
    `elsewhere` is asked first: it returns the results of another process, which had at least the budget that
    is left.
    """
    search, budget, cut_short = FixSearch(judgement, tree, read, judge), Budget(), 0
    fixable = [f for f in judgement.findings if is_fixable(f, judge) and wanted(f)]
    found: dict[str, tuple[tuple[Fix, ...], NoFix]] = {each.fingerprint: ((), "untried") for each in fixable}
    for finding in most_urgent(fixable):
        tried = elsewhere(finding, budget) or search.tried(finding)
        allowed = sum(budget.affords(tried.cost) for _ in tried.fixes)  # if one is refused, so are the rest
        fixes = tuple(fix for fix in tried.fixes[:allowed] if fix is not None)
        cut_short += bool(fixes) and allowed < len(tried.fixes)
        found[finding.fingerprint] = fixes, "" if fixes else _no_fix(tried, allowed)
    findings = []
    for finding in judgement.findings:
        fixes, no_fix = found.get(finding.fingerprint, ((), ""))
        findings.append(replace(finding, fixes=fixes, no_fix=no_fix))
    untried = sum(no_fix == "untried" for _, no_fix in found.values()) + cut_short
    return replace(judgement, findings=tuple(findings), fixes_not_tried=untried)


def _no_fix(tried: TriedFixes, allowed: int) -> NoFix:
    if tried.fixes:
        return "unproved" if allowed == len(tried.fixes) else "untried"
    return "unwritable" if tried.applies else ""


def most_urgent(fixable: Iterable[Finding]) -> list[Finding]:
    """The findings for which fixes are sought, in that order: those that gate come first, as the number of
    proofs is bounded.
    """
    order = ("error", "warning", "notice").index
    return sorted(fixable, key=lambda finding: order(finding.severity))[:MOST_FINDINGS]


class FixSearch:
    """Searches for the fixes of single findings within a budget."""

    def __init__(
        self, judgement: Judgement, tree: SourceTree, read: Read, judge: Judge, budget: Budget | None = None
    ) -> None:
        self._judgement, self._tree, self._read, self._judge = judgement, tree, read, judge
        self._known = {project.path: project for project in judgement.projects}
        self._project = cache(self._whole)
        self._budget = budget or Budget()
        self._source = cache(tree.read)
        self._drafts = cache(self._drafts_of)
        self._trial = cache(self._trial_of)

    def tried(self, finding: Finding) -> TriedFixes:
        """The drafts for one finding, proved as far as the budget allows."""
        drafts = self._drafts(finding.project)
        written: dict[tuple[Edit, ...], Draft] = {}
        for draft in drafts.of(finding):
            written.setdefault(draft.edits, draft)
        contexts = self._project(finding.project).contexts
        cost = max(LEAST_WORK, sum(len(deployment.subjects) for deployment in contexts))
        fixes = tuple(
            self._proved(finding, draft) if self._budget.affords(cost) else None for draft in written.values()
        )
        return TriedFixes(cost, fixes, bool(fixes) or drafts.applies(finding))

    def _proved(self, finding: Finding, draft: Draft) -> Fix | None:
        proves = self._trial(finding.project).proves([Attempt((finding,), draft)])
        return Fix(draft.title, draft.edits) if proves else None

    def _whole(self, path: str) -> Project:
        """The project with its contexts: if another process judged it, they are missing, and it is read
        again.
        """
        project = self._known[path]
        return project if project.contexts else self._read(self._tree, path, None)

    def _drafts_of(self, path: str) -> Drafts:
        return Drafts(self._project(path), self._judge, self._source)

    def _trial_of(self, path: str) -> Trial:
        findings = tuple(each for each in self._judgement.findings if each.project == path)
        return Trial(self._project(path), findings, self._tree, self._read, self._judge)
