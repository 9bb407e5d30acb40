"""Declared fixes made into edits, and proved: tried on a copy, read again, judged again.

A fix is offered only where applying it removes its finding, adds none, and changes no other effective value
in any context. What cannot be proved is not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import takewhile

from policy_bot.policy.engine import Judge
from policy_bot.policy.evidence import Claim
from policy_bot.policy.expression import trusted
from policy_bot.policy.finding import Edit, Finding, Fix, Judgement
from policy_bot.policy.findings import label
from policy_bot.policy.message import fill, fill_code
from policy_bot.policy.policy import Change, Policy, Remedy, Rule
from policy_bot.policy.screening import Case, cases, values_of
from policy_bot.review.fixes_proof import Allowance, alike, changes_nothing_else
from policy_bot.review.fixes_text import Addition, apply, blanked, insertion, removal, replacement
from policy_bot.sst.deployment import Context, Place, Project, Subject
from policy_bot.sst.record import dataclass, replace
from policy_bot.sst.source import Overlay, SourceTree, Unreadable
from policy_bot.sst.span import Span

Read = Callable[[SourceTree, str, Sequence[Context] | None], Project]

MOST_WORK = 2_000
"""How much is tried for one judgement, in subjects read again: each proof costs a reading of its project."""

LEAST_WORK = 50
"""What a proof costs at least, so that no more than forty are made of small projects either."""

MOST_FINDINGS = 100
"""Findings that fixes are sought for: for each its project is gone through, and no more than forty proofs are
made, nor twenty suggestions shown.
"""


def with_fixes(
    judgement: Judgement,
    tree: SourceTree,
    read: Read,
    judge: Judge,
    wanted: Callable[[Finding], bool] = lambda finding: True,
    goes_on: Callable[[], bool] = lambda: True,
) -> Judgement:
    """The judgement with the fixes that could be proved on those of its findings that are `wanted`. `tree` is
    what was read. `goes_on` is asked before each finding: no more are sought once it says no.
    """
    workshop = _Workshop(judgement, tree, read, judge)
    fixable = (finding for finding in judgement.findings if workshop.may_mend(finding))
    urgent = sorted(filter(wanted, fixable), key=_urgency)[:MOST_FINDINGS]
    fixes = {f.fingerprint: workshop.fixes(f) for f in takewhile(lambda _: goes_on(), urgent)}
    findings = tuple(replace(f, fixes=fixes.get(f.fingerprint, ())) for f in judgement.findings)
    return replace(judgement, findings=findings)


def first_fix(judgement: Judgement, tree: SourceTree, read: Read, judge: Judge) -> tuple[Finding, Fix] | None:
    """The first finding with a fix that could be proved, in order of place, and that fix."""
    workshop = _Workshop(judgement, tree, read, judge)
    proved = ((f, fix) for f in judgement.findings if f.excuse is None for fix in workshop.fixes(f)[:1])
    return next(proved, None)


def _urgency(finding: Finding) -> int:
    """What gates is mended first, as the number of proofs is bounded."""
    return ("error", "warning", "notice").index(finding.severity)


@dataclass(frozen=True)
class _Draft:
    """A fix that is not proved yet, and what it may change."""

    title: str
    edits: tuple[Edit, ...]
    allowed: tuple[Allowance, ...]


class _Unwritable(Exception):
    """A declared edit that has no place in this source."""


class _Workshop:
    def __init__(self, judgement: Judgement, tree: SourceTree, read: Read, judge: Judge) -> None:
        self._tree, self._read, self._judge = tree, read, judge
        self._projects = {project.path: project for project in judgement.projects}
        self._before = judgement.findings
        self._policies = {policy.id: policy for policy in judge.policies}
        self._left = MOST_WORK
        self._source = cache(tree.read)
        self._after = cache(self._tried)
        self._labelled = cache(self._by_label)

    def may_mend(self, finding: Finding) -> bool:
        """Whether fixes are declared for such a finding at all."""
        policy = self._policies.get(finding.policy)
        return policy is not None and finding.verdict == "fail" and policy.fixable

    def fixes(self, finding: Finding) -> tuple[Fix, ...]:
        """The proved fixes of one finding, best first."""
        if not self.may_mend(finding):
            return ()
        proved: dict[tuple[Edit, ...], Fix] = {}
        for draft in self._drafts(finding, self._policies[finding.policy]):
            if draft.edits not in proved and self._is_proved(finding, draft):
                proved[draft.edits] = Fix(draft.title, draft.edits)
        return tuple(proved.values())

    def _drafts(self, finding: Finding, policy: Policy) -> Iterator[_Draft]:
        project = self._projects[finding.project]
        for case, claim in self._cases(finding, policy):
            for remedy in claim.rule.remedies:
                try:
                    yield self._draft(finding, project, case, claim, remedy)
                except _Unwritable:
                    continue
            return

    def _by_label(self, path: str) -> dict[str, list[Case]]:
        """A project's subjects in every context, by what findings call them."""
        found: dict[str, list[Case]] = {}
        for case in cases(self._projects[path]):
            found.setdefault(label(case.subject), []).append(case)
        return found

    def _cases(self, finding: Finding, policy: Policy) -> Iterator[tuple[Case, Claim]]:
        """The finding's subject in the contexts it was made in, with the rule that made it."""
        for case in self._labelled(finding.project).get(finding.subject, ()):
            if str(case.context) in finding.contexts:
                for number, rule in enumerate(policy.rules):
                    claim = self._claim(policy, rule, number, finding)
                    if _speaks(claim, case, finding):
                        yield case, claim

    def _claim(self, policy: Policy, rule: Rule, number: int, finding: Finding) -> Claim:
        sst = rule.sst or policy.sst
        return Claim.make(policy, rule, number, finding.severity, sst, self._judge.settings)

    def _draft(self, finding: Finding, project: Project, case: Case, claim: Claim, remedy: Remedy) -> _Draft:
        values = values_of(case, claim)
        if trusted(remedy.when, claim.rule.subject, claim.types).decide(values).value is not True:
            raise _Unwritable
        contexts = frozenset(d.context for d in project.contexts if str(d.context) in finding.contexts)
        contexts |= alike(project, case.subject, claim.rule.at)
        edits, allowed = self._written(project, case, claim, remedy.changes, contexts)
        if remedy.elsewhere is not None:
            other = self._other(project, claim, remedy, contexts)
            more, also = self._written(project, other, claim, remedy.elsewhere.changes, contexts)
            edits, allowed = edits + more, allowed + also
        return _Draft(fill(remedy.title, values), tuple(edits), tuple(allowed))

    def _other(self, project: Project, claim: Claim, remedy: Remedy, contexts: frozenset[Context]) -> Case:
        """The one other subject that the fix speaks of. Raises `_Unwritable` where it is not exactly one."""
        assert remedy.elsewhere is not None
        where = trusted(remedy.elsewhere.where, remedy.elsewhere.subject, claim.types)
        found: dict[tuple[str, Span], Case] = {}
        for case in cases(project):
            subject = case.subject
            if case.context not in contexts or subject.kind != remedy.elsewhere.subject:
                continue
            if where.decide(values_of(case, claim)).value:
                found.setdefault((subject.name, subject.span), case)
        if len(found) != 1:
            raise _Unwritable
        return next(iter(found.values()))

    def _written(
        self,
        project: Project,
        case: Case,
        claim: Claim,
        changes: Sequence[Change],
        contexts: frozenset[Context],
    ) -> tuple[list[Edit], list[Allowance]]:
        edits: list[Edit] = []
        added: dict[Span, list[Addition]] = {}
        subject = case.subject
        for change in changes:
            if change.op != "set":
                place = _place(subject, change.key)
                edits.append(removal(self._bytes(place.pair.path), place))
            if change.op == "remove":
                continue
            key, text = self._assigned(case, claim, change)
            if key in subject.places:
                edits.append(replacement(key, subject.places[key], text))
            else:
                literal, addition = _addition(subject, key, text)
                added.setdefault(literal, []).append(addition)
        removals = [edit for edit in edits if not edit.text]
        for literal, additions in added.items():
            edits += insertion(blanked(self._bytes(literal.path), removals), literal, additions)
        keys = [key for c in changes for key in ((c.key, c.text) if c.op == "move" else (c.key,))]
        spans = _sharing(project, case, claim, keys)
        return edits, [Allowance(span, key, contexts) for key in keys for span in spans]

    def _assigned(self, case: Case, claim: Claim, change: Change) -> tuple[str, str]:
        """The key that gets a value, and the value's text: a moved one keeps the text it has."""
        if change.op == "move":
            value = _place(case.subject, change.key).value
            return change.text, self._bytes(value.path)[value.start : value.end].decode()
        text = fill_code(change.text, values_of(case, claim))
        if text is None:
            raise _Unwritable
        return change.key, text

    def _bytes(self, path: str) -> bytes:
        source = self._source(path)
        if source is None:
            raise _Unwritable
        return source

    def _is_proved(self, finding: Finding, draft: _Draft) -> bool:
        after = self._after(finding.project, draft.edits)
        if after is None:
            return False
        project, findings = after
        before = {each.fingerprint for each in self._before if each.project == finding.project}
        now = {each.fingerprint for each in findings}
        # where SST stopped, the rest was not judged before: there only what gates counts as added
        added = {
            each.fingerprint for each in findings if not finding.subject.startswith("crash") or each.gates
        }
        return (
            finding.fingerprint not in now
            and added <= before
            and changes_nothing_else(self._projects[finding.project], project, draft.allowed)
        )

    def _tried(self, path: str, edits: tuple[Edit, ...]) -> tuple[Project, tuple[Finding, ...]] | None:
        """The project with the edits made, read and judged; None where they cannot be made."""
        changes: dict[str, bytes | None] = {}
        for file in dict.fromkeys(edit.path for edit in edits):
            source = self._source(file)
            changed = None if source is None else apply(source, [e for e in edits if e.path == file])
            if changed is None:
                return None
            changes[file] = changed
        before = self._projects[path]
        cost = max(LEAST_WORK, sum(len(deployment.subjects) for deployment in before.contexts))
        if cost > self._left and self._left < MOST_WORK:
            return None  # one proof is always made, however large the project
        self._left -= cost
        contexts = [deployment.context for deployment in before.contexts]
        try:
            project = self._read(Overlay(self._tree, changes), path, contexts)
        except Unreadable:  # whoever lends the reader has no time left for it
            return None
        return project, self._judge([project]).findings


