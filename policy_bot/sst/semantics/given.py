"""What is certain about arguments: what is set or missing, what a list contains, and where it is written."""

from __future__ import annotations

from collections.abc import Container

from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr
from policy_bot.sst.places import place_of
from policy_bot.sst.recording import RunProgram
from policy_bot.sst.semantics.lookup import is_nothing, known_objects, lookup
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, OptionalItem, is_nullish


def given(
    machine: RunProgram,
    args: AbstractValue,
    path: str,
    unless: Container[object] = (),
    *,
    falsy: bool = False,
) -> bool:
    """Whether a value is certainly set at a path (a truthy one, unless `falsy`)."""
    value = lookup(machine, args, path)
    data = value.data if isinstance(value, Known) else None
    if is_nothing(data) or not in_object(machine, args, path):
        return False
    is_plain = isinstance(data, (str, int, float))
    return not (is_plain and ((not data and not falsy) or data in unless))


def missing(machine: RunProgram, args: AbstractValue, path: str) -> bool:
    """Whether a path is certainly not set."""
    return is_nullish(lookup(machine, args, path))


def is_exactly(machine: RunProgram, args: AbstractValue, path: str, wanted: object) -> bool:
    """Whether a path certainly has this value."""
    value = lookup(machine, args, path)
    return isinstance(value, Known) and value.data.__class__ is wanted.__class__ and value.data == wanted


def in_object(machine: RunProgram, args: AbstractValue, path: str) -> bool:
    """Whether the object that a path's last key belongs to is known."""
    return bool(known_objects(lookup(machine, args, path.rpartition(".")[0])))


def written_at(machine: RunProgram, args: AbstractValue, path: str, otherwise: Span) -> Span:
    """Where a path is written."""
    folder, _, key = path.rpartition(".")
    for obj in known_objects(lookup(machine, args, folder)):
        place = place_of(obj, key)
        if place is not None:
            return place.pair
    return otherwise


def items(value: AbstractValue) -> list[AbstractValue]:
    """The elements that a list certainly contains."""
    value = strip(value)
    elements = value.data.items if isinstance(value, Known) and isinstance(value.data, Arr) else ()
    return [strip(each) for each in elements if not isinstance(each, OptionalItem)]


def length(value: AbstractValue) -> int | None:
    """The length of a list; None if it is unknown."""
    value = strip(value)
    data = value.data if isinstance(value, Known) else None
    whole = isinstance(data, Arr) and data.open is None and len(items(value)) == len(data.items)
    return len(items(value)) if whole else None
