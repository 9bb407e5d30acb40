"""State shared by everything in the sandbox: accounts, repositories, installations of the App, rulesets."""

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

LONGEST_TREE = 100_000  # maximum entries of a recursive tree; GitHub truncates the rest
P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound="Ground")


def alone(deed: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Runs the method alone: meanwhile no request is answered and no other such method runs."""

    @wraps(deed)
    def done(sandbox: S, /, *args: P.args, **named: P.kwargs) -> R:
        with sandbox.lock:
            return deed(sandbox, *args, **named)

    return done


class Ground:
    """The accounts, repositories and installations.

    `clock` stamps events; `client_clock` is the client's time, for the expiry of tokens and limits.
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
        self.requests: list[FaultyRequest] = []  # every request, in order
        self.watchers: list[Callable[[FaultyRequest], None]] = []  # called after each answer
        self.lock = RLock()  # one request or one action of a person at a time
        self.at(url)

    def at(self, url: str) -> None:
        """Sets the sandbox's own address, which its answers link to."""
        self.url = url
        self.shapes = PullShapes(url, self.registration)
        self.events = Events(self.world, self.shapes, self.hook)
        self.views = self.events.views

    @property
    def api_url(self) -> str:
        """The client's `GITHUB_API_URL`: the address of a GitHub Enterprise Server's API."""
        return self.shapes.api

    def person(self, login: str) -> Account:
        """Creates a person's account."""
        return self.world.account(login)

    @alone
    def repository(self, full_name: str, files: Files | None = None, private: bool = False) -> Repository:
        """Creates a repository with one commit on `main`; a new owner becomes an organisation."""
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
    def install(self, login: str, repositories: Iterable[Repository] | None = None) -> Installation:
        """Installs the App on an account, for all its repositories or the named ones."""
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

    def seen_by(self, installation: Installation) -> list[Repository]:
        """The repositories of an installation."""
        return [one for one in self.world.repositories.values() if installation.sees(one)]

    def require(self, repository: Repository, check: str = "sst-policy", from_app: bool = True) -> None:
        """Adds a ruleset that requires a check before merging, from this App (or from anybody)."""
        repository.required.append(RequiredCheck(check, self.registration.id if from_app else None))

    def answer(self, thread: Thread, body: str, by: Account) -> ReviewComment:
        """Adds a comment to a thread."""
        now, review = self.clock(), thread.comments[0].review
        made = ReviewComment(self.world.new_id(), thread, review, by, body, now, now)
        thread.comments.append(made)
        return made

    def remove(self, comment: ReviewComment) -> None:
        """Removes a comment, and its thread with the last one."""
        comment.thread.comments.remove(comment)
        if not comment.thread.comments:
            comment.thread.pull.threads.remove(comment.thread)

    def _now(self) -> str:
        return stamp(self.clock())
