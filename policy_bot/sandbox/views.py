"""REST shapes that depend on derived state: a pull request's counts, a check run's pull requests."""

from __future__ import annotations

from policy_bot.sandbox.pull_shapes import PullShapes
from policy_bot.sandbox.shapes import Json
from policy_bot.sandbox.state import CheckRun, Pull, Repository
from policy_bot.sandbox.world import World


class Views:
    """REST shapes of the current state."""

    def __init__(self, world: World, shapes: PullShapes) -> None:
        self.world = world
        self.shapes = shapes

    def pull(self, pull: Pull) -> Json:
        """`pull-request`."""
        changes = self.world.changes(pull)
        store = pull.repository.store
        commits = set(store.ancestors(pull.head_sha)) - set(store.ancestors(self.world.base_sha(pull)))
        counts: Json = {
            "commits": len(commits),
            "changed_files": len(changes),
            "additions": sum(change.additions for change in changes),
            "deletions": sum(change.deletions for change in changes),
        }
        merge, state = self.world.test_merge(pull), self.world.mergeable_state(pull)
        return self.shapes.pull(pull, self.world.base_sha(pull), merge, state, counts)

    def pull_simple(self, pull: Pull) -> Json:
        """`pull-request-simple`."""
        return self.shapes.pull_simple(pull, self.world.base_sha(pull), self.world.test_merge(pull))

    def pulls_at(self, repository: Repository, sha: str) -> list[Json]:
        """`pull-request-minimal` of the open pull requests with this head."""
        pulls = self.world.pulls_at(repository, sha)
        return [self.shapes.pull_minimal(pull, self.world.base_sha(pull)) for pull in pulls]

    def check_run(self, run: CheckRun) -> Json:
        """`check-run`."""
        return self.shapes.check_run(run, self.pulls_at(run.repository, run.head_sha))
