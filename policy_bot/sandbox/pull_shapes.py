"""Pull requests with their files, reviews, comments and check runs in the shapes of GitHub's REST API."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from policy_bot.sandbox.difference import FileChange
from policy_bot.sandbox.shapes import Json, Shapes
from policy_bot.sandbox.state import CheckRun, MergeGroup, Pull, PullReview, Repository, stamp


class PullShapes(Shapes):
    """The shapes of a pull request and its parts."""

    def pull_url(self, pull: Pull) -> str:
        """API address of a pull request."""
        return f"{self.repository_url(pull.repository)}/pulls/{pull.number}"

    def pull_page(self, pull: Pull) -> str:
        """Page of a pull request."""
        return f"{self.url}/{pull.repository.full_name}/pull/{pull.number}"

    def _end(self, repository: Repository | None, pull: Pull, branch: str, sha: str) -> Json:
        owner = repository.owner if repository else pull.author
        return {
            "label": f"{owner.login}:{branch}",
            "ref": branch,
            "sha": sha,
            "user": self.user(owner),
            "repo": self.repository(repository) if repository else None,
        }

    def pull_simple(self, pull: Pull, base_sha: str, merge_commit: str | None) -> Json:
        """`pull-request-simple`, as in lists."""
        own, page = self.pull_url(pull), self.pull_page(pull)
        repository = self.repository_url(pull.repository)
        issue = f"{repository}/issues/{pull.number}"
        links = {
            "self": own,
            "html": page,
            "issue": issue,
            "comments": f"{issue}/comments",
            "review_comments": f"{own}/comments",
            "review_comment": f"{repository}/pulls/comments{{/number}}",
            "commits": f"{own}/commits",
            "statuses": f"{repository}/statuses/{pull.head_sha}",
        }
        return {
            "id": pull.id,
            "node_id": pull.node_id,
            "number": pull.number,
            "url": own,
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "issue_url": issue,
            "commits_url": links["commits"],
            "review_comments_url": links["review_comments"],
            "review_comment_url": links["review_comment"],
            "comments_url": links["comments"],
            "statuses_url": links["statuses"],
            "_links": {name: {"href": href} for name, href in links.items()},
            "state": pull.state,
            "locked": False,
            "active_lock_reason": None,
            "title": pull.title,
            "body": pull.body,
            "user": self.user(pull.author),
            "author_association": "CONTRIBUTOR",
            "auto_merge": None,
            "assignee": None,
            "assignees": [],
            "requested_reviewers": [],
            "requested_teams": [],
            "labels": [],
            "milestone": None,
            "draft": pull.draft,
            "created_at": stamp(pull.created),
            "updated_at": stamp(pull.updated),
            "closed_at": stamp(pull.closed) if pull.closed else None,
            "merged_at": stamp(pull.merged) if pull.merged else None,
            "merge_commit_sha": merge_commit,
            "head": self._end(pull.head_repository, pull, pull.head_branch, pull.head_sha),
            "base": self._end(pull.repository, pull, pull.base_branch, base_sha),
        }

    def pull(self, pull: Pull, base_sha: str, merge_commit: str | None, state: str, counts: Json) -> Json:
        """`pull-request`; `state` is the mergeable state, `counts` the commits, files and lines."""
        mergeable = None if pull.state == "closed" else merge_commit is not None
        return {
            **self.pull_simple(pull, base_sha, merge_commit),
            **counts,
            "merged": pull.merged is not None,
            "mergeable": mergeable,
            "rebaseable": mergeable,
            "mergeable_state": state,
            "merged_by": None,
            "comments": 0,
            "review_comments": len(pull.comments),
            "maintainer_can_modify": False,
        }

    def file(self, pull: Pull, change: FileChange) -> Json:
        """`diff-entry`; without `patch` if there is none to show, as at GitHub."""
        own, page = self.repository_url(pull.repository), f"{self.url}/{pull.repository.full_name}"
        path, sha = quote(change.path), pull.head_sha
        entry = change.new or change.old
        file: Json = {
            "sha": entry.sha if entry else None,
            "filename": change.path,
            "status": change.status,
            "additions": change.additions,
            "deletions": change.deletions,
            "changes": change.additions + change.deletions,
            "blob_url": f"{page}/blob/{sha}/{path}",
            "raw_url": f"{page}/raw/{sha}/{path}",
            "contents_url": f"{own}/contents/{path}?ref={sha}",
        }
        if change.patch is not None:
            file["patch"] = change.patch
        if change.previous is not None:
            file["previous_filename"] = change.previous
        return file

    def review(self, review: PullReview) -> Json:
        """`pull-request-review`."""
        page = f"{self.pull_page(review.pull)}#pullrequestreview-{review.id}"
        own = self.pull_url(review.pull)
        return {
            "id": review.id,
            "node_id": review.node_id,
            "user": self.user(review.author),
            "body": review.body,
            "state": review.state,
            "html_url": page,
            "pull_request_url": own,
            "_links": {"html": {"href": page}, "pull_request": {"href": own}},
            "submitted_at": stamp(review.submitted),
            "commit_id": review.commit,
            "author_association": "NONE",
        }

    def check_run(self, run: CheckRun, pulls: Sequence[Json]) -> Json:
        """`check-run`; `pulls` are those of the same repository only, so none for a fork's head."""
        own = f"{self.repository_url(run.repository)}/check-runs/{run.id}"
        page = f"{self.url}/{run.repository.full_name}/runs/{run.id}"
        return {
            "id": run.id,
            "node_id": run.node_id,
            "name": run.name,
            "head_sha": run.head_sha,
            "external_id": run.external_id,
            "url": own,
            "html_url": page,
            "details_url": run.details_url or page,
            "status": run.status,
            "conclusion": run.conclusion,
            "started_at": stamp(run.started),
            "completed_at": stamp(run.completed) if run.completed else None,
            "output": {
                "title": run.title,
                "summary": run.summary,
                "text": run.text,
                "annotations_count": len(run.annotations),
                "annotations_url": f"{own}/annotations",
            },
            "check_suite": {"id": run.suite},
            "app": self.app(),
            "pull_requests": list(pulls),
        }

    def pull_minimal(self, pull: Pull, base_sha: str) -> Json:
        """`pull-request-minimal`, for the pull requests of a check run."""
        repo = {
            "id": pull.repository.id,
            "url": self.repository_url(pull.repository),
            "name": pull.repository.name,
        }
        return {
            "id": pull.id,
            "number": pull.number,
            "url": self.pull_url(pull),
            "head": {"ref": pull.head_branch, "sha": pull.head_sha, "repo": repo},
            "base": {"ref": pull.base_branch, "sha": base_sha, "repo": repo},
        }

    def merge_group(self, group: MergeGroup) -> Json:
        """The `merge_group` of its webhook."""
        commit = group.repository.store.commits[group.head_sha]
        return {
            "head_sha": group.head_sha,
            "head_ref": group.ref,
            "base_sha": group.base_sha,
            "base_ref": group.base_ref,
            "head_commit": {
                "id": commit.sha,
                "tree_id": commit.tree,
                "message": commit.message,
                "timestamp": commit.date,
                "author": {"name": commit.author, "email": f"{commit.author}@users.example.com"},
                "committer": {"name": commit.author, "email": f"{commit.author}@users.example.com"},
            },
        }
