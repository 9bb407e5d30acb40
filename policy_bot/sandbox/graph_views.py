"""Things as GitHub's GraphQL schema words them: plain mappings, with a function where a field costs work or
takes arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from policy_bot.sandbox.content import Commit, Entry
from policy_bot.sandbox.difference import Change
from policy_bot.sandbox.problem import Problem
from policy_bot.sandbox.rest.route import Call
from policy_bot.sandbox.state import Account, CheckRun, Pull, Repository, Review, ReviewComment, Thread, stamp

T = TypeVar("T")
View = dict[str, Any]

LARGEST_PAGE = 100
LARGEST_TEXT = 512_000  # bytes of a blob that `text` gives before it is truncated
WORST_FIRST = ("failure", "timed_out", "cancelled", "action_required", "neutral", "skipped")
_KINDS = {"added": "ADDED", "removed": "DELETED", "modified": "MODIFIED", "renamed": "RENAMED"}


class Refusal(Exception):
    """An error of one field, with GitHub's `type` for it."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class GraphViews:
    """The views for one call: what its token may not see is not there."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.world = call.world

    def named(self, owner: str, name: str) -> View:
        """A repository by its name."""
        try:
            found = self.world.repository(f"{owner}/{name}")
            self.call.see(found)
        except Problem:
            message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise Refusal("NOT_FOUND", message) from None
        return self.repository(found)

    def node(self, node: str) -> View:
        """Anything by its node id."""
        found = self._everything().get(node)
        if found is None:
            raise Refusal("NOT_FOUND", f"Could not resolve to a node with the global id of '{node}'")
        views: dict[type, Callable[[Any], View]] = {
            Repository: self.repository,
            Pull: self.pull,
            Review: self.review,
            Thread: self.thread,
            ReviewComment: self.comment,
            CheckRun: self.check_run,
        }
        return views[type(found)](found)

    def found(self, node: str, kind: type[T]) -> T:
        """The thing behind a node id; refused where it is of another kind."""
        found = self._everything().get(node)
        if not isinstance(found, kind):
            raise Refusal("NOT_FOUND", f"Could not resolve to a node with the global id of '{node}'")
        return found

    def _everything(self) -> dict[str, object]:
        nodes: dict[str, object] = {}
        for repository in self.call.sandbox.seen_by(self.call.installed.installation):
            things: list[Any] = [repository, *repository.checks, *repository.pulls.values()]
            for pull in repository.pulls.values():
                things += [*pull.reviews, *pull.threads, *pull.comments]
            nodes |= {thing.node_id: thing for thing in things}
        return nodes

    def rate_limit(self) -> View:
        """What is left of the hour."""
        headers = self.call.sandbox.limits.headers(str(self.call.installed.installation.id), "graphql")
        numbers = {
            name: int(headers[f"X-RateLimit-{name.title()}"]) for name in ("limit", "remaining", "used")
        }
        return {**numbers, "cost": 1, "nodeCount": 1, "resetAt": stamp(self.call.sandbox.client_clock())}

    def account(self, account: Account) -> View:
        """An actor; bots are named without `[bot]` here."""
        return {
            "__typename": account.type,
            "id": account.node_id,
            "login": account.login.removesuffix("[bot]"),
            "databaseId": account.id,
        }

    def repository(self, repository: Repository) -> View:
        """A repository."""
        return {
            "__typename": "Repository",
            "id": repository.node_id,
            "databaseId": repository.id,
            "name": repository.name,
            "nameWithOwner": repository.full_name,
            "owner": self.account(repository.owner),
            "isArchived": repository.archived,
            "isFork": repository.parent is not None,
            "isPrivate": repository.private,
            "visibility": "PRIVATE" if repository.private else "PUBLIC",
            "defaultBranchRef": lambda _: self.ref(repository, repository.default_branch),
            "ref": lambda _, qualifiedName: self.ref(repository, qualifiedName),  # noqa: N803
            "object": lambda _, expression=None, oid=None: self.object(
                repository, oid or expression or "HEAD"
            ),
            "pullRequest": lambda _, number: self._pull(repository, number),
            "pullRequests": lambda _, **page: self._pulls(repository, **page),
            "repositoryTopics": lambda _, **page: connection(
                [{"id": name, "topic": {"id": name, "name": name}} for name in repository.topics], **page
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
        baseRefName: str | None = None,  # noqa: N803 GitHub's name
        headRefName: str | None = None,  # noqa: N803
        **page: Any,
    ) -> View:
        pulls = [
            self.pull(pull)
            for pull in repository.pulls.values()
            if (not states or _state(pull) in states)
            and baseRefName in {None, pull.base_branch}
            and headRefName in {None, pull.head_branch}
        ]
        return connection(pulls, **page)

    def ref(self, repository: Repository, name: str) -> View | None:
        """A branch."""
        short = name.removeprefix("refs/heads/")
        if short not in repository.branches:
            return None
        target = self.commit(repository, repository.store.commits[repository.branches[short]])
        return {
            "id": f"REF_{repository.id}_{short}",
            "name": short,
            "prefix": "refs/heads/",
            "target": target,
        }

    # git objects

    def object(self, repository: Repository, expression: str) -> View | None:
        """What `<revision>`, `<revision>:<path>` or an object's id stands for; null where there is
        nothing.
        """
        store = repository.store
        revision, colon, path = expression.partition(":")
        if expression in store.blobs:
            return self.blob(repository, expression)
        if revision in store.folders:
            return self.entry_object(repository, store.at(revision, path), path)
        try:
            commit = self.world.commit(repository, revision)
        except Problem:
            return None
        return (
            self.entry_object(repository, store.at(commit.tree, path), path)
            if colon
            else self.commit(repository, commit)
        )

    def entry_object(self, repository: Repository, entry: Entry | None, path: str) -> View | None:
        """The object of an entry; a submodule's commit is not in this repository."""
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
            "message": commit.message,
            "committedDate": commit.date,
            "tree": lambda _: self.tree(repository, commit.tree, ""),
            "file": lambda _, path: self.entry(repository, path, store.at(commit.tree, path)),
            "parents": lambda _, **page: connection(
                [self.commit(repository, store.commits[sha]) for sha in commit.parents], **page
            ),
            "checkSuites": lambda _, **page: self._suites(repository, commit.sha, **page),
            "associatedPullRequests": lambda _, **page: connection(
                self._associated(repository, commit.sha), **page
            ),
        }

    def _associated(self, repository: Repository, sha: str) -> list[View]:
        pulls = [
            pull
            for pull in repository.pulls.values()
            if sha == pull.head_sha
            or sha in set(repository.store.ancestors(pull.head_sha)) - self._base(pull)
        ]
        return [self.pull(pull) for pull in pulls]

    def _base(self, pull: Pull) -> set[str]:
        return set(pull.repository.store.ancestors(self.world.base_sha(pull)))

    def tree(self, repository: Repository, sha: str, path: str) -> View:
        """A folder."""

        def entries(_: object) -> list[View | None]:
            inside = repository.store.folders[sha]
            return [self.entry(repository, f"{path}/{name}".lstrip("/"), inside[name]) for name in inside]

        return {**_object("Tree", sha), "entries": entries}

    def entry(self, repository: Repository, path: str, entry: Entry | None) -> View | None:
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

    # pull requests

    def pull(self, pull: Pull) -> View:
        """A pull request."""
        world, repository = self.world, pull.repository
        store = repository.store
        conflict = {True: "MERGEABLE", False: "CONFLICTING"}
        return {
            "__typename": "PullRequest",
            "id": pull.node_id,
            "fullDatabaseId": str(pull.id),
            "number": pull.number,
            "title": pull.title,
            "author": self.account(pull.author),
            "state": _state(pull),
            "closed": pull.state == "closed",
            "merged": pull.merged is not None,
            "isDraft": pull.draft,
            "mergeable": lambda _: (
                conflict[world.test_merge(pull) is not None] if pull.state == "open" else "UNKNOWN"
            ),
            "potentialMergeCommit": lambda _: self._test_merge(pull),
            "headRefName": pull.head_branch,
            "headRefOid": pull.head_sha,
            "headRef": lambda _: (
                self.ref(pull.head_repository, pull.head_branch) if pull.head_repository else None
            ),
            "headRepository": lambda _: (
                self.repository(pull.head_repository) if pull.head_repository else None
            ),
            "isCrossRepository": pull.head_repository is not repository,
            "baseRefName": pull.base_branch,
            "baseRefOid": world.base_sha(pull),
            "baseRef": lambda _: self.ref(repository, pull.base_branch),
            "repository": lambda _: self.repository(repository),
            "changedFiles": lambda _: len(world.changes(pull)),
            "additions": lambda _: sum(change.additions for change in world.changes(pull)),
            "deletions": lambda _: sum(change.deletions for change in world.changes(pull)),
            "files": lambda _, **page: connection([_file(change) for change in world.changes(pull)], **page),
            "commits": lambda _, **page: connection(
                [
                    {"id": f"PRC_{sha}", "commit": self.commit(repository, store.commits[sha])}
                    for sha in reversed(list(store.ancestors(pull.head_sha)))
                    if sha not in self._base(pull)
                ],
                **page,
            ),
            "reviews": lambda _, **page: connection([self.review(one) for one in pull.reviews], **page),
            "reviewThreads": lambda _, **page: connection([self.thread(one) for one in pull.threads], **page),
        }

    def _test_merge(self, pull: Pull) -> View | None:
        sha = self.world.test_merge(pull) if pull.state == "open" else None
        return self.commit(pull.repository, pull.repository.store.commits[sha]) if sha else None

    def review(self, review: Review) -> View:
        """A review. Its commit needs `contents: read`, which the App has."""
        pull = review.pull
        return {
            "__typename": "PullRequestReview",
            "id": review.node_id,
            "fullDatabaseId": str(review.id),
            "author": self.account(review.author),
            "body": review.body,
            "state": review.state,
            "submittedAt": stamp(review.submitted),
            "viewerDidAuthor": review.author is self.world.bot,
            "commit": lambda _: self.commit(pull.repository, pull.repository.store.commits[review.commit]),
        }

    def thread(self, thread: Thread) -> View:
        """A conversation; where it stands now and stood first."""
        placed = self.world.thread_placement(thread)
        return {
            "__typename": "PullRequestReviewThread",
            "id": thread.node_id,
            "isResolved": thread.resolved,
            "isOutdated": not placed.current,
            "path": thread.path,
            "line": placed.line,
            "startLine": placed.start_line,
            "originalLine": thread.line,
            "originalStartLine": thread.start_line,
            "diffSide": thread.side,
            "startDiffSide": thread.start_side,
            "subjectType": "LINE" if thread.line else "FILE",
            "comments": lambda _, **page: connection([self.comment(one) for one in thread.comments], **page),
        }

    def comment(self, comment: ReviewComment) -> View:
        """One comment."""
        thread = comment.thread
        placed = self.world.placement(comment)
        first = next((one for one in thread.comments if one.id == comment.reply_to), None)
        return {
            "__typename": "PullRequestReviewComment",
            "id": comment.node_id,
            "databaseId": comment.id,
            "fullDatabaseId": str(comment.id),
            "author": self.account(comment.author),
            "viewerDidAuthor": comment.author is self.world.bot,
            "body": comment.body,
            "createdAt": stamp(comment.created),
            "updatedAt": stamp(comment.updated),
            "path": thread.path,
            "line": placed.line,
            "startLine": placed.start_line,
            "originalLine": thread.line,
            "outdated": not placed.current,
            "isMinimized": comment.minimized is not None,
            "minimizedReason": comment.minimized,
            "replyTo": lambda _: self.comment(first) if first else None,
            "url": f"{self.call.sandbox.shapes.pull_page(thread.pull)}#discussion_r{comment.id}",
        }

    # checks

    def _suites(self, repository: Repository, sha: str, **page: Any) -> View:
        wanted = page.pop("filterBy", None) or {}
        runs = [run for run in repository.checks if run.head_sha == sha]
        suites = sorted({run.suite for run in runs if wanted.get("appId") in {None, run.app}})

        def suite(number: int) -> View:
            return {
                "id": f"CS_kwDO{number}",
                "databaseId": number,
                **_overall([run for run in runs if run.suite == number]),
                "checkRuns": lambda _, **page: self._runs(repository, number, **page),
            }

        return connection([suite(number) for number in suites], **page)

    def _runs(self, repository: Repository, suite: int, **page: Any) -> View:
        wanted = page.pop("filterBy", None) or {}
        runs = [run for run in repository.checks if run.suite == suite]
        if wanted.get("checkType", "LATEST") == "LATEST":
            runs = list({run.name: run for run in runs}.values())
        shown = [run for run in runs if wanted.get("checkName") in {None, run.name}]
        return connection([self.check_run(run) for run in reversed(shown)], **page)

    def check_run(self, run: CheckRun) -> View:
        """A check run."""
        return {
            "__typename": "CheckRun",
            "id": run.node_id,
            "databaseId": run.id,
            "name": run.name,
            "status": run.status.upper(),
            "conclusion": run.conclusion.upper() if run.conclusion else None,
            "externalId": run.external_id,
            "detailsUrl": run.details_url,
            "resourcePath": f"/{run.repository.full_name}/runs/{run.id}",
            "title": run.title,
            "summary": run.summary,
            "text": run.text,
        }


