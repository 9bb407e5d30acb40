"""Lines of source in a terminal: a line with carets below a span, and the lines that a fix changes."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.cli.output.places import Places
from policy_bot.cli.output.style import Style, safe, width
from policy_bot.policy.finding import Fix
from policy_bot.review.lines import equal_at_start
from policy_bot.sst.span import Span

_GUTTER = 8
_BEFORE = 20


def excerpt(places: Places, span: Span, style: Style, look: str) -> list[str]:
    """The first line of the span with carets below the span; nothing if the line cannot be shown."""
    line = places.line(span.path, span.line)
    if not line.strip():
        return []
    place = places.place(span)
    last = place.end_column - 1 if place.end_line == place.line else len(line)
    before, meant = safe(line[: place.column - 1]), safe(line[place.column - 1 : last])
    shown, cut = _window(before + meant + safe(line[last:]), len(before), style.width - _GUTTER)
    carets = " " * width(before[cut:]) + "^" * max(width(meant), 1)
    return [
        f"{style(f'{span.line:>5} | ', 'dim')}{shown}",
        f"{style('      | ', 'dim')}{style(carets[: style.width - _GUTTER], look, 'bold')}",
    ]


def change(places: Places, fix: Fix, style: Style) -> Iterator[str]:
    """The lines that a fix removes and adds, by file."""
    for path in dict.fromkeys(edit.path for edit in fix.edits):
        before = b"\n".join(places.lines(path))
        after = before
        for edit in sorted((edit for edit in fix.edits if edit.path == path), key=lambda edit: -edit.start):
            after = after[: edit.start] + edit.text.encode() + after[edit.end :]
        yield from _difference(before.decode("utf-8", "replace"), after.decode("utf-8", "replace"), style)


def _difference(before: str, after: str, style: Style) -> Iterator[str]:
    import difflib

    room = style.width - _GUTTER
    old, new = (text.replace("\r", "").split("\n") for text in (before, after))
    for kind, first, last, new_first, new_last in difflib.SequenceMatcher(
        None, old, new, False
    ).get_opcodes():
        if kind == "equal":
            continue
        taken, put = old[first:last], new[new_first:new_last]
        start = equal_at_start(taken[0], put[0]) if len(taken) == len(put) == 1 else 0
        for number, line in enumerate(taken, first + 1):
            yield style(f"{number:>5} - ", "dim") + style(_window(safe(line), start, room)[0], "red")
        for number, line in enumerate(put, first + 1):
            yield style(f"{number:>5} + ", "dim") + style(_window(safe(line), start, room)[0], "green")


def _window(line: str, start: int, room: int) -> tuple[str, int]:
    """As much of a line as fits, including the part from `start`; and the number of characters before it."""
    cut = min(len(line) - len(line.lstrip()), start)
    if width(line[cut:]) <= room:
        return line[cut:], cut
    if start - cut > room // 2:
        cut = start - _BEFORE
        line = line[:cut] + "..." + line[cut + 3 :]
    shown = line[cut:]
    if width(shown) > room:
        while width(shown) > room - 3:
            shown = shown[:-1]
        shown += "..."
    return shown, cut
