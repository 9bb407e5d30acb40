"""Lines of source in a terminal: the one that is meant with carets below, and the ones a fix changes."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.cli.output.places import Places
from policy_bot.cli.output.style import WIDTH, Style, safe, width
from policy_bot.policy.finding import Fix
from policy_bot.sst.span import Span

_GUTTER = 8
_ROOM = WIDTH - _GUTTER


def excerpt(places: Places, span: Span, style: Style, look: str) -> list[str]:
    """The first line of the span with carets below what is meant; nothing where the line cannot be shown."""
    line = places.line(span.path, span.line)
    if not line.strip():
        return []
    place = places.place(span)
    last = place.end_column - 1 if place.end_line == place.line else len(line)
    before, meant = safe(line[: place.column - 1]), safe(line[place.column - 1 : last])
    text = before + meant + safe(line[last:])
    cut = len(text) - len(text.lstrip())
    if width(text) - cut > _ROOM:  # a line that is too long is shown from what is meant on
        cut = max(len(before) - 20, cut)
    carets = " " * width(before[cut:]) + "^" * max(width(meant), 1)
    shown = ("..." + text[cut + 3 :]) if cut > len(text) - len(text.lstrip()) else text[cut:]
    return [
        f"{style(f'{span.line:>5} | ', 'dim')}{_cropped(shown)}",
        f"{style('      | ', 'dim')}{style(carets[:_ROOM], look, 'bold')}",
    ]


def change(places: Places, fix: Fix, style: Style) -> Iterator[str]:
    """The lines that a fix takes away and puts in, by file."""
    for path in dict.fromkeys(edit.path for edit in fix.edits):
        before = b"\n".join(places.lines(path))
        after = before
        for edit in sorted((edit for edit in fix.edits if edit.path == path), key=lambda edit: -edit.start):
            after = after[: edit.start] + edit.text.encode() + after[edit.end :]
        yield from _difference(before.decode("utf-8", "replace"), after.decode("utf-8", "replace"), style)


def _difference(before: str, after: str, style: Style) -> Iterator[str]:
    import difflib

    old, new = before.split("\n"), after.split("\n")
    for kind, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        None, old, new, False
    ).get_opcodes():
        if kind == "equal":
            continue
        for number in range(old_from, old_to):
            yield style(f"{number + 1:>5} - ", "dim") + style(_cropped(_bare(old[number])), "red")
        for number in range(new_from, new_to):
            yield style(f"{number + 1:>5} + ", "dim") + style(_cropped(_bare(new[number])), "green")


def _bare(line: str) -> str:
    return safe(line.rstrip("\r")).strip()


def _cropped(text: str) -> str:
    if width(text) <= _ROOM:
        return text
    while width(text) > _ROOM - 3:
        text = text[:-1]
    return text + "..."
