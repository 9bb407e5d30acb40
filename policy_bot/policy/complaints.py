"""Explains errors in expressions in plain words, because CEL's own messages name tokens and overloads."""

from __future__ import annotations

import re
from typing import NamedTuple

from policy_bot.policy import functions

_PLACE = re.compile(r"<input>:(\d+):(\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']*)' applied to '\(?([^']*+)'")
_SYNTAX = re.compile(
    r"Syntax error: (?:mismatched input|extraneous input|token recognition error at:) '(.*?)'"
)
_TYPES = {"int": "a number", "double": "a decimal number", "string": "a text", "bool": "true or false",
          "null": "null", "dyn": "an argument"}  # fmt: skip
_WORDS = {"and": "&&", "or": "||", "not": "!", "=": "==", "is": "=="}
_OF_SCRIPT = {"undefined": "null", "===": "==", "!==": "!="}


class Complaint(NamedTuple):
    """An error in an expression: what is wrong, at which line and column, and how to fix it."""

    message: str
    line: int = 1
    column: int = 1
    hint: str = ""


def place(raw: str) -> tuple[int, int, str] | None:
    """Splits CEL's message into line, column and text."""
    found = _PLACE.search(raw)
    if found is None:
        return None
    return int(found[1]), int(found[2]), found[3].replace(" (in container '')", "")


def described(text: str, line: int, column: int, what: str) -> Complaint:
    """Explains any error other than an undeclared name."""
    what = what.replace(" [INVALID_ARGUMENT]", "")
    overload = _OVERLOAD.search(what)
    if overload is not None:
        message, hint = _mistyped(overload[1], overload[2].removesuffix(")"))
        return Complaint(message, line, column, hint)
    found = _SYNTAX.match(what)
    if found is None:
        return Complaint(what.replace("'<EOF>'", "the end"), line, column)
    if found[1] == "<EOF>":
        return Complaint("the expression ends too early", line, column)
    row = (*text.split("\n"), "")[line - 1]
    word = _meant(row, column, found[1].strip())
    hint = f"Write `{(_WORDS | _OF_SCRIPT)[word.lower()]}`." if word else ""
    what = f"`{word or found[1].strip()}` is not allowed here"
    return Complaint(what, line, column - _back(row, column, word), hint)


def _meant(row: str, column: int, token: str) -> str:
    """The word of another language at which the parser stopped, or just before; "" if there is none."""
    for word in ("===", "!=="):
        if word in row[max(0, column - 4) : column + 2]:
            return word
    if token.lower() in _WORDS:
        return token
    before = row[: column - 1].split()
    return before[-1] if before and before[-1].lower() == "not" else ""


def _back(row: str, column: int, word: str) -> int:
    """How far before the column the word begins."""
    if not word or row.startswith(word, column - 1):
        return 0
    return max(0, column - 1 - row.rfind(word, 0, column + 2))


def undeclared(what: str) -> str | None:
    """The undeclared name, if that is the error."""
    found = _UNDECLARED.search(what)
    return found[1] if found is not None else None


def called(name: str, line: int, column: int) -> Complaint:
    """Finds a call of an unknown function; the library reports the position of its bracket."""
    what, hint = functions.unknown(name)
    return Complaint(what, line, column - len(name), hint)


def _mistyped(function: str, types: str) -> tuple[str, str]:
    given = [_type(each) for each in _split(types)]
    operator = function.strip("_@").replace("_", " ") if not function[0].isalpha() else function
    if function == "_?_:_":
        hint = "Compare it, as in `timeout > 60 ? ... : ...`."
        return "the condition before `?` must be true or false", hint
    if len(given) == 1:
        return f"`{operator}` cannot take {given[0]}", "Compare it first." if operator == "!" else ""
    hint = ""
    if {"a number", "a decimal number"} == set(given):
        hint = "Write the number without a decimal point."
    elif operator in ("==", "!=", "<", "<=", ">", ">="):
        hint = "Compare values of the same type: strings are quoted, numbers are not."
    elif operator in ("&&", "||"):
        hint = "Both sides must be true or false."
    return f"`{operator}` cannot take {' and '.join(given)}", hint


def _split(types: str) -> list[str]:
    parts, depth = [""], 0
    for char in types:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [each.strip() for each in parts if each.strip()]


def _type(name: str) -> str:
    if name.startswith("list"):
        return "a list"
    return "an object" if name.startswith("map") else _TYPES.get(name, name)
