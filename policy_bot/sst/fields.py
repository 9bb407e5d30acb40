"""The fields of objects as SST and JavaScript read them."""

from __future__ import annotations

from typing import TypeGuard

from policy_bot.sst.heap import Accessor, Class, Instance, Obj, Output, Promised
from policy_bot.sst.values import AbstractValue, Known


def strip(value: AbstractValue) -> AbstractValue:
    """The value inside an `Output` or a promise, at any depth, as SST receives it; others unchanged."""
    while value.__class__ is Known and value.data.__class__ in _WRAPPERS:
        value = value.data.inner
    return value


_WRAPPERS = frozenset({Output, Promised})


def has_fields(data: object) -> TypeGuard[Class | Instance]:
    """Whether it is a class of the program or an object of one, all of whose fields are known."""
    return isinstance(data, Class) or (
        isinstance(data, Instance)
        and data.construction is None
        and data.cls is not None
        and data.cls.open is None
        and not data.type.endswith("Error")  # whose message is not enumerable
    )


def own_fields(data: Instance | Class) -> dict[str, AbstractValue]:
    """The fields that JavaScript enumerates and spreads: no methods, nothing private."""
    methods: set[str] = set()
    if isinstance(data, Class):
        methods = {member.key for member in data.node.members if member.static and member.kind == "method"}
    return {key: value for key, value in data.props.items() if key not in methods and key[:1] != "#"}


def as_object(value: AbstractValue, getters: bool = True) -> AbstractValue:
    """Arguments that are an instance of a class, as SST reads them: its fields, and its getters unless SST
    spreads the object. Any other value unchanged.
    """
    data = value.data if value.__class__ is Known else None
    if data.__class__ is not Instance or data.cls is None or data.construction is not None:
        return value
    made = Obj(dict(data.props))
    for cls in data.cls.lineage() if getters else ():
        for key, getter in cls.getters.items():
            made.props.setdefault(key, Known(Accessor(getter, cls.setters.get(key))))
    return Known(made, value.origin)
