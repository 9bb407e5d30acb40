"""Finds comments addressed to policy-bot in the syntax tree, because a string may look like one."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.deployment import MARK, Directive
from policy_bot.sst.span import Span
from policy_bot.sst.syntax.lowering import Tree

_MARK = MARK.encode()
LONGEST = 1_000
"""Bytes kept of a comment and of the line around it."""
MOST_IN_FILE = 500
"""Directives kept of one file."""


def directives(root: Tree, data: bytes, path: str) -> tuple[Directive, ...]:
    """The comments of a file that begin with `policy-bot:`, in order, in time linear in the file's size."""
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
    """Yields all comments without recursion, since the author of the source controls the depth."""
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
    """The text after `policy-bot:`; None for any other comment."""
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
    """Whether a line has no code around the comment; JSX encloses comments in braces."""
    return not text.strip(b" \t\r{}")
