"""State of the sandbox: accounts, repositories, pull requests and their parts.

The objects form cycles, so they compare by identity and leave one another out of their repr.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from policy_bot.sandbox.content import ObjectStore


@dataclass
class Clock:
    """The sandbox's time. It only moves when told to, so that tests give the same result every day."""

    at: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time now, in UTC."""
        return self.at

    def move(self, seconds: float) -> None:
        """Advances the time."""
        self.at += timedelta(seconds=seconds)


def wall_clock() -> datetime:
    """The machine's time, for a sandbox that people use."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """A time in GitHub's format."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Account:
    """A person, an organisation or an App's bot."""

    id: int
    login: str
    type: str  # User, Organization, Bot

    @property
    def node_id(self) -> str:
        """Its id in GraphQL."""
        return {"User": "U_", "Organization": "O_", "Bot": "BOT_"}[self.type] + f"kgDO{self.id}"


@dataclass
class RequiredCheck:
    """A check that a ruleset requires; only reports of `app` count, or of anybody if it is None."""

    name: str
    app: int | None


@dataclass(eq=False, repr=False)
class Repository:
    """A repository; a fork shares its parent's objects."""

    id: int
    owner: Account
    name: str
    store: ObjectStore
    default_branch: str = "main"
    private: bool = False
    topics: tuple[str, ...] = ()
    branches: dict[str, str] = field(default_factory=dict)
    parent: Repository | None = None
    archived: bool = False
    deleted: bool = False
    required: list[RequiredCheck] = field(default_factory=list)
    resolved_conversations: bool = False  # a ruleset requires all threads to be resolved before merging
    pulls: dict[int, Pull] = field(default_factory=dict)
    checks: list[CheckRun] = field(default_factory=list)
    groups: list[MergeGroup] = field(default_factory=list)
    numbers: int = 0

    @property
    def full_name(self) -> str:
        """owner/name."""
        return f"{self.owner.login}/{self.name}"

    @property
    def node_id(self) -> str:
        """Its id in GraphQL."""
        return f"R_kgDO{self.id}"


@dataclass(eq=False, repr=False)
class Pull:
    """A pull request. `head_repository` is None after the fork was deleted."""

    id: int
    number: int
    repository: Repository
    author: Account
    title: str
    body: str | None
    base_branch: str
    head_branch: str
    head_sha: str
    head_repository: Repository | None
    created: datetime
    updated: datetime
    draft: bool = False
    state: str = "open"
    merged: datetime | None = None
    closed: datetime | None = None
    merge_commit: str | None = None
    final_base: str | None = None  # head of the base when it was merged
    reviews: list[PullReview] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)

    @property
    def node_id(self) -> str:
        """Its id in GraphQL."""
        return f"PR_kwDO{self.id}"

    @property
    def comments(self) -> list[ReviewComment]:
        """All review comments in order of creation."""
        return sorted((one for thread in self.threads for one in thread.comments), key=lambda one: one.id)


@dataclass(eq=False, repr=False)
class PullReview:
    """A submitted review."""

    id: int
    pull: Pull
    author: Account
    body: str
    state: str
    commit: str
    submitted: datetime

    @property
    def node_id(self) -> str:
        """Its id in GraphQL."""
        return f"PRR_kwDO{self.id}"


@dataclass(eq=False, repr=False)
class Thread:
    """A thread on lines of the diff."""

    id: int
    pull: Pull
    path: str
    side: str
    line: int
    start_line: int | None
    commit: str
    base: str
    hunk: str
    comments: list[ReviewComment] = field(default_factory=list)
    resolved: bool = False


@dataclass(eq=False, repr=False)
class ReviewComment:
    """A comment of a thread."""

    id: int
    thread: Thread
    review: PullReview
    author: Account
    body: str
    created: datetime
    updated: datetime

    @property
    def node_id(self) -> str:
        """Its id in GraphQL."""
        return f"PRRC_kwDO{self.id}"


@dataclass(eq=False, repr=False)
class CheckRun:
    """A check run; `annotations` only grow, as at GitHub."""

    id: int
    repository: Repository
    app: int
    suite: int
    head_sha: str
    name: str
    started: datetime
    status: str = "queued"
    conclusion: str | None = None
    completed: datetime | None = None
    external_id: str = ""
    details_url: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[dict[str, object]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)

    @property
    def node_id(self) -> str:
        """Its id in GraphQL."""
        return f"CR_kwDO{self.id}"


@dataclass(eq=False, repr=False)
class MergeGroup:
    """A pull request in the merge queue, merged on a branch of its own."""

    repository: Repository
    pull: Pull
    ref: str
    head_sha: str
    base_sha: str
    base_ref: str
    state: str = "waiting"


@dataclass(eq=False, repr=False)
class Installation:
    """The App's installation on an account. `repositories` is None for all."""

    id: int
    account: Account
    permissions: dict[str, str]
    events: list[str]
    created: datetime
    repositories: set[int] | None = None
    suspended: datetime | None = None

    def sees(self, repository: Repository) -> bool:
        """Whether the App may see a repository through this installation."""
        mine = repository.owner is self.account and not repository.deleted
        return mine and (self.repositories is None or repository.id in self.repositories)


Ids = Callable[[], int]
