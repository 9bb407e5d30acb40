"""The sandbox's state and its consequences: differences, test merges, and whether a merge is allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from policy_bot.sandbox.content import Commit, ObjectStore
from policy_bot.sandbox.difference import FileChange, changes
from policy_bot.sandbox.merging import merged_tree
from policy_bot.sandbox.placement import Placement, place
from policy_bot.sandbox.problem import not_found
from policy_bot.sandbox.registration import Registration
from policy_bot.sandbox.shapes import BEGINNING
from policy_bot.sandbox.state import Account, CheckRun, Installation, Pull, Repository, ReviewComment, Thread

PASSING = {"success", "neutral", "skipped"}


@dataclass
class World:
    """Everything in the sandbox, found by name or id."""

    clock: Callable[[], datetime]
    registration: Registration
    accounts: dict[str, Account] = field(default_factory=dict)
    repositories: dict[int, Repository] = field(default_factory=dict)
    installations: dict[int, Installation] = field(default_factory=dict)
    ids: count[int] = field(default_factory=lambda: count(1001))
    reset: set[int] = field(default_factory=set)  # suites that were requested again
    _suites: dict[tuple[int, str], int] = field(default_factory=dict)
    _merges: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _changes: dict[tuple[str, str], list[FileChange]] = field(default_factory=dict)

    def new_id(self) -> int:
        """The next id. All objects share one sequence, so ids also give the order of creation."""
        return next(self.ids)

    def account(self, login: str, kind: str = "User") -> Account:
        """The account with this name, created on first use."""
        if login not in self.accounts:
            self.accounts[login] = Account(self.new_id(), login, kind)
        return self.accounts[login]

    @property
    def bot(self) -> Account:
        """The App's own account."""
        return self.account(self.registration.bot, "Bot")

    def repository(self, full_name: str) -> Repository:
        """The repository with this name, ignoring case; raises 404."""
        wanted = full_name.lower()
        for repository in self.repositories.values():
            if repository.full_name.lower() == wanted and not repository.deleted:
                return repository
        raise not_found()

    def installation_of(self, repository: Repository) -> Installation | None:
        """The installation through which the App sees a repository."""
        return next((one for one in self.installations.values() if one.sees(repository)), None)

    def commit(self, repository: Repository, ref: str) -> Commit:
        """The commit of a branch, `refs/…`, `HEAD`, id or pull request ref; raises 404."""
        name = ref.removeprefix("refs/").removeprefix("heads/")
        if name == "HEAD":
            name = repository.default_branch
        sha = repository.branches.get(name, ref)
        parts = name.split("/")
        if (
            len(parts) == 3
            and parts[0] == "pull"
            and parts[1].isdigit()
            and int(parts[1]) in repository.pulls
        ):
            pull = repository.pulls[int(parts[1])]
            sha = pull.head_sha if parts[2] == "head" else self.test_merge(pull) or ""
        if sha not in repository.store.commits:
            raise not_found()
        return repository.store.commits[sha]

    # pull requests

    def base_sha(self, pull: Pull) -> str:
        """Head of the base branch; after the merge, its head before."""
        return pull.final_base or pull.repository.branches[pull.base_branch]

    def left(self, pull: Pull) -> str:
        """The left commit of the pull request's diff."""
        base = self.base_sha(pull)
        return pull.repository.store.merge_base(pull.head_sha, base) or base

    def changes(self, pull: Pull) -> list[FileChange]:
        """The pull request's files, as in its Files tab."""
        return self.between(pull.repository.store, self.left(pull), pull.head_sha)

    def between(self, store: ObjectStore, left: str, right: str) -> list[FileChange]:
        """The files that differ between two commits."""
        key = (store.commits[left].tree, store.commits[right].tree)
        if key not in self._changes:
            self._changes[key] = changes(store, store.flat[key[0]], store.flat[key[1]])
        return self._changes[key]

    def change(self, pull: Pull, path: str) -> FileChange | None:
        """One of the pull request's files."""
        return next((change for change in self.changes(pull) if change.path == path), None)

    def test_merge(self, pull: Pull) -> str | None:
        """The test merge commit of head and base; None if they conflict."""
        if pull.merge_commit:
            return pull.merge_commit
        store, base, head = pull.repository.store, self.base_sha(pull), pull.head_sha
        if (base, head) not in self._merges:
            tree = merged_tree(store, store.merge_base(base, head), base, head)
            message = f"Merge {head} into {base}"
            made = store.put_commit(tree, (base, head), message, "GitHub", BEGINNING).sha if tree else None
            self._merges[base, head] = made
        return self._merges[base, head]

    def placement(self, comment: ReviewComment) -> Placement:
        """The place of a comment in the newest diff."""
        return self.thread_placement(comment.thread)

    def thread_placement(self, thread: Thread) -> Placement:
        """The place of a thread in the newest diff."""
        pull = thread.pull
        change = next((one for one in self.changes(pull) if thread.path in {one.path, one.previous}), None)
        return place(thread, pull.repository.store, self.left(pull), change)

    # checks and merging

    def suite(self, repository: Repository, sha: str) -> int:
        """The App's check suite on a commit; there is only one."""
        return self._suites.setdefault((repository.id, sha), len(self._suites) + 50_001)

    def latest_runs(self, repository: Repository, sha: str) -> list[CheckRun]:
        """The newest run of each name and App on a commit, newest first."""
        newest: dict[tuple[int, str], CheckRun] = {}
        for run in repository.checks:
            if run.head_sha == sha:
                newest[run.app, run.name] = run
        return sorted(newest.values(), key=lambda run: -run.id)

    def missing(self, repository: Repository, sha: str) -> list[tuple[str, str]]:
        """Required checks that do not pass on a commit, each with `expected`, `pending` or its conclusion."""
        found = []
        for required in repository.required:
            runs = [
                run
                for run in self.latest_runs(repository, sha)
                if run.name == required.name and required.app in {None, run.app}
            ]
            states = ["expected"] if not runs else [run.conclusion or "pending" for run in runs]
            if any(state not in PASSING for state in states):
                found.append((required.name, next(state for state in states if state not in PASSING)))
        return found

    def mergeable_state(self, pull: Pull) -> str:
        """`clean`, `blocked`, `dirty`, `unstable` or `draft`, as in the merge box; `unknown` when closed."""
        if pull.state == "closed":
            return "unknown"
        if pull.draft:
            return "draft"
        if self.test_merge(pull) is None:
            return "dirty"
        unresolved = any(not thread.resolved and thread.comments for thread in pull.threads)
        if self.missing(pull.repository, pull.head_sha) or (
            pull.repository.resolved_conversations and unresolved
        ):
            return "blocked"
        runs = self.latest_runs(pull.repository, pull.head_sha)
        return "clean" if all(run.conclusion in PASSING for run in runs) else "unstable"

    def pulls_at(self, repository: Repository, sha: str) -> Iterable[Pull]:
        """The open pull requests of the same repository with this head: a check run lists these."""
        for pull in repository.pulls.values():
            if pull.state == "open" and pull.head_sha == sha and pull.head_repository is repository:
                yield pull
