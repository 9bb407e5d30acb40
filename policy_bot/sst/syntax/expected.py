"""Describes a syntax error: the token that does not fit, and what was expected instead."""

from __future__ import annotations

import re

from policy_bot.regex import regex
from policy_bot.sst.syntax.lowering import Language, Tree
from policy_bot.sst.syntax.recovery import WORDS

_TOKEN = regex("[^\\s`\ufffd]{1,20}")
_CLOSERS = {b"(": ")", b"[": "]", b"{": "}"}
_OPERATORS = {"=", "=>", "+", "-", "*", "/", "==", "===", "!=", "!==", "<", ">", "&&", "||", "??", "."}
_LEAVES = 20_000  # siblings searched for the token before an error


def described(tree: Tree, data: bytes, language: Language) -> str:
    """Describes a damaged node; "" if there is nothing helpful to say."""
    if tree.is_missing:
        if tree.is_named:
            return f"{tree.type.replace('_', ' ')} expected"
        return f"`{tree.type}` is missing here or before"
    text = data[tree.start_byte : tree.end_byte].decode("utf-8", "replace")
    if text in _OPERATORS and len(text) < len(data):
        return f"an expression is expected after `{text}`"
    if not (_TOKEN.fullmatch(text) and text.isprintable()):
        first = re.match(r"[\w$]{1,20}(?=\W)", text)
        if first and tree.start_byte and not _unclosed(data[tree.start_byte : tree.end_byte]):
            return _misfit(first[0], tree, data, language)
        closer = _unclosed(data[: tree.end_byte])
        return f"`{closer[1]}` is expected: `{closer[0]}` in line {closer[2]} is not closed" if closer else ""
    return _misfit(text, tree, data, language)


def _misfit(token: str, tree: Tree, data: bytes, language: Language) -> str:
    wanted = _expected(tree, data, language)
    return f"`{token}` does not fit here" + (f"; {wanted} is expected" if wanted else "")


def _unclosed(before: bytes) -> tuple[str, str, int] | None:
    """The innermost open bracket at the end of a source, its closing bracket, and its line."""
    open_: list[tuple[bytes, int]] = []
    for found in WORDS.finditer(before):
        word = found[0]
        if word in _CLOSERS:
            open_.append((word, found.start()))
        elif word in b")]}" and open_:
            open_.pop()
    if not open_:
        return None
    bracket, at = open_[-1]
    return bracket.decode(), _CLOSERS[bracket], before.count(b"\n", 0, at) + 1


def _expected(tree: Tree, data: bytes, language: Language) -> str:
    """The separators and closing brackets that the grammar accepts after the previous token."""
    before = _token_before(tree)
    names = set() if before is None else set(language.lookahead_iterator(before.next_parse_state).names())
    bracket = _unclosed(data[: tree.start_byte])
    marks = [",", bracket[1]] if bracket else [";"]
    found = [f"`{mark}`" for mark in dict.fromkeys(marks) if mark in names]
    if not found and "identifier" in names:
        return "a name"
    return " or ".join(found)


def _token_before(tree: Tree) -> Tree | None:
    """The last token before a node, within its statement."""
    above = tree.parent
    found: Tree | None = None
    while above is not None and found is None:
        for child in above.children[:_LEAVES]:
            if child.end_byte > tree.start_byte or child.start_byte == child.end_byte:
                break
            found = child
        above = above.parent
    while found is not None and found.children:
        found = found.children[-1]
    return found
