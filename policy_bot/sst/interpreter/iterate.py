"""Iteration: the elements that `for of`, `...` and array patterns take."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator
from itertools import count
from typing import Any

from policy_bot.sst.domain import hiding, join, objects, presence
from policy_bot.sst.heap import Arr, Cursor, Keyed, Obj
from policy_bot.sst.interpreter.completions import Thrown
from policy_bot.sst.interpreter.conversions import primitive, why
from policy_bot.sst.interpreter.errors import error_of
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.properties import contents
from policy_bot.sst.interpreter.states import UNSURE
from policy_bot.sst.interpreter.writes import touch
from policy_bot.sst.reasons import CONDITION, Reason, Why
from policy_bot.sst.values import (
    HOLE,
    NOTHING,
    AbstractValue,
    Item,
    Known,
    OneOf,
    OptionalItem,
    Placed,
    Unknown,
    alternatives,
    optional,
    value_of,
)


def elements(m: Machine, value: AbstractValue, node: Placed | None) -> tuple[list[Item], Unknown | None]:
    """The elements of an iterable in order, and the reason if there may be more that are unknown."""
    if isinstance(value, Known):
        return _of_known(m, value, node)
    if isinstance(value, OneOf):
        return _of_several(m, value, node)
    return [], hiding(value, objects(contents(value))) if value.among else value


def _of_known(m: Machine, value: Known, node: Placed | None) -> tuple[list[Item], Unknown | None]:
    data = value.data
    if isinstance(data, Arr):
        m.allocate(len(data.items))
        return [NOTHING if item is HOLE else item for item in data.items], data.open
    if isinstance(data, Cursor):
        begin(m, data)
        items, more = list(data.items), data.open
        touch(m, data.items).clear()
        return items, more
    if isinstance(data, str):
        m.allocate(len(data))
        return [Known(ch) for ch in data], None
    if isinstance(data, Keyed):
        m.allocate(len(data.entries))
        if data.kind == "Set":
            return [_entry(key, item) for key, item in data.entries.values()], data.open
        pairs = [
            _entry(Known(Arr([key, presence(item) or item])), item) for key, item in data.entries.values()
        ]
        return pairs, data.open
    if primitive(data) or (isinstance(data, Obj) and data.rest is None):
        raise error_of("TypeError", node, "the value is not iterable")
    m.may_throw(node)
    return [], Unknown(Why.ITERABLE(), node)


class Deferred(ABC):
    """The source of an iterator's elements, which makes them when it begins (`Cursor.source`)."""

    @abstractmethod
    def all(self, m: Machine, whole: bool) -> tuple[list[Item], Unknown | None]:
        """All current elements, and why there may be more."""


def begin(m: Machine, cursor: Cursor, whole: bool = True) -> None:
    """The first step of an iterator, which determines its elements. Without `whole`, not all of them may be
    taken.
    """
    source = cursor.source
    if isinstance(source, Deferred):
        cursor.source = None
        items, more = source.all(m, whole)
        touch(m, cursor.items).extend(items)
        cursor.items.open = cursor.items.open or more


Show = Callable[[AbstractValue, AbstractValue], AbstractValue]


class View(Deferred):
    """The elements of an array, a Map or a Set, each read when its turn comes. `show` makes an element of an
    index or key and its value.
    """

    def __init__(self, data: Arr | Keyed, show: Show) -> None:
        self.data = data
        self.show = show

    def walk(self, m: Machine) -> Iterator[Item]:
        """Yields one element after the other; the collection may change in between."""
        if isinstance(self.data, Arr):
            missing, unclear = 0, CONDITION
            for at, item in live(m, self.data, growing=True):
                if isinstance(item, OptionalItem):
                    index = index_at(self.data, at, missing, item.reason)
                    yield OptionalItem(self.show(index, item.value), item.reason)
                    missing, unclear = missing + 1, item.reason
                else:
                    index = index_at(self.data, at, missing, unclear)
                    yield self.show(index, NOTHING if item is HOLE else item)
        else:
            for key, value in live_entries(m, self.data):
                yield _entry(self.show(key, presence(value) or value), value)

    def all(self, m: Machine, whole: bool) -> tuple[list[Item], Unknown | None]:
        """All current elements, and why there may be more."""
        size = len(self.data.items) if isinstance(self.data, Arr) else len(self.data.entries)
        m.allocate(size)
        return list(self.walk(m)), self.data.open


def index_at(data: Arr, at: int, missing: int, reason: Reason) -> AbstractValue:
    """The index of an element of which some before may be missing, or of an array that may hold others."""
    if data.open is not None:
        return Unknown(data.open.reason)
    if not missing:
        return Known(at)
    return join([Known(index) for index in range(at - missing, at + 1)], reason)


def second(index: AbstractValue, item: AbstractValue) -> AbstractValue:
    """The value of an entry."""
    return item


def pair(index: AbstractValue, item: AbstractValue) -> AbstractValue:
    """Index or key with the element, as in `entries`."""
    return Known(Arr([index, item]))


