"""`Number`, `Math` and the functions that make numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.builtins.callbacks import first
from policy_bot.sst.interpreter.conversions import number_of, text_of, why
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.operators import lift
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.text import exact
from policy_bot.sst.values import (
    Box,
    Known,
    Native,
    Unknown,
)

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


Function = Callable[["Machine", list[Box], Any], Box]


def unseen(what: str) -> Known:
    """A function whose result is known at run time only."""
    return Known(Native(what, lambda m, given, node: Unknown(Why.RUN_TIME_ONLY(what), node)))


def native(name: str, function: Function) -> Known:
    """A function."""
    return Known(Native(name, function))


def _number(m: Machine, given: list[Box], node: Any) -> Box:
    def one(data: Any) -> Box:
        number = number_of(data)
        return Unknown(Why.NUMBER(), node) if number is None else Known(number, given[0].origin)

    return lift(m, one, given[0]) if given else Known(0)


def _parse_float(m: Machine, given: list[Box], node: Any) -> Box:
    def one(data: Any) -> Box:
        text = (text_of(data) or "").strip()
        end = 0
        for at in range(1, min(len(text), 40) + 1):
            try:
                float(text[:at])
            except ValueError:
                continue
            if text[at - 1].isdigit() or text[at - 1] == ".":
                end = at
        return Known(exact(float(text[:end])) if end else math.nan, given[0].origin)

    return lift(m, one, given[0]) if given else Known(math.nan)


def _parse_int(m: Machine, given: list[Box], node: Any) -> Box:
    base = number_of(given[1].data) if len(given) > 1 and isinstance(given[1], Known) else 10
    if len(given) > 1 and given[1] is not NOTHING and base not in {0, 10, 16, 2, 8}:
        return Unknown(Why.NUMBER_BASE(), node)

    def one(data: Any) -> Box:
        text = (text_of(data) or "").strip().lower()
        sign = -1 if text.startswith("-") else 1
        text = text.lstrip("+-") if text[:1] in {"+", "-"} else text
        radix = int(base or 10)
        if text.startswith("0x") and radix in {10, 16} and (len(given) < 2 or radix == 16):
            text, radix = text[2:], 16
        allowed = "0123456789abcdef"[:radix]
        digits = ""
        for ch in text[:400]:
            if ch not in allowed:
                break
            digits += ch
        return Known(exact(sign * int(digits, radix)) if digits else math.nan, given[0].origin)

    return lift(m, one, given[0]) if given else Known(math.nan)


def _of_number(test: Callable[[Any], Any]) -> Function:
    def function(m: Machine, given: list[Box], node: Any) -> Box:
        return lift(m, lambda data: Known(test(data)), first(given))

    return function


def _is_integer(data: Any) -> bool:
    return (
        isinstance(data, (int, float))
        and not isinstance(data, bool)
        and not math.isnan(data)
        and float(data).is_integer()
    )


def _is_finite(data: Any) -> bool:
    return isinstance(data, (int, float)) and not isinstance(data, bool) and math.isfinite(data)


def _is_nan(data: Any) -> bool:
    return isinstance(data, float) and math.isnan(data)


def _math(operation: Callable[..., Any]) -> Function:
    def function(m: Machine, given: list[Box], node: Any) -> Box:
        numbers = []
        for box in given:
            number = number_of(box.data) if isinstance(box, Known) else None
            if number is None:
                return Unknown(why(box), node)
            numbers.append(number)
        try:
            return Known(exact(operation(*numbers)))
        except (ValueError, OverflowError, TypeError):
            return Known(math.nan)

    return function


def _extreme(pick: Callable[..., Any], empty: float) -> Function:
    def choose(*numbers: Any) -> Any:
        return math.nan if any(math.isnan(n) for n in numbers) else pick(numbers) if numbers else empty

    return _math(choose)


_MATH: dict[str, Function] = {
    "max": _extreme(max, -math.inf),
    "min": _extreme(min, math.inf),
    "floor": _math(math.floor),
    "ceil": _math(math.ceil),
    "round": _math(lambda x: math.floor(x + 0.5)),
    "trunc": _math(math.trunc),
    "abs": _math(abs),
    "sqrt": _math(math.sqrt),
    "pow": _math(lambda x, y: float(x) ** float(y)),
    "sign": _math(lambda x: (x > 0) - (x < 0)),
    "log": _math(math.log),
    "log2": _math(math.log2),
    "log10": _math(math.log10),
}


def _space(name: str, functions: dict[str, Function], more: dict[str, Box] | None = None) -> dict[str, Box]:
    return {**{key: native(f"{name}.{key}", function) for key, function in functions.items()}, **(more or {})}


def _number_space() -> dict[str, Box]:
    tests = {
        "isInteger": _of_number(_is_integer),
        "isFinite": _of_number(_is_finite),
        "isNaN": _of_number(_is_nan),
    }
    parsing: dict[str, Function] = {"parseInt": _parse_int, "parseFloat": _parse_float}
    bounds: dict[str, Box] = {"MAX_SAFE_INTEGER": Known(2**53 - 1), "MIN_SAFE_INTEGER": Known(-(2**53) + 1)}
    return _space("Number", {**tests, **parsing}, bounds)
