"""What a repository is judged by: the built-in policies, the organisation's and its own, as the base side has
them.

A pull request never judges itself by what it brings: nothing here reads a head.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from policy_bot.github import queries
from policy_bot.github.client import Client
from policy_bot.github.events import CHECK_NAME, PullKey
from policy_bot.github.objects import Objects
from policy_bot.github.pulls import About, Side, side
from policy_bot.github.source import Fetcher, GitHubTree
from policy_bot.policy.edition import FILE_NAME, REPOSITORY_FOLDER, Edition
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import LayerName, Settings
from policy_bot.policy.weighing import would_gate
from policy_bot.sst.deployment import Hidden
from policy_bot.sst.source import Unreadable


class Editions(Protocol):
    """Keeps the last policy files that had no mistakes, for as long as the newest have some."""

    def last_good(self, installation: int, repository: int) -> Edition | None:
        """The last good edition of a repository's own files (of the organisation's: its `.github`
        repository)."""

    def keep(self, installation: int, repository: int, edition: Edition, commit: str) -> None:
        """Remember an edition as good."""


@dataclass
class Kept:
    """Editions kept for as long as the process lives."""

    _good: dict[tuple[int, int], Edition] = field(default_factory=dict)

    def last_good(self, installation: int, repository: int) -> Edition | None:
        """The last good edition."""
        return self._good.get((installation, repository))

    def keep(self, installation: int, repository: int, edition: Edition, commit: str) -> None:
        """Remember it."""
        self._good[installation, repository] = edition


@dataclass(frozen=True)
class Rules:
    """The judge of a repository, and what keeps it from judging (mistakes in policy files)."""

    judge: Judge
    problems: tuple[Hidden, ...] = ()

    def held_back(self, finding: Finding) -> bool:
        """Whether only evaluate mode keeps a finding from gating."""
        return would_gate(finding, self.judge.settings)


@dataclass(frozen=True)
class RuleBook:
    """Finds the rules of repositories."""

    editions: Editions
    today: Callable[[], date]
    policies: Callable[[], tuple[Policy, ...]]

    def rules(
        self, client: Client, key: PullKey, about: About, base: GitHubTree | None, objects: Objects
    ) -> Rules:
        """The rules for what goes into `base`; `objects` holds what the look brought of the organisation."""
        own = self._own(base)
        organisation = self.organisation(client, about, objects)
        if not own and not organisation:
            return Rules(Judge(self.policies(), replace(Settings.default(), today=self.today())))
        # what reads settings costs half a second to load: only where there are any
        from policy_bot.policy.inforce import in_force  # noqa: PLC0415 -- lazy
        from policy_bot.policy.layers import Repository  # noqa: PLC0415 -- lazy

        described = Repository(about.name.partition("/")[2], about.topics, about.visibility)
        # the `.github` repository has both: what it says for all, and what it says for itself
        mine = about.id if about.id != about.organisation_id else -about.id
        above = self.editions.last_good(key.installation, about.organisation_id)
        good = (above, self.editions.last_good(key.installation, mine))
        found = in_force(organisation, own, described, self.policies(), self.today(), good)
        if found.organisation and found.organisation is not above and about.organisation:
            self.editions.keep(
                key.installation, about.organisation_id, found.organisation, about.organisation.oid
            )
        # what a branch other than the default one says holds for what goes there, and is not remembered
        at_home = base is not None and about.default is not None and base.commit == about.default.oid
        if found.repository and found.repository is not good[1] and at_home and about.default:
            self.editions.keep(key.installation, mine, found.repository, about.default.oid)
        return Rules(Judge(found.policies, found.settings), found.problems)

    def _own(self, base: GitHubTree | None) -> Edition | None:
        return edition_of(base, REPOSITORY_FOLDER)

    def organisation(self, client: Client, about: About, objects: Objects) -> Edition | None:
        """The organisation's files, None where it has none; where they are kept from us, it fails closed."""
        if about.organisation_refused:
            return Edition.of({FILE_NAME: None})
        if about.organisation is None:
            return None
        owner = about.name.partition("/")[0]
        return edition_of(_tree(client, f"{owner}/.github", objects, about.organisation), "")


@dataclass(frozen=True)
class Proposed(RuleBook):
    """The rules as they would be with another edition of one layer. Remembers nothing."""

    edition: Edition | None = None
    layer: LayerName = "organisation"

    @staticmethod
    def of(book: RuleBook, edition: Edition | None, layer: LayerName) -> Proposed:
        """`book` with `edition` in place of the layer's."""
        return Proposed(_Untouched(book.editions), book.today, book.policies, edition, layer)

    def _own(self, base: GitHubTree | None) -> Edition | None:
        return self.edition if self.layer == "repository" else RuleBook._own(self, base)

    def organisation(self, client: Client, about: About, objects: Objects) -> Edition | None:
        """The proposed files, where they are the organisation's."""
        if self.layer == "organisation":
            return self.edition
        return RuleBook.organisation(self, client, about, objects)


@dataclass(frozen=True)
class _Untouched:
    """Editions that are looked up and never kept."""

    editions: Editions

    def last_good(self, installation: int, repository: int) -> Edition | None:
        return self.editions.last_good(installation, repository)

    def keep(self, installation: int, repository: int, edition: Edition, commit: str) -> None:
        return


def organisation_edition(client: Client, owner: str, objects: Objects) -> Edition | None:
    """The organisation's files as they are now; None where it has none, or we may not see them."""
    answer = client.ask(queries.commit(owner, ".github", "HEAD", "HEAD", 0, CHECK_NAME))
    target = ((answer.get("organisation") or {}).get("defaultBranchRef") or {}).get("target")
    there = side(target, objects)
    return edition_of(_tree(client, f"{owner}/.github", objects, there), "") if there else None


def _tree(client: Client, name: str, objects: Objects, side: Side) -> GitHubTree:
    return Fetcher(client, name, objects).tree(side)


def edition_of(tree: GitHubTree | None, folder: str) -> Edition | None:
    """The edition of a tree; one that is there and cannot be read fails closed."""
    if tree is None:
        return None
    try:
        return Edition.read(tree, folder) or None
    except Unreadable:
        path = f"{folder}/{FILE_NAME}" if folder else FILE_NAME
        return Edition.of({path: None}, folder)
