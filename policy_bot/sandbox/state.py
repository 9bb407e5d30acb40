"""What the sandbox knows: accounts, repositories, pull requests and what stands on them.

Things refer to one another in circles, so they are equal only to themselves and do not print their insides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from policy_bot.sandbox.content import ObjectStore


@dataclass
class Clock:
    """The sandbox's time. It stands still until moved, so that a test's end is the same every day."""

    at: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time now, in UTC."""
        return self.at

    def move(self, seconds: float) -> None:
        """Let some time pass."""
        self.at += timedelta(seconds=seconds)


def wall_clock() -> datetime:
    """The machine's time, for a sandbox that people look at."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """A time as GitHub writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Account:
    """A person, an organisation or an App's bot."""

    id: int
    login: str
    type: str  # User, Organization, Bot

    @property
    def node_id(self) -> str:
        """The id GraphQL knows it by."""
        return {"User": "U_", "Organization": "O_", "Bot": "BOT_"}[self.type] + f"kgDO{self.id}"


@dataclass
class RequiredCheck:
    """A check a ruleset demands; `app` names the only App whose report counts, None accepts anybody's."""

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
    resolved_conversations: bool = False  # a ruleset wants every thread resolved before merging
    pulls: dict[int, Pull] = field(default_factory=dict)
    checks: list[CheckRun] = field(default_factory=list)
    statuses: list[tuple[str, str, str]] = field(default_factory=list)  # commit, context, state
    groups: list[MergeGroup] = field(default_factory=list)
    numbers: int = 0

    @property
    def full_name(self) -> str:
        """owner/name."""
        return f"{self.owner.login}/{self.name}"

    @property
    def node_id(self) -> str:
        """The id GraphQL knows it by."""
        return f"R_kgDO{self.id}"


@dataclass(eq=False, repr=False)
class Pull:
    """A pull request. `head_repository` is None once the fork is gone."""

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
    final_base: str | None = None  # where the base stood when it was merged
    reviews: list[PullReview] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)

    @property
    def node_id(self) -> str:
        """The id GraphQL knows it by."""
        return f"PR_kwDO{self.id}"

    @property
    def comments(self) -> list[ReviewComment]:
        """All review comments, in the order they were made."""
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
        """The id GraphQL knows it by."""
        return f"PRR_kwDO{self.id}"


@dataclass(eq=False, repr=False)
class Thread:
    """A conversation on lines of the diff (or on a file, where `line` is None)."""

    id: int
    pull: Pull
    path: str
    side: str
    line: int | None
    start_side: str | None
    start_line: int | None
    commit: str
    base: str
    hunk: str
    comments: list[ReviewComment] = field(default_factory=list)
    resolved: bool = False

    @property
    def node_id(self) -> str:
        """The id GraphQL knows it by."""
        return f"PRRT_kwDO{self.id}"


@dataclass(eq=False, repr=False)
class ReviewComment:
    """One comment of a thread."""

    id: int
    thread: Thread
    review: PullReview
    author: Account
    body: str
    created: datetime
    updated: datetime
    reply_to: int | None = None
    minimized: str | None = None

    @property
    def node_id(self) -> str:
        """The id GraphQL knows it by."""
        return f"PRRC_kwDO{self.id}"


@dataclass(eq=False, repr=False)
class CheckRun:
    """A check run; `annotations` only grow, as on GitHub."""

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
        """The id GraphQL knows it by."""
        return f"CR_kwDO{self.id}"


@dataclass(eq=False, repr=False)
class MergeGroup:
    """Pull requests in a merge queue, merged on trial on a branch of their own."""

    repository: Repository
    pull: Pull
    ref: str
    head_sha: str
    base_sha: str
    base_ref: str
    state: str = "waiting"


@dataclass(eq=False, repr=False)
class Installation:
    """The App on one account. `repositories` is None where it sees them all."""

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
