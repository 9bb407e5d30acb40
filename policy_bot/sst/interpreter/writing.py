"""Sets and deletes properties."""

from __future__ import annotations

from policy_bot.sst.atoms import RegExp
from policy_bot.sst.domain import absent_or, also_among, bare, objects
from policy_bot.sst.heap import Accessor, Arr, Class, Closure, Cursor, Instance, Keyed, Native, Obj, Output
from policy_bot.sst.interpreter.branches import fork
from policy_bot.sst.interpreter.callables import METHODS, call
from policy_bot.sst.interpreter.completions import Completion
from policy_bot.sst.interpreter.conversions import primitive
from policy_bot.sst.interpreter.errors import error_of, throw
from policy_bot.sst.interpreter.forgetting import lose, may_have_changed, open_object
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.properties import key_of
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.interpreter.writes import drop, put, touch
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import (
    HOLE,
    NOTHING,
    AbstractValue,
    Known,
    OneOf,
    OptionalItem,
    Placed,
    Unknown,
    alternatives,
    optional,
    slots,
)


def put_property(m: Machine, target: AbstractValue, key: str, value: AbstractValue, node: Placed) -> None:
    """`target.key = value`."""
    value = bare(value)
    if isinstance(target, Known):
        _put(m, target, key, value, node)
        return
    for choice in _possible(target):
        _put_perhaps(m, choice, key, value, target.reason, node)


def _possible(target: AbstractValue) -> tuple[Known, ...]:
    """The known values that a value may be, even if it may also be others."""
    return target.among if isinstance(target, Unknown) else alternatives(target)


def _put_perhaps(
    m: Machine, target: Known, key: str, value: AbstractValue, reason: Reason, node: Placed
) -> None:
    """Sets a property of an object that may not be the target: the property may keep its old value."""

    def once() -> Completion:
        _put(m, target, key, value, node)
        return None

    fork(m, reason, [once, lambda: None])


def _put(m: Machine, target: Known, key: str, value: AbstractValue, node: Placed) -> None:
    data = target.data
    if isinstance(data, Obj):
        _put_in_object(m, target, data, key, value, node)
    elif isinstance(data, Arr):
        _put_in_array(m, data, key, value, node)
    elif isinstance(data, (Instance, Class)):
        static = isinstance(data, Class)
        cls = data if isinstance(data, Class) else data.cls
        setter = None if key in data.props else setter_of(cls, key, node, static)
        if setter is None:
            put(m, data.props, key, value)
        else:
            call(m, Known(setter), [value], target, node)
    elif isinstance(data, (Closure, Native)):
        if data.props is None:
            data.props = {}
        put(m, data.props, key, value)
    elif isinstance(data, (Keyed, Cursor, RegExp, Output)):
        if isinstance(data, Keyed) and key in METHODS[Keyed]:
            lose(m, data, Unknown(Why.UNSUPPORTED(key), node))
        m.hide(Why.UNSUPPORTED(key), node)
    elif primitive(data):
        raise error_of("TypeError", node, f"Cannot set property '{key}' of a primitive value")


def setter_of(cls: Class | None, key: str, node: Placed, static: bool = False) -> Closure | None:
    """The setter of a class for a key. If there is only a getter, writing throws."""
    for each in cls.lineage() if cls is not None else ():
        setter = (each.static_setters if static else each.setters).get(key)
        if setter is not None:
            return setter
        if key in (each.static_getters if static else each.getters):
            raise error_of("TypeError", node, f"Cannot set property {key}, which has only a getter")
    return None


def _put_in_object(
    m: Machine, target: Known, data: Obj, key: str, value: AbstractValue, node: Placed
) -> None:
    value = _writable(m, data, value, data.props.get(key, NOTHING), node)
    if key == "__proto__":
        may_have_changed(m, target, Why.UNSUPPORTED(key), node)
        return
    old = data.props.get(key)
    if isinstance(old, Known) and isinstance(old.data, Accessor):
        if old.data.setter is None:
            raise error_of("TypeError", node, f"Cannot set property {key}, which has only a getter")
        call(m, Known(old.data.setter), [value], target, node)
        return
    if old is None:
        m.allocate(1)
    put(m, data.props, key, value)
    if data.assigned is None:
        data.assigned = {}
    data.assigned[key] = node


def _writable(
    m: Machine, data: Obj | Arr, value: AbstractValue, old: AbstractValue, node: Placed
) -> AbstractValue:
    """The value after a write. Writing to a frozen object throws, because modules are in strict mode."""
    if data.frozen is False:
        return value
    if data.frozen:
        throw("TypeError", node)
    m.may_throw(node)
    return join(m, [bare(old), value], Why.MAY_BE_FROZEN())


