"""Finds the rules for a repository: the built-in policies, the organisation's and its own, from the base
side.

A pull request never changes its own rules: nothing here reads a head.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from policy_bot.github import queries
from policy_bot.github.client import Client
from policy_bot.github.events import CHECK_NAME
from policy_bot.github.fetching import Fetcher
from policy_bot.github.objects import Objects
from policy_bot.github.pulls import side
from policy_bot.github.snapshot import About, Side
from policy_bot.github.source import GitHubTree
from policy_bot.isolation.asking import in_force
from policy_bot.isolation.questions.policies import AboutRepository, LayersInForce, WhatIsInForce
from policy_bot.policy.engine import Judge
from policy_bot.policy.finding import Finding
from policy_bot.policy.policy import Policy
from policy_bot.policy.revision import FILE_NAME, REPOSITORY_FOLDER, Revision
from policy_bot.policy.settings import LayerName, Notice, Settings, SettingSource
from policy_bot.policy.weighing import would_gate
from policy_bot.sst.deployment import BlindSpot
from policy_bot.sst.source import Unreadable

if TYPE_CHECKING:
    from policy_bot.service.evaluation.steps import EvaluationContext


class Revisions(Protocol):
    """Keeps the last policy files without mistakes, for as long as the newest have some."""

    def last_good(self, installation: int, repository: int) -> Revision | None:
        """The last valid revision of the repository's files (in `.github`, of the organisation's)."""

    def keep(self, installation: int, repository: int, revision: Revision, commit: str) -> None:
        """Stores a revision as valid."""


@dataclass
class RevisionsInMemory:
    """Keeps revisions for as long as the process lives."""

    _good: dict[tuple[int, int], Revision] = field(default_factory=dict)

    def last_good(self, installation: int, repository: int) -> Revision | None:
        """The last valid revision."""
        return self._good.get((installation, repository))

    def keep(self, installation: int, repository: int, revision: Revision, commit: str) -> None:
        """Stores a revision until the process ends."""
        self._good[installation, repository] = revision


@dataclass(frozen=True)
class Rules:
    """The judge of a repository, and mistakes in policy files that keep it from judging."""

    judge: Judge
    problems: tuple[BlindSpot, ...] = ()

    def held_back(self, finding: Finding) -> bool:
        """Whether only evaluate mode keeps a finding from gating."""
        return would_gate(finding, self.judge.settings)


class _Remembered:
    """Caches the rules that revisions put in force, by all inputs: reading an organisation's policies takes a
    reading process, and they apply to every pull request. Thread-safe.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[object, tuple[LayersInForce, tuple[Policy, ...]]] = OrderedDict()

    def find(self, context: EvaluationContext, asked: WhatIsInForce) -> LayersInForce:
        """The answer, from the cache if possible. An answer that a limit cut short is not cached."""
        revisions = (asked.organisation, asked.repository, *asked.good)
        key = (
            *((each.digest, each.folder, each.unreadable) if each else None for each in revisions),
            (asked.about.name, asked.about.topics, asked.about.visibility),
            asked.today,
            id(asked.builtin),
        )
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key][0]
        found = in_force(context.reader, asked, context.asker)
        if found.problems:
            return found
        with self._lock:
            self._found[key] = (found, asked.builtin)  # kept alive, because the key contains its id
            while len(self._found) > MOST_REMEMBERED:
                self._found.popitem(last=False)
        return found


_IN_FORCE = _Remembered()
MOST_REMEMBERED = 64


def described(about: About) -> AboutRepository:
    """The properties of a repository that selections use."""
    return AboutRepository(about.name.partition("/")[2], about.topics, about.visibility)


@dataclass(frozen=True)
class RuleBook:
    """Finds the rules of repositories."""

    revisions: Revisions
    today: Callable[[], date]
    policies: Callable[[], tuple[Policy, ...]]
    organisation_required: bool = False
    """Whether checks fail while the organisation's policy may exist and cannot be read."""

    def rules(self, context: EvaluationContext, about: About, base: GitHubTree | None) -> Rules:
        """The rules for changes that go into `base`."""
        own, organisation = (
            self._own(base),
            self.organisation(context.client, about, context.remembered.objects),
        )
        builtin = self.policies()
        unseen = _may_be_unseen(context.client, about)
        if not own and not organisation:
            settings = _default(self.today())
            return Rules(Judge(builtin, _with_notice(settings, about) if unseen else settings))
        # the `.github` repository has both: the organisation's settings and its own
        installation = context.key.installation
        mine = about.id if about.id != about.organisation_id else -about.id
        above = self.revisions.last_good(installation, about.organisation_id)
        good = (above, self.revisions.last_good(installation, mine))
        asked = WhatIsInForce(organisation, own, described(about), builtin, self.today(), good)
        found = _IN_FORCE.find(context, asked)
        if found.organisation == "now" and organisation and about.organisation and organisation is not above:
            self.revisions.keep(installation, about.organisation_id, organisation, about.organisation.oid)
        # a branch other than the default one has rules of its own, which are not remembered
        at_home = base is not None and about.default is not None and base.commit == about.default.oid
        if found.repository == "now" and own and own is not good[1] and at_home and about.default:
            self.revisions.keep(installation, mine, own, about.default.oid)
        settings, problems = _with_repository(found, about)
        settings = _with_notice(settings, about) if unseen else settings
        return Rules(Judge((*builtin, *found.policies), settings), problems)

    def _own(self, base: GitHubTree | None) -> Revision | None:
        return revision_of(base, REPOSITORY_FOLDER)

    def organisation(self, client: Client, about: About, objects: Objects) -> Revision | None:
        """The organisation's files, None if it has none; if we may not read them, it fails closed."""
        if about.organisation_refused:
            return Revision.of({FILE_NAME: None})
        if about.organisation is None:
            closed = self.organisation_required and _may_be_unseen(client, about)
            return Revision.of({FILE_NAME: None}) if closed else None
        owner = about.name.partition("/")[0]
        return revision_of(_tree(client, f"{owner}/.github", objects, about.organisation), "")