def _overall(runs: Sequence[CheckRun]) -> View:
    """A suite's status and conclusion: those of its runs, the worst first."""
    conclusions = {run.conclusion for run in runs}
    if None in conclusions:
        return {"status": "IN_PROGRESS", "conclusion": None}
    worst = next((one for one in WORST_FIRST if one in conclusions), "success")
    return {"status": "COMPLETED", "conclusion": worst.upper()}


def _object(kind: str, sha: str) -> View:
    return {"__typename": kind, "id": f"{kind[0]}_{sha}", "oid": sha, "abbreviatedOid": sha[:7]}


def _state(pull: Pull) -> str:
    return "MERGED" if pull.merged else pull.state.upper()


def _file(change: Change) -> View:
    return {
        "path": change.path,
        "changeType": _KINDS[change.status],
        "additions": change.additions,
        "deletions": change.deletions,
    }


def connection(
    items: Sequence[View],
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> View:
    """A page of a list; refuses more than a hundred, and none."""
    wanted = first if first is not None else last
    if wanted is None:
        raise Refusal(
            "MISSING_PAGINATION_BOUNDARIES",
            "You must provide a `first` or `last` value to properly paginate.",
        )
    if not 1 <= wanted <= LARGEST_PAGE:
        raise Refusal(
            "EXCESSIVE_PAGINATION",
            f"Requesting {wanted} records exceeds the limit of {LARGEST_PAGE} records.",
        )
    start, end = int(after) if after else 0, int(before) - 1 if before else len(items)
    start, end = (start, min(end, start + first)) if first is not None else (max(start, end - wanted), end)
    info = {
        "hasNextPage": end < len(items),
        "hasPreviousPage": start > 0,
        "startCursor": str(start + 1) if items else None,
        "endCursor": str(end) if items else None,
    }
    return {"nodes": list(items[start:end]), "totalCount": len(items), "pageInfo": info}
