"""Reads abstract values: paths, joins, and the conversion to the plain values of a deployment."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from policy_bot.record import replace
from policy_bot.sst import deployment as plain
from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.domain import join as joined_values
from policy_bot.sst.fields import strip
from policy_bot.sst.freeze import steps
from policy_bot.sst.heap import Accessor, Data, Instance, Obj, Output, Property
from policy_bot.sst.reasons import CONDITION, Reason, Why
from policy_bot.sst.recording import RunProgram
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, OneOf, Unknown

NOTHING = Known(UNDEFINED)
_CHOICES = 1_000


class Unclear(Exception):
    """Raised by a converter for data whose plain value is known only at deployment."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


Converter = Callable[[Data], object]
"""Converts the data of a value into a fact."""


def look(machine: RunProgram, value: AbstractValue, path: str) -> AbstractValue:
    """The value at a dotted path; `undefined` if any part is missing."""
    value = strip(value)
    for key in path.split(".") if path else ():
        if (
            value.__class__ is Known and value.data.__class__ is Obj
        ):  # nearly always, and faster than asking the machine
            found = value.data.props.get(key)
            if found is None and value.data.rest is None:
                return NOTHING
            if found.__class__ is Known and found.data.__class__ is not Accessor:
                value = strip(found)
                continue
        value = strip(_step(machine, value, key))
    return value


def _step(machine: RunProgram, value: AbstractValue, key: str) -> AbstractValue:
    if isinstance(value, Known):
        return NOTHING if is_nothing(value.data) else machine.get(value, key)
    if isinstance(value, OneOf):
        return join([_step(machine, choice, key) for choice in value.choices], value.reason)
    return value


def is_nothing(data: object) -> bool:
    """Whether it is `undefined` or `null`, for which SST's `??` takes the default."""
    return data is None or data is UNDEFINED


def may_be_set(value: AbstractValue) -> bool:
    """Whether a possible value is given; an unknown one does not count."""
    return isinstance(value, OneOf) or (isinstance(value, Known) and not is_nothing(value.data))


def join(values: Iterable[AbstractValue], reason: Reason) -> AbstractValue:
    """A value that may be any of several; unknown if one of them is, `undefined` for none."""
    stripped = [strip(value) for value in values]
    joined = joined_values(stripped, reason, _CHOICES) if stripped else NOTHING
    if isinstance(joined, OneOf) and joined.origin is None:
        return OneOf(joined.choices, joined.reason, joined.choices[0].origin)
    return joined


def or_else(value: AbstractValue, default: AbstractValue) -> AbstractValue:
    """`value ?? default`."""
    value = strip(value)
    if isinstance(value, Known):
        return default if is_nothing(value.data) else value
    if isinstance(value, OneOf) and any(is_nothing(choice.data) for choice in value.choices):
        return join([or_else(choice, default) for choice in value.choices], value.reason)
    return value


def known_objects(value: AbstractValue) -> list[Obj]:
    """The object literals that a value may be."""
    value = strip(value)
    choices = (value,) if isinstance(value, Known) else value.choices if isinstance(value, OneOf) else ()
    return [
        choice.data
        for choice in map(strip, choices)
        if isinstance(choice, Known) and isinstance(choice.data, Obj)
    ]


def to_plain(abstract: AbstractValue, convert: Converter, ahead: Sequence[plain.Step] = ()) -> plain.Value:
    """The plain value, each datum through `convert`; `ahead` becomes the first step of its origin."""
    abstract = strip(abstract)
    origin = (*ahead, *steps(abstract.origin)) if abstract.origin is not None else tuple(ahead)
    if isinstance(abstract, Known):
        return _converted(abstract, convert, origin)
    if isinstance(abstract, Unknown):
        return plain.Unknown(
            abstract.reason, abstract.node.span if abstract.node else _first_span(origin), origin
        )
    found: list[plain.Known] = []
    for choice in abstract.choices:
        value = to_plain(choice, convert)
        if not isinstance(value, plain.Known):
            span = value.span if isinstance(value, plain.Unknown) else None
            return plain.Unknown(abstract.reason, span, origin)
        if all(value.value != other.value for other in found):
            found.append(value)
    if len(found) == 1:
        return plain.Known(found[0].value, (*ahead, *found[0].origin))
    return plain.OneOf(tuple(found), abstract.reason, origin)


def aspects(
    value: AbstractValue, converters: Mapping[str, Converter], ahead: Sequence[plain.Step] = ()
) -> dict[str, plain.Value]:
    """Several facts about one value, by name; only the first carries its origin."""
    value = strip(value)
    if not isinstance(value, Known):
        return {name: to_plain(value, convert, ahead) for name, convert in converters.items()}
    origin = (*ahead, *steps(value.origin))
    return {name: _converted(value, convert, origin) for name, convert in converters.items()}


