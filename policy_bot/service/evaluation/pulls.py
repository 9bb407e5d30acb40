"""One pull request: from a look to its comments and its check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policy_bot.github.errors import Unsettled
from policy_bot.github.events import PullKey
from policy_bot.github.publisher import Place, difference, publish_comments
from policy_bot.github.pulls import Snapshot, files, look
from policy_bot.github.source import GitHubTree
from policy_bot.policy.finding import Judgement
from policy_bot.review.diff import Diff
from policy_bot.review.mark import Marker
from policy_bot.review.plan import Conclusion, Plan, Review, conclude, plan, speaks_up
from policy_bot.review.policychange import joined, touches_policy
from policy_bot.review.ratchet import ratchet
from policy_bot.service.evaluation.judging import Judged, Sides, may_concern
from policy_bot.service.evaluation.rules import RuleBook, Rules
from policy_bot.service.evaluation.steps import Outcome, Superseded, Work, failure, head_lines

PENDING_SECONDS = 10.0
"""Until GitHub has made a merge result, mostly."""
SHARED_SECONDS = 3600.0
NOTHING = Judgement((), ())


@dataclass
class PullEvaluation:
    """Evaluates one pull request once."""

    work: Work

    def run(self) -> Outcome:
        """Look, judge, plan, publish."""
        try:
            snapshot = self._look()
        except Unsettled as why:
            return self._later(str(why))
        if not snapshot.open or snapshot.about.archived:
            return Outcome("", "closed", None, also=self._twins(snapshot))
        head = snapshot.head.oid
        try:
            self.work.step()
            planned, judgement = self._planned(snapshot)
            self.work.step()
            written = self._publish(snapshot, planned)
        except Superseded:
            return Outcome(head, "superseded", None, superseded=True)
        return Outcome(
            head,
            planned.conclusion,
            judgement,
            again=self._again(snapshot),
            also=self._twins(snapshot) if written else (),
        )

    def _again(self, snapshot: Snapshot) -> float | None:
        """When to look once more untold: no event says that a merge result is made, or that another pull
        request no longer shares the head.
        """
        if snapshot.merge_pending and self.work.remembered.ask_again(snapshot.number, snapshot.head.oid):
            return PENDING_SECONDS
        return SHARED_SECONDS if snapshot.twins else None

    def _later(self, why: str) -> Outcome:
        """GitHub is between two states: look again soon, a few times."""
        soon = self.work.remembered.ask_again(self.work.key.number, "")
        return Outcome("", "unsettled", None, again=PENDING_SECONDS if soon else None, why=why)

    def show_failure(self, reference: str) -> None:
        """Only the check, only that we failed."""
        snapshot = self._look()
        if snapshot.open:
            self._check(snapshot, failure(reference))

    def _look(self) -> Snapshot:
        key, remembered = self.work.key, self.work.remembered
        return look(self.work.client, key, self.work.app_id, remembered.wanted(), remembered.objects)

    def rehearse(self, books: Sequence[RuleBook]) -> tuple[Conclusion, ...]:
        """What the check would say by each of several rule books; nothing is published.

        Empty where nothing of SST is touched.
        """
        snapshot = self._look()
        changed = self._changed(snapshot, self._names(snapshot))
        if not snapshot.open or snapshot.about.archived or self._concerns_nothing(snapshot, changed):
            return ()
        evaluations = [replace(self, work=replace(self.work, book=book)) for book in books]
        return tuple(each._concluded(snapshot, changed) for each in evaluations)

    def _concluded(self, snapshot: Snapshot, changed: frozenset[str] | None) -> Conclusion:
        _, rules, judged = self._judged(snapshot, changed, fixes=False)
        told = ratchet(judged.judgement.findings, judged.base)
        return conclude(judged.judgement, told, any(rules.held_back(finding) for finding in told.new))

    def _planned(self, snapshot: Snapshot) -> tuple[Plan, Judgement]:
        diff = self._names(snapshot)
        changed = self._changed(snapshot, diff)
        planned, judgement = self._of_projects(snapshot, diff, changed)
        layer = touches_policy(snapshot.about.name, changed)
        if layer:
            from policy_bot.service.evaluation.policy_review import reviewed  # noqa: PLC0415 -- rare, and imports this

            planned = joined(planned, reviewed(self.work, snapshot, layer))
        return planned, judgement

    def _of_projects(
        self, snapshot: Snapshot, diff: Diff | None, changed: frozenset[str] | None
    ) -> tuple[Plan, Judgement]:
        if self._concerns_nothing(snapshot, changed):
            return plan(Review(NOTHING)), NOTHING
        sides, rules, judged = self._judged(snapshot, changed)
        self.work.remembered.learn(sides.judged.wanted)
        return plan(self._review(snapshot, sides, judged, rules, diff)), judged.judgement

    def _judged(
        self, snapshot: Snapshot, changed: frozenset[str] | None, fixes: bool = True
    ) -> tuple[Sides, Rules, Judged]:
        sides, rules = self._sides(snapshot, changed)
        judged = self.work.bench(rules).judged(sides, fixes)
        problems = (*rules.problems, *judged.judgement.problems)
        return sides, rules, replace(judged, judgement=replace(judged.judgement, problems=problems))

    def _changed(self, snapshot: Snapshot, diff: Diff | None) -> frozenset[str] | None:
        """The changed paths; None where not all of them are told."""
        if diff is None:
            return frozenset(path for path, _ in snapshot.changed)
        return diff.paths() if diff.complete else None

    def _concerns_nothing(self, snapshot: Snapshot, changed: frozenset[str] | None) -> bool:
        return changed is not None and not snapshot.twins and not any(may_concern(path) for path in changed)

    def _names(self, snapshot: Snapshot) -> Diff | None:
        """The diff already now, where the look did not name every changed file (many, or renamed ones)."""
        unnamed = snapshot.changed_count > len(snapshot.changed)
        renamed = any(kind == "RENAMED" for _, kind in snapshot.changed)
        return self._diff(snapshot) if unnamed or renamed else None

    def _diff(self, snapshot: Snapshot) -> Diff:
        return files(self.work.client, snapshot.about.name, snapshot.number, snapshot.changed_count)

    def _sides(self, snapshot: Snapshot, changed: frozenset[str] | None) -> tuple[Sides, Rules]:
        """What is compared, and by which rules.

        A head that several pull requests share has one check for all of them. It is then judged by itself,
        nothing counted as old, and by the default branch's rules: else a pull request into a lenient branch
        would open the gate of another.
        """
        fetcher = self.work.fetcher(snapshot.about.name)
        base = fetcher.tree(snapshot.base) if snapshot.base else None
        judged = fetcher.tree(snapshot.head if snapshot.twins else snapshot.judged)
        default = snapshot.about.default
        home = default if snapshot.twins or snapshot.base is None else snapshot.base
        ground = base if home is snapshot.base else fetcher.tree(home) if home else None
        rules = self.work.rules(snapshot.about, ground)
        if snapshot.twins:
            return Sides(judged, None, None), rules
        return Sides(judged, base, changed), rules

    def _review(
        self, snapshot: Snapshot, sides: Sides, judged: Judged, rules: Rules, diff: Diff | None
    ) -> Review:
        head = self._head(snapshot, sides)
        told = ratchet(judged.judgement.findings, judged.base)
        if diff is None and any(speaks_up(finding) for finding in told.new):
            diff = self._diff(snapshot)
        return Review(
            judged.judgement,
            judged.base,
            diff or Diff({}),
            head_lines(judged.judgement, sides.judged, head),
            (*_said(snapshot), *(str(notice) for notice in rules.judge.settings.notices)),
            any(rules.held_back(finding) for finding in told.new),
            _basis(snapshot),
        )

    def _head(self, snapshot: Snapshot, sides: Sides) -> GitHubTree:
        if sides.judged.root == snapshot.head.root:
            return sides.judged
        return sides.judged.fetcher.tree(snapshot.head)

    def _publish(self, snapshot: Snapshot, planned: Plan) -> bool:
        marker = Marker(self.work.keys, snapshot.about.id, snapshot.number)
        todo = difference(planned.comments, snapshot.shown, marker)
        place = Place(snapshot.about.name, snapshot.head.oid, snapshot.number)
        publish_comments(self.work.client, place, todo, marker)
        self.work.step()
        return self._check(snapshot, planned)

    def _check(self, snapshot: Snapshot, planned: Plan) -> bool:
        owner = f"pull/{min(snapshot.number, *snapshot.twins, snapshot.number)}"
        return self.work.check(snapshot.about.name, snapshot.head.oid, owner, planned, snapshot.runs)

    def _twins(self, snapshot: Snapshot) -> tuple[PullKey, ...]:
        return tuple(replace(self.work.key, number=number) for number in snapshot.twins)


def _basis(snapshot: Snapshot) -> str:
    """Which tree the verdict is of."""
    if snapshot.twins or snapshot.merge is None or snapshot.base is None:
        return f"Judged: `{snapshot.head.oid[:12]}` by itself, as it is not merged on trial."
    into = f"`{snapshot.target}` at `{snapshot.base.oid[:12]}`"
    return f"Judged: `{snapshot.head.oid[:12]}` merged into {into}."


def _said(snapshot: Snapshot) -> tuple[str, ...]:
    """What the summary says first."""
    if snapshot.twins:
        return (
            "This commit is the head of several open pull requests, which share one check: it is judged by "
            "itself, by the default branch's rules, and nothing counts as there before.",
        )
    return ()
