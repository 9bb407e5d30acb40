"""JavaScript's conversions: the truth, string, number and type of a value. None means unknown."""

from __future__ import annotations

import math
from typing import TypeGuard, assert_never

from policy_bot.regex import regex
from policy_bot.sst.atoms import UNDEFINED, Namespace, Primitive, RegExp, StageName
from policy_bot.sst.heap import (
    Accessor,
    Arr,
    Bare,
    Class,
    Closure,
    Cursor,
    Data,
    Instance,
    Keyed,
    Native,
    Obj,
    Output,
    Promised,
    Property,
    Rejected,
)
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.syntax.text import exact
from policy_bot.sst.values import AbstractValue, Known, OneOf, OptionalItem, Unknown

NULLISH = (None, UNDEFINED)


def truthy(value: AbstractValue) -> bool | None:
    """Whether a condition holds; None if it is unknown."""
    if value.__class__ is Known:
        data = value.data
        kind = data.__class__
        if kind is bool:
            return bool(data)
        if data is None or data is UNDEFINED:
            return False
        if kind is str or kind is StageName:
            return bool(data)
        if isinstance(data, (int, float)):
            return not (data == 0 or math.isnan(data))
        return None if kind is Property else True
    if value.__class__ is OneOf:
        answers = {truthy(choice) for choice in value.choices}
        return answers.pop() if len(answers) == 1 else None
    return None


def nullish(value: AbstractValue) -> bool | None:
    """Whether it is null or undefined; None if it is unknown."""
    if value.__class__ is Known:
        data = value.data
        if data.__class__ is Property:
            return None
        return data is None or data is UNDEFINED
    if value.__class__ is OneOf:
        answers = {nullish(choice) for choice in value.choices}
        return answers.pop() if len(answers) == 1 else None
    if isinstance(value, Unknown) and UNDEFINED not in value.falsy and None not in value.falsy:
        return False
    return None


def why(value: AbstractValue) -> Reason:
    """Why a value is unknown."""
    if isinstance(value, (Unknown, OneOf)):
        return value.reason
    if isinstance(value.data, Property):
        return known_to_deploy(value.data)
    return Why.VALUE()


def known_to_deploy(data: Property) -> Reason:
    """The reason for an output, whose value is known only at deployment."""
    dotted = f".{data.path}" if data.path else ""
    return Why.KNOWN_AT_DEPLOYMENT(f"`{data.instance.type}{dotted}`")


def primitive(data: Data) -> TypeGuard[Primitive]:
    """Whether it is a primitive value."""
    return data is None or data is UNDEFINED or isinstance(data, (str, int, float))


def type_of(data: Data) -> str | None:
    """`typeof`; None if it is unknown."""
    if isinstance(data, bool):
        return "boolean"
    if isinstance(data, str):
        return "string"
    if isinstance(data, (int, float)):
        return "number"
    if data is UNDEFINED:
        return "undefined"
    if isinstance(data, _FUNCTIONS):
        return "function"
    if isinstance(data, Namespace):
        return "function" if data.is_class else "object"
    if isinstance(data, Property):
        return None
    if data is None or isinstance(data, (Obj, Arr, *_OTHER_OBJECTS)):
        return "object"
    assert_never(data)


_OTHER_OBJECTS = (Keyed, Cursor, Instance, Output, Promised, Rejected, RegExp, Accessor)


def number_text(value: int | float) -> str:
    """A number as JavaScript prints it: the shortest digits that identify it, in the notation for its size
    (`Number::toString` of ECMA-262).
    """
    if isinstance(value, int):
        return str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign, digits, point = shortest_digits(value)
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    return sign + scientific(digits, point - 1)


def shortest_digits(value: float) -> tuple[str, str, int]:
    """Sign, digits and position of the decimal point of a finite number: 120.5 is ("", "1205", 3).

    Python and JavaScript agree on the digits: both write the shortest ones that read back as the number.
    """
    from decimal import Decimal

    sign, given, exponent = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, given))
    point = len(digits) + int(exponent)
    return "-" if sign else "", digits.rstrip("0") or "0", point


def scientific(digits: str, exponent: int) -> str:
    """Digits in scientific notation, as JavaScript prints it: `1.5e+21`."""
    mantissa = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent)}"


def text_of(data: Data) -> str | None:
    """`String(value)`; None if it is unknown."""
    if isinstance(data, str):
        return data
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, (int, float)):
        return number_text(data)
    if data is None:
        return "null"
    if data is UNDEFINED:
        return "undefined"
    if isinstance(data, Arr):
        return _array_text(data, 4)
    if isinstance(data, Obj):
        return "[object Object]" if _is_plain(data) else None
    if isinstance(data, (*_FUNCTIONS, *_OTHER_OBJECTS, Namespace, Property)):
        return None
    assert_never(data)


_FUNCTIONS = (Closure, Native, Class)


def _is_plain(data: Obj) -> bool:
    """Whether JavaScript's own `toString` and `valueOf` convert the object."""
    return (
        data.__class__ is not Bare
        and data.rest is None
        and "toString" not in data.props
        and "valueOf" not in data.props
    )


def _array_text(data: Arr, depth: int) -> str | None:
    if data.open is not None or depth == 0 or len(data.items) > 10_000:
        return None
    parts = []
    for item in data.items:
        if isinstance(item, OptionalItem) or not isinstance(item, Known):
            return None
        inner = item.data
        part = (
            ""
            if inner in NULLISH
            else _array_text(inner, depth - 1)
            if isinstance(inner, Arr)
            else text_of(inner)
        )
        if part is None:
            return None
        parts.append(part)
    return ",".join(parts)


def number_of(data: Data) -> int | float | None:
    """`Number(value)`; None if it is unknown."""
    if isinstance(data, bool):
        return int(data)
    if isinstance(data, (int, float)):
        return data
    if data is None:
        return 0
    if isinstance(data, str):
        return number_from_text(data)
    if isinstance(data, (Obj, Arr)):
        text = text_of(data)
        return None if text is None else number_from_text(text)
    if data is UNDEFINED or isinstance(data, Closure):
        return math.nan
    if isinstance(data, (Native, Class, *_OTHER_OBJECTS, Namespace, Property)):
        return None
    assert_never(data)


SPACE = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""Characters that `trim` removes: white space and line terminators of ECMA-262."""

DECIMAL = regex(r"[+-]?(?:Infinity|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_BASED = regex(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")


def number_from_text(text: str) -> int | float:
    """`Number("12")`."""
    text = text.strip(SPACE)
    if not text:
        return 0
    if _BASED.fullmatch(text):
        return exact(int(text, 0))
    return decimal(text) if DECIMAL.fullmatch(text) else math.nan


def decimal(text: str) -> int | float:
    """The number that a string of the form `DECIMAL` denotes."""
    if text.endswith("Infinity"):
        return -math.inf if text[0] == "-" else math.inf
    return exact(float(text))
