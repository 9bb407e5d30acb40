"""Edits object literals in source bytes: removes a key, sets it, adds it.

Everything else stays byte for byte: comments, line endings, indentation, quotes. This module does not know
what the edits mean; a wrong guess (a slash that opens a regular expression, say) gives text that the proof in
`fixes` rejects.
"""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.policy.finding import Edit
from policy_bot.record import dataclass
from policy_bot.sst.deployment import Place
from policy_bot.sst.span import Span

_BLANK = b" \t"


def removal(source: bytes, place: Place) -> Edit:
    """Removes a `key: value` pair, with its line and the comment at its end if it is alone on the line."""
    pair = place.pair
    start, end = pair.start, _past(source, pair.end, _BLANK)
    has_comma = source[end : end + 1] == b","
    end = end + 1 if has_comma else pair.end
    line_start = source.rfind(b"\n", 0, start) + 1
    rest = _past_comment(source, _past(source, end, _BLANK))
    if not source[line_start:start].strip() and source[rest : rest + 1] in (b"\n", b"\r", b""):
        newline = source.find(b"\n", rest)
        return Edit(pair.path, line_start, len(source) if newline < 0 else newline + 1, "")
    if has_comma:
        return Edit(pair.path, start, _past(source, end, _BLANK), "")
    before = len(source[:start].rstrip())
    if source[before - 1 : before] == b",":
        return Edit(pair.path, before - 1, pair.end, "")
    return Edit(pair.path, start, _past(source, pair.end, _BLANK), "")


def replacement(source: bytes, key: str, place: Place, text: str) -> Edit:
    """Changes the value of a key, or of an argument of a call. A shorthand (`{ timeout }`) becomes a pair."""
    name = key.rpartition(".")[2]
    if place.pair == place.value and source[place.value.start : place.value.end] == name.encode():
        text = f"{name}: {text}"
    return Edit(place.value.path, place.value.start, place.value.end, text)


@dataclass(frozen=True, slots=True)
class Addition:
    """A key to add to an object literal."""

    key: str
    text: str


def insertion(source: bytes, literal: Span, additions: Sequence[Addition]) -> list[Edit]:
    """Adds keys at the end of an object literal, in the style of the existing ones."""
    pairs = [f"{each.key}: {each.text}" for each in additions]
    last = _last_token(source, literal.start, literal.end - 1)
    closing = literal.end - 1
    separated = source[last : last + 1] in (b",", b"{")
    if b"\n" not in source[last:closing]:
        return [_inline(literal, source, last, closing, pairs)]
    newline = source.find(b"\n", last)
    line_end = newline - 1 if source[newline - 1 : newline] == b"\r" else newline
    breaks = source[line_end : newline + 1].decode()
    indent = _indent(source, literal)
    trailing = "," if separated else ""
    text = "".join(f"{breaks}{indent}{pair}," for pair in pairs)
    text = text if trailing else text[:-1]
    if separated:
        return [Edit(literal.path, line_end, line_end, text)]
    if last + 1 == line_end:
        return [Edit(literal.path, line_end, line_end, "," + text)]
    return [Edit(literal.path, last + 1, last + 1, ","), Edit(literal.path, line_end, line_end, text)]


def _inline(literal: Span, source: bytes, last: int, closing: int, pairs: list[str]) -> Edit:
    joined = ", ".join(pairs)
    if source[last : last + 1] == b"{" and not source[last + 1 : closing].strip():
        return Edit(literal.path, last + 1, closing, f" {joined} ")
    if source[last : last + 1] == b"{":
        return Edit(literal.path, last + 1, last + 1, f" {joined},")
    text = f" {joined}" if source[last : last + 1] == b"," else f", {joined}"
    return Edit(literal.path, last + 1, last + 1, text)


def _indent(source: bytes, literal: Span) -> str:
    """The indentation of the literal's first property, or two blanks more than that of its own line."""
    newline = source.find(b"\n", literal.start, literal.end)
    body = source[newline + 1 : literal.end] if newline >= 0 else b""
    for line in body.split(b"\n")[:-1]:
        if line.strip():
            return line[: len(line) - len(line.lstrip(_BLANK))].decode()
    line_start = source.rfind(b"\n", 0, literal.start) + 1
    return " " * (_past(source, line_start, _BLANK) - line_start + 2)


def _past(source: bytes, at: int, skipped: bytes) -> int:
    while at < len(source) and source[at] in skipped:
        at += 1
    return at


def _past_comment(source: bytes, at: int) -> int:
    """The end of a comment that fills the rest of the line from `at`; `at` if there is none."""
    end = source.find(b"\n", at)
    end = len(source) if end < 0 else end
    rest = source[at:end].rstrip()
    if rest.startswith(b"//") or (rest.startswith(b"/*") and rest.endswith(b"*/") and rest.count(b"*/") == 1):
        return at + len(rest)
    return at


def _last_token(source: bytes, start: int, end: int) -> int:
    """The offset of the last byte in `start:end` that is neither blank nor in a comment."""
    at = last = start
    while at < end:
        two = source[at : at + 2]
        if two in (b"//", b"/*"):
            closing = source.find(b"\n" if two == b"//" else b"*/", at + 2, end)
            at = end if closing < 0 else closing + (1 if two == b"//" else 2)
        elif source[at : at + 1] in (b'"', b"'", b"`"):
            at = last = _string_end(source, at, end)
            at += 1
        else:
            if not source[at : at + 1].isspace():
                last = at
            at += 1
    return last


def _string_end(source: bytes, start: int, end: int) -> int:
    """The offset of the quote that ends the string that begins at `start`."""
    quote, at = source[start], start + 1
    while at < end and source[at] != quote:
        at += 2 if source[at] == ord("\\") else 1
    return min(at, end - 1)


def blanked(source: bytes, removals: Sequence[Edit]) -> bytes:
    """The source with the text to be removed blanked out, so that nothing is added inside it."""
    for edit in removals:
        source = source[: edit.start] + b" " * (edit.end - edit.start) + source[edit.end :]
    return source


def apply(source: bytes, edits: Sequence[Edit]) -> bytes | None:
    """The source with all edits applied; None if two of them overlap."""
    result, at = bytearray(), 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at:
            return None
        result += source[at : edit.start] + edit.text.encode()
        at = edit.end
    return bytes(result + source[at:])
