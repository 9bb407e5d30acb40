"""Reading properties of any value."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from policy_bot.sst.atoms import UNDEFINED, Namespace, RegExp
from policy_bot.sst.domain import objects, presence
from policy_bot.sst.heap import (
    Accessor,
    Arr,
    Bare,
    Class,
    Closure,
    Cursor,
    Data,
    Instance,
    Keyed,
    Native,
    Obj,
    Output,
    ProcessEnvironment,
    Promised,
    Property,
)
from policy_bot.sst.interpreter.branches import fork
from policy_bot.sst.interpreter.callables import call
from policy_bot.sst.interpreter.completions import Completion
from policy_bot.sst.interpreter.conversions import known_to_deploy
from policy_bot.sst.interpreter.errors import error_of
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.properties import (
    contents,
    element,
    key_of,
    length,
    method_of,
    of_keyed,
    of_pattern,
    of_plain,
    of_text,
    parameter_count,
)
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.reasons import CONDITION, Why
from policy_bot.sst.values import (
    NOTHING,
    AbstractValue,
    Known,
    OneOf,
    Origin,
    Placed,
    Unknown,
    alternatives,
)


def get(m: Machine, value: AbstractValue, key: str, node: Placed | None) -> AbstractValue:
    """`value.key`. Throws for null and undefined; alternatives that are either are left out."""
    if value.__class__ is Known:
        data = value.data
        if data.__class__ is Obj:
            found: AbstractValue | None = data.props.get(key)
            if found is not None and (
                data.rest is None if found.__class__ is not Known else found.data.__class__ is not Accessor
            ):
                return found
        return _get(m, value, data, key, node)
    if value.__class__ is OneOf:
        several = [
            _get(m, choice, choice.data, key, node)
            for choice in value.choices
            if choice.data is not None and choice.data is not UNDEFINED
        ]
        if len(several) < len(value.choices):
            m.may_throw(node)
        return join(m, several, value.reason) if several else Unknown(Why.PROPERTY_OF_NULLISH(key), node)
    assert isinstance(value, Unknown)
    if m.handlers:
        m.may_throw(node)
    return _of_unknown(m, value, key, node) if value.among else value


def _of_unknown(m: Machine, value: Unknown, key: str, node: Placed | None) -> Unknown:
    """A property of an unknown value: unknown, but it may be that of an object that the value may be."""
    found: list[AbstractValue] = []

    def read(known: Known) -> Completion:
        found.append(_get(m, known, known.data, key, node))
        return None

    for known in value.among:
        fork(m, value.reason, [partial(read, known), lambda: None])
    return Unknown(value.reason, value.node, value.origin, among=objects(found))


def _get(m: Machine, value: Known, data: Data, key: str, node: Placed | None) -> AbstractValue:
    getter = _GETTERS.get(data.__class__)
    if getter is not None:
        return getter(m, value, data, key, node)
    if isinstance(data, str):
        return of_text(m, value, data, key, node)
    if data is None or data is UNDEFINED:
        nothing = "null" if data is None else "undefined"
        if node is not None and not m.lenient:
            raise error_of("TypeError", node, f"Cannot read properties of {nothing} (reading '{key}')")
        return Unknown(Why.PROPERTY_OF(key, nothing), node)
    if isinstance(data, Promised) and key in {"then", "catch", "finally"}:
        return Unknown(Why.UNSUPPORTED(key), node)
    return method_of(m, value, data, key) or NOTHING


def _of_object(m: Machine, value: Known, data: Obj, key: str, node: Placed | None) -> AbstractValue:
    found = data.props.get(key)
    if found is None and key[:1] == "#":
        raise error_of("TypeError", node, f"Cannot read private member {key}")
    if found is None:
        return data.rest or method_of(m, value, data, key) or NOTHING
    if found.__class__ is Known and found.data.__class__ is Accessor:
        getter = found.data.getter
        return NOTHING if getter is None else call(m, Known(getter), [], value, node)
    if data.rest is not None and presence(found) is not None:
        return data.rest  # the key may also be an unknown one
    return found


def _of_environment(
    m: Machine, value: Known, data: ProcessEnvironment, key: str, node: Placed | None
) -> AbstractValue:
    return data.props.get(key) or Unknown(
        Why.OUTSIDE_REPOSITORY(f"process.env.{key}"), node, falsy=(UNDEFINED, "")
    )


def _of_array(m: Machine, value: Known, data: Arr, key: str, node: Placed | None) -> AbstractValue:
    if key == "length":
        return length(m, data, node)
    if key.isdecimal():
        return element(data, int(key), node)
    if data.props is not None and key in data.props:
        return data.props[key]
    return method_of(m, value, data, key) or NOTHING


def _of_namespace(m: Machine, value: Known, data: Namespace, key: str, node: Placed | None) -> AbstractValue:
    return Known(Namespace(f"{data.path}.{key}"))


def _of_instance(m: Machine, value: Known, data: Instance, key: str, node: Placed | None) -> AbstractValue:
    found = data.props.get(key)
    if found is not None:
        return found
    base: AbstractValue | None = value
    for cls in data.cls.lineage() if data.cls is not None else ():
        if cls.open is not None:
            m.may_throw(node)
            return cls.open
        if key in cls.getters:
            return call(m, Known(cls.getters[key]), [], value, node)
        if key in cls.methods or key in cls.setters:
            return Known(cls.methods[key]) if key in cls.methods else NOTHING
        base = cls.base
    if base is not None and not (isinstance(base, Known) and isinstance(base.data, _MADE_BY_OTHERS)):
        return Unknown(Why.UNKNOWN_BASE_PROPERTY(key), node)
    if data.type in _PLAIN_TYPES and key == "stack":
        return Unknown(Why.RUN_TIME_ONLY(key), node)
    if base is None or data.type in _PLAIN_TYPES or key in {"apply", "then"}:
        return method_of(m, value, data, key) or NOTHING
    return Known(Property(data, key), Origin(node, f"output of {data.type}"))


_MADE_BY_OTHERS = (Instance, Namespace, Native)
"""What an object is, or its class extends, if the program's own classes do not say what it has."""


