"""The functions that an expression may call, and a check for calls that are not allowed.

Of CEL's string extension only functions are offered whose result is never longer than their input. `replace`
and `join` multiply: three of them make gigabytes from a short rule. `split` makes a list with an item per
character, ten thousand times in a comprehension.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_bot.policy.spelling import did_you_mean
from policy_bot.regex import regex

OFFERED = {
    "size": "length of a string or a list",
    "contains": "`text.contains(part)`",
    "startsWith": "`text.startsWith(part)`",
    "endsWith": "`text.endsWith(part)`",
    "matches": "`text.matches(pattern)`: a regular expression (RE2's syntax) fits anywhere in the text; `^`"
    " and `$` bind it to its ends",
    "substring": "`text.substring(from)`, `text.substring(from, to)`, from 0, without `to`",
    "indexOf": "`text.indexOf(part)`, `text.indexOf(part, from)`; -1 if it does not occur",
    "lastIndexOf": "the same from the end",
    "charAt": "`text.charAt(index)`",
    "lowerAscii": "`text.lowerAscii()`",
    "upperAscii": "`text.upperAscii()`",
    "trim": "`text.trim()`: without blanks at both ends",
    "int": "`int(text)`: a number from a string; *cannot tell* if it is not a number",
    "double": "`double(number)`",
    "string": "`string(number)`",
    "exists": "`list.exists(x, condition)`: true for at least one item",
    "exists_one": "`list.exists_one(x, condition)`: true for exactly one item",
    "all": "`list.all(x, condition)`: true for every item (and for an empty list)",
    "filter": "`list.filter(x, condition)`: the items for which it is true",
    "map": "`list.map(x, expression)`: the result of the expression for each item",
}
"""The functions that the authors' guide lists, each with its use."""

_CUTTING = frozenset({"substring", "indexOf", "lastIndexOf", "charAt", "lowerAscii", "upperAscii", "trim"})
_WORD = regex(r"\b(?:" + "|".join(sorted(_CUTTING)) + r")\b")
_REFUSED = ("replace", "split", "join")
_CALLED = regex(rb"\x1a.(?:string|list)_(" + "|".join(_REFUSED).encode() + rb")", re.DOTALL)
# The closing quote may be missing: otherwise the search would restart at each quote of an unterminated
# string.
_LITERAL = r"[rR]?(?:\"(?:\\.|[^\"\\])*+\"?|'(?:\\.|[^'\\])*+'?)"
_PATTERN = regex(rf"\bmatches\s*+\(\s*+(?:[\w.]++\s*+,\s*+)?({_LITERAL})\s*+\)|{_LITERAL}")


def cuts_text(text: str) -> bool:
    """Whether an expression may call functions of the string extension; otherwise it need not be loaded."""
    return _WORD.search(text) is not None


def unknown(name: str) -> tuple[str, str]:
    """Explains an unknown function, and how to fix it."""
    hint = did_you_mean(name, OFFERED) or f"There are: {', '.join(OFFERED)}."
    return f"there is no function `{name}` here", hint


def refused(text: str, program: bytes) -> Iterator[tuple[str, int]]:
    """Functions of the extension that are not offered and that a serialised program calls, each with the
    offset of its call.
    """
    for name in dict.fromkeys(found.decode() for found in _CALLED.findall(program)):
        place = re.search(rf"\b{name}\s*\(", text)
        yield name, place.start() if place else 0


def patterns(text: str) -> Iterator[tuple[str, int]]:
    """The literals that an expression uses as regular expressions, each with its offset."""
    for literal in _PATTERN.finditer(text):
        if literal[1]:
            yield literal[1], literal.start(1)
