"""Writing and taking away properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_bot.sst.interpreter.access import call_back, get, key_of
from policy_bot.sst.interpreter.branches import drop, join, put, touch
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import (
    Accessor,
    Arr,
    Box,
    Class,
    Closure,
    Instance,
    Known,
    Native,
    Obj,
    OneOf,
    Perhaps,
    Placed,
    Unknown,
    alternatives,
)

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


def put_property(m: Machine, box: Box, key: str, value: Box, node: Placed) -> None:
    """`box.key = value`."""
    if isinstance(box, OneOf):
        for choice in box.choices:
            old = get(m, choice, key, node) if isinstance(choice.data, (Obj, Instance)) else NOTHING
            _put(m, choice, key, join(m, [old, value], box.reason), node)
    elif isinstance(box, Known):
        _put(m, box, key, value, node)


def _put(m: Machine, box: Known, key: str, value: Box, node: Placed) -> None:
    data = box.data
    if isinstance(data, Obj):
        _put_in_object(m, box, data, key, value, node)
    elif isinstance(data, Arr):
        _put_in_array(m, data, key, value)
    elif isinstance(data, Instance):
        cls = data.cls
        while cls is not None:
            if key in cls.setters:
                call_back(m, Known(cls.setters[key]), [value], box, node)
                return
            cls = cls.base.data if isinstance(cls.base, Known) and isinstance(cls.base.data, Class) else None
        put(m, data.props, key, value)
    elif isinstance(data, Class):
        put(m, data.props, key, value)
    elif isinstance(data, (Closure, Native)):
        if data.props is None:
            data.props = {}
        put(m, data.props, key, value)


def _put_in_object(m: Machine, box: Known, data: Obj, key: str, value: Box, node: Placed) -> None:
    old = data.props.get(key)
    if isinstance(old, Known) and isinstance(old.data, Accessor):
        if old.data.setter is not None:
            call_back(m, Known(old.data.setter), [value], box, node)
        return
    if old is None:
        m.spend(1)
    put(m, data.props, key, value)
    if data.assigned is None:
        data.assigned = {}
    data.assigned[key] = node


def _put_in_array(m: Machine, data: Arr, key: str, value: Box) -> None:
    if key == "length" or not key.isdecimal():
        if key == "length" and isinstance(value, Known) and value.data == 0:
            touch(m, data.items).clear()
        return
    index = int(key)
    if index < len(data.items) and not any(item.__class__ is Perhaps for item in data.items[: index + 1]):
        touch(m, data.items)[index] = value
    elif index == len(data.items) and data.open is None:
        m.spend(1)
        touch(m, data.items).append(value)
    else:
        data.open = data.open or Unknown(Why.ELEMENT_SET())


def put_computed(m: Machine, box: Box, index: Box, value: Box, node: Placed) -> None:
    """`box[index] = value`; under an unknown key, every value of an object may have changed."""
    keys = key_of(index)
    if keys is not None and len(keys) == 1:
        put_property(m, box, keys[0], value, node)
        return
    reason = index.reason if isinstance(index, (Unknown, OneOf)) else Why.KEY()
    for choice in alternatives(box):
        data = choice.data
        if isinstance(data, Obj):
            for key in keys if keys is not None else list(data.props):
                put(m, data.props, key, join(m, [data.props.get(key, NOTHING), value], reason))
            if keys is None:
                open_object(data, Unknown(reason, node))
        elif isinstance(data, Arr):
            for at, item in enumerate(touch(m, data.items)):
                data.items[at] = item if item.__class__ is Perhaps else join(m, [item, value], reason)
            data.open = data.open or Unknown(reason, node)


def may_have_changed(m: Machine, box: Box, reason: Reason, node: Placed | None) -> None:
    """A function that cannot be seen was given this: nothing in it is certain any more, however deep."""
    hidden = Unknown(Why.MAY_BE_CHANGED(reason), node)
    pending = [choice.data for choice in alternatives(box)]
    while pending:
        data = pending.pop()
        if data.__class__ is Obj and data.rest is not hidden:
            m.spend(len(data.props))
            pending += [inner.data for inner in data.props.values() if isinstance(inner, Known)]
            for key, old in list(data.props.items()):
                put(m, data.props, key, Unknown(hidden.reason, node, old.origin))
            data.rest = hidden
        elif data.__class__ is Arr and data.open is not hidden:
            pending += [inner.data for inner in data.items if isinstance(inner, Known)]
            data.open = hidden


def open_object(data: Obj, rest: Unknown) -> None:
    """From now on the object may hold keys that cannot be seen."""
    data.rest = data.rest or rest


def take_away(m: Machine, box: Box, index: Box) -> None:
    """`delete box[index]`."""
    keys = key_of(index)
    for choice in alternatives(box):
        if isinstance(choice.data, (Obj, Instance)):
            for key in keys or list(choice.data.props):
                if keys is not None and len(keys) == 1 and isinstance(box, Known):
                    drop(m, choice.data.props, key)
                elif key in choice.data.props:
                    put(m, choice.data.props, key, Unknown(Why.PERHAPS_DELETED()))
