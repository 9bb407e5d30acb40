"""Differences between two trees, with hunks as git and GitHub show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from policy_bot.sandbox.content import FlatTree, ObjectStore, TreeObject

CONTEXT = 3
LARGEST_PATCH = 500_000  # maximum bytes and lines of one file's diff, from GitHub's documented limits
LONGEST_PATCH = 20_000
_HEADER = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_HEADING = re.compile(rb"^[A-Za-z_$]")


@dataclass(frozen=True)
class FileChange:
    """A file that differs. `patch` is None for binary and very large differences, as in GitHub's API."""

    status: str  # added, removed, modified, renamed
    path: str
    previous: str | None
    old: TreeObject | None
    new: TreeObject | None
    additions: int = 0
    deletions: int = 0
    patch: str | None = None


@dataclass(frozen=True)
class TextHunk:
    """The lines of a hunk that can be commented on: on RIGHT new and context lines, on LEFT old and
    context.
    """

    text: str
    right: dict[int, int]  # line number -> index in the hunk's text
    left: dict[int, int]

    def side(self, name: str) -> dict[int, int]:
        """The lines on `LEFT` or `RIGHT`."""
        return self.left if name == "LEFT" else self.right


def changes(store: ObjectStore, old: FlatTree, new: FlatTree) -> list[FileChange]:
    """The files that differ, by path. A deleted and an added file, more than half equal, are a renamed
    one.
    """
    gone = {path: entry for path, entry in old.items() if path not in new}
    came = {path: entry for path, entry in new.items() if path not in old}
    found = []
    for path, previous in _renames(store, gone, came).items():
        found.append(_change(store, "renamed", path, previous, gone.pop(previous), came.pop(path)))
    found += [_change(store, "removed", path, None, entry, None) for path, entry in gone.items()]
    found += [_change(store, "added", path, None, None, entry) for path, entry in came.items()]
    both = [path for path in new if path in old and old[path] != new[path]]
    found += [_change(store, "modified", path, None, old[path], new[path]) for path in both]
    return sorted(found, key=lambda change: change.path)


def hunks(patch: str | None) -> list[TextHunk]:
    """The hunks of a patch; none without a patch."""
    result: list[TextHunk] = []
    rows = patch.split("\n") if patch else []
    starts = [index for index, row in enumerate(rows) if _HEADER.match(row)]
    ends = [*starts[1:], len(rows)] if starts else []
    for start, end in zip(starts, ends, strict=True):
        result.append(_hunk(rows[start:end]))
    return result


def _hunk(rows: list[str]) -> TextHunk:
    header = _HEADER.match(rows[0])
    assert header
    old, new = int(header[1]), int(header[3])
    left: dict[int, int] = {}
    right: dict[int, int] = {}
    for index, row in enumerate(rows[1:], 1):
        if row.startswith((" ", "-")):
            left[old] = index
            old += 1
        if row.startswith((" ", "+")):
            right[new] = index
            new += 1
    return TextHunk("\n".join(rows), right, left)


def _renames(store: ObjectStore, gone: FlatTree, came: FlatTree) -> dict[str, str]:
    """New path to old path."""
    pairs: dict[str, str] = {}
    for path, entry in came.items():
        left = [old for old in gone if old not in pairs.values() and gone[old].type == entry.type == "blob"]
        same = [old for old in left if gone[old].sha == entry.sha]
        alike = same or ([] if len(left) > 50 else _alike(store, entry, {old: gone[old] for old in left}))
        if alike:
            pairs[path] = alike[0]
    return pairs


def _alike(store: ObjectStore, entry: TreeObject, candidates: FlatTree) -> list[str]:
    lines = store.text(entry).splitlines()
    scores = {
        path: SequenceMatcher(None, store.text(old).splitlines(), lines, autojunk=False).ratio()
        for path, old in candidates.items()
    }
    return sorted((path for path in scores if scores[path] > 0.5), key=lambda path: -scores[path])


def _change(
    store: ObjectStore,
    status: str,
    path: str,
    previous: str | None,
    old: TreeObject | None,
    new: TreeObject | None,
) -> FileChange:
    if old and new and old.sha == new.sha:
        return FileChange(status, path, previous, old, new)
    added, removed, patch = _patch(_bytes(store, old), _bytes(store, new))
    return FileChange(status, path, previous, old, new, added, removed, patch)


def _bytes(store: ObjectStore, entry: TreeObject | None) -> bytes:
    if entry and entry.type == "commit":
        return b"Subproject commit %s\n" % entry.sha.encode()
    return store.text(entry)


@lru_cache(maxsize=4096)
def _patch(old: bytes, new: bytes) -> tuple[int, int, str | None]:
    if b"\0" in old[:8000] or b"\0" in new[:8000]:
        return 0, 0, None
    one, other = old.split(b"\n"), new.split(b"\n")
    before, after = _numbered(one), _numbered(other)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    rows: list[str] = []
    added = removed = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        rows.append(_header(group[0][1], group[-1][2], group[0][3], group[-1][4], before))
        for tag, a, b, c, d in group:
            if tag == "equal":
                rows += _rows(" ", before[a:b])
            else:
                rows += [*_rows("-", before[a:b]), *_rows("+", after[c:d])]
                removed, added = removed + b - a, added + d - c
    text = "\n".join(rows)
    shown = len(rows) <= LONGEST_PATCH and len(text) <= LARGEST_PATCH
    return added, removed, text if shown else None


def _numbered(lines: list[bytes]) -> list[tuple[bytes, bool]]:
    """Each line and whether a newline ends it, so that a missing newline at the end is a difference."""
    ended = [(line, True) for line in lines[:-1]]
    return [*ended, (lines[-1], False)] if lines[-1] else ended


def _rows(sign: str, lines: list[tuple[bytes, bool]]) -> list[str]:
    rows = []
    for line, ended in lines:
        rows.append(sign + line.decode("utf-8", "replace"))
        if not ended:
            rows.append("\\ No newline at end of file")
    return rows


def _header(a: int, b: int, c: int, d: int, before: list[tuple[bytes, bool]]) -> str:
    heading = next((line for line, _ in reversed(before[:a]) if _HEADING.match(line)), b"")
    words = heading[:80].decode("utf-8", "replace").rstrip()
    return f"@@ -{_range(a, b)} +{_range(c, d)} @@" + (f" {words}" if words else "")


def _range(start: int, end: int) -> str:
    count = end - start
    first = start + 1 if count else start
    return str(first) if count == 1 else f"{first},{count}"
