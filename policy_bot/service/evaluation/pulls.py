"""Evaluates one pull request, from the first query to its comments and its check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from policy_bot.github import basis
from policy_bot.github.errors import Absent, Unsettled, Unsure
from policy_bot.github.events import external_number
from policy_bot.github.publisher import CheckPlace, difference, publish_comments
from policy_bot.github.pulls import head_of, read_pull
from policy_bot.github.snapshot import Snapshot
from policy_bot.github.source import GitHubTree
from policy_bot.policy.settings import LayerName
from policy_bot.review.details import Details
from policy_bot.review.diff import Diff
from policy_bot.review.mark import Marker
from policy_bot.review.plan import Plan, needs_diff, plan
from policy_bot.review.policychange import joined, policy_plan, touches_policy
from policy_bot.review.review import Conclusion, Review, conclude
from policy_bot.review.shared import SharedVerdict, shared
from policy_bot.service.evaluation.comparison import Comparison, changed_policy, unlisted
from policy_bot.service.evaluation.judging import Judged, ignore_notices
from policy_bot.service.evaluation.listing import Listing
from policy_bot.service.evaluation.policy_review import reviewed
from policy_bot.service.evaluation.rules import RuleBook, Rules
from policy_bot.service.evaluation.steps import (
    EvaluationContext,
    Outcome,
    OutOfTime,
    Superseded,
    failure,
    head_lines,
    out_of_time,
)

PENDING_SECONDS = 10.0
"""Seconds until GitHub has usually made a merge result."""
SOON_SECONDS = 3.0
"""Seconds until all of GitHub's replicas show what a webhook reported."""
SHARED_SECONDS = 3600.0
MOST_SHARING = 8
"""Maximum number of other target branches judged for one head; with more of them the check fails."""


