"""Source lines around a finding with the span marked, and a fix as removed and added lines.

Limited in lines and characters, so that a stored verdict does not grow with the files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policy_bot.policy.finding import Edit, Fix
from policy_bot.review.fixes_text import apply
from policy_bot.review.lines import equal_at_start
from policy_bot.sst.span import Span

AROUND = 2
"""Lines shown before and after the finding's."""
WIDEST = 160
"""Maximum characters shown of a line."""
MOST_LINES = 40
"""Maximum lines of one hunk of a fix."""

Row = tuple[str, int, str]
"""` `, `-` or `+`, the line's number in its file (before or after the fix), and its text."""


class Sources:
    """The files with findings, each split into lines once."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = contents
        self._split: dict[str, list[str]] = {}

    def lines(self, path: str) -> list[str]:
        """The lines of a file; none if it is not available."""
        if path not in self._split:
            self._split[path] = _shown(self.contents[path]) if path in self.contents else []
        return self._split[path]


def excerpt(sources: Sources, span: Span) -> dict[str, object] | None:
    """The lines around a span with their numbers, and in the span's line the characters `from` to `to`. None
    if the file is not available.
    """
    lines = sources.lines(span.path)
    if not 1 <= span.line <= len(lines):
        return None
    first, last = max(1, span.line - AROUND), min(len(lines), span.line + AROUND)
    meant = lines[span.line - 1]
    end = span.end_column - 1 if span.end_line == span.line else len(meant)
    return {
        "lines": [[number, lines[number - 1][:WIDEST]] for number in range(first, last + 1)],
        "line": span.line,
        "from": min(span.column - 1, WIDEST),
        "to": min(max(end, span.column), WIDEST),
    }


def line_text(sources: Sources, span: Span) -> str:
    """The first line of a span; "" if the file is not available."""
    lines = sources.lines(span.path)
    return lines[span.line - 1].strip()[:WIDEST] if 1 <= span.line <= len(lines) else ""


def difference(contents: Mapping[str, bytes], fix: Fix) -> list[dict[str, object]]:
    """The hunks of a fix, by file."""
    found: list[dict[str, object]] = []
    for path in dict.fromkeys(edit.path for edit in fix.edits):
        if path in contents:
            edits = sorted((e for e in fix.edits if e.path == path), key=lambda edit: edit.start)
            shift = 0
            for group in _together(contents[path], edits):
                rows, shift = _hunk(contents[path], group, shift)
                found.append({"path": path, "rows": rows[:MOST_LINES]})
    return found


def _together(content: bytes, edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """The edits, grouped by nearness of their lines."""
    group: list[Edit] = []
    for edit in edits:
        if group and content.count(b"\n", group[-1].end, edit.start) > 2 * AROUND:
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _hunk(content: bytes, edits: Sequence[Edit], shift: int) -> tuple[list[Row], int]:
    """The rows of a hunk, and the shift of the lines after it."""
    start = content.rfind(b"\n", 0, edits[0].start) + 1
    end = content.find(b"\n", max(edits[-1].end - 1, edits[-1].start))
    end = len(content) if end < 0 else end
    after = apply(content, edits) or content
    number = content.count(b"\n", 0, start) + 1
    old, new = _shown(content[start:end]), _shown(after[start : end + len(after) - len(content)])
    lines = _shown(content)
    before = [(" ", n, lines[n - 1]) for n in range(max(1, number - AROUND), number)]
    alike = equal_at_start(old, new)
    rows: list[Row] = [*before, *((" ", number + n, old[n]) for n in range(alike))]
    rows += [("-", number + n, old[n]) for n in range(alike, len(old))]
    rows += [("+", number + shift + n, new[n]) for n in range(alike, len(new))]
    last = number + len(old)
    rows += [(" ", n, lines[n - 1]) for n in range(last, min(len(lines), last + AROUND - 1) + 1)]
    return rows, shift + len(new) - len(old)


def _shown(content: bytes) -> list[str]:
    text = content.decode("utf-8", "replace").removesuffix("\n")
    return [line.rstrip("\r")[:1000] for line in text.split("\n")]
