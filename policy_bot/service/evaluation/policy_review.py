"""Reviews a pull request that changes policy: reads the files as they would be, runs their cases, and
judges open pull requests and default branches by both the old and the new.

Within a budget of requests; what is left out is said. Nothing of it is published anywhere but on this one
pull request.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from policy_bot.github import repositories
from policy_bot.github.errors import Absent, Refused, RetryLater, Unsettled
from policy_bot.github.events import PullKey
from policy_bot.github.pulls import Side, Snapshot
from policy_bot.github.repositories import Reachable
from policy_bot.policy import cases
from policy_bot.policy.account import rows
from policy_bot.policy.edition import REPOSITORY_FOLDER, Edition
from policy_bot.policy.finding import Judgement
from policy_bot.policy.inforce import InForce, Reading, in_force, understand
from policy_bot.policy.layers import Repository
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import LayerName
from policy_bot.policy.yamltext import FileError, Place, Problem
from policy_bot.review.fixes import Read
from policy_bot.review.plan import Plan
from policy_bot.review.policychange import Effect, PolicyChange, policy_plan
from policy_bot.review.rehearsal import Outcome, rehearse
from policy_bot.review.summary import count
from policy_bot.service.evaluation.commits import CommitEvaluation
from policy_bot.service.evaluation.judging import LONGEST
from policy_bot.service.evaluation.memory import Remembered
from policy_bot.service.evaluation.pulls import PullEvaluation
from policy_bot.service.evaluation.rules import Proposed, RuleBook, edition_of
from policy_bot.service.evaluation.steps import Work
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.reasons import Why
from policy_bot.sst.source import SourceTree, Unreadable

BUDGET = 500
"""Requests one review may spend on looking at other branches and pull requests: a tenth of an hour's."""
MOST_CASES = 200
MOST_PULLS = 100
"""Open pull requests looked at of one repository."""
UNNAMED = "a repository that not everybody who reads this may see"
FORK = (
    "what would change: the pull request comes from a fork, and looking costs the organisation's requests."
    " Push its branch into this repository to see it"
)
UNTRIED = "the pull request comes from a fork, and nothing of it is run before somebody here takes it over"
_HIDDEN = {"public": 0, "internal": 1, "private": 2}


def reviewed(work: Work, snapshot: Snapshot, layer: LayerName) -> Plan:
    """The plan for a pull request that changes the policy of a layer."""
    return policy_plan(_Review(work, snapshot, layer).change())


