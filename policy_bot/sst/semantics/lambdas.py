"""Finds every Lambda that the program makes, by the catalog's Lambda sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from policy_bot.record import dataclass, field, replace
from policy_bot.sst.catalog.lambdas import (
    COMPONENTS,
    CONSTRUCTOR,
    IMMEDIATE,
    NOT_TRIGGERS,
    LambdaSource,
)
from policy_bot.sst.catalog.v2 import PREFIX
from policy_bot.sst.deployment import Place
from policy_bot.sst.domain import presence
from policy_bot.sst.fields import as_object, strip
from policy_bot.sst.heap import Arr, Construction, Instance, Keyed, Obj, Property
from policy_bot.sst.places import literal_of, place_of
from policy_bot.sst.ranges import within
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.recording import MethodCall, Recording, RunProgram
from policy_bot.sst.semantics.lookup import joined, known_text, lookup
from policy_bot.sst.span import Span
from policy_bot.sst.values import (
    NOTHING,
    AbstractValue,
    Item,
    Known,
    OneOf,
    OptionalItem,
    Unknown,
    is_nullish,
    optional,
    value_of,
)

Record = Construction | MethodCall

# Sources that make a Lambda even without a definition.
ALWAYS = ("component", "workflow", "raw")


@dataclass(slots=True, eq=False)
class Lambda:
    """A Lambda of the program, without its effective values.

    `definition` is the user's argument for it (an object or a handler's path), `owner` the component that
    makes it. `target` is set if the definition refers to an existing function: then this is a use of that
    function, not a Lambda.
    """

    via: str
    row: LambdaSource
    record: Record
    owner_type: str
    owner: Instance | None
    name: AbstractValue
    definition: AbstractValue
    span: Span
    certain: bool = True
    reason: Reason | None = None
    target: Instance | None = None
    foreign: bool = False
    shift: int = 0
    key: str = ""
    places: dict[str, Place] = field(default_factory=dict)
    literals: dict[str, Span] = field(default_factory=dict)

    @property
    def immediate(self) -> bool:
        """Whether it is made at once by `new`, so that only transforms registered earlier reach it."""
        return self.owner_type in IMMEDIATE and self.via in ALWAYS

    @property
    def given_name(self) -> AbstractValue:
        """The name that a transform receives; SST chooses one for a function made from a definition."""
        if self.via in ALWAYS:
            return self.name
        return Unknown(Why.NAMED_BY_SST(self.owner_type), self.record.node)


def find_lambdas(
    recording: Recording, release: str, components: Mapping[str, tuple[LambdaSource, ...]] = COMPONENTS
) -> list[Lambda]:
    """All Lambdas of a release, and uses of existing functions, in the order of the program."""
    found: list[Lambda] = []
    records: list[Record] = [*recording.constructions, *recording.calls]
    for record in sorted(records, key=lambda record: record.order):
        if isinstance(record, Construction) and record.reference:
            continue  # `sst.aws.Function.get(...)`: defined elsewhere
        call = CONSTRUCTOR if isinstance(record, Construction) else record.method
        for row in components.get(record.type, ()):
            if row.call == call and within(release, row.since, row.before):
                found += _made(recording.machine, row, record)
    return found


def _made(machine: RunProgram, row: LambdaSource, record: Record) -> Iterator[Lambda]:
    shift, name_place = _shift(row, record)
    owner = record.instance if isinstance(record, Construction) else record.receiver
    for place in row.definition:
        position, _, path = place.partition(".")
        argument = argument_at(record, int(position) + shift)
        seen = False
        for key, found, certain, why in _definitions(machine, argument, path):
            value = _within(machine, row, found)
            if is_nullish(value) and row.via not in ALWAYS:
                continue
            seen = True
            name = _name(machine, name_place, record, shift, key)
            made = Lambda(row.via, row, record, record.type, owner, name, value, record.span)
            made.certain, made.reason = record.certain and certain, record.reason or why
            made.key, made.shift = key, shift
            yield from _resolved(machine, made)
        if seen:
            return


def _shift(row: LambdaSource, record: Record) -> tuple[int, str]:
    """The offset of positions: right in the static form, left in the old form without a name."""
    if isinstance(record, Construction):
        return 0, row.name
    shift = 0
    if row.scoped and referred(argument_at(record, 0)) is not None:
        return 1, str(int(row.name) + 1)
    if record.receiver is None and row.static is not None:
        shift = 1
    if row.unnamed and not is_definition(argument_at(record, 1 + shift)):
        return shift - 1, ""
    return shift, row.name


def _within(machine: RunProgram, row: LambdaSource, value: AbstractValue) -> AbstractValue:
    """The definition, which may be inside an object; nothing if there is none."""
    if not row.inner or isinstance(value, Unknown):
        return value
    if isinstance(value, OneOf):
        return joined([_within(machine, row, choice) for choice in value.choices], value.reason)
    if isinstance(value.data, str) and row.dotted and "." not in value.data:
        return NOTHING
    if not isinstance(value.data, Obj) or (
        "handler" in value.data.props and row.inner not in value.data.props
    ):
        return value
    return lookup(machine, value, row.inner)


def is_definition(value: AbstractValue) -> bool:
    """Whether it may be a function's definition, by SST's own test: a string, an object with `handler`, a
    function.
    """
    value = strip(value)
    if isinstance(value, Known):
        data = value.data
        if isinstance(data, Obj):
            return "handler" in data.props or data.rest is not None
        return isinstance(data, (str, Instance, Property))
    return isinstance(value, Unknown) or any(is_definition(choice) for choice in value.choices)


def argument_at(record: Record, position: int) -> AbstractValue:
    """An argument of the call; `undefined` if it is missing."""
    return record.arguments[position] if 0 <= position < len(record.arguments) else NOTHING


def component_name(record: Construction) -> AbstractValue:
    """The name of a component; in SST v2 a scope precedes it."""
    return argument_at(record, 1) if record.type.startswith(PREFIX) else record.name


def _definitions(
    machine: RunProgram, value: AbstractValue, path: str
) -> Iterator[tuple[str, AbstractValue, bool, Reason | None]]:
    """The values at a path with `*` (every key) and `[]` (every element): key, value, certain, why not."""
    if not path:
        yield "", as_object(strip(value), getters=False), True, None
        return
    head, _, rest = path.partition(".")
    if head == "*":
        yield from _every_key(machine, strip(value), rest)
    elif head.endswith("[]"):
        for item in _elements(lookup(machine, value, head[:-2])):
            certain = not isinstance(item, OptionalItem)
            inner = value_of(item)
            label = known_text(lookup(machine, inner, "name"))
            for key, found, sure, why in _definitions(machine, inner, rest):
                reason = item.reason if isinstance(item, OptionalItem) else why
                yield key or label, found, certain and sure, reason
    else:
        for key, found, sure, why in _definitions(machine, lookup(machine, value, head), rest):
            yield key, found, sure, why


def _every_key(
    machine: RunProgram, value: AbstractValue, rest: str
) -> Iterator[tuple[str, AbstractValue, bool, Reason | None]]:
    if isinstance(value, Unknown):
        yield "", value, False, value.reason
        return
    for choice in (value,) if isinstance(value, Known) else value.choices:
        if isinstance(choice.data, Obj):
            certain, why = (True, None) if isinstance(value, Known) else (False, value.reason)
            for key, content in choice.data.props.items():
                if key not in NOT_TRIGGERS:
                    there = presence(content)
                    held = lookup(machine, choice, key) if there is None else there
                    for inner, found, sure, reason in _definitions(machine, held, rest):
                        yield inner or key, found, certain and sure and there is None, reason or why
            if choice.data.rest is not None:
                yield "", choice.data.rest, False, choice.data.rest.reason


def _elements(abstract: AbstractValue) -> list[Item]:
    if isinstance(abstract, Unknown):
        return [OptionalItem(abstract, abstract.reason)]
    if isinstance(abstract, OneOf):
        return [item for choice in abstract.choices for item in optional(_elements(choice), abstract.reason)]
    data = abstract.data
    if not isinstance(data, (Arr, Keyed)):
        return []
    items: list[Item] = (
        list(data.items) if isinstance(data, Arr) else [value for _, value in data.entries.values()]
    )
    return [*items, *_elements(data.open)] if data.open is not None else items


def _name(machine: RunProgram, place: str, record: Record, shift: int, key: str) -> AbstractValue:
    if not place or "[]" in place:
        return Known(key) if key else NOTHING
    position, _, path = place.partition(".")
    name = lookup(machine, argument_at(record, int(position)), path)
    if isinstance(name, Known) and isinstance(name.data, Arr):
        return NOTHING  # several event types: SST chooses a name
    return Known(key) if key and is_nullish(name) else name


def _resolved(machine: RunProgram, made: Lambda) -> Iterator[Lambda]:
    """The Lambda itself, or a use for each function it may refer to."""
    value = made.definition
    if made.via in ALWAYS:
        yield made
        return
    if isinstance(value, OneOf) and any(referred(choice) or _is_arn(choice) for choice in value.choices):
        for choice in value.choices:
            one = replace(made, definition=choice, certain=False, reason=value.reason)
            yield from _resolved(machine, one)
        return
    made.target = referred(value)
    made.foreign = made.target is None and _is_arn(value)
    yield made


def referred(value: AbstractValue) -> Instance | None:
    """The function that a definition refers to, by instance or by an output of it (`fn.arn`)."""
    value = strip(value)
    if not isinstance(value, Known):
        return None
    data = value.data.instance if isinstance(value.data, Property) else value.data
    return data if isinstance(data, Instance) else None


def _is_arn(value: AbstractValue) -> bool:
    return known_text(value).startswith("arn:")


@lru_cache(maxsize=64)
def _by_first(paths: tuple[str, ...]) -> dict[str, list[tuple[int, str]]]:
    """Paths, with their position, by their first key: most objects have few keys."""
    found: dict[str, list[tuple[int, str]]] = {}
    for position, path in enumerate(paths):
        found.setdefault(path.partition(".")[0], []).append((position, path))
    return found


def written(
    machine: RunProgram, value: AbstractValue, keys: tuple[str, ...]
) -> tuple[dict[str, Place], dict[str, Span]]:
    """The places of `keys` (dotted) in an arguments object, and its literals by dotted path ("" for
    itself).
    """
    places: dict[str, Place] = {}
    literals: dict[str, Span] = {}
    value = strip(value)
    if not (isinstance(value, Known) and isinstance(value.data, Obj)):
        return places, literals
    literal = literal_of(value.data)
    if literal:
        literals[""] = literal
    by_first = _by_first(keys)
    for _, path in sorted(each for key in by_first.keys() & value.data.props for each in by_first[key]):
        folder, _, key = path.rpartition(".")
        holder = lookup(machine, value, folder) if folder else value
        if isinstance(holder, Known) and isinstance(holder.data, Obj):
            place = place_of(holder.data, key)
            if place:
                places[path] = place
            nested = literal_of(holder.data)
            if nested and folder:
                literals[folder] = nested
    return places, literals
