"""`Map` and `Set`."""

from __future__ import annotations

import math
from collections.abc import Hashable

from policy_bot.sst.atoms import StageName
from policy_bot.sst.domain import absent_or, also_among, bare, either, objects, over, overwritten, presence
from policy_bot.sst.heap import Cursor, Data, Keyed, Native
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.builtins.arguments import first, unseen
from policy_bot.sst.interpreter.builtins.callbacks import call_conditionally
from policy_bot.sst.interpreter.builtins.objects import no_entry
from policy_bot.sst.interpreter.builtins.table import Builtin, constructor, function_row, methods
from policy_bot.sst.interpreter.callables import Function, call
from policy_bot.sst.interpreter.conversions import nullish, primitive, why
from policy_bot.sst.interpreter.iterate import View, elements, live_entries, pair, second
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.operators import stage_seen
from policy_bot.sst.interpreter.properties import contents
from policy_bot.sst.interpreter.writes import drop, put
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OptionalItem, Placed, Unknown, value_of

_NAN = ("NaN",)


def _identity(data: Data) -> Hashable:
    """The identity of a key: SameValueZero, in which NaN equals itself and -0 equals 0."""
    if isinstance(data, str):
        return str(data)
    if isinstance(data, float) and math.isnan(data):
        return _NAN
    if data is None or isinstance(data, (bool, int, float)):
        return (data.__class__ is bool, data)
    return data