@dataclass
class _Review:
    work: Work
    snapshot: Snapshot
    layer: LayerName
    looked_at: int = 0
    unseen: list[str] = field(default_factory=list)
    clock: Callable[[], float] = time.monotonic

    def change(self) -> PolicyChange:
        try:
            reading = understand(self.after, self.layer, self.above)
        except FileError as error:
            return PolicyChange(self.layer, error.problems)
        ended = tuple(self._ended(reading))
        ran = list(self._cases(reading))
        change = PolicyChange(
            self.layer,
            ended,
            len(ran),
            sum(not outcome.passed for _, outcome in ran),
            tuple(problem for policy, outcome in ran for problem in _failing(policy, outcome)),
            unseen=tuple(self.unseen),
        )
        if not change.good:
            return change
        now, then = self._in_force(self.before), self._in_force(self.after)
        return replace(
            change,
            changed=tuple(_differences(now, then)),
            notices=tuple(str(each) for each in then.settings.notices if each.source.layer == self.layer),
            effects=tuple(self._effects()),
            looked_at=self.looked_at,
            unseen=tuple(self.unseen),
        )

    @cached_property
    def after(self) -> Edition:
        """The files as they would be."""
        return self._edition(self.snapshot.judged)

    @cached_property
    def before(self) -> Edition:
        """The files as they are."""
        return self._edition(self.snapshot.base)

    def _edition(self, side: Side | None) -> Edition:
        folder = "" if self.layer == "organisation" else REPOSITORY_FOLDER
        if side is None:
            return Edition(folder)
        return edition_of(self.work.fetcher(self.snapshot.about.name).tree(side), folder) or Edition(folder)

    @cached_property
    def organisation(self) -> Edition | None:
        """The organisation's files, for a repository's."""
        about, objects = self.snapshot.about, self.work.remembered.objects
        return self.work.book.organisation(self.work.client, about, objects)

    @cached_property
    def above(self) -> tuple[Policy, ...]:
        """The policies of the layers above this one."""
        builtin = self.work.book.policies()
        if self.layer == "organisation":
            return builtin
        return in_force(self.organisation, None, Repository(""), builtin, self.work.book.today()).policies

    def _in_force(self, edition: Edition) -> InForce:
        """What holds with an edition: for the organisation's, in a repository that no selection takes."""
        builtin, today, about = self.work.book.policies(), self.work.book.today(), self.snapshot.about
        if self.layer == "organisation":
            return in_force(edition, None, Repository(""), builtin, today)
        described = Repository(about.name.partition("/")[2], about.topics, about.visibility)
        return in_force(self.organisation, edition, described, builtin, today)

    def _ended(self, reading: Reading) -> Iterator[Problem]:
        for waiver in reading.layer.waivers:
            if waiver.days_left(self.work.book.today()) < 0:
                place = Place(waiver.source.line, waiver.source.column)
                what = f"this waiver of `{waiver.policy}` ended on {waiver.expires}"
                yield Problem(waiver.source.path, place, what, "Remove it, or have a new day approved")

    def _cases(self, reading: Reading) -> Iterator[tuple[Policy, Outcome]]:
        """Runs the cases of the policies that are new or changed: not those of a stranger, whose expressions
        would run here.
        """
        changed = [each for each in reading.policies if self._is_new(each)]
        listed = [(policy, case) for policy in changed for case in cases.read(self.after.files[policy.path])]
        if self.snapshot.fork:
            self.unseen += [f"{count(len(listed), 'case')}: {UNTRIED}"] if listed else []
            return
        if len(listed) > MOST_CASES:
            self.unseen.append(f"{len(listed) - MOST_CASES} cases beyond the first {MOST_CASES}")
        read = self._reads_until(self.clock() + LONGEST)
        for policy, case in listed[:MOST_CASES]:
            self.work.step()
            yield policy, rehearse(policy, case, read, self.above)

    def _reads_until(self, end: float) -> Read:
        """Reads for cases until that time; a case that is not read then has failed."""

        def read(tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
            self.work.step()
            if self.clock() > end:
                raise Unreadable(path, Why.CASES_TIME(LONGEST))
            return self.work.reader.read(tree, path, contexts)

        return read

    def _is_new(self, policy: Policy) -> bool:
        return self.after.files[policy.path] != self.before.files.get(policy.path)

    def _effects(self) -> Iterator[Effect]:
        """Judges what is there by both; stops where the budget does."""
        if self.snapshot.fork:
            self.unseen.append(FORK)
            return
        books = (self.work.book, Proposed.of(self.work.book, self.after, self.layer))
        last = self.work.client.spent + BUDGET
        left: list[Reachable] = []
        for each in self._repositories():
            self.work.step()
            if self.work.client.spent >= last:
                left.append(each)
                continue
            try:
                yield from self._of_repository(each, books, last)
            except (Absent, Refused):
                continue  # empty, or gone meanwhile
            except RetryLater:
                last = 0  # GitHub's limit: what is left stays unseen, and this review is said now
                left.append(each)
        if left:
            named = [each.name for each in left if self._may_be_named(each)][:20]
            many = "repositories" if len(left) > 1 else "repository"
            self.unseen.append(f"{len(left)} {many}" + (f": {', '.join(named)}" if named else ""))

    def _repositories(self) -> Iterator[Reachable]:
        about = self.snapshot.about
        if self.layer == "repository":
            return iter([Reachable(about.id, about.name, about.visibility)])
        listed = [each for each in repositories.reachable(self.work.client) if each.id != about.id]
        return self._with_sst(listed)

    def _with_sst(self, listed: Sequence[Reachable]) -> Iterator[Reachable]:
        """Without those of which an audit knows that they have no SST and have not changed since."""
        client, landscape = self.work.client, self.work.landscape
        known = landscape.without_sst(self.work.key.installation) if landscape else {}
        tips = repositories.heads(client, [each for each in listed if each.id in known]) if known else {}
        return (each for each in listed if each.id not in known or known[each.id] != tips.get(each.id))

    def _may_be_named(self, repository: Reachable) -> bool:
        """Whether whoever can read this check can see the repository anyway."""
        return _HIDDEN[repository.visibility] <= _HIDDEN.get(self.snapshot.about.visibility, 0)

    def _of_repository(self, it: Reachable, books: Sequence[RuleBook], last: int) -> Iterator[Effect]:
        key = PullKey(self.work.key.installation, it.id, it.name, ref="HEAD")
        work = replace(self.work, key=key, remembered=Remembered())
        judgements = [each.judgement for each in CommitEvaluation(work).rehearse(books)]
        if not any(judgement.projects or judgement.problems for judgement in judgements):
            return
        self.looked_at += 1
        named = self._may_be_named(it)
        now, then = map(_gating, judgements)
        if now != then:
            yield Effect(it.name if named else UNNAMED, _findings(now), _findings(then), then > now)
        listed = work.client.pages(f"/repos/{it.name}/pulls", {"state": "open"}, MOST_PULLS)
        for number in sorted(int(pull["number"]) for pull in listed):
            if (it.id, number) == (self.work.key.repository, self.work.key.number):
                continue
            where = f"{it.name}#{number}" if named else f"a pull request of {UNNAMED}"
            if work.client.spent >= last:
                self.unseen.append(f"{where} and later ones")
                return
            yield from self._of_pull(replace(work, key=replace(key, number=number, ref="")), where, books)

    def _of_pull(self, work: Work, where: str, books: Sequence[RuleBook]) -> Iterator[Effect]:
        try:
            conclusions = PullEvaluation(work).rehearse(books)
        except Unsettled:
            self.unseen.append(where)
            return
        self.looked_at += len(conclusions) > 0
        if conclusions and conclusions[0] != conclusions[1]:
            now, then = conclusions
            yield Effect(where, now, then, then == "failure")


def _gating(judgement: Judgement) -> int:
    return sum(finding.gates for finding in judgement.findings) + len(judgement.problems)


def _findings(number: int) -> str:
    return f"{count(number, 'finding')} would gate" if number != 1 else "1 finding would gate"


def _failing(policy: Policy, outcome: Outcome) -> Iterator[Problem]:
    case = outcome.case
    if outcome.problem:
        yield Problem(policy.path, Place(case.line, 1), f"{case.name}: {outcome.problem}")
    for mark in outcome.missing:
        line = case.line_in_policy(mark.path, mark.line)
        yield Problem(
            policy.path,
            Place(line, 1),
            f"expected here and not found: {mark.verdict} {mark.message}".rstrip(),
        )
    for finding in outcome.unexpected:
        line = case.line_in_policy(finding.span.path, finding.span.line)
        yield Problem(
            policy.path, Place(line, 1), f"found here and not expected: {finding.verdict}: {finding.message}"
        )
    for fix in outcome.fixes:
        yield Problem(policy.path, Place(case.line, 1), f"{case.name}: {fix.splitlines()[0]}")


def _differences(now: InForce, then: InForce) -> Iterator[tuple[str, str, str]]:
    before = {row.address: row.value for row in rows(now.settings, now.policies)}
    after = {row.address: row.value for row in rows(then.settings, then.policies)}
    for address in sorted(before.keys() | after.keys()):
        if before.get(address) != after.get(address):
            yield address, before.get(address, "none"), after.get(address, "none")
