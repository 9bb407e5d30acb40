"""Evaluates a commit outside a pull request: a merge group's, or the tip of a default branch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from policy_bot.github import queries
from policy_bot.github.errors import Absent
from policy_bot.github.events import CHECK_NAME, PullKey, external_number
from policy_bot.github.pulls import about, confirmed, runs, sharing, side
from policy_bot.github.snapshot import About, Side
from policy_bot.github.source import GitHubTree
from policy_bot.policy import waivers
from policy_bot.policy.finding import Judgement
from policy_bot.review.details import Details
from policy_bot.review.plan import Plan, plan
from policy_bot.review.review import Review
from policy_bot.service.evaluation.comparison import Comparison
from policy_bot.service.evaluation.judging import Judged, ignore_notices
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

# branches of the queue, by
# https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository
_GROUP = re.compile(r"refs/heads/gh-readonly-queue/(.+)/pr-\d+-[0-9a-f]{40,64}")


@dataclass(frozen=True)
class Rehearsed:
    """The judgement of a commit and notices about the settings, without publishing."""

    judgement: Judgement
    notices: tuple[str, ...] = ()


@dataclass
class CommitEvaluation:
    """Evaluates a commit once, against the tip of its target branch (for that tip, against itself)."""

    context: EvaluationContext

    def run(self) -> Outcome:
        """Queries, judges, publishes the check."""
        answer, commit = self._look()
        pulls = self._pulls(answer, commit)
        if pulls:
            return Outcome("", "pulls", None, also=pulls)
        if self._is_owned(commit):
            return Outcome("", "owned", None, why="the check on this commit is that of a pull request")
        try:
            self.context.step()
            planned, outcome = self._planned(answer, commit)
            self.context.step()
            self._check(answer, commit, planned)
        except Superseded:
            return Outcome(commit["oid"], "superseded", None, superseded=True)
        except OutOfTime as late:
            self._check(answer, commit, out_of_time(late.why))
            return Outcome(commit["oid"], "failure", None)
        return outcome

    def show_failure(self, reference: str) -> None:
        """Publishes only a check that says that we failed."""
        answer, commit = self._look()
        if not self._pulls(answer, commit) and not self._is_owned(commit):
            self._check(answer, commit, failure(reference))

    def _pulls(self, answer: Any, commit: Any) -> tuple[PullKey, ...]:
        """The pull requests that own this check: a suite that is run again names none from a fork. Judged by
        the default branch's rules alone, the check could open another pull request's gate.
        """
        key = self.context.key
        if not key.sha or key.ref:
            return ()
        found = sharing(answer["repository"], commit["oid"])
        numbers = set(found.targets)
        if not found.complete:
            numbers |= {external_number(run.external_id) for run in runs(commit)} - {0}
            numbers |= set(self.context.heads.pulls_at(key.installation, key.repository, commit["oid"]))
        return tuple(replace(key, number=number, sha="") for number in sorted(numbers))

    def _is_owned(self, commit: Any) -> bool:
        """Whether the newest run on the commit is a pull request's, which a branch's run never replaces."""
        listed = runs(commit)
        return not self.context.key.ref and bool(listed) and external_number(listed[0].external_id) > 0

    def _look(self) -> tuple[Any, Any]:
        key = self.context.key
        owner, _, name = key.name.partition("/")
        group = _GROUP.fullmatch(key.ref)
        target = f"refs/heads/{group[1]}" if group else "HEAD"
        asked = queries.commit(owner, name, key.sha or "HEAD", target, self.context.app_id, CHECK_NAME)
        answer = self.context.client.ask(asked)
        commit = confirmed(answer, key).get("object")
        if not commit:
            raise Absent("the commit is gone")
        return answer, commit

    def rehearse(self, books: Sequence[RuleBook]) -> tuple[Rehearsed, ...]:
        """Judges the commit by each of several rule books; publishes nothing, proves no fixes."""
        answer, commit = self._look()
        found = []
        for book in books:
            one = replace(self, context=replace(self.context, book=book))
            comparison, rules, judged = one._judged(answer, commit, fixes=False)
            if self.context.is_over():
                self.context.end_now()
            found.append(Rehearsed(judged.judgement, _notices(comparison, rules, judged)))
        return tuple(found)

    def _judged(self, answer: Any, commit: Any, fixes: bool = True) -> tuple[Comparison, Rules, Judged]:
        objects = self.context.remembered.objects
        described = about(answer, objects)
        judged_side, base_side = side(commit, objects), side(answer["repository"].get("base"), objects)
        if judged_side is None:
            raise Absent("the commit has no tree")
        base_side = base_side or described.default
        comparison, rules = self._comparison(described, judged_side, base_side)
        judged = self.context.project_judge(rules).judged(comparison, fixes)
        return comparison, rules, judged.with_mistakes(rules.judge, rules.problems, comparison)

    def _planned(self, answer: Any, commit: Any) -> tuple[Plan, Outcome]:
        comparison, rules, judged = self._judged(answer, commit)
        judgement = judged.judgement
        ratcheted = judged.ratcheted
        review = Review(
            judgement,
            ratcheted,
            lines=head_lines(judgement, comparison.judged, comparison.judged),
            notes=_notices(comparison, rules, judged),
            held_back=any(rules.held_back(finding) for finding in ratcheted.new),
            occasion="branch" if comparison.everything else "change",
            links=self.context.links(answer["repository"]["nameWithOwner"], commit["oid"]),
        )
        planned = plan(review)
        return planned, Outcome(commit["oid"], planned.conclusion, Details(review, planned.title))

    def _comparison(self, described: About, judged: Side, base: Side | None) -> tuple[Comparison, Rules]:
        """What is compared, and by which rules: as for a pull request into the same branch. All projects of
        a branch's own tip are judged, and count as old.
        """
        fetcher = self.context.fetcher(described.name)
        ground = GitHubTree.of(fetcher, base) if base else None
        group = _GROUP.fullmatch(self.context.key.ref)
        target = group[1] if group else described.default_branch
        other = described.default if target != described.default_branch else None
        default = GitHubTree.of(fetcher, other) if other else ground
        bases, rules = self.context.bases(described, target, ground, default)
        everything = base is not None and base.oid == judged.oid
        return Comparison(GitHubTree.of(fetcher, judged), bases, None, everything), rules

    def _check(self, answer: Any, commit: Any, planned: Plan) -> None:
        owner = "group" if _GROUP.fullmatch(self.context.key.ref) else "branch"
        self.context.check(answer["repository"]["nameWithOwner"], commit["oid"], owner, planned, runs(commit))


def _notices(comparison: Comparison, rules: Rules, judged: Judged) -> tuple[str, ...]:
    """Notices about settings and ignore comments; about unused waivers too if everything was judged."""
    settings = rules.judge.settings
    idle = waivers.idle(settings, judged.judgement.findings) if comparison.everything else ()
    return tuple(str(notice) for notice in (*settings.notices, *idle, *ignore_notices(judged, comparison)))
