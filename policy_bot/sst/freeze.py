"""From the interpreter's live values to the plain values of a deployment."""

from __future__ import annotations

from policy_bot.sst import deployment
from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.domain import presence
from policy_bot.sst.heap import (
    Accessor,
    Arr,
    Class,
    Closure,
    Instance,
    Native,
    Obj,
    Output,
    Promised,
    Property,
)
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, OneOf, OptionalItem, Origin, is_undefined

STEPS = 12
DEPTH = 12
SIZE = 5_000


def steps(origin: Origin | None) -> tuple[deployment.Step, ...]:
    """The chain as plain steps, nearest first, cut to a length a person reads."""
    chain: list[deployment.Step] = []
    while origin is not None and len(chain) < STEPS:
        chain.append(deployment.Step(origin.note, origin.node.span if origin.node is not None else None))
        origin = origin.parent
    return tuple(chain)


def freeze(value: AbstractValue) -> deployment.Value:
    """The plain form of a value, without its origin: callers that show a derivation ask `steps` for it.

    `undefined` becomes None at the top, and no key inside an object.

    An object that something unknown was spread into has that unknown under the key `...`. A value too deep,
    too large or inside itself is unknown.
    """
    return _Freezer().value(value, DEPTH)


def reference(instance: Instance, output: str = "") -> deployment.Reference:
    """How a component, or an output of one, is named inside an argument."""
    name = instance.name
    text = name.data if isinstance(name, Known) and isinstance(name.data, str) else "?"
    return deployment.Reference(instance.type, text, output)


class _Freezer:
    """One conversion: counts what it makes and knows what it is inside of."""

    def __init__(self) -> None:
        self.left = SIZE
        self.inside: set[int] = set()

    def value(self, value: AbstractValue, depth: int) -> deployment.Value:
        if isinstance(value, Known):
            return self.known(value, depth)
        if isinstance(value, OneOf):
            choices = [self.known(choice, depth) for choice in value.choices]
            unclear = next((c for c in choices if not isinstance(c, deployment.Known)), None)
            if unclear is not None:
                return deployment.Unknown(value.reason, _span(unclear))
            return deployment.OneOf(tuple(choices), value.reason)  # type: ignore[arg-type]
        return deployment.Unknown(value.reason, value.node.span if value.node else None)

    def known(self, value: Known, depth: int) -> deployment.Value:
        data = value.data
        if data is None or data is UNDEFINED:
            return deployment.Known(None)
        if isinstance(data, (str, int, float)):
            return deployment.Known(str(data) if isinstance(data, str) else data)
        if isinstance(data, (Output, Promised)):
            return self.value(data.inner, depth)
        if isinstance(data, Instance):
            return deployment.Known(reference(data))
        if isinstance(data, Property):
            return deployment.Known(reference(data.instance, data.path))
        if isinstance(data, (Obj, Arr)):
            return self.nested(value, data, depth)
        return deployment.Unknown(_what(data), _place(value.origin))

    def nested(self, value: Known, data: Obj | Arr, depth: int) -> deployment.Value:
        self.left -= 1
        if depth == 0 or self.left < 0 or id(data) in self.inside:
            return deployment.Unknown(Why.TOO_DEEP_TO_SHOW(), _place(value.origin))
        self.inside.add(id(data))
        plain = self.object(data, depth - 1) if isinstance(data, Obj) else self.array(data, depth - 1)
        self.inside.discard(id(data))
        return deployment.Known(plain)

    def object(self, data: Obj, depth: int) -> dict[str, deployment.Value]:
        plain = {}
        for key, value in data.props.items():
            if not is_undefined(value):
                unseen = data.rest if presence(value) is not None else None
                plain[key] = self.value(unseen or value, depth)
        if data.rest is not None:
            plain["..."] = self.value(data.rest, depth)
        return plain

    def array(self, data: Arr, depth: int) -> list[deployment.Value]:
        plain: list[deployment.Value] = []
        for item in data.items:
            if isinstance(item, OptionalItem):
                plain.append(deployment.Unknown(item.reason, None))
            else:
                plain.append(self.value(item, depth))
        if data.open is not None:
            plain.append(self.value(data.open, depth))
        return plain


def _span(value: deployment.Value) -> Span | None:
    return value.span if isinstance(value, deployment.Unknown) else None


def _place(origin: Origin | None) -> Span | None:
    return origin.node.span if origin is not None and origin.node is not None else None


def _what(data: object) -> Reason:
    if isinstance(data, (Closure, Native)):
        return Why.A_FUNCTION()
    if isinstance(data, Accessor):
        return Why.A_GETTER()
    if isinstance(data, Class):
        return Why.A_CLASS(data.name)
    return Why.NO_PLAIN_FORM()
