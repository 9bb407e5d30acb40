"""Context, progress and outcome of an evaluation, of a pull request or a commit."""

from __future__ import annotations

import hashlib
import hmac
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal, NoReturn, Protocol

from policy_bot.github.client import Client
from policy_bot.github.events import CHECK_NAME, PullKey
from policy_bot.github.fetching import Fetcher
from policy_bot.github.publisher import CheckPlace, publish_check
from policy_bot.github.snapshot import About, Run
from policy_bot.github.source import GitHubTree
from policy_bot.isolation.reader import Asker, Reader
from policy_bot.policy import builtin
from policy_bot.policy.finding import Judgement
from policy_bot.review.details import Details
from policy_bot.review.lines import HeadLines
from policy_bot.review.links import Links
from policy_bot.review.plan import Plan
from policy_bot.review.review import Conclusion
from policy_bot.review.summary import problems
from policy_bot.service.evaluation.judging import LONGEST, ProjectJudge
from policy_bot.service.evaluation.memory import Remembered
from policy_bot.service.evaluation.rules import RuleBook, Rules
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.source import Unreadable

LONGEST_WAIT = 30.0
"""Seconds that one wait may exceed the end of an evaluation."""
SELDOM = 1.0
"""Seconds between two checks, during a wait, for something newer."""


Ending = Conclusion | Literal["closed", "gone", "unsettled", "superseded", "pulls", "owned"]
"""How an evaluation ends: with the conclusion of a check, or without one."""


@dataclass(frozen=True)
class Outcome:
    """The result of an evaluation.

    `head` is the commit that shows the verdict ("" if there was none), `conclusion` that of the check, or
    `closed`, `gone`. `again`: evaluate it again in this many seconds. `also`: pull requests that become due.
    `sharing`: those that share the check, if it was rewritten. `basis`: the basis of the verdict besides the
    head (`github/basis.py`), "" if unknown.
    """

    head: str
    conclusion: Ending
    details: Details | None
    superseded: bool = False
    again: float | None = None
    also: tuple[PullKey, ...] = ()
    sharing: tuple[PullKey, ...] = ()
    why: str = ""
    basis: str = ""


class Superseded(Exception):
    """A newer evaluation has taken over."""


class OutOfTime(Exception):
    """The evaluation has taken too long; `why` says what it was doing."""

    def __init__(self, why: Reason) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass
class Progress:
    """The progress of an evaluation: its current step, its latest end, and when it last checked whether it is
    superseded. Times are by `clock`, in seconds.
    """

    clock: Callable[[], float] = time.monotonic
    end: float = math.inf
    doing: str = "beginning"
    looked: float = -math.inf


class KnownRepositories(Protocol):
    """What audits know about an installation's repositories."""

    def without_sst(self, installation: int) -> Mapping[int, str]:
        """The repositories without SST, by id, with the commit that was examined."""


class Heads(Protocol):
    """Which pull requests were last seen with a head."""

    def pulls_at(self, installation: int, repository: int, head: str) -> Sequence[int]:
        """Their numbers; some may have been closed, or have another head by now."""


@dataclass(frozen=True)
class NoHeads:
    """Knows no pull request of any head."""

    def pulls_at(self, installation: int, repository: int, head: str) -> Sequence[int]:
        """None of them."""
        return ()


