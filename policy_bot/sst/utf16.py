"""JavaScript's view of a string: a sequence of UTF-16 code units.

The interpreter holds a string as Python does, with one character for each code point; it has a lone surrogate
only if JavaScript has one. Code that counts, cuts or searches by index works on the *units* of a string, in
which a character beyond U+FFFF is its two surrogates: `units("😀a")` has three characters, and `joined`
reverses it.
"""

from __future__ import annotations

import re

from policy_bot.regex import regex

_BEYOND = regex("[\U00010000-\U0010ffff]")
_PAIR = regex("[\ud800-\udbff][\udc00-\udfff]")


def units(text: str) -> str:
    """The string with one character for each UTF-16 code unit."""
    return text if text.isascii() else _BEYOND.sub(_split, text)


def joined(text: str) -> str:
    """The string with one character for each code point, as the interpreter holds it."""
    return text if text.isascii() else _PAIR.sub(_join, text)


def length(text: str) -> int:
    """The number of UTF-16 code units."""
    return len(text) if text.isascii() else len(text) + sum(ch > "\uffff" for ch in text)


def ordinal(text: str) -> bytes:
    """A key that sorts texts as JavaScript's `<` does."""
    return text.encode("utf-16-be", "surrogatepass")


def _split(match: re.Match[str]) -> str:
    code = ord(match[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def _join(match: re.Match[str]) -> str:
    high, low = match[0][0], match[0][1]
    return chr(0x10000 + ((ord(high) - 0xD800) << 10) + (ord(low) - 0xDC00))