def live(m: Machine, data: Arr, growing: bool = False, backwards: bool = False) -> Iterator[tuple[int, Item]]:
    """The elements of an array with their indexes, each read when its turn comes: those that exist at the
    start, with `growing` also later ones.

    If a change makes unknown which element is where, the array is forgotten: it may hold anything.
    """
    items, seen = data.items, list(data.items)
    for at in reversed(range(len(seen))) if backwards else count():
        if at >= len(items) or (not growing and at >= len(seen)):
            if not backwards:
                return
            continue
        yield at, items[at]
        m.burn(len(items) >> 6)
        if items == seen:
            continue
        unclear = next((item.reason for item in items if isinstance(item, OptionalItem)), None)
        unclear = data.open.reason if data.open is not None else unclear
        if unclear is not None and items[: len(seen)] != seen:
            touch(m, items).clear()
            data.open = Unknown(Why.ARRAY_CHANGED(unclear))
            return
        if growing:
            seen = list(items)


def live_entries(m: Machine, data: Keyed) -> Iterator[tuple[AbstractValue, AbstractValue]]:
    """The entries of a Map or Set, each read when its turn comes, including those added on the way."""
    visited: list[Hashable] = []
    while True:
        keys = list(data.entries)
        m.burn(len(keys) >> 6)
        visited = [key for key in visited if key in data.entries]
        at = 0
        while at < len(keys) and at < len(visited) and keys[at] == visited[at]:
            at += 1
        if at == len(keys):
            return
        visited = [*keys[: at + 1]]
        yield data.entries[keys[at]]


class Walk:
    """Walks over an iterable. After the last element `more` says why there may be others."""

    def __init__(self, m: Machine, value: AbstractValue, node: Placed) -> None:
        self.m = m
        self.more: Unknown | None = None
        self._value = value
        self._node = node

    def __iter__(self) -> Iterator[Item]:
        data = self._value.data if isinstance(self._value, Known) else None
        if isinstance(data, Cursor) and isinstance(data.source, View):
            view, data.source = data.source, None
        elif isinstance(data, Cursor):
            begin(self.m, data, whole=False)
            view = View(Arr(list(data.items), None, data.open), second)
            touch(self.m, data.items).clear()
        elif isinstance(data, Arr):
            view = View(data, second)
        elif isinstance(data, Keyed):
            view = View(data, second if data.kind == "Set" else pair)
        else:
            yield from self._snapshot()
            return
        yield from view.walk(self.m)
        self.more = view.data.open

    def _snapshot(self) -> Iterator[Item]:
        arrays = [choice.data for choice in alternatives(self._value) if isinstance(choice.data, Arr)]
        before = [list(data.items) for data in arrays]
        items, self.more = elements(self.m, self._value, self._node)
        yield from items
        if [list(data.items) for data in arrays] != before:
            self.more = self.more or Unknown(why(self._value), self._node)


def _entry(value: AbstractValue, item: AbstractValue) -> Any:
    """An entry of a Map or Set as an element, which is optional if the key may be absent."""
    return value if presence(item) is None else OptionalItem(value, why(item))


def _of_several(m: Machine, value: OneOf, node: Placed | None) -> tuple[list[Item], Unknown | None]:
    found: list[tuple[list[Item], Unknown | None]] = []
    thrown: Thrown | None = None
    for choice in value.choices:
        try:
            found.append(_of_known(m, choice, node))
        except Thrown as error:
            thrown = error
    if thrown is not None:
        if not found:
            raise thrown
        m.may_throw(node)
    if len(found) == 1:
        return found[0]
    items = [item for some, _ in found for item in optional(some, value.reason)]
    more = next((open_ for _, open_ in found if open_ is not None), None)
    if len(items) > UNSURE:
        return [], Unknown(value.reason, node, among=objects(map(value_of, items)))
    return items, more


def extend(m: Machine, into: Arr, value: AbstractValue, node: Placed | None) -> None:
    """Adds all elements of an iterable to an array under construction."""
    items, more = elements(m, value, node)
    m.allocate(len(items))
    into.items.extend(items)
    into.open = into.open or more


class Uncounted(Unknown):
    """An argument that represents any number of arguments: an unknown value was spread into a call."""

    __slots__ = ()


def arguments_of(into: Arr, node: Placed | None) -> list[AbstractValue]:
    """An array as the arguments of a call: all are unknown from the first element that may be missing."""
    arguments: list[AbstractValue] = []
    for item in into.items:
        if into.open is not None or isinstance(item, OptionalItem):
            break
        arguments.append(item)
    else:
        if into.open is None:
            return arguments
    reason = next(
        item.reason for item in [*into.items, into.open] if isinstance(item, (OptionalItem, Unknown))
    )
    return arguments + [Uncounted(reason, node)] * _MANY


_MANY = 6


def counted(given: list[AbstractValue], node: Placed | None) -> tuple[list[Item], Unknown | None]:
    """Arguments as elements, and why there may be more of them."""
    for at, value in enumerate(given):
        if isinstance(value, Uncounted):
            return list(given[:at]), Unknown(value.reason, node)
    return list(given), None