@dataclass
class PullEvaluation:
    """Evaluates one pull request once. The `last` of several attempts goes without comments if GitHub does
    not answer for them (`comments_lost`).
    """

    context: EvaluationContext
    last: bool = False
    comments_lost: bool = False

    def run(self) -> Outcome:
        """Queries, judges, plans, publishes."""
        try:
            snapshot = self._look()
        except Unsettled as why:  # GitHub is between two states: it is asked again soon, a few times
            again = self.context.remembered.wait(self.context.key.number, "", PENDING_SECONDS)
            return Outcome("", "unsettled", None, again=again, why=str(why))
        if not snapshot.open or snapshot.about.archived:
            return Outcome("", "closed", None)
        head = snapshot.head.oid
        try:
            self.context.step()
            planned, details, others = self._shared(snapshot)
            self.context.step()
            written = self._publish(snapshot, planned, others)
        except Superseded:
            return Outcome(head, "superseded", None, superseded=True)
        except OutOfTime as late:
            self._check(snapshot, out_of_time(late.why), self._candidates(snapshot))
            return Outcome(head, "failure", None)
        return Outcome(
            head,
            planned.conclusion,
            details,
            again=self._again(snapshot, others),
            sharing=tuple(replace(self.context.key, number=other) for other in others if written),
            basis=basis.of(snapshot, self.context.remembered.objects),
        )

    def _again(self, snapshot: Snapshot, others: Sequence[int]) -> float | None:
        """When to look again without an event: none announces that a merge result was made, that GitHub
        accepts comments again, or that another pull request no longer shares the head.
        """
        remembered, head = self.context.remembered, snapshot.head.oid
        again = None
        if self.context.head not in ("", head):  # the query returned an older head than the reported one
            again = remembered.wait(-snapshot.number, self.context.head, SOON_SECONDS)
        elif snapshot.merge_pending or self.comments_lost:
            again = remembered.wait(snapshot.number, head, PENDING_SECONDS)
        return again or (SHARED_SECONDS if others else None)

    def show_failure(self, reference: str) -> None:
        """Publishes only a check that says that we failed; it needs only the head."""
        context = self.context
        found = head_of(context.client, context.key, context.app_id)
        if found:
            name, head, runs = found
            owner = runs[0].external_id.rsplit("/", 3)[0] if runs else ""
            context.check(name, head, owner or f"pull/{context.key.number}", failure(reference), runs)

    def _look(self) -> Snapshot:
        at, remembered = self.context, self.context.remembered
        return read_pull(at.client, at.key, at.app_id, remembered.wanted(), remembered.objects)

    # pull requests that share the head

    def _candidates(self, snapshot: Snapshot) -> list[int]:
        """Other pull requests that may have the same head.

        GitHub's list of open ones decides if it is complete. Otherwise the owner of the run on the head, and
        those last seen with this head, are candidates too.
        """
        head, found = snapshot.head.oid, set(snapshot.sharing.targets)
        if not snapshot.sharing.complete:
            found |= {external_number(run.external_id) for run in snapshot.runs}
            found |= set(
                self.context.heads.pulls_at(self.context.key.installation, self.context.key.repository, head)
            )
        return sorted(found - {0, snapshot.number})

    def _shared(self, snapshot: Snapshot) -> tuple[Plan, Details, list[int]]:
        """The plan: the strictest one of all pull requests that share the head.

        Each is judged as if it were alone, so all arrive at the same check, and none opens another's gate.
        Those into the same branch have the same verdict, so copies that a stranger opens cost nothing; from a
        fork and not from one are two kinds, since a fork's policy cases are not run.
        """
        planned, details = self._planned(snapshot)
        candidates = self._candidates(snapshot)
        if not candidates:
            return planned, details, []
        alike: dict[tuple[str, bool] | int, list[int]] = {(snapshot.target, snapshot.fork): [snapshot.number]}
        for number in candidates:  # one whose branch is not known is judged by itself
            alike.setdefault(snapshot.sharing.targets.get(number, number), []).append(number)
        own, *groups = alike.values()
        few = 0 if snapshot.sharing.complete and len(groups) > MOST_SHARING else MOST_SHARING
        standings = [SharedVerdict(own, planned)]
        for group in groups[:few]:
            if other := self._open_with_head(snapshot, group[0]):
                standings.append(SharedVerdict(group, self._planned(other)[0]))
        left = [number for group in groups[few:] for number in group]
        others = [number for each in standings for number in each.numbers if number != snapshot.number]
        return shared(standings, left), details, others + left

    def _open_with_head(self, snapshot: Snapshot, number: int) -> Snapshot | None:
        """Another pull request, if it is open and has the same head."""
        self.context.step()
        key = replace(self.context.key, number=number)
        try:
            found = replace(self, context=replace(self.context, key=key))._look()
        except Absent:
            return None
        return found if found.open and found.head.oid == snapshot.head.oid else None

    # judging one

    def rehearse(self, books: Sequence[RuleBook]) -> tuple[Conclusion, ...]:
        """Returns the check's verdict under each of several rule books; publishes nothing.

        Empty if the change affects no SST project.
        """
        snapshot = self._look()
        listing = Listing.of(self.context.client, snapshot)
        changed = self._changed(snapshot, listing)
        if not snapshot.open or snapshot.about.archived:
            return ()
        evaluations = [replace(self, context=replace(self.context, book=book)) for book in books]
        return tuple(found for each in evaluations if (found := each._concluded(snapshot, listing, changed)))

    def _concluded(
        self, snapshot: Snapshot, listing: Listing, changed: frozenset[str] | None
    ) -> Conclusion | None:
        _, rules, judged = self._judged(snapshot, listing, changed, fixes=False)
        if not judged.judgement.projects and not judged.ratcheted.new:
            return None
        if self.context.is_over():
            self.context.end_now()
        return conclude(judged.judgement, judged.ratcheted, any(map(rules.held_back, judged.ratcheted.new)))

    def _planned(self, snapshot: Snapshot) -> tuple[Plan, Details]:
        listing = Listing.of(self.context.client, snapshot)
        changed = self._changed(snapshot, listing)
        review = self._of_projects(snapshot, listing, changed)
        planned, change = plan(review), None
        layer = self._changed_layer(snapshot, changed)
        if layer:
            change = reviewed(self.context, snapshot, layer, _rehearsed)
            planned = joined(planned, policy_plan(change))
        return planned, Details(review, planned.title, snapshot.number, snapshot.title, change)

    def _changed_layer(self, snapshot: Snapshot, changed: frozenset[str] | None) -> LayerName | None:
        """Whose policy the change changes."""
        if changed is None and snapshot.base:
            fetcher = self.context.fetcher(snapshot.about.name)
            base = GitHubTree.of(fetcher, snapshot.base)
            changed = changed_policy(GitHubTree.of(fetcher, snapshot.judged), base)
        return touches_policy(snapshot.about.name, changed or frozenset())

    def _of_projects(self, snapshot: Snapshot, listing: Listing, changed: frozenset[str] | None) -> Review:
        comparison, rules, judged = self._judged(snapshot, listing, changed)
        self.context.remembered.learn(comparison.judged.wanted)
        return self._review(snapshot, comparison, judged, rules, listing)

    def _judged(
        self, snapshot: Snapshot, listing: Listing, changed: frozenset[str] | None, fixes: bool = True
    ) -> tuple[Comparison, Rules, Judged]:
        comparison, rules = self._comparison(snapshot, listing, changed)
        judged = self.context.project_judge(rules).judged(comparison, fixes)
        return comparison, rules, judged.with_mistakes(rules.judge, rules.problems, comparison)

    def _changed(self, snapshot: Snapshot, listing: Listing) -> frozenset[str] | None:
        """The changed paths; None if not all of them are known, or the merge changes others."""
        changed, merge, base = listing.changed(), snapshot.merge, snapshot.base
        if changed is None or merge is None or base is None:
            return changed
        return None if unlisted(self.context.remembered.objects, merge.root, base.root, changed) else changed

    def _comparison(
        self, snapshot: Snapshot, listing: Listing, changed: frozenset[str] | None
    ) -> tuple[Comparison, Rules]:
        """What is compared, and under which rules. The diff is that of the target branch, so with two bases
        the trees are compared.
        """
        fetcher, about = self.context.fetcher(snapshot.about.name), snapshot.about
        base = GitHubTree.of(fetcher, snapshot.base) if snapshot.base else None
        default = base if snapshot.into_default else None
        if default is None and about.default:
            default = GitHubTree.of(fetcher, about.default)
        bases, rules = self.context.bases(about, snapshot.target, base, default)
        known = changed if len(bases) == 1 else None
        comparison = Comparison(
            GitHubTree.of(fetcher, snapshot.judged),
            bases,
            known,
            renamed=listing.seen.renamed() if listing.seen else {},
            diff=listing.diff if known is not None else None,
            diverged=snapshot.merge is not None and snapshot.merge.root != snapshot.head.root,
        )
        return comparison, rules

    def _review(
        self, snapshot: Snapshot, comparison: Comparison, judged: Judged, rules: Rules, listing: Listing
    ) -> Review:
        head, ratcheted = comparison.judged, judged.ratcheted
        if head.root != snapshot.head.root:
            head = GitHubTree.of(head.fetcher, snapshot.head)
        if any(map(needs_diff, ratcheted.new)):
            listing.diff()
        return Review(
            judged.judgement,
            ratcheted,
            listing.seen or Diff({}),
            head_lines(judged.judgement, comparison.judged, head),
            (
                *_notes(snapshot, comparison),
                *map(str, (*rules.judge.settings.notices, *ignore_notices(judged, comparison))),
            ),
            any(map(rules.held_back, ratcheted.new)),
            _basis(snapshot),
            links=self.context.links(snapshot.about.name, snapshot.head.oid, snapshot.number),
        )

    # publishing

    def _publish(self, snapshot: Snapshot, planned: Plan, others: Sequence[int]) -> bool:
        marker = Marker(self.context.keys, snapshot.about.id, snapshot.number)
        todo = difference(planned.comments, snapshot.shown, marker)
        place = CheckPlace(snapshot.about.name, snapshot.head.oid, snapshot.number)
        try:
            publish_comments(self.context.client, place, todo, marker)
        except Unsure:
            if not self.last:
                raise
            self.comments_lost = True
        self.context.step()
        return self._check(snapshot, planned, others)

    def _check(self, snapshot: Snapshot, planned: Plan, others: Sequence[int]) -> bool:
        owner = f"pull/{min((snapshot.number, *others))}"
        return self.context.check(snapshot.about.name, snapshot.head.oid, owner, planned, snapshot.runs)


def _basis(snapshot: Snapshot) -> str:
    """Describes the tree that was judged."""
    if snapshot.merge is None or snapshot.base is None:
        return f"Judged: `{snapshot.head.oid[:12]}` by itself, since GitHub has no test merge."
    into = f"`{snapshot.target}` at `{snapshot.base.oid[:12]}`"
    return f"Judged: `{snapshot.head.oid[:12]}` merged into {into}."


def _notes(snapshot: Snapshot, comparison: Comparison) -> tuple[str, ...]:
    """The first lines of the summary."""
    if len(comparison.bases) > 1:
        return (
            f"This pull request goes into `{snapshot.target}`. Its commit could be merged into the default"
            " branch too, so what the default branch does not have counts as new. The setting"
            " `release-branches` exempts a branch from this.",
        )
    return ()


def _rehearsed(context: EvaluationContext, books: Sequence[RuleBook]) -> Sequence[Conclusion]:
    """Judges another pull request for `policy_review`."""
    return PullEvaluation(context).rehearse(books)
