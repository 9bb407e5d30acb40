"""`Number`, the functions that parse numbers, and the methods of numbers and booleans."""

from __future__ import annotations

import math
from typing import TypeGuard

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.heap import Data
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, integer, number, text
from policy_bot.sst.interpreter.builtins.table import (
    Builtin,
    functions,
    methods,
    pure,
    pure_function,
)
from policy_bot.sst.interpreter.conversions import DECIMAL, SPACE, decimal, number_text, scientific
from policy_bot.sst.interpreter.errors import throw
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.operators import to_int32
from policy_bot.sst.syntax.text import exact
from policy_bot.sst.values import AbstractValue, Known

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_EXACT = 2**53


def to_number(m: Machine, data: Data = 0) -> int | float:
    """`Number(value)`."""
    return number(data)


def parse_float(m: Machine, data: Data = UNDEFINED) -> int | float:
    """`parseFloat(text)`: the number at the beginning of the string."""
    found = DECIMAL.match(text(data).lstrip(SPACE))
    return math.nan if found is None else decimal(found[0])


def parse_int(m: Machine, data: Data = UNDEFINED, radix: Data = UNDEFINED) -> int | float:
    """`parseInt(text, radix)`: the integer at the beginning of the string."""
    rest = text(data).lstrip(SPACE)
    negative = rest.startswith("-")
    rest = rest[1:] if rest[:1] in {"+", "-"} else rest
    base = to_int32(0 if radix is UNDEFINED else number(radix))
    if rest[:2] in {"0x", "0X"} and base in {0, 16}:
        rest, base = rest[2:], 16
    base = base or 10
    if not 2 <= base <= 36:
        return math.nan
    allowed = _DIGITS[:base] + _DIGITS[10:base].upper()
    digits = rest[: next((at for at, ch in enumerate(rest) if ch not in allowed), len(rest))]
    if not digits:
        return math.nan
    if len(digits) > 400:
        raise Undetermined
    value = int(digits, base)
    if value > _EXACT and base not in {2, 4, 8, 10, 16, 32}:
        raise Undetermined  # engines may approximate
    return -0.0 if negative and value == 0 else exact(-value if negative else value)


def _is_number(data: Data) -> TypeGuard[int | float]:
    return isinstance(data, (int, float)) and not isinstance(data, bool)


def _is_integer(m: Machine, data: Data = UNDEFINED) -> bool:
    return _is_number(data) and math.isfinite(data) and float(data).is_integer()


def _is_safe_integer(m: Machine, data: Data = UNDEFINED) -> bool:
    return _is_number(data) and _is_integer(m, data) and abs(data) < _EXACT


def _is_finite(m: Machine, data: Data = UNDEFINED) -> bool:
    return _is_number(data) and math.isfinite(data)


def _is_nan(m: Machine, data: Data = UNDEFINED) -> bool:
    return _is_number(data) and math.isnan(data)


def global_is_nan(m: Machine, data: Data = UNDEFINED) -> bool:
    """`isNaN(value)`."""
    return math.isnan(number(data))


def global_is_finite(m: Machine, data: Data = UNDEFINED) -> bool:
    """`isFinite(value)`."""
    return math.isfinite(number(data))


_NUMBER_ROWS = [
    Builtin("isInteger", pure_function(_is_integer), 1),
    Builtin("isSafeInteger", pure_function(_is_safe_integer), 1),
    Builtin("isFinite", pure_function(_is_finite), 1),
    Builtin("isNaN", pure_function(_is_nan), 1),
    Builtin("parseInt", pure_function(parse_int), 2),
    Builtin("parseFloat", pure_function(parse_float), 1),
]


