"""The ground of the sandbox: accounts, repositories, installations of the App, rulesets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from threading import RLock
from typing import Concatenate, ParamSpec, TypeVar

from policy_bot.sandbox.content import Files, ObjectStore
from policy_bot.sandbox.events import Events
from policy_bot.sandbox.faults import Faults, FaultyRequest
from policy_bot.sandbox.hook import Hook
from policy_bot.sandbox.limits import RateLimits
from policy_bot.sandbox.pull_shapes import PullShapes
from policy_bot.sandbox.registration import Registration
from policy_bot.sandbox.replica import Replica
from policy_bot.sandbox.signin import SignIn
from policy_bot.sandbox.state import (
    Account,
    Clock,
    Installation,
    Repository,
    RequiredCheck,
    ReviewComment,
    Thread,
    stamp,
    wall_clock,
)
from policy_bot.sandbox.tokens import Tokens
from policy_bot.sandbox.world import World

LONGEST_TREE = 100_000  # entries that a recursive tree gives before it is truncated
P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound="Ground")


def alone(deed: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """While somebody does it, no request is answered and nobody does anything else."""

    @wraps(deed)
    def done(sandbox: S, /, *args: P.args, **named: P.kwargs) -> R:
        with sandbox.lock:
            return deed(sandbox, *args, **named)

    return done


class Ground:
    """What there is, before anybody does anything.

    `clock` stamps what happens; `client_clock` judges tokens and limits, by the time the client lives in.
    """

    def __init__(
        self,
        clock: Callable[[], datetime] | None = None,
        url: str = "http://github.sandbox",
        registration: Registration | None = None,
        client_clock: Callable[[], datetime] = wall_clock,
    ) -> None:
        self.clock = clock or Clock()
        self.client_clock = client_clock
        self.registration = registration or Registration()
        self.world = World(self.clock, self.registration)
        self.tokens = Tokens(self.registration)
        self.sign_in = SignIn(self.registration)
        self.faults = Faults()
        self.replica = Replica()
        self.limits = RateLimits(self.client_clock)
        self.hook = Hook(self.registration, self.clock, self.world.new_id)
        self.longest_tree = LONGEST_TREE
        self.requests: list[FaultyRequest] = []  # everything that was asked, in order
        self.watchers: list[Callable[[FaultyRequest], None]] = []  # told after each answer
        self.lock = RLock()  # one request or one person's deed at a time
        self.at(url)

    def at(self, url: str) -> None:
        """Name the sandbox's own address, which all its answers link to."""
        self.url = url
        self.shapes = PullShapes(url, self.registration)
        self.events = Events(self.world, self.shapes, self.hook)
        self.views = self.events.views

    @property
    def api_url(self) -> str:
        """What a client takes for `GITHUB_API_URL`: the address of a GitHub Enterprise Server's API."""
        return self.shapes.api

    def organization(self, login: str) -> Account:
        """An organisation."""
        return self.world.account(login, "Organization")

    def person(self, login: str) -> Account:
        """Somebody with an account."""
        return self.world.account(login)

    @alone
    def repository(self, full_name: str, files: Files | None = None, private: bool = False) -> Repository:
        """A repository with one commit on `main`; its owner is an organisation unless known as a person."""
        login, _, name = full_name.partition("/")
        repository = Repository(
            self.world.new_id(),
            self.world.account(login, "Organization"),
            name,
            ObjectStore(),
            private=private,
        )
        self.world.repositories[repository.id] = repository
        tree = repository.store.changed(None, files or {"README.md": f"# {name}\n"})
        repository.branches["main"] = repository.store.put_commit(tree, (), "Begin", login, self._now()).sha
        return repository

    @alone
    def fork(self, repository: Repository, by: str) -> Repository:
        """Somebody's own copy."""
        fork = Repository(
            self.world.new_id(), self.person(by), repository.name, repository.store, parent=repository
        )
        fork.branches.update(repository.branches)
        self.world.repositories[fork.id] = fork
        return fork

    @alone
    def delete_repository(self, repository: Repository) -> None:
        """It is gone; pull requests from it stay, without their head repository."""
        repository.deleted = True
        for other in self.world.repositories.values():
            for pull in other.pulls.values():
                if pull.head_repository is repository:
                    pull.head_repository = None

    @alone
    def install(self, login: str, repositories: Iterable[Repository] | None = None) -> Installation:
        """The App is installed on an account, on all its repositories or on those named."""
        chosen = None if repositories is None else {repository.id for repository in repositories}
        installation = Installation(
            self.world.new_id(),
            self.world.accounts[login],
            dict(self.registration.permissions),
            list(self.registration.events),
            self.clock(),
            chosen,
        )
        self.world.installations[installation.id] = installation
        self.events.installation("created", installation, self.seen_by(installation))
        return installation

    @alone
    def uninstall(self, installation: Installation) -> None:
        """The App is taken off an account; its tokens end."""
        seen = self.seen_by(installation)
        del self.world.installations[installation.id]
        self.expire_tokens(installation)
        self.events.installation("deleted", installation, seen)

    def seen_by(self, installation: Installation) -> list[Repository]:
        """The repositories an installation sees."""
        return [one for one in self.world.repositories.values() if installation.sees(one)]

    def expire_tokens(self, installation: Installation | None = None) -> None:
        """All tokens (of an installation) end now, before their time."""
        for text, token in list(self.tokens.issued.items()):
            if installation in {None, token.installation}:
                del self.tokens.issued[text]

    def require(self, repository: Repository, check: str = "sst-policy", from_app: bool = True) -> None:
        """A ruleset demands a check before merging, from this App (or from anybody)."""
        repository.required.append(RequiredCheck(check, self.registration.id if from_app else None))

    def answer(self, thread: Thread, body: str, by: Account) -> ReviewComment:
        """Adds a comment to a thread."""
        first = thread.comments[0]
        now = self.clock()
        made = ReviewComment(self.world.new_id(), thread, first.review, by, body, now, now, first.id)
        thread.comments.append(made)
        return made

    def remove(self, comment: ReviewComment) -> None:
        """Removes a comment, and its thread with the last one."""
        comment.thread.comments.remove(comment)
        if not comment.thread.comments:
            comment.thread.pull.threads.remove(comment.thread)

    def _now(self) -> str:
        return stamp(self.clock())
