"""Where a line of the judged file stands in the head's: they differ where the merge result is judged."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from policy_bot.sst.record import dataclass, field
from policy_bot.sst.span import Span


@dataclass(frozen=True)
class HeadLines:
    """The head's side of the judged files: what annotations, comments and suggestions have to refer to.

    `judged` and `head` hold contents by path, of the files that findings stand in; a path that `head` does
    not have is not there (it came with the base).
    """

    judged: Mapping[str, bytes]
    head: Mapping[str, bytes]
    _maps: dict[str, Mapping[int, int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def same(self, path: str) -> bool:
        """Whether the judged file is the head's, byte by byte: only then an edit of it can be offered."""
        return path in self.head and self.judged.get(path) == self.head[path]

    def line(self, span: Span) -> int | None:
        """The head's line of a span, or None where the head does not have that line."""
        if span.path not in self.head:
            return None
        return span.line if self.same(span.path) else self._map(span.path).get(span.line)

    def text(self, path: str) -> bytes:
        """The head's content of a file that `same` holds for."""
        return self.head[path]

    def _map(self, path: str) -> Mapping[int, int]:
        if path not in self._maps:
            self._maps[path] = _equal_lines(self.judged.get(path, b""), self.head[path])
        return self._maps[path]


def _equal_lines(ours: bytes, theirs: bytes) -> Mapping[int, int]:
    """Line number to line number, for the lines that both have. Bounded: huge files are not compared."""
    left, right = ours.split(b"\n"), theirs.split(b"\n")
    if len(left) * len(right) > 25_000_000:
        return {}
    blocks = difflib.SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return {a + i + 1: b + i + 1 for a, b, size in blocks for i in range(size)}
