"""Maps lines of the judged file to those of the head: they differ if the merge result is judged."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policy_bot.record import dataclass, field
from policy_bot.sst.span import Span


@dataclass(frozen=True)
class HeadLines:
    """The head's version of the judged files, to which annotations, comments and suggestions refer.

    `judged` and `head` map paths to contents, for the files with findings; a path that `head` lacks does not
    exist there (it came with the base).
    """

    judged: Mapping[str, bytes]
    head: Mapping[str, bytes]
    _maps: dict[str, Mapping[int, int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def same(self, path: str) -> bool:
        """Whether the judged file equals the head's, byte by byte: only then can an edit of it be offered."""
        return path in self.head and self.judged.get(path) == self.head[path]

    def line(self, span: Span) -> int | None:
        """The head's line of a span, or None if the head does not have that line."""
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
    """Maps line numbers to line numbers, for the lines that both have.

    Lines that occur once on each side are matched wherever they are, in one order; from these, and from both
    ends, equal neighbours are added. Takes linear time whatever a stranger writes: comparing all pairs would
    take minutes.
    """
    left, right = ours.split(b"\n"), theirs.split(b"\n")
    found: dict[int, int] = {}
    last_left = last_right = -1
    for i, j in [*_rising(_anchors(left, right)), (len(left), len(right))]:
        gap = min(i - last_left, j - last_right) - 1
        after = equal_at_start(left[last_left + 1 : i], right[last_right + 1 : j])
        before = min(
            gap - after, equal_at_start(left[last_left + 1 : i][::-1], right[last_right + 1 : j][::-1])
        )
        found |= {last_left + 1 + n: last_right + 1 + n for n in range(after)}
        found |= {i - 1 - n: j - 1 - n for n in range(before)}
        found[i] = j
        last_left, last_right = i, j
    del found[len(left)]
    return {i + 1: j + 1 for i, j in found.items()}


def _anchors(left: Sequence[bytes], right: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """The lines that occur once on each side: their positions on both, in the order of the left."""
    once_left, once_right = Counter(left), Counter(right)
    there = {line: j for j, line in enumerate(right) if once_right[line] == 1}
    for i, line in enumerate(left):
        if line in there and once_left[line] == 1:
            yield i, there[line]


def _rising(pairs: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence of the pairs that keeps its order on the right too (patience sorting)."""
    tops: list[int] = []
    ends: list[tuple[int, int, Any]] = []
    for i, j in pairs:
        pile = bisect_left(tops, j)
        chain = (i, j, ends[pile - 1] if pile else None)
        tops[pile : pile + 1], ends[pile : pile + 1] = [j], [chain]
    found: list[tuple[int, int]] = []
    link: Any = ends[-1] if ends else None
    while link is not None:
        i, j, link = link
        found.append((i, j))
    return found[::-1]


def equal_at_start(left: Sequence[object], right: Sequence[object]) -> int:
    """The number of equal lines, or characters, at the beginning."""
    pairs = zip(left, right, strict=False)
    return next((at for at, (ours, theirs) in enumerate(pairs) if ours != theirs), min(len(left), len(right)))
