"""Drafts fixes: the changes that a policy declares, as edits of this source. Nothing is proved here.

Everything that is looked up by place or by subject is indexed once per project, so that drafting all fixes of
a project takes time linear in its size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from policy_bot.policy.engine import Judge
from policy_bot.policy.evidence import Claim
from policy_bot.policy.expression import trusted
from policy_bot.policy.finding import Edit, Finding
from policy_bot.policy.findings import RuleResult
from policy_bot.policy.message import fill, fill_code
from policy_bot.policy.policy import Change, Remedy
from policy_bot.policy.subjects import Case, cases, values_of
from policy_bot.record import dataclass
from policy_bot.review.fixes_proof import Allowance, says_the_same
from policy_bot.review.fixes_text import Addition, blanked, insertion, removal, replacement
from policy_bot.sst.deployment import Context, Place, Project, Subject
from policy_bot.sst.span import Span


@dataclass(frozen=True)
class Draft:
    """An unproved fix, and what it may change."""

    title: str
    edits: tuple[Edit, ...]
    allowed: tuple[Allowance, ...]


class _Unwritable(Exception):
    """A declared edit that has no place in this source."""


class Drafts:
    """The fixes that the policies declare for one project's findings."""

    def __init__(self, project: Project, judge: Judge, source: Callable[[str], bytes | None]) -> None:
        self._project = project
        self._source = source
        self._said = judge.grounds(project)
        self._cases = list(cases(project))
        self._by_place = _by_place(self._cases)
        self._by_subject = _by_subject(self._cases)
        self._others: dict[tuple[str, int, str], list[Case]] = {}

    def of(self, finding: Finding) -> Iterator[Draft]:
        """The drafts for one finding, in the policy's order of preference."""
        said = self._said.get(finding.fingerprint)
        if said is None or said.verdict != "fail":
            return
        for remedy in said.claim.rule.remedies:
            try:
                yield self._draft(finding, said, remedy)
            except _Unwritable:
                continue

    def applies(self, finding: Finding) -> bool:
        """Whether the policy declares a fix for this finding, whether or not it can be written here."""
        said = self._said.get(finding.fingerprint)
        return said is not None and any(self._is_meant(said, each) for each in said.claim.rule.remedies)

    def _is_meant(self, said: RuleResult, remedy: Remedy) -> bool:
        claim = said.claim
        condition = trusted(remedy.when, claim.rule.subject, claim.types)
        return condition.decide(values_of(said.case, claim)).value is True

    def _draft(self, finding: Finding, said: RuleResult, remedy: Remedy) -> Draft:
        claim, case = said.claim, said.case
        values = values_of(case, claim)
        if not self._is_meant(said, remedy):
            raise _Unwritable
        contexts = self._contexts(finding, case.subject, claim.rule.at)
        edits, allowed = self._written(case, claim, remedy.changes, contexts)
        if remedy.elsewhere is not None:
            other = self._other(claim, remedy, contexts)
            more, also = self._written(other, claim, remedy.elsewhere.changes, contexts)
            edits, allowed = edits + more, allowed + also
        return Draft(fill(remedy.title, values), tuple(edits), tuple(allowed))

    def _contexts(self, finding: Finding, subject: Subject, fact: str) -> frozenset[Context]:
        """The contexts of the finding, and those for which the source has the same value for its subject."""
        made = {d.context for d in self._project.contexts if str(d.context) in finding.contexts}
        same = self._by_subject.get(_identity(subject), ())
        alike = {case.context for case in same if says_the_same(case.subject, subject, fact)}
        return frozenset(made | alike)

    def _other(self, claim: Claim, remedy: Remedy, contexts: frozenset[Context]) -> Case:
        """The other subject that the fix also edits. Raises `_Unwritable` unless there is exactly one."""
        found: dict[tuple[str, Span], Case] = {}
        for case in self._elsewhere(claim, remedy):
            if case.context in contexts:
                found.setdefault((case.subject.name, case.subject.span), case)
        if len(found) != 1:
            raise _Unwritable
        return next(iter(found.values()))

    def _elsewhere(self, claim: Claim, remedy: Remedy) -> list[Case]:
        assert remedy.elsewhere is not None
        key = (claim.policy.id, claim.number, remedy.elsewhere.where)
        if key not in self._others:
            kind = remedy.elsewhere.subject
            where = trusted(remedy.elsewhere.where, kind, claim.types)
            self._others[key] = [
                case
                for case in self._cases
                if case.subject.kind == kind and where.decide(values_of(case, claim)).value
            ]
        return self._others[key]

    def _written(
        self, case: Case, claim: Claim, changes: Sequence[Change], contexts: frozenset[Context]
    ) -> tuple[list[Edit], list[Allowance]]:
        edits: list[Edit] = []
        added: dict[Span, list[Addition]] = {}
        subject = case.subject
        for change in changes:
            if change.op == "create":
                edits.append(self._created(case, claim, change))
                continue
            if change.op != "set":
                place = _place(subject, change.key)
                edits.append(removal(self._bytes(place.pair.path), place))
            if change.op == "remove":
                continue
            key, text = self._assigned(case, claim, change)
            if key in subject.places:
                place = subject.places[key]
                edits.append(replacement(self._bytes(place.value.path), key, place, text))
            else:
                literal, addition = _addition(subject, key, text)
                added.setdefault(literal, []).append(addition)
        removals = [edit for edit in edits if not edit.text]
        for literal, additions in added.items():
            edits += insertion(blanked(self._bytes(literal.path), removals), literal, additions)
        keys = [key for c in changes for key in ((c.key, c.text) if c.op == "move" else (c.key,))]
        return edits, [
            Allowance(span, key, contexts) for key in keys for span in self._sharing(case, claim, keys)
        ]

    def _created(self, case: Case, claim: Claim, change: Change) -> Edit:
        """A new file, as an edit of its first byte. Raises `_Unwritable` if the file exists."""
        path = case.subject.facts[change.key]
        text = fill_code(change.text, values_of(case, claim))
        named = path.value if path.is_known else None
        if not isinstance(named, str) or not named or text is None or self._source(named) is not None:
            raise _Unwritable
        return Edit(named, 0, 0, text)

    def _sharing(self, case: Case, claim: Claim, keys: Sequence[str]) -> set[Span]:
        """The subject, and those with the same violation that share its value for the edited keys."""
        spans = {case.subject.span}
        places = [case.subject.places.get(key) for key in keys]
        if not keys or not all(places):
            return spans
        for other in self._by_place.get((case.subject.kind, keys[0], places[0]), ()):
            if [other.subject.places.get(key) for key in keys] != places or other.subject.span in spans:
                continue
            if claim.violation.decide(values_of(other, claim)).value:
                spans.add(other.subject.span)
        return spans

    def _assigned(self, case: Case, claim: Claim, change: Change) -> tuple[str, str]:
        """The key that gets a value, and the value's text: a moved value keeps its text."""
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


