"""Regular expressions: only simple ones are run, whose matching takes linear time; others give unknown."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.conversions import text_of, why
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import UNDEFINED, Box, Closure, Known, Origin, RegExp, Unknown

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine

_ATOM = r"(?:\\[dDwWsSbB.*+?^${}()|\[\]\\/\-nrt]|\[\^?(?:\\.|[^\]\\])+\]|[^\\\[\](){}*+?|^$])"
_QUANTIFIER = r"(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})"
_SIMPLE = re.compile(rf"\^?(?:{_ATOM}{_QUANTIFIER}?|\||\((?:\?:)?|\))*\$?", re.DOTALL)
_GROUP_REPEATED = re.compile(r"\)[*+{]")
_PART = rf"(?:{_ATOM}\+?)+"
_OPTIONAL = re.compile(rf"\((?:\?:)?{_PART}(?:\|{_PART})*\)\?", re.DOTALL)
_CHOICE = re.compile(r"\\.|\[\^?(?:\\.|[^\]\\])+\]|([*+]|\{\d+,\d*\})|([?|])", re.DOTALL)
_COST = 2_000_000
_SOURCE = 200


def cost(source: str, length: int) -> int:
    """A bound on the steps that matching takes at worst: every way of every choice, from every start."""
    total = length + 1
    for choice in _CHOICE.finditer(source):
        if choice[1]:
            total *= length + 1
        elif choice[2]:
            total *= 2
        if total > _COST:
            break
    return total


def compiled(pattern: RegExp) -> re.Pattern[str] | None:
    """The pattern in Python's dialect; None where it is not simple: no repeated groups, no look-around, no
    references. A group may be left out, `(uction)?`, where it cannot match nothing.
    """
    source = pattern.source
    if len(source) > _SOURCE or set(pattern.flags) - set("gimu"):
        return None
    once = _OPTIONAL.sub("()", source)
    if not _SIMPLE.fullmatch(once) or _GROUP_REPEATED.search(once) or ")?" in once.replace("\\)", ""):
        return None
    flags = (
        re.ASCII
        | (re.IGNORECASE if "i" in pattern.flags else 0)
        | (re.MULTILINE if "m" in pattern.flags else 0)
    )
    end = "$" if "m" in pattern.flags else r"\\Z"
    try:
        return re.compile(re.sub(r"(?<!\\)\$(?=$|\||\))", end, source.replace("\\/", "/")), flags)
    except re.error:
        return None


def _ready(m: Machine, pattern: Any, text: str) -> re.Pattern[str] | None:
    if isinstance(pattern, str):
        return re.compile(re.escape(pattern))
    if not isinstance(pattern, RegExp):
        return None
    if len(pattern.source) > _SOURCE:
        return None
    worst = cost(pattern.source, len(text))
    if worst > _COST:
        return None
    m.spend(worst // 20)
    return compiled(pattern)


def split(m: Machine, pattern: RegExp, text: str) -> list[str] | None:
    """`text.split(/pattern/)`."""
    ready = _ready(m, pattern, text)
    if ready is None or ready.groups or ready.match(""):
        return None
    return ready.split(text)


def search(m: Machine, pattern: Any, text: str) -> int | None:
    """`text.search(/pattern/)`."""
    ready = _ready(m, pattern, text)
    if ready is None:
        return None
    found = ready.search(text)
    return -1 if found is None else found.start()


def match(m: Machine, pattern: Any, text: str) -> Any:
    """`text.match(/pattern/)`: null, or the groups; unknown for named groups and global patterns with
    none.
    """
    ready = _ready(m, pattern, text)
    if ready is None:
        return None
    if isinstance(pattern, RegExp) and "g" in pattern.flags:
        every = [found[0] for found in ready.finditer(text)]
        return every or _null()
    found = ready.search(text)
    if found is None:
        return _null()
    return [UNDEFINED if group is None else group for group in (found[0], *found.groups())]


class _Null:
    """Stands for JavaScript's null as a result, where None means unknown."""


def _null() -> Any:
    return _Null()


def replace(m: Machine, this: Known, pattern: Any, by: Box, everywhere: bool, node: Any) -> Box:
    """`text.replace(pattern, by)`, `by` a text or a function."""
    text: str = this.data
    if isinstance(pattern, RegExp):
        everywhere = "g" in pattern.flags
    ready = _ready(m, pattern, text) if isinstance(pattern, (RegExp, str)) else None
    if ready is None or not isinstance(by, Known):
        return Unknown(Why.REPLACEMENT() if isinstance(by, Known) else why(by), node)
    writer = _writer(m, by, node)
    if writer is None:
        return Unknown(Why.REPLACEMENT(), node)
    try:
        result = ready.sub(writer, text, count=0 if everywhere else 1)
    except _Undecided:
        return Unknown(Why.REPLACEMENT(), node)
    m.spend(len(result))
    return (
        Known(result, Origin(node, "replaced", this.origin))
        if len(result) <= m.limits.string
        else Unknown(Why.TEXT_TOO_LONG(), node)
    )


class _Undecided(Exception):
    """A replacement that cannot be seen."""


def _writer(m: Machine, by: Known, node: Any) -> Callable[[re.Match[str]], str] | None:
    if isinstance(by.data, Closure):
        from policy_bot.sst.interpreter.builtins.callbacks import call  # noqa: PLC0415 -- the two need each other

        def from_function(found: re.Match[str]) -> str:
            groups = [Known(UNDEFINED if group is None else group) for group in (found[0], *found.groups())]
            result = call(m, by, [*groups, Known(found.start())], node)
            text = text_of(result.data) if isinstance(result, Known) else None
            if text is None:
                raise _Undecided
            return text

        return from_function
    text = text_of(by.data)
    if text is None:
        return None
    return lambda found: _filled(text, found)


def _filled(text: str, found: re.Match[str]) -> str:
    def one(mark: re.Match[str]) -> str:
        sign = mark[1]
        if sign == "$":
            return "$"
        if sign == "&":
            return found[0]
        index = int(sign)
        return (found[index] or "") if 0 < index <= found.re.groups else mark[0]

    return re.sub(r"\$([$&]|\d)", one, text) if "$" in text else text


def _test(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    if not given or not isinstance(given[0], Known) or "g" in this.data.flags:
        return Unknown(why(given[0]) if given else Why.TEST_OF_NOTHING(), node)
    text = text_of(given[0].data)
    where = search(m, this.data, text) if text is not None else None
    return Unknown(Why.REGEXP_NOT_RUN(), node) if where is None else Known(where >= 0)


def _exec(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    if (
        not given
        or not isinstance(given[0], Known)
        or not isinstance(given[0].data, str)
        or "g" in this.data.flags
    ):
        return Unknown(Why.REGEXP_NOT_RUN(), node)
    from policy_bot.sst.interpreter.builtins.strings import METHODS as TEXT  # noqa: PLC0415 -- the two need each other

    return TEXT["match"](m, given[0], [this], node)


METHODS = {"test": _test, "exec": _exec}
NULL = _Null
