"""`Math`."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.heap import Data
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, number
from policy_bot.sst.interpreter.builtins.table import ANY, Builtin, Operation, functions, pure_function
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.operators import power, to_int32
from policy_bot.sst.syntax.text import exact
from policy_bot.sst.values import AbstractValue, Known


def _of_one(operation: Callable[[float], int | float]) -> Operation:
    """Makes a function of one number that returns NaN and the infinities unchanged."""

    def apply(m: Machine, data: Data = UNDEFINED) -> int | float:
        x = number(data)
        return exact(operation(x)) if math.isfinite(x) else x

    return apply


def _signed_zero(x: float, value: int) -> int | float:
    """The rounded number; -0 for a negative number that rounds to zero."""
    return -0.0 if value == 0 and math.copysign(1.0, x) < 0 else value


def _round(x: float) -> int | float:
    below = math.floor(x)
    return _signed_zero(x, below + 1 if x - below >= 0.5 else below)


def _extreme(pick: Callable[[list[float]], float], empty: float) -> Operation:
    def apply(m: Machine, *given: Data) -> int | float:
        numbers = [float(number(data)) for data in given]
        if any(map(math.isnan, numbers)):
            return math.nan
        return exact(pick(numbers)) if numbers else empty

    return apply


def _by_sign(x: float) -> tuple[float, float]:
    """Orders -0 before 0."""
    return x, math.copysign(1.0, x)


def _abs(m: Machine, data: Data = UNDEFINED) -> int | float:
    return exact(abs(float(number(data))))


def _sign(m: Machine, data: Data = UNDEFINED) -> int | float:
    x = number(data)
    return x if math.isnan(x) or x == 0 else 1 if x > 0 else -1


def _sqrt(m: Machine, data: Data = UNDEFINED) -> int | float:
    x = number(data)
    return math.nan if x < 0 or math.isnan(x) else exact(math.sqrt(x))


def _power(m: Machine, x: Data = UNDEFINED, y: Data = UNDEFINED) -> int | float:
    result = power(number(x), number(y))
    if result is None:
        raise Undetermined
    return result


def _logarithm(base: int) -> Operation:
    """Exact powers of the base only: the last digit of others differs between libraries."""

    def apply(m: Machine, data: Data = UNDEFINED) -> int | float:
        x = number(data)
        if math.isnan(x) or x < 0:
            return math.nan
        if x == 0 or math.isinf(x):
            return -math.inf if x == 0 else math.inf
        power_of = next((n for n in range(23) if base**n == x), None)
        if power_of is None:
            raise Undetermined
        return power_of

    return apply


def _fround(x: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", x))[0])
    except OverflowError:
        return math.copysign(math.inf, x)


def _imul(m: Machine, x: Data = UNDEFINED, y: Data = UNDEFINED) -> int:
    return to_int32(to_int32(number(x)) * to_int32(number(y)))


def _clz32(m: Machine, data: Data = UNDEFINED) -> int:
    return 32 - (to_int32(number(data)) & 0xFFFFFFFF).bit_length()


_MATH_ROWS = [
    Builtin("max", pure_function(_extreme(lambda some: max(some, key=_by_sign), -math.inf)), ANY),
    Builtin("min", pure_function(_extreme(lambda some: min(some, key=_by_sign), math.inf)), ANY),
    Builtin("floor", pure_function(_of_one(lambda x: x if x == 0 else math.floor(x))), 1),
    Builtin("ceil", pure_function(_of_one(lambda x: _signed_zero(x, math.ceil(x)))), 1),
    Builtin("trunc", pure_function(_of_one(lambda x: _signed_zero(x, math.trunc(x)))), 1),
    Builtin("round", pure_function(_of_one(_round)), 1),
    Builtin("abs", pure_function(_abs), 1),
    Builtin("sign", pure_function(_sign), 1),
    Builtin("sqrt", pure_function(_sqrt), 1),
    Builtin("pow", pure_function(_power), 2),
    Builtin("log2", pure_function(_logarithm(2)), 1),
    Builtin("log10", pure_function(_logarithm(10)), 1),
    Builtin("fround", pure_function(_of_one(_fround)), 1),
    Builtin("imul", pure_function(_imul), 2),
    Builtin("clz32", pure_function(_clz32), 1),
]


def math_space() -> dict[str, AbstractValue]:
    """The members of `Math`."""
    constants = {
        "PI": math.pi, "E": math.e, "LN2": math.log(2), "LN10": math.log(10), "LOG2E": 1.4426950408889634,
        "LOG10E": 0.4342944819032518, "SQRT2": math.sqrt(2), "SQRT1_2": math.sqrt(0.5),
    }  # fmt: skip
    return functions("Math", _MATH_ROWS) | {name: Known(value) for name, value in constants.items()}
