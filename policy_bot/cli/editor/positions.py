"""Places in the reader's units (from 1, columns in UTF-8 bytes) and in the protocol's (from 0, in UTF-16)."""

from __future__ import annotations

from bisect import bisect_right

from lsprotocol.types import Position, Range

from policy_bot.sst.span import Span


class Text:
    """A file's text by lines, as an editor counts them."""

    def __init__(self, content: bytes) -> None:
        self._lines = content.split(b"\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def range(self, span: Span) -> Range:
        """A span as the editor underlines it."""
        start = self._position(span.line - 1, span.column - 1)
        return Range(start, self._position(span.end_line - 1, span.end_column - 1))

    def range_of(self, start: int, end: int) -> Range:
        """A range of byte offsets, as an edit has it."""
        return Range(self._at(start), self._at(end))

    def offset(self, position: Position) -> int:
        """The byte offset of an editor's position; past the end of a line, the end of it."""
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
