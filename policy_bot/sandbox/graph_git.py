"""Repositories, git objects and checks in the shapes of GitHub's GraphQL schema."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from policy_bot.sandbox.content import Commit, TreeObject
from policy_bot.sandbox.graph_parts import Refusal, View, connection
from policy_bot.sandbox.problem import ApiProblem
from policy_bot.sandbox.rest.route import ApiCall
from policy_bot.sandbox.state import CheckRun, Pull, Repository

LARGEST_TEXT = 512_000  # maximum bytes of a blob's `text`; GitHub truncates the rest


class GitViews(ABC):
    """The views for one call, limited to what its token may see."""

    def __init__(self, call: ApiCall) -> None:
        self.call = call
        self.world = call.world

    @abstractmethod
    def pull(self, pull: Pull) -> View:
        """A pull request in a repository's list."""

    def repository(self, repository: Repository) -> View:
        """A repository."""
        return {
            "databaseId": repository.id,
            "nameWithOwner": repository.full_name,
            "isArchived": repository.archived,
            "visibility": "PRIVATE" if repository.private else "PUBLIC",
            "defaultBranchRef": lambda _: self.ref(repository, repository.default_branch),
            "object": lambda _, expression: self.object(repository, expression),
            "pullRequest": lambda _, number: self._pull(repository, number),
            "pullRequests": lambda _, **page: self._pulls(repository, **page),
            "repositoryTopics": lambda _, **page: connection(
                [{"topic": {"name": name}} for name in repository.topics], **page
            ),
        }

    def _pull(self, repository: Repository, number: int) -> View:
        if number not in repository.pulls:
            raise Refusal("NOT_FOUND", f"Could not resolve to a PullRequest with the number of {number}.")
        return self.pull(repository.pulls[number])

    def _pulls(
        self,
        repository: Repository,
        states: Sequence[str] = (),
        orderBy: dict[str, str] | None = None,  # noqa: N803 -- GitHub calls it so
        **page: Any,
    ) -> View:
        pulls = [pull for pull in repository.pulls.values() if not states or state_of(pull) in states]
        if orderBy and orderBy["field"] == "UPDATED_AT":
            pulls.sort(key=lambda pull: (pull.updated, pull.number))
        if orderBy and orderBy["direction"] == "DESC":
            pulls.reverse()
        return connection([self.pull(pull) for pull in pulls], **page)

    def ref(self, repository: Repository, name: str) -> View:
        """A branch."""
        commit = repository.store.commits[repository.branches[name]]
        return {"name": name, "target": self.commit(repository, commit)}

    def object(self, repository: Repository, expression: str) -> View | None:
        """The object of `<revision>`, `<revision>:<path>` or an id; null if there is none."""
        store = repository.store
        revision, colon, path = expression.partition(":")
        if expression in store.blobs:
            return self.blob(repository, expression)
        if revision in store.folders:
            return self.entry_object(repository, store.at(revision, path), path)
        try:
            commit = self.world.commit(repository, revision)
        except ApiProblem:
            return None
        return (
            self.entry_object(repository, store.at(commit.tree, path), path)
            if colon
            else self.commit(repository, commit)
        )

    def entry_object(self, repository: Repository, entry: TreeObject | None, path: str) -> View | None:
        """The object of an entry; None for a submodule, whose commit is in another repository."""
        if entry is None or entry.type == "commit":
            return None
        if entry.type == "tree":
            return self.tree(repository, entry.sha, path)
        return self.blob(repository, entry.sha)

    def commit(self, repository: Repository, commit: Commit) -> View:
        """A commit."""
        store = repository.store
        return {
            **_object("Commit", commit.sha),
            "tree": lambda _: self.tree(repository, commit.tree, ""),
            "file": lambda _, path: self._file(repository, commit, path),
            "parents": lambda _, **page: connection(
                [self.commit(repository, store.commits[sha]) for sha in commit.parents], **page
            ),
            "checkSuites": lambda _, **page: self._suites(repository, commit.sha, **page),
        }

    def _file(self, repository: Repository, commit: Commit, path: str) -> View | None:
        """A path of a commit; a missing one is null, with an error."""
        found = self.entry(repository, path, repository.store.at(commit.tree, path))
        if found is None:
            raise Refusal("NOT_FOUND", f"Could not resolve file for path '{path}'.")
        return found

    def base(self, pull: Pull) -> set[str]:
        """The commits in the base."""
        return set(pull.repository.store.ancestors(self.world.base_sha(pull)))

    def tree(self, repository: Repository, sha: str, path: str) -> View:
        """A folder."""

        def entries(_: object) -> list[View | None]:
            inside = repository.store.folders[sha]
            return [self.entry(repository, f"{path}/{name}".lstrip("/"), inside[name]) for name in inside]

        return {**_object("Tree", sha), "entries": entries}

    def entry(self, repository: Repository, path: str, entry: TreeObject | None) -> View | None:
        """A name in a folder."""
        if entry is None:
            return None
        return {
            "name": path.rpartition("/")[2],
            "path": path,
            "type": entry.type,
            "mode": int(entry.mode, 8),
            "oid": entry.sha,
            "size": len(repository.store.text(entry)) if entry.type == "blob" else 0,
            "object": lambda _: self.entry_object(repository, entry, path),
        }

    def blob(self, repository: Repository, sha: str) -> View:
        """A file."""
        data = repository.store.blobs[sha]
        binary = b"\0" in data[:8000]
        text = None if binary else data[:LARGEST_TEXT].decode("utf-8", "replace")
        truncated = len(data) > LARGEST_TEXT
        facts = {"byteSize": len(data), "isBinary": binary, "isTruncated": truncated, "text": text}
        return {**_object("Blob", sha), **facts}

    def _suites(self, repository: Repository, sha: str, **page: Any) -> View:
        wanted = page.pop("filterBy", None) or {}
        runs = [run for run in repository.checks if run.head_sha == sha]
        suites = sorted({run.suite for run in runs if wanted.get("appId") in {None, run.app}})

        def suite(number: int) -> View:
            return {
                "status": self._status(number, [run for run in runs if run.suite == number]),
                "checkRuns": lambda _, **page: self._runs(repository, number, **page),
            }

        return connection([suite(number) for number in suites], **page)

    def _status(self, suite: int, runs: Sequence[CheckRun]) -> str:
        """A suite that was requested again is queued until a run is written; its runs keep their status."""
        if suite in self.world.reset:
            return "QUEUED"
        return "IN_PROGRESS" if any(run.conclusion is None for run in runs) else "COMPLETED"

    def _runs(self, repository: Repository, suite: int, **page: Any) -> View:
        wanted = page.pop("filterBy", None) or {}
        runs = [run for run in repository.checks if run.suite == suite]
        shown = [run for run in runs if wanted.get("checkName") in {None, run.name}]
        return connection([self.check_run(run) for run in reversed(shown)], **page)

    def check_run(self, run: CheckRun) -> View:
        """A check run."""
        return {
            "status": run.status.upper(),
            "conclusion": run.conclusion.upper() if run.conclusion else None,
            "externalId": run.external_id,
            "resourcePath": f"/{run.repository.full_name}/runs/{run.id}",
        }


def _object(kind: str, sha: str) -> View:
    return {"__typename": kind, "oid": sha}


def state_of(pull: Pull) -> str:
    """OPEN, CLOSED or MERGED."""
    return "MERGED" if pull.merged else pull.state.upper()
