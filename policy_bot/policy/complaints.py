"""Explains errors in expressions in plain words, because CEL's own messages name tokens and overloads."""

from __future__ import annotations

from policy_bot.policy import functions, paths
from policy_bot.policy.facts import meant
from policy_bot.policy.spelling import did_you_mean
from policy_bot.regex import regex

_PLACE = regex(r"<input>:(\d+):(\d+): (.*)")
_UNDECLARED = regex(r"undeclared reference to '([^']*)'")
_OVERLOAD = regex(r"found no matching overload for '([^']*)' applied to '\(?([^']*+)'")
_SYNTAX = regex(r"Syntax error: (?:mismatched input|extraneous input|token recognition error at:) '(.*?)'")
_STATUS = regex(r"\A[A-Z_]++: ")
_CODE = regex(r"[A-Z_]++\]")
_TYPES = {"int": "a number", "double": "a decimal number", "string": "a text", "bool": "true or false",
          "null": "null", "dyn": "an argument"}  # fmt: skip
_WORDS = {"and": "&&", "or": "||", "not": "!", "=": "==", "is": "=="}
_OF_SCRIPT = {"undefined": "null", "===": "==", "!==": "!="}


class ExpressionError(Exception):
    """An expression that does not compile; line and column count from 1 within its text, `hint` says how to
    fix it.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.hint = message, line, column, hint


def explained(raw: str, text: str, subject: str, parameters: tuple[tuple[str, str], ...]) -> ExpressionError:
    """Explains the library's error about an expression that does not compile."""
    found = _PLACE.search(raw)
    if found is None:
        return ExpressionError(words(raw), hint="Write a shorter expression.")
    line, what = int(found[1]), found[3].replace(" (in container '')", "")
    column = paths.column_before((*paths.for_cel(text).split("\n"), "")[line - 1], int(found[2]))
    undeclared = _UNDECLARED.search(what)
    if undeclared is None:
        return _described(text, line, column, what)
    name = undeclared[1]
    if text.split("\n")[line - 1][column - 1 : column] == "(":  # a call; its name is in front
        what, hint = functions.unknown(name)
        return ExpressionError(what, line, column - len(name), hint)
    if name == "parameters" or name.startswith("parameters."):
        name = name.partition(".")[2]
        hint = did_you_mean(name, [each for each, _ in parameters], "parameters.")
        what = f"the policy declares no parameter `{name}`"
        return ExpressionError(what, line, column, hint or "Declare it under `parameters`.")
    hint = "Write `null`." if name == "undefined" else meant(name, subject, parameters)
    return ExpressionError(f"a {subject} has no fact `{name}`", line, column, hint)


def place(text: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def words(raw: str) -> str:
    """The library's error without its status code and source excerpt."""
    text = _STATUS.sub("", raw.partition("\n")[0])
    head, _, code = text.rpartition("[")
    return head.rstrip() if text.endswith("]") and _CODE.fullmatch(code) else text


def _described(text: str, line: int, column: int, what: str) -> ExpressionError:
    """Explains any error other than an undeclared name."""
    what = what.replace(" [INVALID_ARGUMENT]", "")
    overload = _OVERLOAD.search(what)
    if overload is not None:
        message, hint = _mistyped(overload[1], overload[2].removesuffix(")"))
        return ExpressionError(message, line, column, hint)
    found = _SYNTAX.match(what)
    if found is None:
        return ExpressionError(what.replace("'<EOF>'", "the end"), line, column)
    if found[1] == "<EOF>":
        return ExpressionError("the expression ends too early", line, column)
    row = (*text.split("\n"), "")[line - 1]
    word = _meant(row, column, found[1].strip())
    hint = f"Write `{(_WORDS | _OF_SCRIPT)[word.lower()]}`." if word else ""
    what = f"`{word or found[1].strip()}` is not allowed here"
    return ExpressionError(what, line, column - _back(row, column, word), hint)


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
