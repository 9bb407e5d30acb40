"""Pull requests, reviews and comments in the shapes of GitHub's GraphQL schema; costly fields are
functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from policy_bot.sandbox.difference import FileChange
from policy_bot.sandbox.graph_git import GitViews, state_of
from policy_bot.sandbox.graph_parts import Refusal, View, connection
from policy_bot.sandbox.problem import ApiProblem
from policy_bot.sandbox.state import CheckRun, Pull, PullReview, Repository, ReviewComment, Thread, stamp

T = TypeVar("T")

_KINDS = {"added": "ADDED", "removed": "DELETED", "modified": "MODIFIED", "renamed": "RENAMED"}


class GraphViews(GitViews):
    """All query fields."""

    def named(self, owner: str, name: str) -> View:
        """A repository by name."""
        try:
            found = self.world.repository(f"{owner}/{name}")
            self.call.see(found)
        except ApiProblem:
            message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise Refusal("NOT_FOUND", message) from None
        return self.repository(found)

    def node(self, node: str) -> View:
        """An object by node id."""
        found = self._everything().get(node)
        if found is None:
            raise Refusal("NOT_FOUND", f"Could not resolve to a node with the global id of '{node}'")
        views: dict[type, Callable[[Any], View]] = {
            Repository: self.repository,
            Pull: self.pull,
            PullReview: self.review,
            Thread: self.thread,
            ReviewComment: self.comment,
            CheckRun: self.check_run,
        }
        return views[type(found)](found)

    def found(self, node: str, kind: type[T]) -> T:
        """The object with a node id; refused if it has another type."""
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
        """The remaining requests of the hour."""
        headers = self.call.sandbox.limits.headers(str(self.call.installed.installation.id), "graphql")
        numbers = {
            name: int(headers[f"X-RateLimit-{name.title()}"]) for name in ("limit", "remaining", "used")
        }
        return {**numbers, "cost": 1, "nodeCount": 1, "resetAt": stamp(self.call.sandbox.client_clock())}

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
            "state": state_of(pull),
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
                    if sha not in self.base(pull)
                ],
                **page,
            ),
            "reviews": lambda _, **page: connection([self.review(one) for one in pull.reviews], **page),
            "reviewThreads": lambda _, **page: connection([self.thread(one) for one in pull.threads], **page),
        }

    def _test_merge(self, pull: Pull) -> View | None:
        sha = self.world.test_merge(pull) if pull.state == "open" else None
        return self.commit(pull.repository, pull.repository.store.commits[sha]) if sha else None

    def review(self, review: PullReview) -> View:
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
        """A thread with its current and original lines."""
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
        """A comment."""
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


def _file(change: FileChange) -> View:
    return {
        "path": change.path,
        "changeType": _KINDS[change.status],
        "additions": change.additions,
        "deletions": change.deletions,
    }
