"""Offers a fix as suggestion blocks, which the author applies with one click, if GitHub accepts them.

GitHub replaces the commented lines by the block. So a fix is offered if its edits are on lines of one hunk;
the range of a comment covers the finding's line and the lines of every fix offered there. Edits that are
apart (a key moved from one object to another), or in another file, are shown as a patch instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_bot.policy.finding import Edit, Finding, Fix
from policy_bot.record import dataclass
from policy_bot.review import markdown
from policy_bot.review.diff import Diff
from policy_bot.review.fixes_text import apply
from policy_bot.review.lines import HeadLines
from policy_bot.review.patches import patch
from policy_bot.sst.span import Span

LONGEST = 40
"""How many lines a commented range may have; longer ones are not readable in a comment."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place of a comment (lines inclusive), the blocks that it offers, and the fixes that a click cannot
    apply, as patches.
    """

    path: str
    first: int
    last: int
    suggestions: tuple[tuple[str, str], ...] = ()
    patches: tuple[tuple[str, str], ...] = ()


def spot(finding: Finding, diff: Diff, lines: HeadLines) -> Span:
    """Where to comment on a finding: on the line that sends its stream, if the pull request shows that line,
    because its author is the one who asks; otherwise on its own.
    """
    line = lines.line(finding.sender) if finding.sender is not None else None
    if finding.sender is not None and line is not None and diff.shows(finding.sender.path, line, line):
        return finding.sender
    return finding.span


def anchor(finding: Finding, diff: Diff, lines: HeadLines) -> Anchor | None:
    """Where the comment of a finding goes, or None if its line is not in the diff."""
    where = spot(finding, diff, lines)
    path, line = where.path, lines.line(where)
    if line is None or not diff.shows(path, line, line):
        return None
    first = last = line
    offered: list[Fix] = []
    for fix in finding.fixes:
        reach = _reach(fix, path, lines)
        if reach is None:
            continue
        wider = min(first, reach[0]), max(last, reach[1])
        if wider[1] - wider[0] < LONGEST and diff.shows(path, *wider):
            (first, last), offered = wider, [*offered, fix]
    blocks = [(fix.title, _replacement(fix.edits, lines.text(path), first, last)) for fix in offered]
    left = [(fix.title, patch(fix, lines)) for fix in finding.fixes if fix not in offered]
    return Anchor(path, first, last, _written(blocks), _written(left))


def _written(blocks: Iterable[tuple[str, str | None]]) -> tuple[tuple[str, str], ...]:
    return tuple((title, text) for title, text in blocks if text is not None)


def _reach(fix: Fix, path: str, lines: HeadLines) -> tuple[int, int] | None:
    """The first and last line that a fix edits; None if it edits another file or the file is not the
    head's.
    """
    if not fix.edits or any(edit.path != path for edit in fix.edits) or not lines.same(path):
        return None
    content = lines.text(path)
    starts = [_line_at(content, edit.start) for edit in fix.edits]
    ends = [_line_at(content, max(edit.start, _last_byte(content, edit))) for edit in fix.edits]
    return min(starts), max(ends)


def _last_byte(content: bytes, edit: Edit) -> int:
    """The last byte that an edit touches. Removing text up to a line's end touches only that line."""
    return edit.end - 1 if edit.end > edit.start else edit.end


def _line_at(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1


def _replacement(edits: Sequence[Edit], content: bytes, first: int, last: int) -> str | None:
    """The commented lines with the edits applied, without the last line's end; None if that cannot be
    shown.
    """
    after = apply(content, edits) or content
    lines = after[_offset(content, first) : _offset(content, last + 1) + len(after) - len(content)]
    try:
        text = lines.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None
    return None if markdown.hides(text) else text.removesuffix("\n")


def _offset(content: bytes, line: int) -> int:
    """The offset of a line's beginning; the end of the file for a line beyond the last."""
    at = 0
    for _ in range(line - 1):
        at = content.find(b"\n", at) + 1
        if at == 0:
            return len(content)
    return at
