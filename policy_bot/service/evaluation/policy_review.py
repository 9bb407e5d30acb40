"""Reviews a pull request that changes policy: reads the new files, runs their test cases, and judges open
pull requests and default branches under the old and the new policy.

Limited by a budget of requests; skipped items are reported. Results are published on this pull request only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from policy_bot.github import repositories
from policy_bot.github.errors import Absent, Refused, RetryLater, Unsettled
from policy_bot.github.events import PullKey
from policy_bot.github.repositories import Reachable
from policy_bot.github.snapshot import Side, Snapshot
from policy_bot.github.source import GitHubTree
from policy_bot.isolation.asking import failures
from policy_bot.isolation.asking import reviewed as reviewed_revision
from policy_bot.isolation.questions.policies import CaseAt, ReviewRevision
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Judgement
from policy_bot.policy.message import counted
from policy_bot.policy.revision import REPOSITORY_FOLDER, Revision, misplaced
from policy_bot.policy.settings import LayerName, Settings
from policy_bot.policy.yamltext import Mistake, YamlPlace
from policy_bot.review.policychange import BranchEffect, Effect, PolicyChange
from policy_bot.review.review import Conclusion
from policy_bot.service.evaluation.commits import CommitEvaluation
from policy_bot.service.evaluation.judging import LONGEST
from policy_bot.service.evaluation.memory import Remembered
from policy_bot.service.evaluation.rules import Proposed, RuleBook, described, revision_of
from policy_bot.service.evaluation.steps import EvaluationContext, OutOfTime
from policy_bot.sst.reasons import Why

BUDGET = 500
"""How many requests one review may spend on other branches and pull requests: a tenth of an hour's."""
MOST_CASES = 200
MOST_PULLS = 100
"""Maximum number of open pull requests of one repository that are examined."""
UNNAMED = "a repository that some readers may not see"
FORK = (
    "the effects, since the pull request is from a fork and examining it costs the organisation's requests."
    " Push its branch to this repository to see them"
)
UNTRIED = "the pull request comes from a fork: its cases run once its branch is pushed to this repository"
_HIDDEN = {"public": 0, "internal": 1, "private": 2}


Rehearse = Callable[[EvaluationContext, Sequence[RuleBook]], Sequence[Conclusion]]
"""Judges a pull request by each of several rule books, and publishes nothing."""


def reviewed(
    context: EvaluationContext, snapshot: Snapshot, layer: LayerName, rehearse: Rehearse
) -> PolicyChange:
    """Reviews a pull request that changes a layer's policy. `rehearse` judges other pull requests by it."""
    return _Review(context, snapshot, layer, rehearse).change()


