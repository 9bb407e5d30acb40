"""Webhook payloads, in the shapes that GitHub documents."""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.sandbox.hook import Hook
from policy_bot.sandbox.pull_shapes import PullShapes
from policy_bot.sandbox.shapes import BEGINNING, Json
from policy_bot.sandbox.state import Account, CheckRun, Installation, MergeGroup, Pull, Repository
from policy_bot.sandbox.views import Views
from policy_bot.sandbox.world import World

ALWAYS = {
    "check_run",
    "check_suite",
    "installation",
    "installation_repositories",
}  # sent without a subscription


class Events:
    """Sends events to the App if it is installed and subscribed."""

    def __init__(self, world: World, shapes: PullShapes, hook: Hook) -> None:
        self.world = world
        self.shapes = shapes
        self.views = Views(world, shapes)
        self.hook = hook

    def _emit(self, name: str, repository: Repository, sender: Account, payload: Json) -> None:
        installation = self.world.installation_of(repository)
        if installation is None or installation.suspended:
            return
        if name not in ALWAYS and name not in installation.events:
            return
        body = {
            **payload,
            "repository": self.shapes.repository(repository),
            "sender": self.shapes.user(sender),
            "installation": {"id": installation.id, "node_id": f"MDI{installation.id}"},
        }
        if repository.owner.type == "Organization":
            body["organization"] = self._organization(repository.owner)
        self.hook.emit(name, body, installation.id, repository.id)

    def _organization(self, account: Account) -> Json:
        own = f"{self.shapes.api}/orgs/{account.login}"
        urls = {
            f"{name}_url": f"{own}/{name}"
            for name in ("repos", "events", "hooks", "issues", "members", "public_members")
        }
        return {
            "login": account.login,
            "id": account.id,
            "node_id": account.node_id,
            "url": own,
            **urls,
            "avatar_url": f"{self.shapes.url}/avatars/{account.login}.svg",
            "description": None,
        }

    def pull(self, action: str, pull: Pull, sender: Account, extra: Json | None = None) -> None:
        """`pull_request`."""
        payload = {"action": action, "number": pull.number, "pull_request": self._hooked_pull(pull)}
        self._emit("pull_request", pull.repository, sender, {**payload, **(extra or {})})

    def _hooked_pull(self, pull: Pull) -> Json:
        merge_settings = {
            "allow_auto_merge": False,
            "allow_update_branch": False,
            "delete_branch_on_merge": False,
            "merge_commit_message": "PR_TITLE",
            "merge_commit_title": "MERGE_MESSAGE",
            "squash_merge_commit_message": "COMMIT_MESSAGES",
            "squash_merge_commit_title": "PR_TITLE",
            "use_squash_pr_title_as_default": False,
        }
        return {**self.views.pull(pull), **merge_settings}

    def push(
        self, repository: Repository, branch: str, before: str, after: str, sender: Account, forced: bool
    ) -> None:
        """`push`, then `check_suite requested`, which accompanies each push to an App that writes checks."""
        commit = self._pushed(repository, after)
        base = f"{self.shapes.url}/{repository.full_name}/compare"
        payload = {
            "ref": f"refs/heads/{branch}",
            "before": before,
            "after": after,
            "created": set(before) == {"0"},
            "deleted": False,
            "forced": forced,
            "base_ref": None,
            "compare": f"{base}/{before[:12]}...{after[:12]}",
            "commits": [commit],
            "head_commit": commit,
            "pusher": {"name": sender.login, "email": f"{sender.login}@users.example.com"},
        }
        self._emit("push", repository, sender, payload)
        self.check_suite("requested", repository, after, branch, sender)

    def _pushed(self, repository: Repository, sha: str) -> Json:
        commit = repository.store.commits[sha]
        before = repository.store.files(commit.parents[0]) if commit.parents else {}
        after = repository.store.files(sha)
        person = {
            "name": commit.author,
            "email": f"{commit.author}@users.example.com",
            "username": commit.author,
        }
        return {
            "id": sha,
            "tree_id": commit.tree,
            "distinct": True,
            "message": commit.message,
            "timestamp": commit.date,
            "url": f"{self.shapes.url}/{repository.full_name}/commit/{sha}",
            "author": person,
            "committer": person,
            "added": [path for path in after if path not in before],
            "removed": [path for path in before if path not in after],
            "modified": [path for path in after if path in before and before[path] != after[path]],
        }

    def check_suite(
        self, action: str, repository: Repository, sha: str, branch: str | None, sender: Account
    ) -> None:
        """`check_suite`: requested by a push, rerequested by a person. `branch` is None for a fork's head."""
        commit = repository.store.commits[sha]
        person = {"name": commit.author, "email": f"{commit.author}@users.example.com"}
        own = f"{self.shapes.repository_url(repository)}/check-suites/1"
        suite = {
            "id": self.world.suite(repository, sha),
            "node_id": "CS_kwDO1",
            "head_branch": branch,
            "head_sha": sha,
            "status": "queued",
            "conclusion": None,
            "url": own,
            "check_runs_url": f"{own}/check-runs",
            "before": sha,
            "after": sha,
            "pull_requests": self.views.pulls_at(repository, sha),
            "app": self.shapes.app(),
            "created_at": BEGINNING,
            "updated_at": BEGINNING,
            "latest_check_runs_count": 0,
            "head_commit": {
                "id": sha,
                "tree_id": commit.tree,
                "message": commit.message,
                "timestamp": commit.date,
                "author": person,
                "committer": person,
            },
        }
        self._emit("check_suite", repository, sender, {"action": action, "check_suite": suite})

    def check_run(self, action: str, run: CheckRun, sender: Account, button: str | None = None) -> None:
        """`check_run`: created or completed by the App; rerequested, or an action requested, by a person."""
        payload: Json = {"action": action, "check_run": self.views.check_run(run)}
        if button:
            payload["requested_action"] = {"identifier": button}
        self._emit("check_run", run.repository, sender, payload)

    def merge_group(self, action: str, group: MergeGroup, sender: Account) -> None:
        """`merge_group`."""
        payload: Json = {"action": action, "merge_group": self.shapes.merge_group(group)}
        self._emit("merge_group", group.repository, sender, payload)

    def installation(
        self, action: str, installation: Installation, repositories: Sequence[Repository]
    ) -> None:
        """`installation`: created, deleted or suspended, with its repositories."""
        payload: Json = {
            "action": action,
            "installation": self.shapes.installation(installation),
            "repositories": [self._named(repository) for repository in repositories],
            "requester": None,
            "sender": self.shapes.user(installation.account),
        }
        self.hook.emit("installation", payload, installation.id, None)

    def repositories(
        self, installation: Installation, added: Sequence[Repository], removed: Sequence[Repository]
    ) -> None:
        """`installation_repositories`."""
        payload: Json = {
            "action": "added" if added else "removed",
            "installation": self.shapes.installation(installation),
            "repository_selection": "all" if installation.repositories is None else "selected",
            "repositories_added": [self._named(repository) for repository in added],
            "repositories_removed": [self._named(repository) for repository in removed],
            "requester": None,
            "sender": self.shapes.user(installation.account),
        }
        self.hook.emit("installation_repositories", payload, installation.id, None)

    def _named(self, repository: Repository) -> Json:
        return {
            "id": repository.id,
            "node_id": repository.node_id,
            "name": repository.name,
            "full_name": repository.full_name,
            "private": repository.private,
        }