def _speaks(claim: Claim, case: Case, finding: Finding) -> bool:
    """Whether this rule makes this finding of this subject."""
    if claim.rule.subject != case.subject.kind:
        return False
    values = values_of(case, claim)
    return (
        finding.message.startswith(fill(claim.rule.message, values))
        and claim.violation.decide(values).value is True
    )


def _sharing(project: Project, case: Case, claim: Claim, keys: Sequence[str]) -> set[Span]:
    """The subject, and those that fail alike and take the edited keys from the same place as it does."""
    spans = {case.subject.span}
    for other in cases(project):
        places = [(other.subject.places.get(key), case.subject.places.get(key)) for key in keys]
        if other.subject.kind != case.subject.kind or not all(one and one == two for one, two in places):
            continue
        if claim.violation.decide(values_of(other, claim)).value:
            spans.add(other.subject.span)
    return spans


def _place(subject: Subject, key: str) -> Place:
    if key not in subject.places:
        raise _Unwritable
    return subject.places[key]


def _addition(subject: Subject, key: str, text: str) -> tuple[Span, Addition]:
    """The literal that a missing key goes into, with the parent made where that is missing too."""
    parent, _, name = key.rpartition(".")
    if parent in subject.literals:
        return subject.literals[parent], Addition(name, text)
    if "" in subject.literals and parent not in subject.places and "." not in parent:
        return subject.literals[""], Addition(parent, f"{{ {name}: {text} }}")
    raise _Unwritable
