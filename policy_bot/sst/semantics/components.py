"""Subjects for every constructed component: SST's, Pulumi's resources, SST v2's constructs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policy_bot.record import replace
from policy_bot.sst.catalog.v2 import PREFIX
from policy_bot.sst.deployment import Component, Place, Reference, Subject, Value
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Construction, Obj
from policy_bot.sst.places import literal_of, place_of
from policy_bot.sst.semantics.effects import UNSET
from policy_bot.sst.semantics.functions import LambdaFacts
from policy_bot.sst.semantics.lambdas import argument_at, component_name
from policy_bot.sst.semantics.lookup import fact, text, to_plain
from policy_bot.sst.semantics.subjects import label, total
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known

_DEPTH = 5
MOST_REFERENCES = 50


def component_args(record: Construction) -> AbstractValue:
    """The arguments of a component: the parameter after its name."""
    return argument_at(record, 2) if record.type.startswith(PREFIX) else record.args


def component_subjects(
    constructed: Sequence[tuple[Construction, Component]], made: Sequence[LambdaFacts]
) -> Iterator[Subject]:
    """The subjects of constructions, with their arguments as SST receives them; `made` are the program's
    Lambdas, which know the HTTP entries.
    """
    entries = {each.source.span: each.facts["entry"] for each in made if "entry" in each.facts}
    for record, component in constructed:
        places, literals = _written(component_args(record))
        name, span = component_name(record), component.span
        facts = {
            "type": fact(record.type),
            "name": component.name if component.name.is_known else to_plain(name, text),
            "provider": fact(record.type.partition(".")[0]),
            "file": fact(span.path),
            "existing": fact(record.reference),
            "references": Value([Value(each) for each in _references(component.args)]),
            "entry": entries.get(span, UNSET),
            "args": _properties(component.args),
        }
        yield Subject(
            "component", label(name), record.type, span, total("component", facts), record.certain, places,
            literals,
        )  # fmt: skip


def _properties(args: Value) -> Value:
    """The arguments as an object. Missing arguments, or a string instead, count as an object without keys."""
    if args.choices:
        return replace(args, choices=tuple(_own_properties(each) for each in args.choices))
    return _own_properties(args) if args.is_known else args


def _own_properties(args: Value) -> Value:
    return args if isinstance(args.value, (dict, Reference)) else Value({}, args.origin)


def _references(args: Value) -> list[str]:
    """The components that the arguments mention, such as `sst.aws.Vpc/Main`."""
    found: dict[str, None] = {}
    waiting: list[object] = [args]
    while waiting and len(found) < MOST_REFERENCES:
        each = waiting.pop()
        if isinstance(each, Value):
            waiting += each.choices
            each = each.value
        if isinstance(each, str):
            continue
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, Reference):
            found[f"{each.type}/{each.name}"] = None
    return sorted(found)


def _written(args: AbstractValue) -> tuple[Mapping[str, Place], Mapping[str, Span]]:
    """The place of each argument by dotted path, and the object literals ("" is the arguments object)."""
    places: dict[str, Place] = {}
    literals: dict[str, Span] = {}
    _collect(args, "", places, literals, _DEPTH)
    return places, literals


def _collect(
    abstract: AbstractValue, path: str, places: dict[str, Place], literals: dict[str, Span], depth: int
) -> None:
    abstract = strip(abstract)
    if depth == 0 or not (isinstance(abstract, Known) and isinstance(abstract.data, Obj)):
        return
    literal = literal_of(abstract.data)
    if literal is not None:
        literals[path] = literal
    for key, value in abstract.data.props.items():
        below = f"{path}.{key}" if path else key
        place = place_of(abstract.data, key)
        if place is not None:
            places[below] = place
        if value.__class__ is Known and value.data.__class__ is not str:  # most are strings
            _collect(value, below, places, literals, depth - 1)
