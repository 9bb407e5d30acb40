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
    """Lines in the newest diff; None if outdated."""

    line: int | None = None
    start_line: int | None = None


def place(thread: Thread, store: ObjectStore, base: str, change: FileChange | None) -> Placement:
    """The current place of a thread: `base` is the diff's left commit, `change` the file's newest diff."""
    if change is None:
        return Placement()
    path = (change.previous or change.path) if thread.side == "LEFT" else change.path
    old, new = (thread.base, base) if thread.side == "LEFT" else (thread.commit, thread.pull.head_sha)
    before = store.text(store.files(old).get(thread.path))
    after = store.text(store.files(new).get(path))
    moved = _moves(before, after)
    line, start = moved.get(thread.line), moved.get(thread.start_line or thread.line)
    is_shown = any(line in hunk.side(thread.side) for hunk in hunks(change.patch))
    if not is_shown or start is None:
        return Placement()
    return Placement(line, start if thread.start_line else None)


@lru_cache(maxsize=1024)
def _moves(before: bytes, after: bytes) -> dict[int, int]:
    """Line numbers in `before` to those of the same lines in `after`."""
    blocks = SequenceMatcher(
        None, before.splitlines(), after.splitlines(), autojunk=False
    ).get_matching_blocks()
    return {a + step + 1: b + step + 1 for a, b, size in blocks for step in range(size)}
