"""What JavaScript takes a value for: a truth, a text, a number, a type. Where that would be a guess: None."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.syntax.text import exact
from policy_bot.sst.values import (
    UNDEFINED,
    Arr,
    Box,
    Class,
    Closure,
    Known,
    Namespace,
    Native,
    Obj,
    OneOf,
    Perhaps,
    Property,
    StageName,
    Unknown,
)

if TYPE_CHECKING:
    pass


NULLISH = (None, UNDEFINED)


def truthy(box: Box) -> bool | None:
    """Whether a condition holds; None where that cannot be seen."""
    if box.__class__ is Known:
        data = box.data
        kind = data.__class__
        if kind is bool:
            return bool(data)
        if data is None or data is UNDEFINED:
            return False
        if kind is str or kind is StageName:
            return bool(data)
        if kind is int or kind is float:
            return not (data == 0 or math.isnan(data))
        return None if kind is Property else True
    if box.__class__ is OneOf:
        answers = {truthy(choice) for choice in box.choices}
        return answers.pop() if len(answers) == 1 else None
    return None


def nullish(box: Box) -> bool | None:
    """Whether it is null or undefined; None where that cannot be seen."""
    if box.__class__ is Known:
        data = box.data
        if data.__class__ is Property:
            return None
        return data is None or data is UNDEFINED
    if box.__class__ is OneOf:
        answers = {nullish(choice) for choice in box.choices}
        return answers.pop() if len(answers) == 1 else None
    return None


def why(box: Box) -> Reason:
    """Why a value cannot be seen."""
    if isinstance(box, (Unknown, OneOf)):
        return box.reason
    if isinstance(box.data, Property):
        return known_to_deploy(box.data)
    return Why.VALUE()


def known_to_deploy(data: Property) -> Reason:
    """Why an output is no value for us."""
    dotted = f".{data.path}" if data.path else ""
    return Why.ONLY_DEPLOY_KNOWS(f"{data.instance.type}{dotted}")


def primitive(data: Any) -> bool:
    """Whether it is no heap object."""
    return data is None or data is UNDEFINED or isinstance(data, (str, int, float))


def type_of(data: Any) -> str | None:
    """`typeof`; None where that cannot be seen."""
    if isinstance(data, bool):
        return "boolean"
    if isinstance(data, str):
        return "string"
    if isinstance(data, (int, float)):
        return "number"
    if data is UNDEFINED:
        return "undefined"
    if isinstance(data, (Closure, Native, Class)):
        return "function"
    if isinstance(data, Namespace):
        return "function" if data.is_class else "object"
    return None if isinstance(data, Property) else "object"


def number_text(value: int | float) -> str:
    """A number as JavaScript writes it."""
    if isinstance(value, int):
        return str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    text = repr(value)
    if value.is_integer() and abs(value) < 1e21:
        return _whole_text(text, value)
    if "e" in text:
        digits, _, power = text.partition("e")
        sign, power = ("-", power[1:].lstrip("0")) if power[0] == "-" else ("+", power.lstrip("+0"))
        if sign == "-" and int(power) <= 6:
            return f"{value:.{int(power) + len(digits.replace('.', '')) - 1 - (digits[0] == '-')}f}"
        return f"{digits}e{sign}{power}"
    return text


def _whole_text(text: str, value: float) -> str:
    """A large whole number: the digits that tell it from its neighbours, then zeros."""
    digits, _, power = text.partition("e")
    if not power:
        return str(int(value))
    sign = "-" if digits.startswith("-") else ""
    whole, _, part = digits.lstrip("-").partition(".")
    return sign + whole + part + "0" * (int(power) - len(part))


def text_of(data: Any) -> str | None:
    """`String(value)`; None where that cannot be seen."""
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
    if isinstance(data, Obj) and _is_plain(data):
        return "[object Object]"
    return None


def _is_plain(data: Obj) -> bool:
    """Whether an object has JavaScript's own way of becoming a text or a number."""
    return data.rest is None and "toString" not in data.props and "valueOf" not in data.props


def _array_text(data: Arr, depth: int) -> str | None:
    if data.open is not None or depth == 0 or len(data.items) > 10_000:
        return None
    parts = []
    for item in data.items:
        if isinstance(item, Perhaps) or not isinstance(item, Known):
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


def number_of(data: Any) -> int | float | None:
    """`Number(value)`; None where that cannot be seen."""
    if isinstance(data, bool):
        return int(data)
    if isinstance(data, (int, float)):
        return data
    if data is None:
        return 0
    if isinstance(data, str):
        return number_from_text(data)
    if isinstance(data, Obj):
        return math.nan if _is_plain(data) else None
    return math.nan if data is UNDEFINED or isinstance(data, Closure) else None


def number_from_text(text: str) -> int | float:
    """`Number("12")`."""
    text = text.strip()
    if not text:
        return 0
    if len(text) > 400 or "_" in text:
        return math.nan
    try:
        if text[:2].lower() in {"0x", "0o", "0b"}:
            return exact(int(text, 0))
        if text.lower().lstrip("+-") in {"inf", "nan", "infinity"}:
            plain = text.lstrip("+-") == "Infinity"
            return (-math.inf if text[0] == "-" else math.inf) if plain else math.nan
        return exact(float(text))
    except ValueError:
        return math.nan