_ByPlace = dict[tuple[str, str, Place | None], list[Case]]


def _by_place(found: Sequence[Case]) -> _ByPlace:
    """Cases by kind, key and the place where that key is set: they share one value in the source."""
    index: _ByPlace = {}
    for case in found:
        for key, place in case.subject.places.items():
            index.setdefault((case.subject.kind, key, place), []).append(case)
    return index


def _by_subject(found: Sequence[Case]) -> dict[tuple[str, str, Span], list[Case]]:
    """Each subject in all its contexts."""
    index: dict[tuple[str, str, Span], list[Case]] = {}
    for case in found:
        index.setdefault(_identity(case.subject), []).append(case)
    return index


def _identity(subject: Subject) -> tuple[str, str, Span]:
    return subject.kind, subject.name, subject.span


def _place(subject: Subject, key: str) -> Place:
    if key not in subject.places:
        raise _Unwritable
    return subject.places[key]


def _addition(subject: Subject, key: str, text: str) -> tuple[Span, Addition]:
    """The literal to which a missing key is added, with its parent if that is missing too."""
    parent, _, name = key.rpartition(".")
    if parent in subject.literals:
        return subject.literals[parent], Addition(name, text)
    if "" in subject.literals and parent not in subject.places and "." not in parent:
        return subject.literals[""], Addition(parent, f"{{ {name}: {text} }}")
    raise _Unwritable