def number_space() -> dict[str, AbstractValue]:
    """The members of `Number`."""
    constants: dict[str, int | float] = {
        "MAX_SAFE_INTEGER": _EXACT - 1, "MIN_SAFE_INTEGER": 1 - _EXACT, "MAX_VALUE": 1.7976931348623157e308,
        "MIN_VALUE": 5e-324, "EPSILON": 2.0**-52, "NaN": math.nan, "POSITIVE_INFINITY": math.inf,
        "NEGATIVE_INFINITY": -math.inf,
    }  # fmt: skip
    return functions("Number", _NUMBER_ROWS) | {name: Known(value) for name, value in constants.items()}


# ---- methods of numbers


def _to_string(m: Machine, this: float, radix: Data = UNDEFINED) -> str:
    base = integer(radix, 10)
    if not 2 <= base <= 36:
        throw("RangeError", None)
    if base == 10 or not math.isfinite(this):
        return number_text(this)
    if not isinstance(this, int):
        if this == 0:
            return "0"
        raise Undetermined  # a fraction, or a number with more digits than are exact
    digits, rest = "", abs(this)
    while rest or not digits:
        rest, digit = divmod(rest, base)
        digits = _DIGITS[digit] + digits
    return ("-" if this < 0 else "") + digits


def _to_fixed(m: Machine, this: float, count: Data = UNDEFINED) -> str:
    digits = integer(count)
    if not 0 <= digits <= 100:
        throw("RangeError", None)
    if not math.isfinite(this) or abs(this) >= 1e21:
        return number_text(this)
    from decimal import ROUND_HALF_UP, Context, Decimal

    wide = Context(prec=_ALL_DIGITS, rounding=ROUND_HALF_UP)
    rounded = wide.quantize(Decimal(this).copy_abs(), Decimal(1).scaleb(-digits))
    return ("-" if this < 0 else "") + f"{rounded:f}"


_ALL_DIGITS = 1200
"""Enough digits for every double with a hundred decimals; JavaScript rounds halves away from zero here."""


def _significant(value: float, count: int) -> tuple[str, int]:
    """A positive number's first digits, rounded, and the exponent of the first."""
    if value == 0:
        return "0" * count, 0
    from decimal import ROUND_HALF_UP, Context, Decimal

    rounded = Context(prec=count, rounding=ROUND_HALF_UP).create_decimal(Decimal(value))
    digits = "".join(map(str, rounded.as_tuple().digits))
    return digits.ljust(count, "0"), rounded.adjusted()


def _to_precision(m: Machine, this: float, count: Data = UNDEFINED) -> str:
    if count is UNDEFINED:
        return number_text(this)
    digits = integer(count)
    if not math.isfinite(this):
        return number_text(this)
    if not 1 <= digits <= 100:
        throw("RangeError", None)
    sign = "-" if this < 0 else ""
    shown, exponent = _significant(abs(this), digits)
    if exponent < -6 or exponent >= digits:
        return sign + scientific(shown, exponent)
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{shown}"
    whole, part = shown[: exponent + 1], shown[exponent + 1 :]
    return sign + whole + (f".{part}" if part else "")


def _to_exponential(m: Machine, this: float, count: Data = UNDEFINED) -> str:
    if count is UNDEFINED:
        raise Undetermined
    digits = integer(count)
    if not math.isfinite(this):
        return number_text(this)
    if not 0 <= digits <= 100:
        throw("RangeError", None)
    return ("-" if this < 0 else "") + scientific(*_significant(abs(this), digits + 1))


METHODS = methods(
    "Number",
    [
        Builtin("toString", pure(_to_string), 1),
        Builtin("toFixed", pure(_to_fixed), 1),
        Builtin("toPrecision", pure(_to_precision), 1),
        Builtin("toExponential", pure(_to_exponential), 1),
        Builtin("valueOf", pure(lambda m, this: this)),
    ],
)
BOOLEAN_METHODS = methods(
    "Boolean",
    [
        Builtin("toString", pure(lambda m, this: "true" if this else "false")),
        Builtin("valueOf", pure(lambda m, this: this)),
    ],
)
