"""Creates reviews by GitHub's rules for the lines of comments: all of a review is accepted or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from policy_bot.sandbox.difference import FileChange, TextHunk, hunks
from policy_bot.sandbox.problem import ApiProblem, invalid
from policy_bot.sandbox.state import Account, Pull, PullReview, ReviewComment, Thread
from policy_bot.sandbox.world import World

LONGEST_BODY = 65_536
STATES = {
    "COMMENT": "COMMENTED",
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    None: "PENDING",
}


def submit(world: World, pull: Pull, author: Account, body: Mapping[str, Any]) -> PullReview:
    """Creates a review with its comments; raises 422 if any of them cannot be placed."""
    event = body.get("event")
    if event not in STATES:
        raise invalid(
            "Unprocessable Entity", [f"Variable $event of type PullRequestReviewEvent was provided {event}"]
        )
    text = body.get("body") or ""
    if event in {"COMMENT", "REQUEST_CHANGES"} and not text:
        raise invalid("Unprocessable Entity", ["Could not submit a review without a body."])
    _too_long(text)
    commit = body.get("commit_id") or pull.head_sha
    changes = _changes(world, pull, commit)
    given: Sequence[Mapping[str, Any]] = body.get("comments") or ()
    placed = [_thread(world, pull, changes, commit, comment) for comment in given]
    review = PullReview(world.new_id(), pull, author, text, STATES[event], commit, world.clock())
    pull.reviews.append(review)
    for thread, comment in zip(placed, given, strict=True):
        now = world.clock()
        thread.comments.append(
            ReviewComment(world.new_id(), thread, review, author, comment["body"], now, now)
        )
        pull.threads.append(thread)
    return review


def _too_long(text: str) -> None:
    """Raises 422 for a body that is too long for GitHub."""
    if len(text) > LONGEST_BODY:
        raise invalid("Unprocessable Entity", [f"Body is too long (maximum is {LONGEST_BODY} characters)"])


def _changes(world: World, pull: Pull, commit: str) -> dict[str, FileChange]:
    store = pull.repository.store
    if commit not in set(store.ancestors(pull.head_sha)):
        raise invalid("Unprocessable Entity", ["The commit is not part of the pull request"])
    left = store.merge_base(commit, world.base_sha(pull)) or commit
    return {change.path: change for change in world.between(store, left, commit)}


def _thread(
    world: World, pull: Pull, changes: Mapping[str, FileChange], commit: str, comment: Mapping[str, Any]
) -> Thread:
    """The thread of a new comment; raises GitHub's 422 if it cannot be placed."""
    path, body = str(comment.get("path")), comment.get("body")
    if not body:
        raise _refused("Body can't be blank")
    _too_long(body)
    if path not in changes:
        raise _refused("Path could not be resolved")
    left = pull.repository.store.merge_base(commit, world.base_sha(pull)) or commit
    side, line, start = comment.get("side", "RIGHT"), comment.get("line"), comment.get("start_line")
    if changes[path].patch is None:
        raise _refused("path diff too large")
    end = _find(changes[path], side, line)
    reasons = [] if end else ["Pull request review thread line must be part of the diff"]
    if start is not None:
        begin = _find(changes[path], comment.get("start_side") or side, start)
        reasons += _start_problems(end, begin, start, line)
    if reasons or end is None or line is None:
        raise _refused(" and ".join(reasons))
    return Thread(world.new_id(), pull, path, side, line, start, commit, left, _above(end, side, line))


def _start_problems(end: TextHunk | None, begin: TextHunk | None, start: int, line: int | None) -> list[str]:
    reasons = []
    if line is not None and start >= line:
        reasons.append("Pull request review thread start line must precede the end line.")
    if begin is None:
        reasons.append("Pull request review thread start line must be part of the diff")
    elif begin != end:
        reasons.append("Pull request review thread start line must be part of the same hunk as the line.")
    return reasons


def _find(change: FileChange, side: str, line: object) -> TextHunk | None:
    return next((hunk for hunk in hunks(change.patch) if line in hunk.side(side)), None)


def _above(hunk: TextHunk, side: str, line: Any) -> str:
    rows = hunk.text.split("\n")
    return "\n".join(rows[: hunk.side(side)[line] + 1])


def _refused(reason: str) -> ApiProblem:
    return invalid("Unprocessable Entity", [reason])
