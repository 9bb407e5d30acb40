"""Pull requests, reviews and comments in the shapes of GitHub's GraphQL schema; costly fields are
functions.
"""

from __future__ import annotations

from policy_bot.sandbox.difference import FileChange
from policy_bot.sandbox.graph_git import GitViews, state_of
from policy_bot.sandbox.graph_parts import Refusal, View, connection
from policy_bot.sandbox.problem import ApiProblem
from policy_bot.sandbox.state import Pull, ReviewComment, Thread

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

    def own_comment(self, node: str) -> ReviewComment:
        """The App's comment with a node id; refused if it is somebody else's."""
        repositories = self.call.sandbox.seen_by(self.call.installed.installation)
        pulls = (pull for repository in repositories for pull in repository.pulls.values())
        found = next((one for pull in pulls for one in pull.comments if one.node_id == node), None)
        if found is None:
            raise Refusal("NOT_FOUND", f"Could not resolve to a node with the global id of '{node}'")
        if found.author is not self.world.bot:
            raise Refusal("FORBIDDEN", "Resource not accessible by integration")
        return found

    def pull(self, pull: Pull) -> View:
        """A pull request."""
        world, repository = self.world, pull.repository
        store = repository.store
        conflict = {True: "MERGEABLE", False: "CONFLICTING"}
        return {
            "number": pull.number,
            "title": pull.title,
            "state": state_of(pull),
            "isDraft": pull.draft,
            "mergeable": lambda _: (
                conflict[world.test_merge(pull) is not None] if pull.state == "open" else "UNKNOWN"
            ),
            "potentialMergeCommit": lambda _: self._test_merge(pull),
            "headRefOid": pull.head_sha,
            "isCrossRepository": pull.head_repository is not repository,
            "baseRefName": pull.base_branch,
            "baseRefOid": world.base_sha(pull),
            "baseRef": lambda _: self.ref(repository, pull.base_branch),
            "changedFiles": lambda _: len(world.changes(pull)),
            "files": lambda _, **page: connection([_file(change) for change in world.changes(pull)], **page),
            "commits": lambda _, **page: connection(
                [
                    {"commit": self.commit(repository, store.commits[sha])}
                    for sha in reversed(list(store.ancestors(pull.head_sha)))
                    if sha not in self.base(pull)
                ],
                **page,
            ),
            "reviewThreads": lambda _, **page: connection([self.thread(one) for one in pull.threads], **page),
        }

    def _test_merge(self, pull: Pull) -> View | None:
        sha = self.world.test_merge(pull) if pull.state == "open" else None
        return self.commit(pull.repository, pull.repository.store.commits[sha]) if sha else None

    def thread(self, thread: Thread) -> View:
        """A thread with its current lines."""
        placed = self.world.thread_placement(thread)
        return {
            "isOutdated": placed.line is None,
            "path": thread.path,
            "line": placed.line,
            "startLine": placed.start_line,
            "comments": lambda _, **page: connection([self.comment(one) for one in thread.comments], **page),
        }

    def comment(self, comment: ReviewComment) -> View:
        """A comment."""
        return {
            "id": comment.node_id,
            "viewerDidAuthor": comment.author is self.world.bot,
            "body": comment.body,
        }


def _file(change: FileChange) -> View:
    return {"path": change.path, "changeType": _KINDS[change.status]}
