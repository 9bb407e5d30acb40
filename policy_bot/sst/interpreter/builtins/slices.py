"""Methods of arrays that move elements about: they need all of them to be seen."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.branches import touch
from policy_bot.sst.interpreter.builtins.callbacks import Method, call, each, first, remade
from policy_bot.sst.interpreter.conversions import number_of, text_of, why
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import Arr, Box, Known, Origin, Perhaps, Unknown

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


def _hidden(data: Arr) -> Reason | None:
    """Why the elements are not all seen."""
    if data.open is not None:
        return data.open.reason
    return next((item.reason for item in data.items if isinstance(item, Perhaps)), None)


def _whole(method: Method) -> Method:
    """A method that needs all elements: unknown where some are not seen."""

    @functools.wraps(method)
    def guarded(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
        hidden = _hidden(this.data)
        if hidden is None:
            return method(m, this, given, node)
        if given and not isinstance(given[0], Unknown):
            each(m, this, given[0], node) if hasattr(getattr(given[0], "data", None), "scope") else None
        return Unknown(hidden, node)

    return guarded


def _bounds(given: list[Box], length: int) -> tuple[int, int] | None:
    ends = []
    for at, default in ((0, 0), (1, length)):
        box = first(given, at)
        number = default if box is NOTHING else number_of(box.data) if isinstance(box, Known) else None
        if number is None or math.isnan(number):
            return None
        whole = int(max(-length, min(length, number)))
        ends.append(whole + length if whole < 0 else whole)
    return ends[0], ends[1]


@_whole
def _slice(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    bounds = _bounds(given, len(this.data.items))
    if bounds is None:
        return Unknown(Why.SLICE(), node)
    items = this.data.items[bounds[0] : bounds[1]]
    m.spend(len(items))
    return remade(items, this, node)


@_whole
def _splice(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    bounds = _bounds(given[:1], len(this.data.items))
    count = number_of(given[1].data) if len(given) > 1 and isinstance(given[1], Known) else None
    if bounds is None or (len(given) > 1 and count is None):
        more = this.data.open = Unknown(Why.SPLICE(), node)
        return more
    items = touch(m, this.data.items)
    end = len(items) if count is None else bounds[0] + max(0, int(count))
    removed = items[bounds[0] : end]
    items[bounds[0] : end] = given[2:]
    return remade(removed, this, node)


def _concat(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    made = Arr(list(this.data.items), node, this.data.open)
    for box in given:
        if isinstance(box, Known) and not isinstance(box.data, Arr):
            made.items.append(box)
        else:
            some, more = elements(m, box, node)
            made.items += some
            made.open = made.open or more
    m.spend(len(made.items))
    return Known(made, this.origin)


@_whole
def _join(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    separator = first(given)
    between = (
        "," if separator is NOTHING else text_of(separator.data) if isinstance(separator, Known) else None
    )
    parts = []
    for item in this.data.items:
        if not isinstance(item, Known) or between is None:
            return Unknown(why(item), node)
        text = "" if item.data is None or item.data is NOTHING.data else text_of(item.data)
        if text is None:
            return Unknown(why(item), node)
        parts.append(text)
    m.spend(sum(map(len, parts)) + len(between or "") * len(parts))
    return Known((between or "").join(parts), Origin(node, "joined", this.origin))


def _push(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    m.spend(len(given))
    touch(m, this.data.items).extend(given)
    if len(this.data.items) > m.limits.collection:
        m.spend(m.limits.work)
    return Known(len(this.data.items))


def _unshift(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    m.spend(len(this.data.items))
    touch(m, this.data.items)[:0] = given
    return Known(len(this.data.items))


@_whole
def _pop(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    items = touch(m, this.data.items)
    return items.pop() if items else NOTHING


@_whole
def _shift(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    m.spend(len(this.data.items))
    items = touch(m, this.data.items)
    return items.pop(0) if items else NOTHING


@_whole
def _reverse(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    m.spend(len(this.data.items))
    touch(m, this.data.items).reverse()
    return this


class _Undecided(Exception):
    """An order that cannot be seen."""


def _sorted(m: Machine, this: Known, given: list[Box], node: Any) -> list[Any] | None:
    def by_callback(a: Box, b: Box) -> int:
        result = call(m, given[0], [a, b], node)
        number = number_of(result.data) if isinstance(result, Known) else None
        if number is None:
            raise _Undecided
        return (number > 0) - (number < 0)

    def by_text(box: Box) -> str:
        text = text_of(box.data) if isinstance(box, Known) else None
        if text is None:
            raise _Undecided
        return text

    m.spend(len(this.data.items) * 4)
    try:
        if given and given[0] is not NOTHING:
            return sorted(this.data.items, key=functools.cmp_to_key(by_callback))
        return sorted(this.data.items, key=by_text)
    except _Undecided:
        return None


@_whole
def _sort(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    items = _sorted(m, this, given, node)
    if items is None:
        reason = Unknown(Why.ORDER(), node)
        items = [reason for _ in this.data.items]
    touch(m, this.data.items)[:] = items
    return this


@_whole
def _to_sorted(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    items = _sorted(m, this, given, node)
    return Unknown(Why.ORDER(), node) if items is None else remade(items, this, node)


@_whole
def _to_reversed(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    m.spend(len(this.data.items))
    return remade(this.data.items[::-1], this, node)


@_whole
def _at(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    index = number_of(given[0].data) if given and isinstance(given[0], Known) else None
    if index is None or math.isnan(index):
        return Unknown(Why.INDEX(), node)
    items = this.data.items
    return items[int(index)] if -len(items) <= index < len(items) else NOTHING


@_whole
def _entries(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return remade([Known(Arr([Known(at), item])) for at, item in enumerate(this.data.items)], this, node)


@_whole
def _keys(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return remade([Known(at) for at in range(len(this.data.items))], this, node)


def _values(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return this


@_whole
def _fill(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    items = touch(m, this.data.items)
    items[:] = [first(given)] * len(items)
    return this


@_whole
def _to_string(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return _join(m, this, [], node)