@dataclass(frozen=True)
class EvaluationContext:
    """The due item of one evaluation, and everything that the evaluation uses."""

    key: PullKey
    client: Client
    app_id: int
    reader: Reader
    keys: Sequence[bytes]
    book: RuleBook
    remembered: Remembered
    superseded: Callable[[], bool]
    details_url: str
    known_repositories: KnownRepositories | None = None
    heads: Heads = NoHeads()
    head: str = ""
    """The newest reported head, "" if none was."""
    progress: Progress = field(default_factory=Progress)
    web: str = ""
    """The address of GitHub's pages."""
    public_url: str = ""
    """Our own address, which has the pages of the built-in policies; "" if it is not set."""
    functions: bool = False
    """Whether what the projects deploy is shown, and not only judged."""

    def links(self, name: str, commit: str, pull: int = 0) -> Links:
        """The links in a check on a commit."""
        policies = f"{self.public_url}/policies" if self.public_url else ""
        paged = frozenset(policy.id for policy in builtin.load()) if policies else frozenset()
        return Links(f"{self.web}/{name}" if self.web else "", commit, pull, policies, paged)

    @property
    def asker(self) -> Asker:
        """Identifies who asks the readers."""
        return Asker(self.key.installation, self.wait)

    def is_over(self) -> bool:
        """Whether it has taken too long: then it starts nothing more and shows the results so far."""
        return self.progress.clock() > self.progress.end

    def wait(self) -> None:
        """Called during waits. Raises `Superseded`, and `OutOfTime` if the wait outlasts the evaluation."""
        now = self.progress.clock()
        if now > self.progress.end + LONGEST_WAIT:
            self.end_now()
        if now > self.progress.looked + SELDOM:
            self.step()

    def end_now(self) -> NoReturn:
        """Raises `OutOfTime`, with the current step."""
        raise OutOfTime(Why.EVALUATION_TIME(LONGEST, self.progress.doing))

    def fetcher(self, name: str) -> Fetcher:
        """Fetches files of the repository, by its current name."""
        return Fetcher(self.client, name, self.remembered.objects)

    def rules(self, about: About, base: GitHubTree | None) -> Rules:
        """The rules for changes that go into `base`."""
        return self.book.rules(self, about, base)

    def bases(
        self, about: About, target: str, base: GitHubTree | None, default: GitHubTree | None
    ) -> tuple[tuple[GitHubTree, ...], Rules]:
        """The trees that a finding must be in to count as old, and the rules, for a change that goes into
        `target`.

        A check belongs to a commit, which may go into any branch later. So the default branch's rules apply,
        and what the default branch lacks counts as new for every base, unless its settings name the target
        as a release branch.
        """
        rules = self.rules(about, default)
        if base is None or target == about.default_branch:
            return ((default,) if default else ()), rules
        if rules.judge.settings.is_release(target):
            return (base,), self.rules(about, base)
        return ((base, default) if default and default.root != base.root else (base,)), rules

    def project_judge(self, rules: Rules) -> ProjectJudge:
        """Reads and judges projects by these rules until a newer head supersedes this one."""
        progress = self.progress
        end = None if progress.end == math.inf else progress.end
        return ProjectJudge(
            self.reader,
            rules.judge,
            self.remembered,
            self.step,
            progress.clock,
            end,
            self.asker,
            self.functions,
        )

    def step(self, doing: str = "") -> None:
        """Called between two steps; `doing` describes the next one. Raises `Superseded`."""
        self.progress.doing = doing or self.progress.doing
        self.progress.looked = self.progress.clock()
        if self.superseded():
            raise Superseded

    def check(self, name: str, head: str, owner: str, plan: Plan, runs: Sequence[Run]) -> bool:
        """Publishes a plan's check run; True if anything had to be written."""
        place = CheckPlace(name, head, self.key.number, self.details_url)
        return publish_check(self.client, place, owner, plan, runs)


def mark_keys(secrets: Sequence[str]) -> tuple[bytes, ...]:
    """Derives the keys that sign comment marks from the webhook secrets (one-way)."""
    return tuple(hmac.new(s.encode(), b"policy-bot mark", hashlib.sha256).digest() for s in secrets)


def failure(reference: str) -> Plan:
    """The check for our own failure: it does not pass, and says that it is not the author's fault."""
    return Plan(
        "failure",
        "Not judged: policy-bot failed",
        "Judging this commit failed on our side, which says nothing about the change. It is retried "
        f"automatically, or at once by “Re-run” of `{CHECK_NAME}`. Operators find `{reference}` in the log.",
    )


def out_of_time(why: Reason) -> Plan:
    """The check for an evaluation that took too long: it does not pass."""
    return Plan(
        "failure",
        "Not judged: it took too long",
        f"Only a change that was read completely can pass: {why}. “Re-run” of `{CHECK_NAME}` tries again. A"
        " pull request that concerns fewer projects takes less time.",
    )


def head_lines(judgement: Judgement, judged: GitHubTree, head: GitHubTree) -> HeadLines:
    """Contents of the files with findings, fixes and problems, on both sides."""
    edits = (edit.path for finding in judgement.findings for fix in finding.fixes for edit in fix.edits)
    found = (finding.span.path for finding in judgement.findings)
    senders = (finding.sender.path for finding in judgement.findings if finding.sender is not None)
    unseen = (problem.span.path for problem in problems(judgement))
    paths = set(chain(found, senders, unseen, edits))
    with suppress(Unreadable):  # findings in files that are not in the store are shown without their line
        head.prefetch(sorted(paths))
    return HeadLines(_contents(judged, paths), _contents(head, paths))


def _contents(tree: GitHubTree, paths: set[str]) -> Mapping[str, bytes]:
    found = {}
    for path in sorted(paths):
        try:
            content = tree.read(path)
        except Unreadable:
            continue
        if content is not None:
            found[path] = content
    return found
