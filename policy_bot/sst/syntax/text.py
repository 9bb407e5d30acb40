"""Values of literals: escapes in strings, forms of numbers."""

from __future__ import annotations

import re

from policy_bot.regex import regex
from policy_bot.sst.utf16 import joined

_SIMPLE = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "\0",
    "\n": "",
    "\r\n": "",
    "\u2028": "",
    "\u2029": "",
}
_ESCAPE = regex(r"\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)


def unescape(text: str) -> str:
    """The string that a literal's text, without quotes, denotes."""
    if "\\" not in text:
        return text
    return joined(_ESCAPE.sub(_escape, text))


def _escape(match: re.Match[str]) -> str:
    text = match[1]
    if len(text) > 2 and text[0] in "ux":
        code = int(text[1:].strip("{}"), 16)
        return chr(code) if code < 0x110000 else "\ufffd"
    return _SIMPLE.get(text, text)


def number(text: str) -> int | float | None:
    """The number that a literal denotes; None if unsupported (BigInt)."""
    text = text.replace("_", "")
    if len(text) > 400 or text.endswith("n"):
        return None
    try:
        if text[:2].lower() in {"0x", "0o", "0b"}:
            return exact(int(text, 0))
        if text.isdecimal():
            return (
                exact(int(text, 8))
                if len(text) > 1 and text[0] == "0" and not set(text) & {"8", "9"}
                else exact(int(text))
            )
        value = float(text)
    except ValueError:
        return None
    return exact(value)


def exact(value: int | float) -> int | float:
    """Represents a JavaScript number: an int if it is an integer that a double holds exactly, else a
    float.
    """
    if isinstance(value, int):
        return value if -(2**53) <= value <= 2**53 else _wide(value)
    if value.is_integer() and abs(value) <= 2**53 and not (value == 0 and str(value)[0] == "-"):
        return int(value)
    return value


def _wide(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
