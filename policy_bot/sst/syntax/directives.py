"""Comments addressed to policy-bot: found in the syntax tree, as a text or a template may look like one."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.deployment import MARK, Directive
from policy_bot.sst.span import Span
from policy_bot.sst.syntax.lowering import Tree

_MARK = MARK.encode()
LONGEST = 1_000
"""Bytes of a comment that are kept, and of the line around it that are looked at."""
MOST_IN_FILE = 500
"""Directives of one file that are kept."""


def directives(root: Tree, data: bytes, path: str) -> tuple[Directive, ...]:
    """The comments of a file that begin with `policy-bot:`, in order. Takes time by the size of the file, and
    next to none if it has no such text.
    """
    if _MARK not in data:
        return ()
    found: list[Directive] = []
    for comment in _comments(root):
        text = _addressed(data[comment.start_byte : comment.end_byte])
        if text is not None:
            found.append(_directive(comment, text, data, path))
            if len(found) == MOST_IN_FILE:
                break
    return tuple(found)


def _comments(root: Tree) -> Iterator[Tree]:
    """All comments, by one walk without recursion: how deep it goes is up to whoever wrote the source."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and node.type == "comment":
            yield node
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while cursor.goto_parent():
            if cursor.goto_next_sibling():
                break
        else:
            return


def _addressed(comment: bytes) -> str | None:
    """What a comment says to policy-bot; None for any other comment."""
    inner = comment[2:-2] if comment.startswith(b"/*") else comment[2:]
    inner = inner.strip()
    if not inner.startswith(_MARK):
        return None
    return inner[len(_MARK) : LONGEST].decode("utf-8", "replace").strip()


def _directive(comment: Tree, text: str, data: bytes, path: str) -> Directive:
    start, end = comment.start_byte, comment.end_byte
    (row, column), (end_row, end_column) = comment.start_point, comment.end_point
    alone = column < LONGEST and _is_blank(data[start - column : start])
    rest, newline, _ = data[end : end + LONGEST].partition(b"\n")
    alone = alone and _is_blank(rest) and (bool(newline) or end + len(rest) == len(data))
    return Directive(text, Span(path, row + 1, column + 1, end_row + 1, end_column + 1, start, end), alone)


def _is_blank(text: bytes) -> bool:
    """Whether there is no code: a comment between JSX tags is enclosed in braces."""
    return not text.strip(b" \t\r{}")
