"""Finds the lines of a pull request on which comments are possible, from GitHub's `patch` of each file.

GitHub accepts comments only on the lines of a hunk (added and context lines on the right, removed and context
lines on the left), a range only within one hunk, and none in a file without a patch (binary, or too large for
GitHub to show).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from policy_bot.record import dataclass
from policy_bot.sst.catalog.producers import mentions_producer
from policy_bot.sst.streams.files import PYTHON, SCRIPTS
from policy_bot.sst.streams.routes import is_test

_HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk: its lines on either side, ends exclusive, and the lines that were added on the right."""

    left: range
    right: range
    added: frozenset[int]


@dataclass(frozen=True, slots=True)
class FileDiff:
    """The changes of one file. `previous` is the old path of a renamed file; it has no hunks if GitHub shows
    none.
    """

    path: str
    status: str
    previous: str | None = None
    hunks: tuple[Hunk, ...] = ()
    may_stream: bool = True
    """Whether the change may make application code send a stream that it did not send before."""

    def hunk(self, first: int, last: int) -> Hunk | None:
        """The hunk that shows the lines `first` to `last` (inclusive) of the right side, or None."""
        return next((h for h in self.hunks if first in h.right and last in h.right), None)


@dataclass(frozen=True, slots=True)
class Diff:
    """All changed files, by new path. `complete` is False if GitHub did not list all of them (at most
    3,000).
    """

    files: Mapping[str, FileDiff]
    complete: bool = True

    def shows(self, path: str, first: int, last: int) -> bool:
        """Whether GitHub accepts a comment on these lines (inclusive) of the right side of `path`."""
        file = self.files.get(path)
        return file is not None and first <= last and file.hunk(first, last) is not None

    def adds(self, path: str, line: int) -> bool:
        """Whether the change adds or edits a line of the right side of `path`. If GitHub does not show the
        changes of a file, every line of it counts as added.
        """
        file = self.files.get(path)
        if file is None:
            return False
        return not file.hunks or any(line in hunk.added for hunk in file.hunks)

    @property
    def rules_out_streams(self) -> bool:
        """Whether no change to application code may make it send a stream."""
        return self.complete and not any(each.may_stream for each in self.files.values())

    def renamed(self) -> dict[str, str]:
        """New paths of renamed files, with their old ones."""
        return {f.path: f.previous for f in self.files.values() if f.previous and f.status == "renamed"}

    def paths(self) -> frozenset[str]:
        """All changed paths, including old names."""
        return frozenset(self.files) | {f.previous for f in self.files.values() if f.previous}


def diff(files: Iterable[FileDiff], complete: bool = True) -> Diff:
    """Combines the files into one diff."""
    return Diff({file.path: file for file in files}, complete)


def may_stream(path: str, patch: str | None) -> bool:
    """Whether a patch may change what application code streams: it contains a name of code that sends streams
    or of a handler for them (`streamHandle`), or adds an import, which may lead to one. True if GitHub shows
    no patch. Tests and types never run where clients are.
    """
    if not path.endswith((*SCRIPTS, PYTHON)) or is_test(path.rpartition("/")[2]):
        return False
    if patch is None or "tream" in patch or mentions_producer(patch.encode("utf-8", "replace")):
        return True
    added = (line for line in patch.split("\n") if line.startswith("+"))
    return any("import" in line or "require" in line or " from " in line for line in added)


def hunks(patch: str | None) -> tuple[Hunk, ...]:
    """The hunks of a `patch`; none if it is absent or cannot be parsed (then nothing is commented on)."""
    found: list[Hunk] = []
    lines = (patch or "").split("\n")
    at = 0
    while at < len(lines):
        header = _HEADER.match(lines[at])
        if header is None:
            return () if lines[at].strip() else tuple(found)
        hunk, at = _hunk(header, lines, at + 1)
        if hunk is None:
            return ()
        found.append(hunk)
    return tuple(found)


def _hunk(header: re.Match[str], lines: list[str], at: int) -> tuple[Hunk | None, int]:
    """The hunk below a header and the position of the next; None if the counts in the header are wrong."""
    old, new = int(header[1]), int(header[3])
    old_end = old + int(header[2] or 1)
    new_end = new + int(header[4] or 1)
    left, right, added = old, new, set()
    while at < len(lines) and (left < old_end or right < new_end or lines[at].startswith("\\")):
        kind = lines[at][:1]
        if kind == "+":
            added.add(right)
        elif kind not in ("-", " ", "\\"):
            return None, at
        left += kind in ("-", " ")
        right += kind in ("+", " ")
        at += 1
    if (left, right) != (old_end, new_end):
        return None, at
    return Hunk(range(old, old_end), range(new, new_end), frozenset(added)), at
