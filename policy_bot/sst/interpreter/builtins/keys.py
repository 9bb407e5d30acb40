"""Keys of objects: `Object.keys` and its siblings, and `hasOwnProperty`."""

from __future__ import annotations

from collections.abc import Callable

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.domain import either, presence
from policy_bot.sst.fields import has_fields, own_fields
from policy_bot.sst.heap import Arr, Class, Data, Instance, Obj
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, data_of, first, text
from policy_bot.sst.interpreter.builtins.table import function_row, unmodelled
from policy_bot.sst.interpreter.callables import Function
from policy_bot.sst.interpreter.conversions import why
from policy_bot.sst.interpreter.errors import throw
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.reasons import Why
from policy_bot.sst.utf16 import units
from policy_bot.sst.values import (
    HOLE,
    NOTHING,
    AbstractValue,
    Item,
    Known,
    OneOf,
    OptionalItem,
    Placed,
    Unknown,
)


def _listing(one: Callable[[Machine, Known, str, Placed | None], AbstractValue]) -> Function:
    """Makes `Object.keys` and its siblings; `one` returns an element of the result for a key."""

    def function(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        value = first(given)
        if isinstance(value, OneOf):
            return join(m, [function(m, [choice], node) for choice in value.choices], value.reason)
        if not isinstance(value, Known):
            return value
        keys, more = _enumerable_keys(value, node)
        m.allocate(len(keys))
        items: list[Item] = []
        for key in keys:
            content = _content(value.data, key)
            absent = content is not None and presence(content) is not None
            made = one(m, value, key, node)
            items.append(OptionalItem(made, why(content)) if absent and content is not None else made)
        return Known(Arr(items, node, more), value.origin)

    return function


def _enumerable_keys(value: Known, node: Placed | None) -> tuple[list[str], Unknown | None]:
    """Returns the enumerable keys of a value in order, and the reason if there may be more."""
    data = value.data
    if isinstance(data, Arr):
        if data.open is not None or data.props or any(isinstance(item, OptionalItem) for item in data.items):
            raise Undetermined(data.open)
        return [str(at) for at, item in enumerate(data.items) if item is not HOLE], None
    if isinstance(data, Obj):
        return ordered(data.props), data.rest
    if has_fields(data):
        return ordered(own_fields(data)), None
    if isinstance(data, str):
        return [str(at) for at in range(len(units(data)))], None
    if isinstance(data, (int, float)):
        return [], None
    if data is None or data is UNDEFINED:
        throw("TypeError", node)
    return [], Unknown(Why.KEYS(), node)


def _content(data: Data, key: str) -> AbstractValue | None:
    """The content of a key, marked if the key may be absent."""
    return data.props.get(key) if isinstance(data, (Obj, Instance, Class)) else None


def _present_value(m: Machine, value: Known, key: str, node: Placed | None) -> AbstractValue:
    """The value of a key, given that the key exists."""
    content = _content(value.data, key)
    return (presence(content) if content is not None else None) or get(m, value, key, node)


def ordered(props: dict[str, AbstractValue]) -> list[str]:
    """Returns keys in JavaScript's order: `b 10 a 2` becomes `2 10 b a`."""
    if not any(key[:1].isdigit() for key in props):
        return list(props)
    indexes = {key for key in props if is_index(key)}
    return sorted(indexes, key=int) + [key for key in props if key not in indexes]


def is_index(key: str) -> bool:
    """Whether a key is an array index: an integer below 2**32 - 1 in its canonical form."""
    return (
        key.isascii() and key.isdecimal() and len(key) <= 10 and str(int(key)) == key and int(key) < 2**32 - 1
    )


def _key(m: Machine, value: Known, key: str, node: Placed | None) -> AbstractValue:
    return Known(key)


def _pair(m: Machine, value: Known, key: str, node: Placed | None) -> AbstractValue:
    return Known(Arr([Known(key), _present_value(m, value, key, node)]))


def has_own(m: Machine, this: Known, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`this.hasOwnProperty(key)`."""
    data = this.data
    key = text(data_of(first(given)))
    if isinstance(data, Obj):
        if key in data.props:
            return _is_present(data.props[key])
        return Known(False) if data.rest is None else Unknown(data.rest.reason, node)
    if isinstance(data, Instance) and has_fields(data):
        return _is_present(data.props[key]) if key in data.props else Known(False)
    if (
        isinstance(data, Arr)
        and not data.open
        and not any(isinstance(item, OptionalItem) for item in data.items)
    ):
        index = is_index(key) and int(key) < len(data.items) and data.items[int(key)] is not HOLE
        return Known(bool(index or key == "length" or key in (data.props or {})))
    if data is None or data is UNDEFINED:
        throw("TypeError", node)
    raise Undetermined


def _is_present(value: AbstractValue) -> AbstractValue:
    """Whether a key with this content exists."""
    return Known(True) if presence(value) is None else either(value)


def _own_names(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`Object.getOwnPropertyNames`, which includes keys that are not enumerable; a plain object has none."""
    if not isinstance(data_of(first(given)), Obj):
        return unmodelled(m, "Object.getOwnPropertyNames", NOTHING, given, node)
    return _listing(_key)(m, given, node)


def _has_own(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return has_own(m, Known(data_of(first(given))), given[1:], node)


ROWS = [
    function_row("keys", _listing(_key), 1),
    function_row("values", _listing(_present_value), 1),
    function_row("entries", _listing(_pair), 1),
    function_row("getOwnPropertyNames", _own_names, 1),
    function_row("hasOwn", _has_own, 2),
]
