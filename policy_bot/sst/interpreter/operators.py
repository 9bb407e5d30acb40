"""JavaScript's arithmetic, order and concatenation on known values. None means that the result is unknown."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from policy_bot.regex import regex
from policy_bot.sst.atoms import Primitive, StageName
from policy_bot.sst.heap import Data, Output, Property
from policy_bot.sst.interpreter.conversions import number_of, primitive, text_of, why
from policy_bot.sst.interpreter.equality import UNSEEN, loose_equal, primitive_of, strict_equal
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.reasons import CONDITION
from policy_bot.sst.syntax.text import exact
from policy_bot.sst.utf16 import joined, ordinal
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Origin, Placed, Unknown, alternatives


def to_int32(value: int | float) -> int:
    """The number for bitwise operators: its low 32 bits, signed."""
    return 0 if math.isnan(value) or math.isinf(value) else _signed(int(value))


def _integer(data: Data) -> int | None:
    value = number_of(data)
    return None if value is None else to_int32(value)


def _divide(a: float, b: float) -> float:
    if b == 0:
        if a == 0 or math.isnan(a):
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1.0, b)
    return a / b


def _remainder(a: float, b: float) -> float:
    if b == 0 or math.isinf(a) or math.isnan(a) or math.isnan(b):
        return math.nan
    return math.copysign(math.fmod(a, b), a)


def power(a: float, b: float) -> int | float | None:
    """`a ** b`, if it is exact; None if not: the last digit of other powers differs between libraries."""
    if math.isnan(b) or (abs(a) == 1 and math.isinf(b)):
        return math.nan  # Python says 1
    if b == 0:
        return 1
    if math.isnan(a):
        return math.nan
    if a < 0 and math.isfinite(a) and math.isfinite(b) and not float(b).is_integer():
        return math.nan
    if float(a).is_integer() and float(b).is_integer() and abs(a) <= _EXACT and 0 < b <= 1_100:
        whole = int(a) ** int(b)
        if abs(whole) <= _EXACT:
            return -0.0 if whole == 0 and math.copysign(1, a) < 0 and b % 2 else whole
    if a == 2 and float(b).is_integer() and -1_000 < b < 1_000:
        return exact(2.0**b)
    if a == 10 and b in range(-6, 0):
        return float(10.0**b)
    return None


_EXACT = 2**53


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "-": lambda a, b: a - b,
    "*": lambda a, b: float(a) * float(b),
    "/": _divide,
    "%": _remainder,
}


_BITS: dict[str, Callable[[int, int], int]] = {
    "|": lambda a, b: a | b,
    "&": lambda a, b: a & b,
    "^": lambda a, b: a ^ b,
    "<<": lambda a, b: _signed(a << (b & 31)),
    ">>": lambda a, b: a >> (b & 31),
    ">>>": lambda a, b: (a & 0xFFFFFFFF) >> (b & 31),
}


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}


def _signed(value: int) -> int:
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


def binary(m: Machine, operator: str, a: Data, b: Data) -> Primitive:
    """The result of an operator on two known values; None if it is unknown (no operator returns null)."""
    m.scan(a)
    if operator in {"===", "!=="}:
        equal = strict_equal(a, b)
        return equal if equal is None or operator == "===" else not equal
    if operator in {"==", "!="}:
        equal = loose_equal(a, b)
        return equal if equal is None or operator == "==" else not equal
    if operator == "+":
        return _plus(m, a, b)
    if operator in _ORDER:
        return _ordered(operator, a, b)
    if operator in _ARITHMETIC or operator == "**":
        x, y = number_of(a), number_of(b)
        if x is None or y is None:
            return None
        return power(x, y) if operator == "**" else _numeric(_ARITHMETIC[operator], x, y)
    if operator in _BITS:
        p, q = _integer(a), _integer(b)
        return None if p is None or q is None else _BITS[operator](p, q)
    return None


def _ordered(operator: str, a: Data, b: Data) -> bool | None:
    """`<` and the like: of two texts by UTF-16 code units, else of two numbers."""
    p, q = primitive_of(a), primitive_of(b)
    if p is UNSEEN or q is UNSEEN:
        return None
    if isinstance(p, str) and isinstance(q, str):
        return _ORDER[operator](ordinal(p), ordinal(q))
    x, y = number_of(p), number_of(q)
    return None if x is None or y is None else _ORDER[operator](x, y)


def _numeric(operation: Callable[[float, float], float], x: float, y: float) -> int | float:
    try:
        return exact(operation(x, y))
    except OverflowError:
        return math.inf


def _plus(m: Machine, a: Data, b: Data) -> str | int | float | None:
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return _numeric(lambda x, y: x + y, a, b)
    if isinstance(a, str) or isinstance(b, str) or not (primitive(a) and primitive(b)):
        x, y = text_of(a), text_of(b)
        if x is None or y is None:
            return None
        m.allocate(len(x) + len(y))
        return joined(x + y) if len(x) + len(y) <= m.limits.string else None
    p, q = number_of(a), number_of(b)
    return None if p is None or q is None else _numeric(lambda x, y: x + y, p, q)


def lift(m: Machine, operation: Callable[[Data], AbstractValue], value: AbstractValue) -> AbstractValue:
    """Applies an operation to each known value that a value may be."""
    if value.__class__ is Known:
        return operation(value.data)
    if isinstance(value, OneOf):
        return join(m, [operation(choice.data) for choice in value.choices], value.reason)
    return value


def combine(
    m: Machine,
    operation: Callable[[Data, Data], Data],
    left: AbstractValue,
    right: AbstractValue,
    node: Placed,
) -> AbstractValue:
    """Applies an operation to all combinations of the values' choices; its None means unknown."""
    if isinstance(left, Unknown):
        return left
    if isinstance(right, Unknown):
        return right
    results: list[AbstractValue] = []
    for a in alternatives(left):
        for b in alternatives(right):
            result = operation(a.data, b.data)
            if result is None:
                return Unknown(why(left) if isinstance(a.data, (Property, Output)) else why(right), node)
            results.append(Known(result, Origin(node, "computed", left.origin or right.origin)))
    if not results:
        return NOTHING
    reason = (
        left.reason if isinstance(left, OneOf) else right.reason if isinstance(right, OneOf) else CONDITION
    )
    return join(m, results, reason)


_STAGE = regex(r"[a-zA-Z0-9][a-zA-Z0-9-]{0,59}")


_STAGES = 40


def stage_seen(m: Machine, a: Data, b: Data) -> None:
    """Records a string that is compared with the stage's name, if it could be the name of a stage."""
    other = b if a.__class__ is StageName else a if b.__class__ is StageName else None
    if isinstance(other, str) and _STAGE.fullmatch(other) and len(m.recording.stages) < _STAGES:
        m.recording.stages.add(str(other))
