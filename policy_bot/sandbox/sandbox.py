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
from policy_bot.sandbox.state import Account, CheckRun, Pull, Repository, ReviewComment

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
    def push(self, pull: Pull, files: Files, message: str = "Another change") -> str:
        """Pushes a commit to a pull request."""
        assert pull.head_repository, "the fork is gone"
        return self.push_branch(pull.head_repository, pull.head_branch, files, message, pull.author.login)

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

    # comments and clicks

    @alone
    def reply(self, comment: ReviewComment, body: str, by: str = "ada") -> ReviewComment:
        """Replies to a comment."""
        return self.answer(comment.thread, body, self.person(by))

    @alone
    def apply(self, comment: ReviewComment) -> None:
        """Commits a comment's suggestion, which replaces the commented lines."""
        thread, found = comment.thread, SUGGESTION.search(comment.body)
        placed = self.world.placement(comment)
        if found is None or placed.line is None:
            raise not_found()
        store, pull = thread.pull.repository.store, thread.pull
        text = store.text(store.files(pull.head_sha)[thread.path]).decode()
        lines = re.findall(r"[^\n]*\n|[^\n]+", text)
        lines[(placed.start_line or placed.line) - 1 : placed.line] = [found[2]]
        self.push(pull, {thread.path: "".join(lines)}, "Apply suggestion from code review")

    def version(self) -> int:
        """A number that grows with every event."""
        return sum(request.verb != "GET" for request in self.requests) + self.hook.emitted

    @alone
    def press(self, run: CheckRun, identifier: str, by: str = "ada") -> None:
        """Presses one of the check run's own buttons."""
        if identifier not in {action["identifier"] for action in run.actions}:
            raise not_found()
        self.events.check_run("requested_action", run, self.person(by), identifier)