def _put_in_array(m: Machine, data: Arr, key: str, value: AbstractValue, node: Placed) -> None:
    value = _writable(m, data, value, Unknown(Why.MAY_BE_FROZEN(), node), node)
    if key == "length":
        _set_length(m, data, value)
        return
    if not key.isdecimal() or str(int(key)) != key:
        if data.props is None:
            data.props = slots()
        put(m, data.props, key, value)
        return
    index, items = int(key), data.items
    perhaps = any(item.__class__ is OptionalItem for item in items[: index + 1])
    if index < len(items) and not perhaps and data.open is None:
        touch(m, items)[index] = value
    elif data.open is None and not perhaps and index < m.limits.collection:
        m.allocate(index + 1 - len(items))
        touch(m, items).extend([HOLE] * (index - len(items)))
        items.append(value)
    else:
        _anywhere(m, data, value, Why.ELEMENT_SET())


def _anywhere(m: Machine, data: Arr, value: AbstractValue, reason: Reason) -> None:
    """Sets an element at an unknown index: it may be each of the elements, or a new one."""
    items = touch(m, data.items)
    if HOLE in items:
        items[:] = optional(items, reason)
    for at, item in enumerate(items):
        if item.__class__ is OptionalItem:
            items[at] = OptionalItem(join(m, [item.value, value], reason), item.reason)
        else:
            items[at] = join(m, [item, value], reason)
    data.open = also_among(data.open or Unknown(reason), value)


def _set_length(m: Machine, data: Arr, value: AbstractValue) -> None:
    """`a.length = n` cuts the array, or appends holes."""
    items = touch(m, data.items)
    count = value.data if isinstance(value, Known) else None
    certain = data.open is None and not any(item.__class__ is OptionalItem for item in items)
    if count == 0 and count.__class__ is int:
        items.clear()
        data.open = None
    elif count.__class__ is int and certain and 0 <= count <= m.limits.collection:
        m.allocate(max(0, count - len(items)))
        items[count:] = [HOLE] * (count - len(items))
    else:
        reason = Why.LENGTH_SET()
        items[:] = optional(items, reason)
        data.open = data.open or Unknown(reason)


def put_computed(
    m: Machine, target: AbstractValue, index: AbstractValue, value: AbstractValue, node: Placed
) -> None:
    """`target[index] = value`; under an unknown key, every value of an object may have changed."""
    keys = key_of(index)
    if keys is not None and len(keys) == 1:
        put_property(m, target, keys[0], value, node)
        return
    reason = index.reason if isinstance(index, (Unknown, OneOf)) else Why.KEY()
    for choice in _possible(target):
        data = choice.data
        for key in keys if keys is not None else list(data.props) if isinstance(data, Obj) else ():
            _put_perhaps(m, choice, key, value, reason, node)
        if keys is None and isinstance(data, Obj):
            open_object(data, Unknown(reason, node, among=objects([value])))
        elif keys is None and isinstance(data, Arr):
            _anywhere(m, data, value, reason)
        elif keys is None:
            may_have_changed(m, choice, reason, node)


def take_away(m: Machine, value: AbstractValue, index: AbstractValue, node: Placed) -> None:
    """`delete value[index]`."""
    keys = key_of(index)
    for choice in _possible(value):
        if isinstance(choice.data, (Obj, Instance, Class, Closure, Native)):
            if isinstance(choice.data, Obj):
                _writable(m, choice.data, NOTHING, NOTHING, node)
            props = choice.data.props or {}
            for key in keys or list(props):
                if keys is not None and len(keys) == 1 and isinstance(value, Known):
                    drop(m, props, key)
                elif key in props:
                    put(m, props, key, absent_or(props[key], Why.MAY_BE_DELETED()))
        elif isinstance(choice.data, Arr):
            _delete_element(m, choice.data, keys if isinstance(value, Known) else None, node)


def _delete_element(m: Machine, data: Arr, keys: list[str] | None, node: Placed) -> None:
    """`delete array[index]` leaves a place without an element."""
    _writable(m, data, NOTHING, NOTHING, node)
    missing = any(item.__class__ is OptionalItem for item in data.items)
    if keys is None or len(keys) != 1 or data.open is not None or missing:
        _anywhere(m, data, NOTHING, Why.MAY_BE_DELETED())
    elif keys[0] == "length":
        throw("TypeError", node)
    elif keys[0].isdecimal() and int(keys[0]) < len(data.items):
        touch(m, data.items)[int(keys[0])] = HOLE
