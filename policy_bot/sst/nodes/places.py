"""Files, and positions in them, which every node has."""

from __future__ import annotations

from bisect import bisect_right

from policy_bot.sst.span import Span


class Source:
    """One file: its path in the tree and its bytes; knows lines, columns and text."""

    __slots__ = ("_starts", "broken", "data", "notes", "path")

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.broken = False
        self._starts: list[int] = []
        self.notes: dict[tuple[int, int], str] = {}  # parts quoted in derivations, kept over the contexts

    def span(self, start: int, end: int) -> Span:
        """The span of a range of bytes."""
        starts = self._starts or self._lines()
        line = bisect_right(starts, start)
        last = line if line == len(starts) or end < starts[line] else bisect_right(starts, end)
        column, end_column = start - starts[line - 1] + 1, end - starts[last - 1] + 1
        return tuple.__new__(Span, (self.path, line, column, last, end_column, start, end))

    def text(self, start: int, end: int) -> str:
        """The text of a range of bytes; what is not UTF-8 is replaced."""
        return self.data[start:end].decode("utf-8", "replace")

    def _lines(self) -> list[int]:
        starts, at = [0], self.data.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.data.find(b"\n", at + 1)
        self._starts = starts
        return starts


class Node:
    """Something in a source file."""

    __slots__ = ("_span", "end", "source", "start")

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end
        self._span: Span | None = None

    @property
    def span(self) -> Span:
        """Its position in the file."""
        if self._span is None:
            self._span = self.source.span(self.start, self.end)
        return self._span

    @property
    def text(self) -> str:
        """Its source text."""
        return self.source.text(self.start, self.end)


class Mark(Node):
    """A bare place: a key, a method's name, the word `new`."""

    __slots__ = ()