@lru_cache(maxsize=2)
def _default(today: date) -> Settings:
    """The default settings: the same object all day, because the engine caches its preparations by
    identity.
    """
    return Settings(today=today)


def _may_be_unseen(client: Client, about: About) -> bool:
    """Whether the organisation may have a private `.github` that the App was not given."""
    return about.organisation_id == 0 and not about.organisation_refused and client.selected()


def _with_notice(settings: Settings, about: About) -> Settings:
    """The settings, with a notice that the organisation's may exist although we cannot see them."""
    home = f"{about.name.partition('/')[0]}/.github"
    what = (
        "organisation policy could not be read: the App is installed on selected repositories, and"
        f" `{home}` is not one of them, if there is one. Select it in the installation's settings"
    )
    return replace(settings, notices=(*settings.notices, Notice(what, SettingSource("organisation"))))


def _with_repository(found: LayersInForce, about: About) -> tuple[Settings, tuple[BlindSpot, ...]]:
    """Adds the repository to mistakes in the organisation's files (`acme/.github: policy-bot.yml`), because
    they are shown in other repositories.
    """
    home = f"{about.name.partition('/')[0]}/.github"

    def there(path: str) -> str:
        return f"{home}: {path}"

    notices = tuple(
        replace(each, source=each.source._replace(path=there(each.source.path)))
        if each.source.layer == "organisation" and each.source.path
        else each
        for each in found.settings.notices
    )
    problems = tuple(
        each
        if each.span.path.startswith(f"{REPOSITORY_FOLDER}/")
        else replace(each, span=each.span._replace(path=there(each.span.path)))
        for each in found.problems
    )
    return replace(found.settings, notices=notices), problems


@dataclass(frozen=True)
class Proposed(RuleBook):
    """The rules with another revision of one layer. Remembers nothing."""

    revision: Revision | None = None
    layer: LayerName = "organisation"

    @staticmethod
    def of(book: RuleBook, revision: Revision | None, layer: LayerName) -> Proposed:
        """`book` with `revision` instead of the layer's."""
        return Proposed(
            _Untouched(book.revisions), book.today, book.policies, book.organisation_required, revision, layer
        )

    def _own(self, base: GitHubTree | None) -> Revision | None:
        return self.revision if self.layer == "repository" else RuleBook._own(self, base)

    def organisation(self, client: Client, about: About, objects: Objects) -> Revision | None:
        """The proposed files, if they are the organisation's."""
        if self.layer == "organisation":
            return self.revision
        return RuleBook.organisation(self, client, about, objects)


@dataclass(frozen=True)
class _Untouched:
    """Revisions that are read and never stored."""

    revisions: Revisions

    def last_good(self, installation: int, repository: int) -> Revision | None:
        return self.revisions.last_good(installation, repository)

    def keep(self, installation: int, repository: int, revision: Revision, commit: str) -> None:
        return


def organisation_revision(client: Client, owner: str, objects: Objects) -> Revision | None:
    """The organisation's current files; None if it has none, or we may not see them."""
    answer = client.ask(queries.commit(owner, ".github", "HEAD", "HEAD", 0, CHECK_NAME))
    target = ((answer.get("organisation") or {}).get("defaultBranchRef") or {}).get("target")
    there = side(target, objects)
    return revision_of(_tree(client, f"{owner}/.github", objects, there), "") if there else None


def _tree(client: Client, name: str, objects: Objects, side: Side) -> GitHubTree:
    return GitHubTree.of(Fetcher(client, name, objects), side)


def revision_of(tree: GitHubTree | None, folder: str) -> Revision | None:
    """The revision of a tree; one that exists and cannot be read fails closed."""
    if tree is None:
        return None
    try:
        return Revision.read(tree, folder) or None
    except Unreadable:
        path = f"{folder}/{FILE_NAME}" if folder else FILE_NAME
        return Revision.of({path: None}, folder)
