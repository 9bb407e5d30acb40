"""A position in a source file."""

from __future__ import annotations

from policy_bot.record import NamedTuple


class Span(NamedTuple):
    """A range of one file: lines and columns from 1 (columns in UTF-8 bytes), the end exclusive; offsets in
    bytes.

    A named tuple, because the reader makes one for nearly every expression.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int

    @staticmethod
    def of_file(path: str) -> Span:
        """The beginning of a file, to refer to the whole file."""
        return Span(path, 1, 1, 1, 1, 0, 0)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
