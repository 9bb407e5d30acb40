"""Places comments after later pushes: on their line while it is in the diff, else outdated."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from policy_bot.sandbox.content import ObjectStore
from policy_bot.sandbox.difference import FileChange, hunks
from policy_bot.sandbox.state import Thread


@dataclass(frozen=True)
class Placement:
    """Lines in the newest diff (None if outdated), and GitHub's deprecated positions in it."""

    current: bool
    line: int | None
    start_line: int | None
    position: int | None
    original_position: int | None


def place(thread: Thread, store: ObjectStore, base: str, change: FileChange | None) -> Placement:
    """The current place of a thread: `base` is the diff's left commit, `change` the file's newest diff."""
    if thread.line is None:
        return Placement(change is not None, None, None, None, None)
    original = _position(thread.hunk.split("\n"))
    if change is None:
        return Placement(False, None, None, None, original)
    path = (change.previous or change.path) if thread.side == "LEFT" else change.path
    old, new = (thread.base, base) if thread.side == "LEFT" else (thread.commit, thread.pull.head_sha)
    before = store.text(store.files(old).get(thread.path))
    after = store.text(store.files(new).get(path))
    moved = _moves(before, after)
    line, start = moved.get(thread.line), moved.get(thread.start_line or thread.line)
    position = _in_diff(change, thread.side, line)
    if position is None or start is None:
        return Placement(False, None, None, None, original)
    return Placement(True, line, start if thread.start_line else None, position, original)


def _position(rows: list[str]) -> int:
    return len(rows) - 1


def _in_diff(change: FileChange, side: str, line: int | None) -> int | None:
    before = 0
    for hunk in hunks(change.patch):
        lines = hunk.side(side)
        if line in lines:
            return before + lines[line]
        before += hunk.text.count("\n") + 1
    return None


@lru_cache(maxsize=1024)
def _moves(before: bytes, after: bytes) -> dict[int, int]:
    """Line numbers in `before` to those of the same lines in `after`."""
    blocks = SequenceMatcher(
        None, before.splitlines(), after.splitlines(), autojunk=False
    ).get_matching_blocks()
    return {a + step + 1: b + step + 1 for a, b, size in blocks for step in range(size)}