def _make(kind: str) -> Function:
    def make(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        made = Keyed(kind)
        if nullish(first(given)):
            return Known(made)
        unordered: Unknown | None = None
        items, more = elements(m, first(given), node)
        made.open = more
        for item in items:
            content = value_of(item)
            if kind == "Map" and isinstance(content, Known) and primitive(content.data):
                no_entry(m, item, node)
                continue
            missing = item.reason if isinstance(item, OptionalItem) else None
            key, value = (content, content) if kind == "Set" else _pair(m, content, node)
            entry = made.entries.get(_identity(key.data)) if isinstance(key, Known) else None
            _add(m, made, key, value, node, missing)
            if entry is not None and presence(entry[1]) is not None:  # its position is here or the old one
                unordered = unordered or Unknown(why(entry[1]), node)
        made.open = made.open or unordered
        if more is not None:
            _overwrite(m, made, more)
        return Known(made)

    return make


def _pair(m: Machine, content: AbstractValue, node: Placed | None) -> tuple[AbstractValue, AbstractValue]:
    return get(m, content, "0", node), get(m, content, "1", node)


def _overwrite(m: Machine, data: Keyed, by: Unknown) -> None:
    """An entry with an unknown key is set: the value of each other entry may be this one."""
    for identity, (key, content) in list(data.entries.items()):
        if data.kind == "Map":
            put(m, data.entries, identity, (key, overwritten(content, by)))


def _add(
    m: Machine,
    data: Keyed,
    key: AbstractValue,
    value: AbstractValue,
    node: Placed | None,
    missing: Reason | None = None,
) -> None:
    """Sets an entry; with `missing`, the reason why it may not be set."""
    if not isinstance(key, Known) or isinstance(key.data, Native):
        data.open = also_among(data.open or unseen(key, node), value)
        _overwrite(m, data, Unknown(Why.MAY_BE_OVERWRITTEN(), node))
        return
    m.allocate(1)
    if isinstance(key.data, float) and key.data == 0:
        key = Known(0, key.origin)
    identity = _identity(key.data)
    entry = data.entries.get(identity)
    if data.kind == "Set" and entry is not None and presence(entry[1]) is None:
        return
    content = bare(value)
    unplaced = entry is None or presence(entry[1]) is not None
    if unplaced and missing is None and data.open is not None:
        missing = data.open.reason  # it may be there already, in another place
    if missing is not None:
        content = over(None if entry is None else entry[1], absent_or(content, missing))
    put(m, data.entries, identity, (key if entry is None else entry[0], content))


def _set(m: Machine, this: Known[Keyed], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    _add(m, this.data, first(given), first(given, 1), node)
    return this


def _add_to_set(
    m: Machine, this: Known[Keyed], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    _add(m, this.data, first(given), first(given), node)
    return this


def _look(
    m: Machine, data: Keyed, key: AbstractValue, node: Placed | None
) -> tuple[AbstractValue, AbstractValue] | Unknown | None:
    if not isinstance(key, Known) or isinstance(key.data, Native):
        return Unknown(why(key), node, among=objects(contents(Known(data))))
    if key.data.__class__ is StageName:
        names = [other.data for other, _ in data.entries.values() if isinstance(other, Known)]
        letters = data.kind == "Set" and all(isinstance(name, str) and len(name) == 1 for name in names)
        for name in () if letters else names:  # `new Set("pr-12")` holds the letters of one name
            stage_seen(m, key.data, name)
    found = data.entries.get(_identity(key.data))
    if found is not None and data.open is not None and presence(found[1]) is not None:
        return data.open  # the entry may also be an unknown one
    return data.open if found is None else found


def _get(m: Machine, this: Known[Keyed], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    found = _look(m, this.data, first(given), node)
    if isinstance(found, tuple):
        return bare(found[1])
    return NOTHING if found is None else found


def _has(m: Machine, this: Known[Keyed], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    found = _look(m, this.data, first(given), node)
    if isinstance(found, tuple):
        return Known(True) if presence(found[1]) is None else either(found[1])
    return Known(False) if found is None else found


def _delete(m: Machine, this: Known[Keyed], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    key = first(given)
    if not isinstance(key, Known):
        unclear = unseen(key, node)
        this.data.open = this.data.open or unclear
        for identity, (old, value) in list(this.data.entries.items()):
            put(m, this.data.entries, identity, (old, absent_or(value, unclear.reason)))
        return unclear
    found = this.data.entries.get(_identity(key.data))
    drop(m, this.data.entries, _identity(key.data))
    if found is None:
        return Known(False) if this.data.open is None else Unknown(this.data.open.reason, node)
    return Known(True) if presence(found[1]) is None else either(found[1])


def _clear(m: Machine, this: Known[Keyed], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    for key in list(this.data.entries):
        drop(m, this.data.entries, key)
    return NOTHING


def _for_each(
    m: Machine, this: Known[Keyed], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    for key, value in live_entries(m, this.data):
        there = presence(value)
        if there is None:
            call(m, first(given), [value, key, this], first(given, 1), node)
        else:
            call_conditionally(m, why(value), first(given), [there, key, this], node, first(given, 1))
    if this.data.open is not None:
        m.hide(Why.CALLBACK_FOR_UNKNOWN_ELEMENTS(this.data.open.reason), node)
    return NOTHING


def _first(key: AbstractValue, value: AbstractValue) -> AbstractValue:
    return key


def _twice(key: AbstractValue, value: AbstractValue) -> AbstractValue:
    return pair(value, value)


def _keys(m: Machine, this: Known[Keyed], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return Known(Cursor([], View(this.data, _first)))


def _values(m: Machine, this: Known[Keyed], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return Known(Cursor([], View(this.data, second)))


def _entries(
    m: Machine, this: Known[Keyed], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    return Known(Cursor([], View(this.data, _twice if this.data.kind == "Set" else pair)))


METHODS = methods(
    "Map",
    [
        Builtin("set", _set, 2),
        Builtin("add", _add_to_set, 1),
        Builtin("get", _get, 1),
        Builtin("has", _has, 1),
        Builtin("delete", _delete, 1),
        Builtin("clear", _clear),
        Builtin("forEach", _for_each, 2),
        Builtin("keys", _keys),
        Builtin("values", _values),
        Builtin("entries", _entries),
    ],
)
_KINDS = {"Map": "Map", "Set": "Set", "WeakMap": "Map", "WeakSet": "Set"}
CONSTRUCTORS = {name: constructor(function_row(name, _make(kind), 1)) for name, kind in _KINDS.items()}
