"""Converts spans, which count bytes, to lines and columns in characters from 1, as tools count them."""

from __future__ import annotations

from policy_bot.record import NamedTuple, dataclass, field
from policy_bot.sst.source import SourceTree, Unreadable
from policy_bot.sst.span import Span


class ShownPlace(NamedTuple):
    """A range of a file: lines and columns from 1, columns in code points, the end exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass
class Places:
    """The source of the spans. Each file is read once."""

    tree: SourceTree
    _lines: dict[str, list[bytes]] = field(default_factory=dict)

    def lines(self, path: str) -> list[bytes]:
        """The lines of a file without line feeds; a single empty one if it cannot be read."""
        if path not in self._lines:
            try:
                content = self.tree.read(path) or b""
            except Unreadable:
                content = b""
            self._lines[path] = content.split(b"\n")
        return self._lines[path]

    def line(self, path: str, number: int) -> str:
        """One line, from 1; "" if there is none."""
        lines = self.lines(path)
        return lines[number - 1].decode("utf-8", "replace").rstrip("\r") if 0 < number <= len(lines) else ""

    def place(self, span: Span) -> ShownPlace:
        """The lines and columns of a span."""
        return ShownPlace(
            span.path,
            span.line,
            self._characters(span.path, span.line, span.column),
            span.end_line,
            self._characters(span.path, span.end_line, span.end_column),
        )

    def offset(self, path: str, offset: int) -> tuple[int, int]:
        """Line and column of a byte offset."""
        for number, line in enumerate(self.lines(path), 1):
            if offset <= len(line):
                return number, self._characters(path, number, offset + 1)
            offset -= len(line) + 1
        return len(self.lines(path)), 1

    def _characters(self, path: str, line: int, column: int) -> int:
        lines = self.lines(path)
        if not 0 < line <= len(lines) or lines[line - 1].isascii():
            return column
        return len(lines[line - 1][: column - 1].decode("utf-8", "replace")) + 1