@dataclass
class _Review:
    context: EvaluationContext
    snapshot: Snapshot
    layer: LayerName
    rehearse: Rehearse
    looked_at: int = 0
    unseen: list[str] = field(default_factory=list)

    def change(self) -> PolicyChange:
        self.context.step("reading the policy files")
        found = reviewed_revision(self.context.reader, self._question(), self.context.asker)
        found = replace(found, problems=(*self._misplaced(), *found.problems))
        failing: list[Mistake] = []
        failed = 0
        ran = [] if found.problems and not found.cases else self._cases(found.cases)
        above = Judge((*self.context.book.policies(), *found.above), Settings.default())
        for case in ran:
            self.context.step(f"running the case `{case.name}` of {case.path}")
            problems = self._problems(case, above)
            failed += len(problems) > 0
            failing += problems
        change = PolicyChange(
            self.layer, found.problems, len(ran), failed, tuple(failing), unseen=tuple(self.unseen)
        )
        if not change.good:
            return change
        effects = tuple(self._effects())
        return replace(
            change,
            changed=found.changed,
            notices=found.notices,
            effects=tuple(each for each in effects if isinstance(each, Effect)),
            branches=tuple(each for each in effects if isinstance(each, BranchEffect)),
            looked_at=self.looked_at,
            unseen=tuple(self.unseen),
        )

    def _question(self) -> ReviewRevision:
        about, book = self.snapshot.about, self.context.book
        organisation = self.organisation if self.layer == "repository" else None
        return ReviewRevision(
            self.before, self.after, self.layer, organisation, described(about), book.policies(), book.today()
        )

    def _misplaced(self) -> Iterator[Mistake]:
        """Settings files that this pull request adds where they are ignored."""
        organisation = self.layer == "organisation"
        tree = self._tree(self.snapshot.judged)
        listed = [*(tree.list("") or ()), *(f"{REPOSITORY_FOLDER}/{name}" for name in self._own_folder(tree))]
        base = self.snapshot.base
        before = self._tree(base) if base else None
        for path, right in misplaced(listed, organisation).items():
            if before is None or before.entry(path) != tree.entry(path):
                where = "for the whole organisation, settings are" if organisation else "settings are"
                yield Mistake(path, YamlPlace(1, 1), f"{where} not read from here", f"Move it to {right}")

    def _own_folder(self, tree: GitHubTree) -> Sequence[str]:
        return tree.list(REPOSITORY_FOLDER) or () if tree.entry(REPOSITORY_FOLDER) else ()

    def _problems(self, case: CaseAt, above: Judge) -> tuple[Mistake, ...]:
        """The mistakes in a case; one that was not run for lack of time has failed."""
        if self.context.is_over():
            what = f"{case.name}: {Why.CASES_TIME(LONGEST)}"
            return (Mistake(case.path, YamlPlace(case.line, 1), what),)
        return failures(self.context.reader, case, self.after.files[case.path], above, self.context.asker)

    @cached_property
    def after(self) -> Revision:
        """The files after the change."""
        return self._revision(self.snapshot.judged)

    @cached_property
    def before(self) -> Revision:
        """The files before the change."""
        return self._revision(self.snapshot.base)

    def _revision(self, side: Side | None) -> Revision:
        folder = "" if self.layer == "organisation" else REPOSITORY_FOLDER
        return (revision_of(self._tree(side), folder) if side else None) or Revision(folder)

    def _tree(self, side: Side) -> GitHubTree:
        return GitHubTree.of(self.context.fetcher(self.snapshot.about.name), side)

    @cached_property
    def organisation(self) -> Revision | None:
        """The organisation's files, for a repository's review."""
        about, objects = self.snapshot.about, self.context.remembered.objects
        return self.context.book.organisation(self.context.client, about, objects)

    def _cases(self, listed: Sequence[CaseAt]) -> Sequence[CaseAt]:
        """The cases to run: not a stranger's, which may take as long as they like."""
        if self.snapshot.fork:
            self.unseen += [f"{counted(len(listed), 'case')}: {UNTRIED}"] if listed else []
            return []
        if len(listed) > MOST_CASES:
            self.unseen.append(f"{len(listed) - MOST_CASES} cases beyond the first {MOST_CASES}")
        return listed[:MOST_CASES]

    def _effects(self) -> Iterator[Effect | BranchEffect]:
        """Judges under both policies, until the budget is exhausted."""
        if self.snapshot.fork:
            self.unseen.append(FORK)
            return
        books = (self.context.book, Proposed.of(self.context.book, self.after, self.layer))
        last = self.context.client.spent + BUDGET
        left: list[Reachable] = []
        for each in self._repositories():
            self.context.step("comparing the verdicts of other repositories")
            if self.context.client.spent >= last or self.context.is_over():
                left.append(each)
                continue
            try:
                yield from self._of_repository(each, books, last)
            except (Absent, Refused):
                continue  # empty, or gone by now
            except OutOfTime:
                left.append(each)
            except RetryLater:
                last = 0  # GitHub's limit: the rest is reported as not examined
                left.append(each)
        if left:
            named = [each.name for each in left if self._may_be_named(each)][:20]
            many = "repositories" if len(left) > 1 else "repository"
            self.unseen.append(f"{len(left)} {many}" + (f": {', '.join(named)}" if named else ""))

    def _repositories(self) -> Iterator[Reachable]:
        about = self.snapshot.about
        if self.layer == "repository":
            return iter([Reachable(about.id, about.name, about.visibility)])
        listed = [each for each in repositories.reachable(self.context.client) if each.id != about.id]
        return self._with_sst(listed)

    def _with_sst(self, listed: Sequence[Reachable]) -> Iterator[Reachable]:
        """Leaves out repositories that an audit found to have no SST and that have not changed since."""
        client, known_repositories = self.context.client, self.context.known_repositories
        known = known_repositories.without_sst(self.context.key.installation) if known_repositories else {}
        tips = repositories.heads(client, [each for each in listed if each.id in known]) if known else {}
        return (each for each in listed if each.id not in known or known[each.id] != tips.get(each.id))

    def _may_be_named(self, repository: Reachable) -> bool:
        """Whether everyone who can read this check can see the repository anyway."""
        return _HIDDEN[repository.visibility] <= _HIDDEN.get(self.snapshot.about.visibility, 0)

    def _of_repository(
        self, it: Reachable, books: Sequence[RuleBook], last: int
    ) -> Iterator[Effect | BranchEffect]:
        key = PullKey(self.context.key.installation, it.id, it.name, ref="HEAD")
        context = replace(self.context, key=key, remembered=Remembered())
        judgements = [each.judgement for each in CommitEvaluation(context).rehearse(books)]
        if not any(judgement.projects or judgement.problems for judgement in judgements):
            return
        self.looked_at += 1
        named = self._may_be_named(it)
        now, then = map(_gating, judgements)
        if now != then:
            yield BranchEffect(it.name if named else UNNAMED, now, then)
        listed = context.client.pages(f"/repos/{it.name}/pulls", {"state": "open"}, MOST_PULLS)
        for number in sorted(int(pull["number"]) for pull in listed):
            if (it.id, number) == (self.context.key.repository, self.context.key.number):
                continue
            where = f"{it.name}#{number}" if named else f"a pull request of {UNNAMED}"
            if context.client.spent >= last or context.is_over():
                self.unseen.append(f"{where} and later ones")
                return
            yield from self._of_pull(replace(context, key=replace(key, number=number, ref="")), where, books)

    def _of_pull(self, context: EvaluationContext, where: str, books: Sequence[RuleBook]) -> Iterator[Effect]:
        try:
            conclusions = self.rehearse(context, books)
        except Unsettled:
            self.unseen.append(where)
            return
        self.looked_at += len(conclusions) > 0
        if conclusions and conclusions[0] != conclusions[1]:
            now, then = conclusions
            yield Effect(where, now, then)


def _gating(judgement: Judgement) -> int:
    return sum(finding.gates for finding in judgement.findings) + len(judgement.problems)
