"""A pull request as one query shows it: its repository, its commits, our check runs and our comments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policy_bot.github.objects import TreeEntry


@dataclass(frozen=True, slots=True)
class Run:
    """A check run of ours. `id` is 0 if GitHub's answer did not contain it."""

    id: int
    external_id: str
    status: str
    conclusion: str
    reset: bool = False


@dataclass(frozen=True, slots=True)
class ShownComment:
    """The first comment of a review thread that our App wrote. `line` is None once its line is gone."""

    node: str
    body: str
    path: str
    first: int | None
    line: int | None
    answered: bool


@dataclass(frozen=True)
class Side:
    """One commit of a pull request: its id, its root tree, and the paths that the query answered."""

    oid: str
    root: str
    known: Mapping[str, TreeEntry | None] = field(default_factory=dict)


@dataclass(frozen=True)
class About:
    """The repository, and where its policy is: the default branch, and the organisation's `.github`."""

    id: int
    name: str
    archived: bool
    topics: frozenset[str]
    visibility: str
    default: Side | None
    default_branch: str
    organisation: Side | None
    organisation_id: int
    organisation_refused: str = ""


@dataclass(frozen=True)
class Sharing:
    """Open pull requests that share a head, and so a check: number -> target branch, and whether it is from a
    fork. `complete` is False if GitHub did not list all open ones of the repository.
    """

    targets: Mapping[int, tuple[str, bool]]
    complete: bool


@dataclass(frozen=True)
class Snapshot:
    """The result of one query. `merge_pending`: GitHub may still create a merge result (right after a push it
    calls a head conflicting that is not). `merge` is the merge result if GitHub has it for this head;
    `base` is the base it was made with.
    """

    about: About
    open: bool
    number: int
    head: Side
    base: Side | None
    merge: Side | None
    merge_pending: bool
    target: str
    changed: tuple[tuple[str, str], ...]
    changed_count: int
    runs: tuple[Run, ...]
    shown: tuple[ShownComment, ...]
    sharing: Sharing
    fork: bool = False
    title: str = ""

    @property
    def into_default(self) -> bool:
        """Whether it targets the default branch."""
        return self.target == self.about.default_branch

    @property
    def judged(self) -> Side:
        """The merge result if there is one, else the head."""
        return self.merge or self.head
