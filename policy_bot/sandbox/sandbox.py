"""The sandbox: a small GitHub for one App, and what people do on it.

sandbox = Sandbox()
shop = sandbox.repository("acme/shop", {"sst.config.ts": "…"})
sandbox.install("acme")
pull = sandbox.open_pull(shop, {"sst.config.ts": "…"}, title="Stream the answers")
sandbox.hook.deliver(post)   # the events so far, signed
"""

from __future__ import annotations

import re

from policy_bot.sandbox.content import Files
from policy_bot.sandbox.ground import Ground, alone
from policy_bot.sandbox.problem import not_found
from policy_bot.sandbox.reviewing import submit
from policy_bot.sandbox.state import Account, CheckRun, MergeGroup, Pull, Repository, ReviewComment

EMPTY = "0" * 40
SUGGESTION = re.compile(r"^(`{3,})suggestion\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


class Blocked(Exception):
    """The merge box does not allow the merge."""


class Sandbox(Ground):
    """A small GitHub with the actions of its users."""

    notice = ""
    """A line at the top of every page, in which the demo says how to continue."""

    def commit(
        self, repository: Repository, branch: str, files: Files, message: str = "Change", by: str = "ada"
    ) -> str:
        """Commits on top of a branch without an event; returns the id."""
        store, parent = repository.store, repository.branches[branch]
        tree = store.changed(store.commits[parent].tree, files)
        repository.branches[branch] = store.put_commit(tree, (parent,), message, by, self._now()).sha
        return repository.branches[branch]

    @alone
    def push_branch(
        self, repository: Repository, branch: str, files: Files, message: str = "Change", by: str = "ada"
    ) -> str:
        """Pushes to a branch; every open pull request from it is synchronized."""
        before = repository.branches.get(branch)
        if before is None:
            repository.branches[branch] = repository.branches[repository.default_branch]
        after = self.commit(repository, branch, files, message, by)
        self._pushed(repository, branch, before or EMPTY, after, self.person(by), forced=False)
        return after

    @alone
    def force_push(self, repository: Repository, branch: str, to: str, by: str = "ada") -> None:
        """Sets a branch to another commit."""
        before, repository.branches[branch] = repository.branches[branch], to
        self._pushed(repository, branch, before, to, self.person(by), forced=True)

    def _pushed(
        self, repository: Repository, branch: str, before: str, after: str, by: Account, *, forced: bool
    ) -> None:
        self.events.push(repository, branch, before, after, by, forced)
        for pull in self._pulls_from(repository, branch):
            pull.head_sha, pull.updated = after, self.clock()
            self.events.pull("synchronize", pull, by, {"before": before, "after": after})

    def _pulls_from(self, repository: Repository, branch: str) -> list[Pull]:
        pulls = (pull for one in self.world.repositories.values() for pull in one.pulls.values())
        return [
            pull
            for pull in pulls
            if pull.state == "open" and pull.head_repository is repository and pull.head_branch == branch
        ]

    @alone
    def open_pull(  # noqa: PLR0913 a pull request has that many sides
        self,
        repository: Repository,
        files: Files,
        *,
        title: str = "A change",
        branch: str = "",
        source: Repository | None = None,
        base: str = "main",
        by: str = "ada",
        body: str | None = None,
        draft: bool = False,
    ) -> Pull:
        """Opens a pull request from a new branch with one commit, in `source` if it comes from a fork."""
        repository.numbers += 1
        number = repository.numbers
        branch, source = branch or f"change-{number}", source or repository
        if branch not in source.branches:
            source.branches[branch] = repository.branches[base]
        head = self.commit(source, branch, files, title, by)
        self.events.push(source, branch, EMPTY, head, self.person(by), False)
        now = self.clock()
        author = self.person(by)
        pull = Pull(
            self.world.new_id(),
            number,
            repository,
            author,
            title,
            body,
            base,
            branch,
            head,
            source,
            now,
            now,
            draft,
        )
        repository.pulls[number] = pull
        self.events.pull("opened", pull, author)
        return pull

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
    def push(self, pull: Pull, files: Files, message: str = "Another change") -> str:
        """Pushes a commit to a pull request."""
        assert pull.head_repository, "the fork is gone"
        return self.push_branch(pull.head_repository, pull.head_branch, files, message, pull.author.login)

    @alone
    def retarget(self, pull: Pull, base: str) -> None:
        """Changes the base branch of a pull request."""
        was = {"base": {"ref": {"from": pull.base_branch}, "sha": {"from": self.world.base_sha(pull)}}}
        pull.base_branch = base
        self.events.pull("edited", pull, pull.author, {"changes": was})

    @alone
    def ready(self, pull: Pull, ready: bool = True) -> None:
        """Marks a draft as ready, or converts back to a draft."""
        pull.draft = not ready
        self.events.pull("ready_for_review" if ready else "converted_to_draft", pull, pull.author)

    @alone
    def close(self, pull: Pull) -> None:
        """Closes without merging."""
        pull.state, pull.closed = "closed", self.clock()
        self.events.pull("closed", pull, pull.author)

    @alone
    def reopen(self, pull: Pull) -> None:
        """Reopens."""
        pull.state, pull.closed = "open", None
        self.events.pull("reopened", pull, pull.author)

    @alone
    def merge(self, pull: Pull) -> str:
        """Merges if the merge box allows it, else raises `Blocked` with its state."""
        state = self.world.mergeable_state(pull)
        merge = self.world.test_merge(pull)
        if state not in {"clean", "unstable"} or merge is None:
            raise Blocked(state)
        before = self.world.base_sha(pull)
        pull.merge_commit, pull.final_base = merge, before
        pull.state, pull.merged, pull.closed = "closed", self.clock(), self.clock()
        pull.repository.branches[pull.base_branch] = merge
        self.events.pull("closed", pull, pull.author)
        self.events.push(pull.repository, pull.base_branch, before, merge, pull.author, False)
        return merge

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

    # comments and clicks

    @alone
    def reply(self, comment: ReviewComment, body: str, by: str = "ada") -> ReviewComment:
        """Replies to a comment."""
        return self.answer(comment.thread, body, self.person(by))

    @alone
    def say(self, pull: Pull, path: str, line: int, body: str, by: str = "ada") -> ReviewComment:
        """Comments on a line of the diff."""
        comment = {"path": path, "line": line, "body": body}
        review = submit(
            self.world, pull, self.person(by), {"event": "COMMENT", "body": " ", "comments": [comment]}
        )
        return next(one for one in pull.comments if one.review is review)

    @alone
    def apply(self, comment: ReviewComment) -> None:
        """Commits a comment's suggestion, which replaces the commented lines."""
        thread, found = comment.thread, SUGGESTION.search(comment.body)
        placed = self.world.placement(comment)
        if found is None or placed.line is None:
            raise not_found()
        store, pull = thread.pull.repository.store, thread.pull
        text = store.text(store.files(pull.head_sha)[thread.path]).decode()
        lines = text.splitlines(keepends=True)
        lines[(placed.start_line or placed.line) - 1 : placed.line] = [found[2]]
        self.push(pull, {thread.path: "".join(lines)}, "Apply suggestion from code review")

    def version(self) -> int:
        """A number that grows with every event."""
        return sum(request.verb != "GET" for request in self.requests) + self.hook.emitted

    @alone
    def rerun(self, run: CheckRun, by: str = "ada") -> None:
        """Presses "Re-run" of one run."""
        self.world.reset.add(run.suite)
        self.events.check_run("rerequested", run, self.person(by))

    @alone
    def press(self, run: CheckRun, identifier: str, by: str = "ada") -> None:
        """Presses one of the check run's own buttons."""
        if identifier not in {action["identifier"] for action in run.actions}:
            raise not_found()
        self.events.check_run("requested_action", run, self.person(by), identifier)

    @alone
    def rerun_all(self, pull: Pull, by: str = "ada") -> None:
        """Presses "Re-run all checks", which GitHub mostly also sends for "Re-run" of an App's only run."""
        self.world.reset.add(self.world.suite(pull.repository, pull.head_sha))
        branch = pull.head_branch if pull.head_repository is pull.repository else None
        self.events.check_suite("rerequested", pull.repository, pull.head_sha, branch, self.person(by))
