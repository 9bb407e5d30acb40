"""Reads abstract values: paths, joins, and the conversion to the plain values of a deployment."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from policy_bot.record import replace
from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.deployment import Place, Step, Value
from policy_bot.sst.domain import join
from policy_bot.sst.fields import strip
from policy_bot.sst.freeze import steps
from policy_bot.sst.heap import Accessor, Data, Instance, Obj, Output, Property
from policy_bot.sst.reasons import CONDITION, Reason, Why
from policy_bot.sst.recording import RunProgram
from policy_bot.sst.span import Span
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Unknown

_CHOICES = 1_000
"""The most choices that a value may have here: a setting may have one for each stage."""


class Unclear(Exception):
    """Raised by a converter for data whose plain value is known only at deployment."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


Converter = Callable[[Data], object]
"""Converts the data of a value into a fact."""


def lookup(machine: RunProgram, value: AbstractValue, path: str) -> AbstractValue:
    """The value at a dotted path; `undefined` if any part is missing."""
    if value is NOTHING:
        return NOTHING
    if value.__class__ is not Known or value.data.__class__ is not Obj:
        value = strip(value)
    for key in path.split(".") if path else ():
        data = value.data if value.__class__ is Known else None
        found = data.props.get(key) if data.__class__ is Obj else None
        if found is None and data.__class__ is Obj and data.rest is None:
            return NOTHING  # most arguments are not set
        if found.__class__ is Known and found.data.__class__ is not Accessor:
            value = found if found.data.__class__ is str else strip(found)
        else:
            value = strip(_step(machine, value, key))
    return value


def _step(machine: RunProgram, value: AbstractValue, key: str) -> AbstractValue:
    if isinstance(value, Known):
        return NOTHING if is_nothing(value.data) else machine.get(value, key)
    if isinstance(value, OneOf):
        return joined([_step(machine, choice, key) for choice in value.choices], value.reason)
    return value


def is_nothing(data: object) -> bool:
    """Whether it is `undefined` or `null`, for which SST's `??` takes the default."""
    return data is None or data is UNDEFINED


def is_set(data: object) -> bool:
    """Whether a value is given."""
    return not is_nothing(data)


def may_be_set(value: AbstractValue) -> bool:
    """Whether a possible value is given; an unknown one does not count."""
    return isinstance(value, OneOf) or (isinstance(value, Known) and not is_nothing(value.data))


def joined(values: Iterable[AbstractValue], reason: Reason) -> AbstractValue:
    """A value that may be any of several; unknown if one of them is, `undefined` for none."""
    made = join([strip(value) for value in values], reason, _CHOICES)
    if isinstance(made, OneOf) and made.origin is None:
        return OneOf(made.choices, made.reason, made.choices[0].origin)
    return made


def or_else(value: AbstractValue, default: AbstractValue) -> AbstractValue:
    """`value ?? default`."""
    value = strip(value)
    if isinstance(value, Known):
        return default if is_nothing(value.data) else value
    if isinstance(value, OneOf) and any(is_nothing(choice.data) for choice in value.choices):
        return joined([or_else(choice, default) for choice in value.choices], value.reason)
    return value


def known_objects(value: AbstractValue) -> list[Obj]:
    """The object literals that a value may be."""
    value = strip(value)
    if isinstance(value, Known):
        return [value.data] if isinstance(value.data, Obj) else []
    choices = map(strip, value.choices) if isinstance(value, OneOf) else ()
    return [each.data for each in choices if isinstance(each, Known) and isinstance(each.data, Obj)]


def known_text(value: AbstractValue) -> str:
    """A known string, "" for anything else."""
    value = strip(value)
    return value.data if isinstance(value, Known) and isinstance(value.data, str) else ""


def to_plain(abstract: AbstractValue, convert: Converter, ahead: Sequence[Step] = ()) -> Value:
    """The plain value, each datum through `convert`; `ahead` becomes the first step of its origin."""
    abstract = strip(abstract)
    origin = (*ahead, *steps(abstract.origin)) if abstract.origin is not None else tuple(ahead)
    if isinstance(abstract, Known):
        return _converted(abstract, convert, origin)
    if isinstance(abstract, Unknown):
        return Value.unknown(
            abstract.reason, abstract.node.span if abstract.node else _first_span(origin), origin
        )
    choices = [to_plain(choice, convert) for choice in abstract.choices]
    unclear = next((choice for choice in choices if not choice.is_known), None)
    if unclear is not None:
        return Value.unknown(abstract.reason, unclear.span, origin)
    joined = Value.any_of(choices, abstract.reason)
    return joined.derived((*ahead, *joined.origin) if joined.is_known else origin)


def aspects(
    value: AbstractValue, converters: Mapping[str, Converter], ahead: Sequence[Step] = ()
) -> dict[str, Value]:
    """Several facts about one value, by name; only the first carries its origin."""
    value = strip(value)
    if not isinstance(value, Known):
        return {name: to_plain(value, convert, ahead) for name, convert in converters.items()}
    origin = (*ahead, *steps(value.origin))
    return {name: _converted(value, convert, origin) for name, convert in converters.items()}


def _converted(value: Known, convert: Converter, origin: tuple[Step, ...]) -> Value:
    try:
        return Value(convert(value.data), origin)
    except Unclear as error:
        return Value.unknown(error.reason, _first_span(origin), origin)


def _first_span(origin: Sequence[Step]) -> Span | None:
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
    if isinstance(data, str):
        return str(data)
    if is_nothing(data):
        return ""
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, (int, float)):
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


def fact(value: object, *origin: Step) -> Value:
    """A known fact."""
    return Value(value, origin)


def located(value: Value, place: Place | None) -> Value:
    """The value with the `key: value` pair that sets it as the first step of its origin."""
    if place is None:
        return value
    origin = (Step("written here", place.pair), *value.origin)
    return Value(value.value, origin) if value.is_known else replace(value, origin=origin)


def combine(function: Callable[..., object], *values: Value) -> Value:
    """Applies `function` to all combinations of the values; unknown if one of them is. Keeps the first
    origin.
    """
    known = [value.value for value in values if value.reason is None]
    if len(known) == len(values):
        return Value(function(*known), _origin(values))
    unknown = next((value for value in values if value.is_unknown), None)
    if unknown is not None:
        return unknown
    reason = next((value.reason for value in values if value.reason is not None), CONDITION)
    rows = itertools.islice(itertools.product(*(value.alternatives for value in values)), 64)
    results = (Value(function(*(each.value for each in row)), _origin(row)) for row in rows)
    return Value.any_of(results, reason).derived(_origin(values))


def _origin(values: Sequence[Value]) -> tuple[Step, ...]:
    for value in values:
        if value.origin:
            return value.origin
    return ()


def both(one: Value, other: Value) -> Value:
    """`one && other` of two facts; known if one of them is certainly false."""
    for value in (one, other):
        if value.is_known and not value.value:
            return value
    return combine(lambda a, b: bool(a and b), one, other)


def either(one: Value, other: Value) -> Value:
    """`one || other` of two facts; known if one of them is certainly true."""
    for value in (one, other):
        if value.value:
            return value
    return combine(lambda a, b: bool(a or b), one, other)


def output(value: AbstractValue) -> Known:
    """The value in a Pulumi output, as SST passes it on, so that `??=` in a transform does not replace it."""
    return Known(Output(value), value.origin)
