"""Methods of strings. Positions and lengths are in UTF-16 code units."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable

from policy_bot.sst.atoms import UNDEFINED, Primitive, RegExp
from policy_bot.sst.heap import Data
from policy_bot.sst.interpreter.builtins import regexps
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, integer, number, position, text
from policy_bot.sst.interpreter.builtins.table import ANY, Builtin, Operation, methods, on_units, pure
from policy_bot.sst.interpreter.callables import Method
from policy_bot.sst.interpreter.conversions import SPACE
from policy_bot.sst.interpreter.errors import throw
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.operators import stage_seen
from policy_bot.sst.utf16 import joined
from policy_bot.sst.values import AbstractValue, Known, Placed

_MOST_PARTS = 2**32


def _slice(m: Machine, this: str, start: Data = UNDEFINED, end: Data = UNDEFINED) -> str:
    return this[position(start, len(this)) : position(end, len(this), len(this))]


def _substring(m: Machine, this: str, start: Data = UNDEFINED, end: Data = UNDEFINED) -> str:
    low, high = max(0, integer(start)), max(0, integer(end, len(this)))
    return this[min(low, high) : max(low, high)]


def _substr(m: Machine, this: str, start: Data = UNDEFINED, count: Data = UNDEFINED) -> str:
    low = position(start, len(this))
    return this[low : low + max(0, integer(count, len(this)))]


def _split(m: Machine, this: str, separator: Data = UNDEFINED, limit: Data = UNDEFINED) -> list[str]:
    most = _MOST_PARTS if limit is UNDEFINED else integer(limit) % _MOST_PARTS
    if separator is UNDEFINED:
        parts = [this]
    elif isinstance(separator, RegExp):
        parts = regexps.split(m, separator, this)
    else:
        by = text(separator)
        parts = this.split(by) if by else list(this)
    return parts[:most]


def _padding(m: Machine, this: str, length: Data, fill: Data) -> str:
    by = " " if fill is UNDEFINED else text(fill)
    missing = integer(length) - len(this)
    if missing <= 0 or not by:
        return ""
    if missing > m.limits.string:
        raise Undetermined
    return (by * (missing // len(by) + 1))[:missing]


def _pad_start(m: Machine, this: str, length: Data = UNDEFINED, fill: Data = UNDEFINED) -> str:
    return _padding(m, this, length, fill) + this


def _pad_end(m: Machine, this: str, length: Data = UNDEFINED, fill: Data = UNDEFINED) -> str:
    return this + _padding(m, this, length, fill)


def _repeat(m: Machine, this: str, count: Data = UNDEFINED) -> str:
    times = integer(count)
    if times < 0 or times >= 2**53:
        throw("RangeError", None)
    if times * len(this) > m.limits.string:
        raise Undetermined
    return this * times


def _concat(m: Machine, this: str, *others: Data) -> str:
    return this + "".join(text(other) for other in others)


def _wanted(part: Data) -> str:
    if isinstance(part, RegExp):
        throw("TypeError", None)
    return text(part)


def _starts(m: Machine, this: str, start: Data = UNDEFINED, at: Data = UNDEFINED) -> bool:
    return this.startswith(_wanted(start), min(max(0, integer(at)), len(this)))


def _ends(m: Machine, this: str, end: Data = UNDEFINED, at: Data = UNDEFINED) -> bool:
    return this[: max(0, integer(at, len(this)))].endswith(_wanted(end))


def _includes(m: Machine, this: str, part: Data = UNDEFINED, at: Data = UNDEFINED) -> bool:
    return _wanted(part) in this[max(0, integer(at)) :]


def _index_of(m: Machine, this: str, part: Data = UNDEFINED, at: Data = UNDEFINED) -> int:
    return this.find(text(part), min(max(0, integer(at)), len(this)))


def _last_index_of(m: Machine, this: str, part: Data = UNDEFINED, at: Data = UNDEFINED) -> int:
    wanted = text(part)
    start = math.nan if at is UNDEFINED else number(at)
    last = len(this) if math.isnan(start) else min(max(0, integer(start)), len(this))
    return this.rfind(wanted, 0, last + len(wanted))


def _char_at(m: Machine, this: str, index: Data = UNDEFINED) -> str:
    at = integer(index)
    return this[at] if 0 <= at < len(this) else ""


def _code_at(m: Machine, this: str, index: Data = UNDEFINED) -> int | float:
    at = integer(index)
    return ord(this[at]) if 0 <= at < len(this) else math.nan


def _code_point_at(m: Machine, this: str, index: Data = UNDEFINED) -> Primitive:
    at = integer(index)
    return ord(joined(this[at : at + 2])[0]) if 0 <= at < len(this) else UNDEFINED


def _at(m: Machine, this: str, index: Data = UNDEFINED) -> Primitive:
    at = integer(index)
    return this[at] if -len(this) <= at < len(this) else UNDEFINED


def _compare(m: Machine, this: str, other: Data = UNDEFINED) -> int:
    """Compares by letters first, lower case before upper case, as the Unicode collation orders ASCII letters
    and digits; undecided for other characters.
    """
    that = text(other)
    if this == that:
        return 0
    if not (this.isascii() and that.isascii() and this.isalnum() and that.isalnum()):
        raise Undetermined
    a, b = (this.lower(), this.swapcase()), (that.lower(), that.swapcase())
    return (a > b) - (a < b)


def _normalize(m: Machine, this: str, form: Data = UNDEFINED) -> str:
    wanted = "NFC" if form is UNDEFINED else text(form)
    if wanted not in {"NFC", "NFD", "NFKC", "NFKD"}:
        throw("RangeError", None)
    _check_assigned(this)
    return unicodedata.normalize(wanted, this)  # type: ignore[arg-type]


def _lower(m: Machine, this: str) -> str:
    _check_assigned(this)
    return this.lower()


def _upper(m: Machine, this: str) -> str:
    _check_assigned(this)
    return this.upper()


def _check_assigned(this: str) -> None:
    """Raises `Undetermined` for an unassigned character: Node's Unicode may be newer than Python's, and only
    the case mapping of assigned characters is fixed.
    """
    if not this.isascii() and any(unicodedata.category(ch) == "Cn" for ch in this):
        raise Undetermined


def _itself(m: Machine, this: str) -> str:
    return this


def _is_well_formed(m: Machine, this: str) -> bool:
    return not any("\ud800" <= ch <= "\udfff" for ch in joined(this))


def _noting_stage(operation: Operation) -> Method:
    """Makes `startsWith` and so on note the string that a stage's name is tested for, as a stage to read."""
    inner = on_units(operation)

    def method(m: Machine, this: Known, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        if given and isinstance(given[0], Known) and isinstance(given[0].data, str):
            tested = str(given[0].data)
            stage_seen(m, this.data, tested + "1" if tested.endswith("-") else tested)
        return inner(m, this, given, node)

    return method


def _replacing(everywhere: bool) -> Method:
    def method(m: Machine, this: Known, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        return regexps.replace(m, this, given, everywhere, node)

    return method


def _trim(how: Callable[[str, str], str]) -> Operation:
    return lambda m, this: how(this, SPACE)


_ROWS = [
    Builtin("slice", on_units(_slice), 2),
    Builtin("substring", on_units(_substring), 2),
    Builtin("substr", on_units(_substr), 2),
    Builtin("split", on_units(_split), 2),
    Builtin("trim", pure(_trim(str.strip))),
    Builtin("trimStart", pure(_trim(str.lstrip))),
    Builtin("trimLeft", pure(_trim(str.lstrip))),
    Builtin("trimEnd", pure(_trim(str.rstrip))),
    Builtin("trimRight", pure(_trim(str.rstrip))),
    Builtin("toLowerCase", pure(_lower)),
    Builtin("toUpperCase", pure(_upper)),
    Builtin("toLocaleLowerCase", pure(_lower), 0, 1),
    Builtin("toLocaleUpperCase", pure(_upper), 0, 1),
    Builtin("toString", pure(_itself)),
    Builtin("valueOf", pure(_itself)),
    Builtin("startsWith", _noting_stage(_starts), 2),
    Builtin("endsWith", _noting_stage(_ends), 2),
    Builtin("includes", _noting_stage(_includes), 2),
    Builtin("indexOf", on_units(_index_of), 2),
    Builtin("lastIndexOf", on_units(_last_index_of), 2),
    Builtin("charAt", on_units(_char_at), 1),
    Builtin("charCodeAt", on_units(_code_at), 1),
    Builtin("codePointAt", on_units(_code_point_at), 1),
    Builtin("at", on_units(_at), 1),
    Builtin("padStart", on_units(_pad_start), 2),
    Builtin("padEnd", on_units(_pad_end), 2),
    Builtin("repeat", pure(_repeat), 1),
    Builtin("concat", pure(_concat), ANY),
    Builtin("localeCompare", pure(_compare), 1, 3),
    Builtin("normalize", pure(_normalize), 1),
    Builtin("isWellFormed", pure(_is_well_formed)),
    Builtin("replace", _replacing(everywhere=False), 2),
    Builtin("replaceAll", _replacing(everywhere=True), 2),
    Builtin("match", on_units(regexps.match), 1),
    Builtin("matchAll", on_units(regexps.match_all), 1),
    Builtin("search", on_units(regexps.search), 1),
]
METHODS = methods("String", _ROWS)
