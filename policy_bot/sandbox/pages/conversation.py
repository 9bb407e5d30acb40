"""The page of a pull request: its timeline, the files with their comments, the merge box."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policy_bot.sandbox.content import Commit
from policy_bot.sandbox.difference import FileChange, TextHunk, hunks
from policy_bot.sandbox.state import CheckRun, Pull, PullReview, Thread, stamp
from policy_bot.sandbox.world import PASSING, World

EXCERPT = 4  # rows of the diff above a comment


@dataclass(frozen=True)
class ConversationRow:
    """One row of a diff: the sign is " ", "+", "-" or "@"."""

    sign: str
    old: int | None
    new: int | None
    text: str


@dataclass(frozen=True)
class Gate:
    """The merge box: title, detail, and look (`open`, `shut`, `wait`, `merged`)."""

    look: str
    title: str
    detail: str


class Conversation:
    """A pull request for its templates."""

    def __init__(self, world: World, pull: Pull) -> None:
        self.world = world
        self.pull = pull
        self.changes = world.changes(pull)

    @property
    def commits(self) -> list[Commit]:
        """The commits, oldest first."""
        store = self.pull.repository.store
        base = set(store.ancestors(self.world.base_sha(self.pull)))
        own = [store.commits[sha] for sha in store.ancestors(self.pull.head_sha) if sha not in base]
        return own[::-1]

    @property
    def timeline(self) -> list[tuple[str, Commit | PullReview]]:
        """Commits and reviews in order of time."""
        items: list[tuple[str, str, Commit | PullReview]] = [
            (one.date, "commit", one) for one in self.commits
        ]
        items += [(stamp(review.submitted), "review", review) for review in self.pull.reviews]
        return [(kind, item) for _, kind, item in sorted(items, key=lambda row: row[0])]

    def threads(self, review: PullReview) -> list[Thread]:
        """The threads that a review started."""
        return [thread for thread in self.pull.threads if thread.comments[0].review is review]

    def outdated(self, thread: Thread) -> bool:
        """Whether the thread's line is no longer in the diff."""
        return self.world.thread_placement(thread).line is None

    def excerpt(self, thread: Thread) -> list[ConversationRow]:
        """The last rows of the hunk, down to the commented line and at least from the comment's start."""
        rows = [row for hunk in hunks(thread.hunk) for row in rows_of(hunk) if row.sign != "@"]
        span = thread.line - (thread.start_line or thread.line) + 1
        return rows[-max(EXCERPT, span) :]

    def replaced(self, thread: Thread) -> list[str]:
        """The lines that a suggestion in this thread would replace."""
        store = self.pull.repository.store
        lines = (
            store.text(store.files(thread.commit).get(thread.path)).decode("utf-8", "replace").splitlines()
        )
        if thread.side != "RIGHT":
            return []
        return lines[(thread.start_line or thread.line) - 1 : thread.line]

    def rows(self, change: FileChange) -> Iterator[tuple[ConversationRow, list[Thread]]]:
        """The rows of a file's diff, each with the threads below it."""
        below: dict[tuple[str, int], list[Thread]] = {}
        for thread in self.pull.threads:
            placed = self.world.thread_placement(thread)
            if thread.path == change.path and placed.line:
                below.setdefault((thread.side, placed.line), []).append(thread)
        for hunk in hunks(change.patch):
            for row in rows_of(hunk):
                right = below.get(("RIGHT", row.new), []) if row.new and row.sign != "-" else []
                left = below.get(("LEFT", row.old), []) if row.old and row.sign != "+" else []
                yield row, right + left

    def annotations(
        self, run: CheckRun | None, change: FileChange, row: ConversationRow
    ) -> list[dict[str, object]]:
        """The annotations of a check run on a line without a comment. (GitHub shows the others too.)"""
        if run is None or row.new is None or row.sign == "-":
            return []
        talked = {(one.path, self.world.thread_placement(one).line) for one in self.pull.threads}
        here = (change.path, row.new)
        if here in talked:
            return []
        return [one for one in run.annotations if (one["path"], one["end_line"]) == here]

    @property
    def gate(self) -> Gate:
        """The merge box."""
        state = self.world.mergeable_state(self.pull)
        if self.pull.merged:
            return Gate("merged", "Pull request successfully merged and closed", "You are all set.")
        missing = self.world.missing(self.pull.repository, self.pull.head_sha)
        if state == "dirty":
            return Gate("shut", "This branch has conflicts that must be resolved", "")
        if missing:
            words = {"expected": "is expected", "pending": "has not completed yet"}
            why = " ".join(f"{name} {words.get(what, 'did not pass')}." for name, what in missing)
            return Gate("shut", "Merging is blocked", f"Required: {why}")
        if state == "blocked":
            return Gate("shut", "Merging is blocked", "A conversation must be resolved.")
        if state == "draft":
            return Gate("wait", "This pull request is still a work in progress", "")
        return Gate("open", "This branch has no conflicts with the base branch", "Merging can be performed.")

    def required(self, run: CheckRun) -> bool:
        """Whether a ruleset requires this check."""
        return any(
            one.name == run.name and one.app in {None, run.app} for one in self.pull.repository.required
        )

    def checks_title(self, runs: list[CheckRun]) -> str:
        """The merge box's line about checks."""
        if not runs:
            return "Waiting for checks"
        if any(run.conclusion is None for run in runs):
            return "Some checks haven't completed yet"
        bad = any(run.conclusion not in PASSING for run in runs)
        return "Some checks were not successful" if bad else "All checks have passed"


def rows_of(hunk: TextHunk) -> list[ConversationRow]:
    """A hunk's rows with their line numbers, header first."""
    lines = hunk.text.split("\n")
    new = {index: number for number, index in hunk.right.items()}
    old = {index: number for number, index in hunk.left.items()}
    rows = [ConversationRow("@", None, None, lines[0])]
    for index, line in enumerate(lines[1:], 1):
        if line[:1] in {" ", "+", "-"}:
            rows.append(ConversationRow(line[0], old.get(index), new.get(index), line[1:]))
    return rows
