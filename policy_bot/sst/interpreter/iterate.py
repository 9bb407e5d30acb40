"""What `for of`, `...` and array patterns walk over."""

from __future__ import annotations

from typing import Any

from policy_bot.sst.domain import presence
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr, Cursor, Keyed, Obj
from policy_bot.sst.interpreter.conversions import primitive, why
from policy_bot.sst.interpreter.errors import error_of
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.writes import touch
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    HOLE,
    NOTHING,
    AbstractValue,
    Known,
    OneOf,
    OptionalItem,
    Placed,
    Unknown,
    optional,
)

Items = list[Any]  # values, and OptionalItem where an element may be missing


def elements(m: Machine, value: AbstractValue, node: Placed) -> tuple[Items, Unknown | None]:
    """The elements of an iterable in order, and why there may be more that cannot be seen."""
    value = strip(value)
    if isinstance(value, Known):
        return _of_known(m, value, node)
    if isinstance(value, OneOf):
        return _of_several(m, value, node)
    return [], value


def _of_known(m: Machine, value: Known, node: Placed) -> tuple[Items, Unknown | None]:
    data = value.data
    if isinstance(data, Arr):
        m.allocate(len(data.items))
        return [NOTHING if item is HOLE else item for item in data.items], data.open
    if isinstance(data, Cursor):
        items, more = list(data.items), data.open
        touch(m, data.items).clear()
        return items, more
    if isinstance(data, str):
        m.allocate(len(data))
        return [Known(ch) for ch in data], None
    if isinstance(data, Keyed):
        m.allocate(len(data.entries))
        if data.kind == "Set":
            return [_entry(key, item) for key, item in data.entries.values()], data.open
        pairs = [
            _entry(Known(Arr([key, presence(item) or item])), item) for key, item in data.entries.values()
        ]
        return pairs, data.open
    if primitive(data) or (isinstance(data, Obj) and data.rest is None):
        raise error_of("TypeError", node, "the value is not iterable")
    m.may_throw(node)
    return [], Unknown(Why.ITERABLE(), node)


def _entry(value: AbstractValue, item: AbstractValue) -> Any:
    """An entry of a Map or Set: one that may be absent may be missing."""
    return value if presence(item) is None else OptionalItem(value, why(item))


def _of_several(m: Machine, value: OneOf, node: Placed) -> tuple[Items, Unknown | None]:
    items: Items = []
    more: Unknown | None = None
    for choice in value.choices:
        some, open_ = _of_known(m, choice, node)
        items += optional(some, value.reason)
        more = more or open_
    return items, more


def extend(m: Machine, into: Arr, value: AbstractValue, node: Placed) -> None:
    """Adds all elements of an iterable to an array that is just being made."""
    items, more = elements(m, value, node)
    m.allocate(len(items))
    into.items.extend(items)
    into.open = into.open or more


class Uncounted(Unknown):
    """An argument that stands for any number of them: what was spread into a call is not known."""

    __slots__ = ()


def arguments_of(into: Arr, node: Placed) -> list[AbstractValue]:
    """An array as the arguments of a call: from the first element that may be missing on, all are unknown."""
    arguments: list[AbstractValue] = []
    for item in into.items:
        if into.open is not None or isinstance(item, OptionalItem):
            break
        arguments.append(item)
    else:
        if into.open is None:
            return arguments
    reason = next(
        item.reason for item in [*into.items, into.open] if isinstance(item, (OptionalItem, Unknown))
    )
    return arguments + [Uncounted(reason, node)] * _MANY


_MANY = 6


def counted(given: list[AbstractValue], node: Placed) -> tuple[Items, Unknown | None]:
    """Arguments as elements, and why there may be more of them."""
    for at, value in enumerate(given):
        if isinstance(value, Uncounted):
            return list(given[:at]), Unknown(value.reason, node)
    return given, None
