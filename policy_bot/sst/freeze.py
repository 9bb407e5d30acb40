"""Converts the interpreter's live values to the plain values of a deployment."""

from __future__ import annotations

from typing import assert_never

from policy_bot.sst.atoms import UNDEFINED, Namespace, RegExp
from policy_bot.sst.deployment import Reference, Step, Value
from policy_bot.sst.domain import presence
from policy_bot.sst.heap import (
    Accessor,
    Arr,
    Class,
    Closure,
    Cursor,
    Instance,
    Keyed,
    Native,
    Obj,
    Output,
    Promised,
    Property,
    Rejected,
)
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, OneOf, OptionalItem, Origin

STEPS = 12
DEPTH = 12
SIZE = 5_000


def steps(origin: Origin | None) -> tuple[Step, ...]:
    """The origin as plain steps, nearest first, at most `STEPS` of them."""
    if origin is None:
        return ()
    if origin.steps is None:
        chain: list[Step] = []
        hop: Origin | None = origin
        while hop is not None and len(chain) < STEPS:
            chain.append(Step(hop.note, hop.node.span if hop.node else None))
            hop = hop.parent
        origin.steps = tuple(chain)
    return origin.steps


def freeze(value: AbstractValue) -> Value:
    """Converts a value, without its origin (see `steps`).

    `undefined` becomes None at the top level; inside an object its key is left out. If an unknown value was
    spread into an object, it is under the key `...`. A value that is too deep, too large or contains itself
    becomes unknown.
    """
    return _Freezer().value(value, DEPTH)


def reference(instance: Instance, output: str = "") -> Reference:
    """Refers to a component, or to one of its outputs, inside an argument."""
    name = instance.name
    text = name.data if isinstance(name, Known) and isinstance(name.data, str) else "?"
    return Reference(instance.type, text, output)


class _Freezer:
    """One conversion: `left` objects may still be made, and `inside` are those that contain this place."""

    def __init__(self) -> None:
        self.left = SIZE
        self.inside: set[int] = set()

    def value(self, value: AbstractValue, depth: int) -> Value:
        if isinstance(value, Known):
            return self.known(value, depth)
        if isinstance(value, OneOf):
            choices = tuple(self.known(choice, depth) for choice in value.choices)
            unclear = next((choice for choice in choices if not choice.is_known), None)
            if unclear is not None:
                return Value.unknown(value.reason, unclear.span)
            return Value.one_of(choices, value.reason)
        return Value.unknown(value.reason, value.node.span if value.node else None)

    def known(self, value: Known, depth: int) -> Value:
        data = value.data
        if data is None or data is UNDEFINED:
            return Value(None)
        if isinstance(data, (str, int, float)):
            return Value(str(data) if isinstance(data, str) else data)
        if isinstance(data, (Output, Promised)):
            return self.value(data.inner, depth)
        if isinstance(data, Instance):
            return Value(reference(data))
        if isinstance(data, Property):
            return Value(reference(data.instance, data.path))
        if isinstance(data, (Obj, Arr)):
            return self.nested(value, data, depth)
        return Value.unknown(_unfreezable(data), _place(value.origin))

    def nested(self, value: Known, data: Obj | Arr, depth: int) -> Value:
        self.left -= 1
        if depth == 0 or self.left < 0 or id(data) in self.inside:
            return Value.unknown(Why.TOO_DEEP_TO_SHOW(), _place(value.origin))
        self.inside.add(id(data))
        plain = self.object(data, depth - 1) if isinstance(data, Obj) else self.array(data, depth - 1)
        self.inside.discard(id(data))
        return Value(plain)

    def object(self, data: Obj, depth: int) -> dict[str, Value]:
        plain = {}
        for key, value in data.props.items():
            if value.__class__ is not Known:
                unseen = data.rest if presence(value) is not None else None
                plain[key] = self.value(unseen or value, depth)
            elif value.data is not UNDEFINED:
                plain[key] = self.known(value, depth)
        if data.rest is not None:
            plain["..."] = self.value(data.rest, depth)
        return plain

    def array(self, data: Arr, depth: int) -> list[Value]:
        plain: list[Value] = []
        for item in data.items:
            if isinstance(item, OptionalItem):
                plain.append(Value.unknown(item.reason, None))
            else:
                plain.append(self.value(item, depth))
        if data.open is not None:
            plain.append(self.value(data.open, depth))
        return plain


def _place(origin: Origin | None) -> Span | None:
    return origin.node.span if origin is not None and origin.node is not None else None


def _unfreezable(
    data: Closure | Native | Accessor | Class | Keyed | Cursor | Namespace | RegExp | Rejected,
) -> Reason:
    if isinstance(data, (Closure, Native)):
        return Why.A_FUNCTION()
    if isinstance(data, Accessor):
        return Why.A_GETTER()
    if isinstance(data, Class):
        return Why.A_CLASS(data.name)
    if isinstance(data, (Keyed, Cursor, Namespace, RegExp, Rejected)):
        return Why.NO_PLAIN_FORM()
    assert_never(data)
