"""Methods of strings and numbers."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.branches import join
from policy_bot.sst.interpreter.builtins import patterns
from policy_bot.sst.interpreter.conversions import number_of, number_text, text_of, why
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.operators import stage_seen
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import UNDEFINED, Arr, Box, Known, OneOf, Origin, RegExp, StageName, Unknown

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine

Method = Callable[["Machine", Known, list[Box], Any], Box]
Plain = Any  # a plain function, of which the number of parameters is read


CO_VARARGS = 0x04  # of the code object: the function takes any number


def plain(operation: Plain) -> Method:
    """A method whose arguments are plain known values; its None is unknown. Several choices are tried
    each.
    """

    code = operation.__code__  # what a method is given too much is left, as JavaScript does
    taken = None if code.co_flags & CO_VARARGS else code.co_argcount - 2

    def method(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
        given = given[:taken]
        for at, box in enumerate(given):
            if isinstance(box, Unknown):
                return box
            if isinstance(box, OneOf):
                tried = [
                    method(m, this, [*given[:at], choice, *given[at + 1 :]], node) for choice in box.choices
                ]
                return join(m, tried, box.reason)
        result = operation(m, this.data, *[box.data for box in given])  # type: ignore[union-attr]
        if result is None:
            return Unknown(Why.TEXT(), node)
        if isinstance(result, patterns.NULL):
            return Known(None, this.origin)
        if isinstance(result, list):
            m.spend(len(result))
            return Known(Arr([Known(part, this.origin) for part in result], node), this.origin)
        if isinstance(result, str):
            m.spend(len(result))
            if len(result) > m.limits.string:
                return Unknown(Why.TEXT_TOO_LONG(), node)
        return Known(NOTHING.data if result is UNDEFINED else result, Origin(node, "computed", this.origin))

    return method


def _integer(value: Any, default: int = 0) -> int:
    number = number_of(value) if value is not UNDEFINED else default
    if number is None or math.isnan(number):
        return 0
    return int(max(-(2**53), min(2**53, number)))


def _slice(m: Machine, text: str, start: Any = 0, end: Any = UNDEFINED) -> str:
    low = _integer(start)
    high = _integer(end, len(text))
    return text[
        low if low >= 0 else max(0, low + len(text)) : high if high >= 0 else max(0, high + len(text))
    ]


def _substring(m: Machine, text: str, start: Any = 0, end: Any = UNDEFINED) -> str:
    low, high = max(0, _integer(start)), max(0, _integer(end, len(text)))
    return text[min(low, high) : max(low, high)]


def _substr(m: Machine, text: str, start: Any = 0, count: Any = UNDEFINED) -> str:
    low = _integer(start)
    low = low if low >= 0 else max(0, low + len(text))
    return text[low : low + max(0, _integer(count, len(text)))]


def _split(m: Machine, text: str, separator: Any = UNDEFINED, limit: Any = UNDEFINED) -> list[str] | None:
    if separator is UNDEFINED:
        return [text]
    if isinstance(separator, RegExp):
        parts = patterns.split(m, separator, text)
    elif isinstance(separator, str):
        parts = text.split(separator) if separator else list(text)
    else:
        return None
    return parts if limit is UNDEFINED or parts is None else parts[: _integer(limit)]


def _pad(m: Machine, text: str, length: Any, fill: Any) -> str | None:
    missing = _integer(length) - len(text)
    if not isinstance(fill, str) or missing > m.limits.string:
        return None
    return (fill * (missing // len(fill) + 1))[:missing] if missing > 0 and fill else ""


def _pad_start(m: Machine, text: str, length: Any = 0, fill: Any = " ") -> str | None:
    padding = _pad(m, text, length, fill)
    return None if padding is None else padding + text


def _pad_end(m: Machine, text: str, length: Any = 0, fill: Any = " ") -> str | None:
    padding = _pad(m, text, length, fill)
    return None if padding is None else text + padding


def _repeat(m: Machine, text: str, count: Any = 0) -> str | None:
    times = _integer(count)
    return text * times if times >= 0 and times * len(text) <= m.limits.string else None


def _concat(m: Machine, text: str, *others: Any) -> str | None:
    parts = [text_of(other) for other in others]
    return (
        None
        if any(part is None for part in parts)
        else text + "".join(part for part in parts if part is not None)
    )


def _starts(m: Machine, text: str, start: Any = UNDEFINED, at: Any = 0) -> bool | None:
    return text[max(0, _integer(at)) :].startswith(start) if isinstance(start, str) else None


def _ends(m: Machine, text: str, end: Any = UNDEFINED) -> bool | None:
    return text.endswith(end) if isinstance(end, str) else None


def _includes(m: Machine, text: str, part: Any = UNDEFINED) -> bool | None:
    return part in text if isinstance(part, str) else None


def _index_of(m: Machine, text: str, part: Any = UNDEFINED, at: Any = 0) -> int | None:
    return text.find(part, max(0, _integer(at))) if isinstance(part, str) else None


def _last_index_of(m: Machine, text: str, part: Any = UNDEFINED) -> int | None:
    return text.rfind(part) if isinstance(part, str) else None


def _char_at(m: Machine, text: str, index: Any = 0) -> str:
    at = _integer(index)
    return text[at] if 0 <= at < len(text) else ""


def _code_at(m: Machine, text: str, index: Any = 0) -> Any:
    at = _integer(index)
    return ord(text[at]) if 0 <= at < len(text) else float("nan")


def _at(m: Machine, text: str, index: Any = 0) -> Any:
    at = _integer(index)
    return text[at] if -len(text) <= at < len(text) else UNDEFINED


def _compare(m: Machine, text: str, other: Any = UNDEFINED, *rest: Any) -> int | None:
    """By letters first, as ICU does for plain names; unknown for the rest of Unicode."""
    if not isinstance(other, str) or rest or not (text.isascii() and other.isascii()):
        return None
    a, b = (text.lower(), text.swapcase()), (other.lower(), other.swapcase())
    if not (text.isalnum() and other.isalnum()) and text != other:
        return None
    return (a > b) - (a < b)


def _normalize(m: Machine, text: str, form: Any = "NFC") -> str | None:
    return unicodedata.normalize(form, text) if form in {"NFC", "NFD", "NFKC", "NFKD"} else None


_SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)


def _replace(everywhere: bool) -> Method:
    def method(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
        if len(given) < 2 or not isinstance(given[0], Known):
            return Unknown(why(given[0]) if given else Why.REPLACE_OF_NOTHING(), node)
        return patterns.replace(m, this, given[0].data, given[1], everywhere, node)

    return method


def _stage_test(operation: Plain) -> Method:
    """`startsWith` and the like: what the stage's name is tested for is a stage to look at."""
    inner = plain(operation)

    def method(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
        if (
            this.data.__class__ is StageName
            and given
            and isinstance(given[0], Known)
            and isinstance(given[0].data, str)
        ):
            text = str(given[0].data)
            stage_seen(m, this.data, text + "1" if text.endswith("-") else text)
        return inner(m, this, given, node)

    return method


METHODS: dict[str, Method] = {
    "slice": plain(_slice),
    "substring": plain(_substring),
    "substr": plain(_substr),
    "split": plain(_split),
    "trim": plain(lambda m, text: text.strip(_SPACE)),
    "trimStart": plain(lambda m, text: text.lstrip(_SPACE)),
    "trimEnd": plain(lambda m, text: text.rstrip(_SPACE)),
    "toLowerCase": plain(lambda m, text: text.lower()),
    "toUpperCase": plain(lambda m, text: text.upper()),
    "toLocaleLowerCase": plain(lambda m, text: text.lower()),
    "toLocaleUpperCase": plain(lambda m, text: text.upper()),
    "toString": plain(lambda m, text: text),
    "valueOf": plain(lambda m, text: text),
    "startsWith": _stage_test(_starts),
    "endsWith": _stage_test(_ends),
    "includes": _stage_test(_includes),
    "indexOf": plain(_index_of),
    "lastIndexOf": plain(_last_index_of),
    "charAt": plain(_char_at),
    "charCodeAt": plain(_code_at),
    "codePointAt": plain(_code_at),
    "at": plain(_at),
    "padStart": plain(_pad_start),
    "padEnd": plain(_pad_end),
    "repeat": plain(_repeat),
    "concat": plain(_concat),
    "localeCompare": plain(_compare),
    "normalize": plain(_normalize),
    "replace": _replace(False),
    "replaceAll": _replace(True),
    "match": plain(lambda m, text, pattern=UNDEFINED: patterns.match(m, pattern, text)),
    "matchAll": plain(lambda m, text, pattern=UNDEFINED: None),
    "search": plain(lambda m, text, pattern=UNDEFINED: patterns.search(m, pattern, text)),
}


def _to_string(m: Machine, number: Any, base: Any = 10) -> str | None:
    if isinstance(number, bool):
        return "true" if number else "false"
    if base == 10:
        return number_text(number)
    if not isinstance(number, int) or base not in {2, 8, 16}:
        return None
    return format(number, {2: "b", 8: "o", 16: "x"}[base])


def _to_fixed(m: Machine, number: Any, digits: Any = 0) -> str | None:
    count = _integer(digits)
    return f"{number:.{count}f}" if isinstance(number, int) and 0 <= count <= 100 else None


NUMBER_METHODS: dict[str, Method] = {
    "toString": plain(_to_string),
    "toFixed": plain(_to_fixed),
    "valueOf": plain(lambda m, number: number),
}
