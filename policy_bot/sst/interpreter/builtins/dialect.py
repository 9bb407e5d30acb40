"""JavaScript's regular expressions in Python's dialect, for those that mean the same in both.

Understood are characters, escapes, classes, `^ $ . |`, greedy quantifiers after a single atom, and groups
that are not repeated (`(uction)?` is: it cannot match nothing). Everything else is undecided: back
references, look-around, named groups, flags but `g i m u`.
"""

from __future__ import annotations

import itertools
import re

from policy_bot.regex import regex
from policy_bot.sst.atoms import RegExp
from policy_bot.sst.interpreter.builtins.arguments import Undetermined
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.reasons import Why
from policy_bot.sst.utf16 import units
from policy_bot.sst.values import Unknown

_ESCAPED = r"\\[dDwWsS.*+?^${}()|\[\]\\/\-nrt]"
_ATOM = rf"(?:{_ESCAPED}|\\[bB]|\[\^?(?:{_ESCAPED}|[^\]\\])+\]|[^\\\[\](){{}}*+?|^$])"
_QUANTIFIER = r"(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})"
_SIMPLE = regex(rf"(?:{_ATOM}{_QUANTIFIER}?|\^|\$|\||\((?:\?:)?|\))*", re.DOTALL)
_GROUP_REPEATED = regex(r"\)[*+{]")
_PART = rf"(?:{_ATOM}\+?)+"
_OPTIONAL = regex(rf"\((?:\?:)?{_PART}(?:\|{_PART})*\)\?", re.DOTALL)
_CHOICE = regex(r"\\.|\[\^?(?:\\.|[^\]\\])+\]|([*+]|\{\d+,\d*\})|([?|])", re.DOTALL)
_ESCAPE = r"\\.|\[\^?(?:\\.|[^\]\\])+\]"
_ESCAPE_OR_CLASS = regex(_ESCAPE, re.DOTALL)
_TOKEN = regex(rf"{_ESCAPE}|.", re.DOTALL)
_COST = 2_000_000
_SOURCE = 200
_LINES = "\n\r\u2028\u2029"
_SPACES = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def not_run() -> Undetermined:
    """The reason for a regular expression that is not run."""
    return Undetermined(Unknown(Why.UNSUPPORTED_REGEXP()))


def translated(m: Machine, pattern: RegExp, subject: str) -> re.Pattern[str]:
    """Translates a pattern to Python's dialect, for matching this string (in UTF-16 code units)."""
    if len(pattern.source) > _SOURCE:
        raise not_run()
    worst = cost(pattern.source, len(subject))
    if worst > _COST:
        raise not_run()
    m.allocate(worst // 20)
    flags = set(pattern.flags)
    plain = subject.isascii() and pattern.source.isascii()
    if flags - set("gimu") or (not plain and flags & set("iu")):
        raise not_run()  # the case of other letters, and code points, are JavaScript's own
    if "m" in flags and any(line in subject for line in _LINES[1:]):
        raise not_run()
    return compiled(units(pattern.source), "i" in flags, "m" in flags)


def cost(source: str, length: int) -> int:
    """An upper bound on the steps of matching: every path through every alternative, from every start."""
    total = length + 1
    for choice in _CHOICE.finditer(source):
        if choice[1]:
            total *= length + 1
        elif choice[2]:
            total *= 2
        if total > _COST:
            break
    return total


def compiled(source: str, ignore_case: bool, lines: bool) -> re.Pattern[str]:
    """A simple pattern, compiled."""
    once = _OPTIONAL.sub("()", source)
    bare = _ESCAPE_OR_CLASS.sub("a", once)
    if not _SIMPLE.fullmatch(once) or _GROUP_REPEATED.search(bare) or ")?" in bare:
        raise not_run()
    flags = re.ASCII | (re.IGNORECASE if ignore_case else 0) | (re.MULTILINE if lines else 0)
    end = "$" if lines else r"\Z"
    text = "".join(_translate(part, end) for part in _TOKEN.findall(source))
    try:
        return re.compile(text, flags)
    except (re.error, OverflowError):
        raise not_run() from None


def _translate(part: str, end: str) -> str:
    if part == "$":
        return end
    if part == ".":
        return f"[^{_LINES}]"
    if part[0] == "[" and len(part) > 1:
        return _class(part)
    return {r"\s": f"[{_SPACES}]", r"\S": f"[^{_SPACES}]", r"\/": "/", r"\-": "-"}.get(part, part)


def _class(source: str) -> str:
    """A character class, with escapes for characters that Python would read as set operations."""
    start = 2 if source[1] == "^" else 1
    parts = re.findall(r"\\.|.", source[start:-1], re.DOTALL)
    if r"\S" in parts or any("-" in pair and _is_range_of_classes(pair) for pair in _neighbours(parts)):
        raise not_run()
    last = len(parts) - 1
    inner = [r"\-" if part == "-" and at in {0, last} else _in_class(part) for at, part in enumerate(parts)]
    return f"[{source[1:start]}{''.join(inner)}]"


def _neighbours(parts: list[str]) -> list[tuple[str, str]]:
    return list(itertools.pairwise(parts))


def _is_range_of_classes(pair: tuple[str, str]) -> bool:
    """Whether a hyphen is next to another, or to a class such as `\\d`, which ends no range."""
    return pair == ("-", "-") or any(part[0] == "\\" and part[1] in "dDwWsS" for part in pair)


def _in_class(part: str) -> str:
    if part in {r"\s", r"\/"}:
        return _SPACES if part == r"\s" else "/"
    return "\\" + part if part in {"[", "&", "~", "|"} else part
