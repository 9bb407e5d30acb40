"""The sandbox with the actions that only tests take: forks, force pushes, the merge queue, re-runs."""

from __future__ import annotations

from policy_bot.sandbox.ground import alone
from policy_bot.sandbox.reviewing import submit
from policy_bot.sandbox.sandbox import Blocked, Sandbox
from policy_bot.sandbox.state import (
    Account,
    CheckRun,
    Installation,
    MergeGroup,
    Pull,
    Repository,
    ReviewComment,
)


class FullSandbox(Sandbox):
    """A sandbox with all actions of its users."""

    def organization(self, login: str) -> Account:
        """Creates an organisation."""
        return self.world.account(login, "Organization")

    @alone
    def fork(self, repository: Repository, by: str) -> Repository:
        """Creates a person's fork."""
        fork = Repository(
            self.world.new_id(), self.person(by), repository.name, repository.store, parent=repository
        )
        fork.branches.update(repository.branches)
        self.world.repositories[fork.id] = fork
        return fork

    @alone
    def delete_repository(self, repository: Repository) -> None:
        """Deletes a repository; pull requests from it remain, without their head repository."""
        repository.deleted = True
        for other in self.world.repositories.values():
            for pull in other.pulls.values():
                if pull.head_repository is repository:
                    pull.head_repository = None

    @alone
    def uninstall(self, installation: Installation) -> None:
        """Uninstalls the App from an account; its tokens expire."""
        seen = self.seen_by(installation)
        del self.world.installations[installation.id]
        self.expire_tokens(installation)
        self.events.installation("deleted", installation, seen)

    def expire_tokens(self, installation: Installation | None = None) -> None:
        """Expires all tokens (of an installation) early."""
        for text, token in list(self.tokens.issued.items()):
            if installation in {None, token.installation}:
                del self.tokens.issued[text]

    @alone
    def force_push(self, repository: Repository, branch: str, to: str, by: str = "ada") -> None:
        """Sets a branch to another commit."""
        before, repository.branches[branch] = repository.branches[branch], to
        self._pushed(repository, branch, before, to, self.person(by), forced=True)

    @alone
    def open_again(self, pull: Pull, base: str) -> Pull:
        """Opens another pull request from the same branch, into another base."""
        assert pull.head_repository, "the fork is gone"
        return self._opened(pull.repository, pull.head_repository, pull.head_branch, base, pull.author)

    @alone
    def open_between(self, repository: Repository, branch: str, base: str, by: str = "ada") -> Pull:
        """Opens a pull request from an existing branch."""
        return self._opened(repository, repository, branch, base, self.person(by))

    def _opened(
        self, repository: Repository, source: Repository, branch: str, base: str, author: Account
    ) -> Pull:
        repository.numbers += 1
        number, now = repository.numbers, self.clock()
        title, head = f"{branch} into {base}", source.branches[branch]
        pull = Pull(
            self.world.new_id(), number, repository, author, title, None, base, branch, head, source, now, now
        )
        repository.pulls[number] = pull
        self.events.pull("opened", pull, author)
        return pull

    @alone
    def retarget(self, pull: Pull, base: str) -> None:
        """Changes the base branch of a pull request."""
        was = {"base": {"ref": {"from": pull.base_branch}, "sha": {"from": self.world.base_sha(pull)}}}
        pull.base_branch = base
        self.events.pull("edited", pull, pull.author, {"changes": was})

    @alone
    def reopen(self, pull: Pull) -> None:
        """Reopens."""
        pull.state, pull.closed = "open", None
        self.events.pull("reopened", pull, pull.author)

    @alone
    def enqueue(self, pull: Pull) -> MergeGroup:
        """Adds it to the merge queue: creates a group and requests its checks."""
        base = self.world.base_sha(pull)
        merge = self.world.test_merge(pull)
        if merge is None:
            raise Blocked("dirty")
        ref = f"refs/heads/gh-readonly-queue/{pull.base_branch}/pr-{pull.number}-{base}"
        pull.repository.branches[ref.removeprefix("refs/heads/")] = merge
        group = MergeGroup(pull.repository, pull, ref, merge, base, f"refs/heads/{pull.base_branch}")
        pull.repository.groups.append(group)
        self.events.merge_group("checks_requested", group, pull.author)
        return group

    @alone
    def say(self, pull: Pull, path: str, line: int, body: str, by: str = "ada") -> ReviewComment:
        """Comments on a line of the diff."""
        comment = {"path": path, "line": line, "body": body}
        review = submit(
            self.world, pull, self.person(by), {"event": "COMMENT", "body": " ", "comments": [comment]}
        )
        return next(one for one in pull.comments if one.review is review)

    @alone
    def rerun(self, run: CheckRun, by: str = "ada") -> None:
        """Presses "Re-run" of one run."""
        self.world.reset.add(run.suite)
        self.events.check_run("rerequested", run, self.person(by))

    @alone
    def rerun_all(self, pull: Pull, by: str = "ada") -> None:
        """Presses "Re-run all checks", which GitHub mostly also sends for "Re-run" of an App's only run."""
        self.world.reset.add(self.world.suite(pull.repository, pull.head_sha))
        branch = pull.head_branch if pull.head_repository is pull.repository else None
        self.events.check_suite("rerequested", pull.repository, pull.head_sha, branch, self.person(by))
