"""Merges two histories, as GitHub does for the test merge of a pull request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from policy_bot.sandbox.content import FlatTree, ObjectStore, TreeObject

Edit = tuple[int, int, list[bytes]]  # lines [start, end) of the base, and their replacement


def merged_tree(store: ObjectStore, base: str | None, ours: str, theirs: str) -> str | None:
    """The tree of `theirs` merged into `ours` (commit ids); None if they conflict."""
    before = store.files(base) if base else {}
    one, other = store.files(ours), store.files(theirs)
    before, other = _followed(_renamed(before, one), before), _followed(_renamed(before, one), other)
    result: dict[str, TreeObject] = {}
    for path in sorted({*one, *other}):
        merged = _entry(store, before.get(path), one.get(path), other.get(path))
        if merged == "conflict":
            return None
        if isinstance(merged, TreeObject):
            result[path] = merged
    return store.put_tree(result)


def _renamed(before: FlatTree, after: FlatTree) -> dict[str, str]:
    """The files that were moved without a change: old path to new path. Git also finds similar ones."""
    added = {entry.sha: path for path, entry in after.items() if path not in before}
    return {path: added[e.sha] for path, e in before.items() if path not in after and e.sha in added}


def _followed(renamed: Mapping[str, str], files: FlatTree) -> FlatTree:
    """The files of another history under their new paths, as git merges a change to a renamed file."""
    return {renamed.get(path, path): entry for path, entry in files.items()}


def _entry(
    store: ObjectStore, base: TreeObject | None, ours: TreeObject | None, theirs: TreeObject | None
) -> TreeObject | str | None:
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    if base is None or ours is None or theirs is None or ours.mode != theirs.mode:
        return "conflict"
    lines = _lines(*(store.text(entry).splitlines(keepends=True) for entry in (base, ours, theirs)))
    return "conflict" if lines is None else TreeObject(ours.mode, store.put_blob(b"".join(lines)))


def _lines(base: list[bytes], ours: list[bytes], theirs: list[bytes]) -> list[bytes] | None:
    edits = sorted({_hashable(edit) for side in (ours, theirs) for edit in _edits(base, side)})
    result: list[bytes] = []
    at = 0
    for index, (start, end, lines) in enumerate(edits):
        if index and start <= edits[index - 1][1]:
            return None
        result += [*base[at:start], *lines]
        at = end
    return result + base[at:]


def _hashable(edit: Edit) -> tuple[int, int, tuple[bytes, ...]]:
    return edit[0], edit[1], tuple(edit[2])


def _edits(base: Sequence[bytes], side: Sequence[bytes]) -> list[Edit]:
    codes = SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
    return [(a, b, list(side[c:d])) for tag, a, b, c, d in codes if tag != "equal"]
