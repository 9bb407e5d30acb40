"""Converts the reader's positions (from 1, UTF-8 bytes) and the protocol's (from 0, UTF-16 code units)."""

from __future__ import annotations

from bisect import bisect_right

from lsprotocol.types import Position, Range

from policy_bot.sst.span import Span


class Text:
    """The lines of a file, with positions as an editor counts them."""

    def __init__(self, content: bytes) -> None:
        self._lines = content.split(b"\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def range(self, span: Span) -> Range:
        """The editor's range of a span."""
        start = self._position(span.line - 1, span.column - 1)
        return Range(start, self._position(span.end_line - 1, span.end_column - 1))

    def range_of(self, start: int, end: int) -> Range:
        """The editor's range of the byte offsets of an edit."""
        return Range(self._at(start), self._at(end))

    def offset(self, position: Position) -> int:
        """The byte offset of an editor's position. A position past the end of a line means its end."""
        if position.line >= len(self._lines):
            return self._starts[-1] - 1
        units = self._lines[position.line].decode("utf-8", "replace").encode("utf-16-le")
        before = units[: position.character * 2].decode("utf-16-le", "ignore").encode()
        return self._starts[position.line] + min(len(before), len(self._lines[position.line]))

    def _at(self, offset: int) -> Position:
        line = min(bisect_right(self._starts, offset) - 1, len(self._lines) - 1)
        return self._position(line, offset - self._starts[line])

    def _position(self, line: int, column: int) -> Position:
        if not 0 <= line < len(self._lines):
            return Position(max(len(self._lines) - 1, 0), 0)
        before = self._lines[line][: max(column, 0)].decode("utf-8", "replace")
        return Position(line, len(before.encode("utf-16-le")) // 2)