_PLAIN_TYPES = {
    *("Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError"),
    "DataCloneError",
}


def _of_property(m: Machine, value: Known, data: Property, key: str, node: Placed | None) -> AbstractValue:
    bound = method_of(m, value, data, key)
    if bound is not None:
        return bound
    path = f"{data.path}.{key}" if data.path else key
    return (
        Unknown(known_to_deploy(data), node)
        if len(path) > 200
        else Known(Property(data.instance, path), value.origin)
    )


def _of_output(m: Machine, value: Known, data: Output, key: str, node: Placed | None) -> AbstractValue:
    bound = method_of(m, value, data, key)
    if bound is not None:
        return bound
    inner = get(m, data.inner, key, node)
    return inner if isinstance(inner, Unknown) else Known(Output(inner), value.origin)


def _of_class(m: Machine, value: Known, data: Class, key: str, node: Placed | None) -> AbstractValue:
    cls: Class | None = data
    while cls is not None:
        if key == "prototype":
            cls.open = Unknown(Why.UNSUPPORTED("prototype"), node)  # code that has it may add methods
            return cls.open
        if key in cls.static_getters:
            return call(m, Known(cls.static_getters[key]), [], value, node)
        if key in cls.props:
            return cls.props[key]
        base = cls.base.data if isinstance(cls.base, Known) else None
        if isinstance(base, Namespace):
            return Known(Namespace(f"{base.path}.{key}"))
        cls = base if isinstance(base, Class) else None
    if key == "name":
        return Known(data.name or data.node.given)
    if key == "length":
        return Known(0 if data.constructor is None else parameter_count(data.constructor))
    return method_of(m, value, data, key) or NOTHING


def _of_function(
    m: Machine, value: Known, data: Closure | Native, key: str, node: Placed | None
) -> AbstractValue:
    if data.props is not None and key in data.props:
        return data.props[key]
    if key == "name":
        return Known((data.node.name or data.node.given) if isinstance(data, Closure) else data.name)
    if key == "length" and isinstance(data, Closure):
        return Known(parameter_count(data))
    bound = method_of(m, value, data, key)
    if bound is None and isinstance(data, Native):
        return Unknown(Why.UNSUPPORTED_FUNCTION(f"{data.name}.{key}"), node)
    return bound or NOTHING


_GETTERS: dict[type, Callable[[Machine, Known, Any, str, Placed | None], AbstractValue]] = {
    Obj: _of_object,
    Bare: _of_object,
    ProcessEnvironment: _of_environment,
    Arr: _of_array,
    Namespace: _of_namespace,
    Instance: _of_instance,
    Property: _of_property,
    Output: _of_output,
    Class: _of_class,
    Closure: _of_function,
    Native: _of_function,
    Keyed: of_keyed,
    RegExp: of_pattern,
    Cursor: of_plain,
}


def get_computed(
    m: Machine, value: AbstractValue, index: AbstractValue, node: Placed | None
) -> AbstractValue:
    """`value[index]`."""
    keys = key_of(index)
    if keys is None:
        return _any_of(m, value, index, node)
    if len(keys) == 1:
        return get(m, value, keys[0], node)
    return join(
        m, [get(m, value, key, node) for key in keys], index.reason if isinstance(index, OneOf) else CONDITION
    )


def _any_of(m: Machine, value: AbstractValue, index: AbstractValue, node: Placed | None) -> AbstractValue:
    """The value of an unknown key: unknown, but it may be one of the object's values."""
    if isinstance(value, Unknown) and not value.among:
        return value
    if any(choice.data is None or choice.data is UNDEFINED for choice in alternatives(value)):
        if isinstance(value, Known):
            raise error_of("TypeError", node, "Cannot read properties of null or undefined")
        m.may_throw(node)
    reason = index.reason if isinstance(index, (Unknown, OneOf)) else Why.KEY()
    return Unknown(reason, node, among=objects(contents(value)))
