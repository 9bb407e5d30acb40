"""Arguments that SST's type of a component lacks: they are deployed without an error and have no effect.

esbuild strips types, so neither `sst deploy` nor `sst dev` reports a misspelt key. Reports a key only if it
is written in the source, in an object whose type allows no other keys in any release that the project may
run. If the project may run a release newer than the data, the key must also resemble a known one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_bot.record import dataclass
from policy_bot.sst.catalog import arguments as catalog
from policy_bot.sst.catalog.arguments import Fields, Form, Releases
from policy_bot.sst.deployment import Place, Step, Subject, Version
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr, Instance, Obj, Property
from policy_bot.sst.places import place_of
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.lookup import fact
from policy_bot.sst.semantics.subjects import label, total
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, alternatives, is_undefined

_DEPTH = 8
_LEAVES = frozenset({str, int, float, bool, Instance, Property})
_CLOSE = 0.75
"""Similarity (difflib's ratio) from which a key counts as a misspelling of a known one."""
READ_ALTHOUGH_UNTYPED = frozenset({"_skipMetadata", "_skipHint", "__proto__"})


@dataclass(frozen=True)
class UnknownArgument:
    """A key that SST lacks in every release of the project.

    `path` is its place in the arguments, `meant` the key that it misspells, `belongs` the nested argument of
    that name, `releases` those that have it; each "" if there is none.
    """

    path: str
    place: Place
    meant: str = ""
    belongs: str = ""
    releases: str = ""


JUDGED_WITH_EFFECT = (
    "ignored_timeout", "timeout_arg", "streaming_arg", "experimental_streaming", "streaming_elsewhere",
)  # fmt: skip
"""Facts of functions and sites that report the effect of an ignored key."""


def without_judged(found: Iterable[Subject], others: Iterable[Subject]) -> Iterator[Subject]:
    """Drops unknown arguments that a fact of a function or site reports already."""
    reported = [
        step.span
        for subject in others
        for name in JUDGED_WITH_EFFECT
        if (value := subject.facts.get(name)) is not None
        for step in value.origin[:1]
        if step.span is not None
    ]
    for each in found:
        if not any(_overlap(each.span, span) for span in reported):
            yield each


def _overlap(one: Span, other: Span) -> bool:
    return one.path == other.path and one.start < other.end and other.start < one.end


def unknown_arguments(recording: Recording, version: Version) -> Iterator[Subject]:
    """The unknown arguments of every constructor and method call, each place once."""
    within = catalog.between(version.low, version.high) if recording.form == "v3" else None
    if within is None:
        return
    seen: set[Place] = set()
    for owner, type_, value, form in _given(recording, within):
        for found in _in(value, form, within, "", _DEPTH):
            if found.place not in seen and (found.meant or not within.open_ended):
                seen.add(found.place)
                yield _subject("" if owner is None else label(owner), type_, found)


def _given(
    recording: Recording, within: Releases
) -> Iterator[tuple[AbstractValue | None, str, AbstractValue, Form]]:
    """Every argument with the component's name, its type, and the form of its type in SST."""
    for made in recording.constructions:
        if not made.reference and (form := catalog.arguments(made.type, within)):
            yield made.name, made.type, made.args, form
    for call in recording.calls:
        owner = None if call.receiver is None else call.receiver.name
        method = call.method if call.receiver is not None else f"static {call.method}"
        for at, value in enumerate(call.arguments):
            if form := catalog.parameter(call.type, method, at, within):
                yield owner, f"{call.type}.{call.method}()", value, form


def _in(
    value: AbstractValue, form: Form, within: Releases, path: str, depth: int
) -> Iterator[UnknownArgument]:
    if depth == 0 or "*" in form:
        return
    value = strip(value)
    for choice in (value,) if isinstance(value, Known) else map(strip, alternatives(value)):
        data = choice.data if isinstance(choice, Known) else None
        if isinstance(data, Arr) and (items := catalog.elements(form, "[")):
            for item in data.items:
                if isinstance(item, Known) and not _is_leaf(item):
                    yield from _in(item, items, within, path, depth - 1)
        elif isinstance(data, Obj):
            yield from _in_object(data, form, within, path, depth)


def _in_object(data: Obj, form: Form, within: Releases, path: str, depth: int) -> Iterator[UnknownArgument]:
    known = catalog.fields(form, within)
    values = catalog.elements(form, "{")
    for key, value in data.props.items():
        if _is_leaf(value) and (values or (known is not None and key in known.keys)):
            continue
        below = f"{path}.{key}" if path else key
        if known is not None and key in known.keys:
            yield from _in(value, known.form(key), within, below, depth - 1)
        elif values:
            yield from _in(value, values, within, below, depth - 1)
        elif known is not None and known.closed and key not in READ_ALTHOUGH_UNTYPED:
            place = place_of(data, key)
            if place is not None and not is_undefined(value):
                yield UnknownArgument(below, place, *_hints(key, path, known, form, within))


def _is_leaf(value: AbstractValue) -> bool:
    """Whether it has no keys of its own, like most values."""
    return value.__class__ is Known and value.data.__class__ in _LEAVES


def _near(key: str, known: Fields) -> str:
    """The known key that is meant: one that differs in case, or else a similar one."""
    folded = {each.lower(): each for each in known.keys if not each.startswith("_")}
    if key.lower() in folded:
        return folded[key.lower()]
    import difflib

    found = difflib.get_close_matches(key.lower(), folded, n=1, cutoff=_CLOSE)
    return folded[found[0]] if found else ""


def _hints(key: str, path: str, known: Fields, form: Form, within: Releases) -> tuple[str, str, str]:
    """`meant`, `belongs` and `releases` of an unknown key; at most one of them is set."""
    before = f"{path}." if path else ""
    if (there := catalog.present(form, key)) is not None:
        return "", "", there[0] if there[0] == there[1] else f"{there[0]} to {there[1]}"
    if near := _near(key, known):
        return f"{before}{near}", "", ""
    for outer in known.keys:
        nested = catalog.fields(known.form(outer), within)
        if nested is not None and key in nested.keys and not outer.startswith("transform"):
            return "", f"{before}{outer}.{key}", ""
    return "", "", ""


def _subject(name: str, type_: str, found: UnknownArgument) -> Subject:
    step = Step("written here", found.place.pair)
    facts = {
        "name": fact(name),
        "component": fact(type_),
        "path": fact(found.path, step),
        "key": fact(found.path.rpartition(".")[2], step),
        "meant": fact(found.meant),
        "belongs": fact(found.belongs),
        "releases": fact(found.releases),
    }
    return Subject("argument", found.path, type_, found.place.pair, total("argument", facts))