def _converted(value: Known, convert: Converter, origin: tuple[plain.Step, ...]) -> plain.Value:
    try:
        return plain.Known(convert(value.data), origin)
    except Unclear as error:
        return plain.Unknown(error.reason, _first_span(origin), origin)


def _first_span(origin: Sequence[plain.Step]) -> Span | None:
    return next((step.span for step in origin if step.span), None)


def truth(data: object) -> bool:
    """JavaScript's truthiness of a known datum."""
    if isinstance(data, Property):
        raise Unclear(Why.OUTPUT_KNOWN_AT_DEPLOYMENT(f"{data.instance.type} .{data.path}"))
    if isinstance(data, float):
        return not math.isnan(data) and data != 0
    if data is UNDEFINED or data is None:
        return False
    return bool(data) if isinstance(data, (str, int, bool)) else True


def text(data: object) -> str:
    """A string, "" for nothing; anything else as printed."""
    if is_nothing(data):
        return ""
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, (str, int, float)):
        return str(data)
    if isinstance(data, (Property, Instance)):
        raise Unclear(Why.ONLY_AT_DEPLOYMENT())
    return f"[{type(data).__name__}]"


def name_text(data: object) -> str:
    """The name of a component, "" for nothing; raises `Unclear` unless it is a string."""
    if is_nothing(data):
        return ""
    if isinstance(data, (Property, Instance)):
        raise Unclear(Why.ONLY_AT_DEPLOYMENT())
    if not isinstance(data, str):
        raise Unclear(Why.NO_NAME())
    return data


def integer(default: int) -> Callable[[object], int]:
    """Makes a converter for integers, with `default` for nothing."""

    def convert(data: object) -> int:
        if is_nothing(data):
            return default
        if isinstance(data, bool) or not isinstance(data, (int, float)) or math.isnan(data):
            raise Unclear(Why.NOT_A_NUMBER(text(data)))
        return int(data)

    return convert


# --- facts: combining plain values --------------------------------------------------------------------------


def fact(value: object, *origin: plain.Step) -> plain.Known:
    """A known fact."""
    return plain.Known(value, origin)


def located(value: plain.Value, place: plain.Place | None) -> plain.Value:
    """The value with the `key: value` pair that sets it as the first step of its origin."""
    if place is None:
        return value
    origin = (plain.Step("written here", place.pair), *value.origin)
    return (
        plain.Known(value.value, origin) if isinstance(value, plain.Known) else replace(value, origin=origin)
    )


def choices(value: plain.Value) -> tuple[plain.Known, ...]:
    """The possible values; () if unknown."""
    if isinstance(value, plain.Known):
        return (value,)
    return value.choices if isinstance(value, plain.OneOf) else ()


def combine(function: Callable[..., object], *values: plain.Value) -> plain.Value:
    """Applies `function` to all combinations of the values; unknown if one of them is. Keeps the first
    origin.
    """
    origin = next((value.origin for value in values if value.origin), ())
    if all(value.__class__ is plain.Known for value in values):
        return plain.Known(function(*(value.value for value in values)), origin)  # type: ignore[union-attr]
    for value in values:
        if isinstance(value, plain.Unknown):
            return value
    found: dict[object, plain.Known] = {}
    reason = next((value.reason for value in values if isinstance(value, plain.OneOf)), CONDITION)
    for row in itertools.islice(itertools.product(*map(choices, values)), 64):
        result = function(*(each.value for each in row))
        found.setdefault(result, plain.Known(result, next((each.origin for each in row if each.origin), ())))
    if len(found) == 1:
        return plain.Known(next(iter(found)), origin)
    return plain.OneOf(tuple(found.values()), reason, origin)


def both(one: plain.Value, other: plain.Value) -> plain.Value:
    """`one && other` of two facts; known if one of them is certainly false."""
    for value in (one, other):
        if isinstance(value, plain.Known) and not value.value:
            return value
    return combine(lambda a, b: bool(a and b), one, other)


def either(one: plain.Value, other: plain.Value) -> plain.Value:
    """`one || other` of two facts; known if one of them is certainly true."""
    for value in (one, other):
        if isinstance(value, plain.Known) and value.value:
            return value
    return combine(lambda a, b: bool(a or b), one, other)


def output(value: AbstractValue) -> Known:
    """The value in a Pulumi output, as SST passes it on, so that `??=` in a transform does not replace it."""
    return Known(Output(value), value.origin)
