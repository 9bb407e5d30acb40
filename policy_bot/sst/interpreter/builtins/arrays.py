"""Methods of arrays. An element that may be missing stays so through `map` and `filter`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.branches import fork, join, touch
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.operators import number_of, stage_seen, strict_equal, text_of, truthy, why
from policy_bot.sst.interpreter.scope import Completion
from policy_bot.sst.values import Arr, Box, Known, Origin, Perhaps, Unknown, alternatives

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine

Method = Callable[["Machine", Known, list[Box], Any], Box]


def call(m: Machine, function: Box, given: list[Box], node: Any) -> Box:
    """Calls what a method was given."""
    from policy_bot.sst.interpreter.calls import call as call_value  # noqa: PLC0415 (calls stand on the built-ins)

    return call_value(m, function, given, None, node)


def first(given: list[Box], at: int = 0) -> Box:
    """An argument, or undefined."""
    return given[at] if len(given) > at else NOTHING


def each(m: Machine, this: Known, function: Box, node: Any) -> list[Any]:
    """What a callback gives for each element, in order; for an element that may be missing it runs in doubt."""
    data: Arr = this.data
    results: list[Any] = []
    for at, item in enumerate(list(data.items)):
        if isinstance(item, Perhaps):
            results.append(_perhaps(m, function, item, this, node))
        else:
            results.append(call(m, function, [item, Known(at), this], node))
    if data.open is not None:
        _unseen(m, function, data.open, this, node)
    m.spend(len(results))
    return results


def _perhaps(m: Machine, function: Box, item: Perhaps, this: Known, node: Any) -> Perhaps:
    results: list[Box] = []

    def once() -> Completion:
        results.append(call(m, function, [item.box, Unknown(item.reason, node), this], node))
        return None

    fork(m, item.reason, [once, lambda: None])
    return Perhaps(results[0] if results else Unknown(item.reason, node), item.reason)


def _unseen(m: Machine, function: Box, more: Unknown, this: Known, node: Any) -> None:
    def once() -> Completion:
        call(m, function, [more, Unknown(more.reason, node), this], node)
        return None

    before = m.mark()
    fork(m, more.reason, [once, lambda: None], widen=True)
    if m.mark() != before:
        m.hide(f"a callback for elements that cannot be seen: {more.reason}", node)


def _made(items: list[Any], this: Known, node: Any, open_: Unknown | None = None) -> Known:
    return Known(Arr(items, node, open_), this.origin)


def _map(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return _made(each(m, this, first(given), node), this, node, this.data.open)


def _for_each(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    each(m, this, first(given), node)
    return NOTHING


def _filter(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    kept: list[Any] = []
    answers = each(m, this, first(given), node)
    for item, answer in zip(list(this.data.items), answers, strict=False):
        maybe = isinstance(item, Perhaps) or isinstance(answer, Perhaps)
        holds = truthy(answer.box if isinstance(answer, Perhaps) else answer)
        if holds is False:
            continue
        if (holds and not maybe) or isinstance(item, Perhaps):
            kept.append(item)
        else:
            reason = why(answer.box if isinstance(answer, Perhaps) else answer)
            kept.append(Perhaps(_truthy_part(m, item), reason))
    return _made(kept, this, node, this.data.open)


def _truthy_part(m: Machine, box: Box) -> Box:
    """What is left of an element that passed an undecided test: not its falsy alternatives."""
    some = [choice for choice in alternatives(box) if truthy(choice) is not False]
    return join(m, some, why(box)) if some and len(some) < len(alternatives(box)) else box


def _flattened(m: Machine, items: list[Any], depth: int, node: Any) -> tuple[list[Any], Unknown | None]:
    flat: list[Any] = []
    more: Unknown | None = None
    for item in items:
        box = item.box if isinstance(item, Perhaps) else item
        if isinstance(box, Known) and isinstance(box.data, Arr) and depth > 0:
            inner, open_ = _flattened(m, box.data.items, depth - 1, node)
            m.spend(len(inner))
            more = more or box.data.open or open_
            reason = item.reason if isinstance(item, Perhaps) else ""
            flat += [i if isinstance(i, Perhaps) or not reason else Perhaps(i, reason) for i in inner]
        elif isinstance(box, Known) or depth == 0:
            flat.append(item)
        else:
            some, open_ = elements(m, box, node)
            flat += some
            more = more or open_
    return flat, more


def _flat(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    depth = number_of(given[0].data) if given and isinstance(given[0], Known) else 1
    items, more = _flattened(m, this.data.items, int(min(depth or 0, 20)) if depth is not None else 1, node)
    return _made(items, this, node, this.data.open or more)


def _flat_map(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    items, more = _flattened(m, each(m, this, first(given), node), 1, node)
    return _made(items, this, node, this.data.open or more)


def _hidden(data: Arr) -> str | None:
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


@_whole
def _reduce(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    items = list(enumerate(this.data.items))
    if len(given) > 1:
        total = given[1]
    elif items:
        total = items.pop(0)[1]
    else:
        return Unknown("reduce of nothing", node)
    for at, item in items:
        total = call(m, given[0], [total, item, Known(at), this], node)
    return total


def _search(m: Machine, this: Known, given: list[Box], node: Any) -> tuple[list[tuple[int, Box]], bool]:
    """The elements that a test may mean, and whether the last of them is surely the first to pass."""
    found: list[tuple[int, Box]] = []
    for at, item in enumerate(list(this.data.items)):
        box = item.box if isinstance(item, Perhaps) else item
        holds = truthy(call(m, first(given), [box, Known(at), this], node))
        if holds is False:
            continue
        found.append((at, box))
        if holds and not isinstance(item, Perhaps):
            return found, True
    return found, False


def _find(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    found, sure = _search(m, this, given, node)
    if not sure and this.data.open is not None:
        return this.data.open  # type: ignore[no-any-return]
    boxes = [box for _, box in found] + ([] if sure else [NOTHING])
    return join(m, boxes, _hidden(this.data) or "which element is found cannot be seen")


def _find_index(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    found, sure = _search(m, this, given, node)
    if _hidden(this.data) is not None:
        return Unknown(_hidden(this.data) or "", node)
    boxes: list[Box] = [Known(at) for at, _ in found] + ([] if sure else [Known(-1)])
    return join(m, boxes, "which element is found cannot be seen")


def _some(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    found, sure = _search(m, this, given, node)
    if sure:
        return Known(True)
    if found or this.data.open is not None:
        return Unknown(_hidden(this.data) or why(found[0][1]), node)
    return Known(False)


def _every(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    doubt = _hidden(this.data)
    for at, item in enumerate(list(this.data.items)):
        box = item.box if isinstance(item, Perhaps) else item
        holds = truthy(call(m, first(given), [box, Known(at), this], node))
        if holds is False and not isinstance(item, Perhaps):
            return Known(False)
        if holds is None:
            doubt = doubt or why(box)
    return Known(True) if doubt is None else Unknown(doubt, node)


def _includes(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return _position(m, this, first(given), node, lambda at: at >= 0)


def _index_of(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return _position(m, this, first(given), node, lambda at: at)


def _position(m: Machine, this: Known, wanted: Box, node: Any, answer: Callable[[int], Any]) -> Box:
    if not isinstance(wanted, Known):
        return Unknown(why(wanted), node)
    doubt = _hidden(this.data)
    for at, item in enumerate(this.data.items):
        box = item.box if isinstance(item, Perhaps) else item
        if isinstance(box, Known):
            stage_seen(m, wanted.data, box.data)
            equal = strict_equal(box.data, wanted.data)
            if equal and not isinstance(item, Perhaps):
                for other in this.data.items[at + 1 :]:
                    stage_seen(m, wanted.data, other.data if isinstance(other, Known) else None)
                return Known(answer(at)) if doubt is None or answer(0) is True else Unknown(doubt, node)
            doubt = doubt or (why(box) if equal is None else None)
        else:
            doubt = doubt or why(box)
    return Known(answer(-1)) if doubt is None else Unknown(doubt, node)


def _bounds(given: list[Box], length: int) -> tuple[int, int] | None:
    ends = []
    for at, default in ((0, 0), (1, length)):
        box = first(given, at)
        number = default if box is NOTHING else number_of(box.data) if isinstance(box, Known) else None
        if number is None or number != number:
            return None
        whole = int(max(-length, min(length, number)))
        ends.append(whole + length if whole < 0 else whole)
    return ends[0], ends[1]


@_whole
def _slice(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    bounds = _bounds(given, len(this.data.items))
    if bounds is None:
        return Unknown("a slice that cannot be seen", node)
    items = this.data.items[bounds[0] : bounds[1]]
    m.spend(len(items))
    return _made(items, this, node)


@_whole
def _splice(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    bounds = _bounds(given[:1], len(this.data.items))
    count = number_of(given[1].data) if len(given) > 1 and isinstance(given[1], Known) else None
    if bounds is None or (len(given) > 1 and count is None):
        this.data.open = Unknown("a splice that cannot be seen", node)
        return this.data.open
    items = touch(m, this.data.items)
    end = len(items) if count is None else bounds[0] + max(0, int(count))
    removed = items[bounds[0] : end]
    items[bounds[0] : end] = given[2:]
    return _made(removed, this, node)


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
    return items.pop() if items else NOTHING  # type: ignore[no-any-return]


@_whole
def _shift(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    m.spend(len(this.data.items))
    items = touch(m, this.data.items)
    return items.pop(0) if items else NOTHING  # type: ignore[no-any-return]


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
        reason = Unknown("an order that cannot be seen", node)
        items = [reason for _ in this.data.items]
    touch(m, this.data.items)[:] = items
    return this


@_whole
def _to_sorted(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    items = _sorted(m, this, given, node)
    return Unknown("an order that cannot be seen", node) if items is None else _made(items, this, node)


@_whole
def _to_reversed(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    m.spend(len(this.data.items))
    return _made(this.data.items[::-1], this, node)


@_whole
def _at(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    index = number_of(given[0].data) if given and isinstance(given[0], Known) else None
    if index is None or index != index:
        return Unknown("an index that cannot be seen", node)
    items = this.data.items
    return items[int(index)] if -len(items) <= index < len(items) else NOTHING  # type: ignore[no-any-return]


@_whole
def _entries(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return _made([Known(Arr([Known(at), item])) for at, item in enumerate(this.data.items)], this, node)


@_whole
def _keys(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return _made([Known(at) for at in range(len(this.data.items))], this, node)


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


METHODS: dict[str, Method] = {
    "map": _map,
    "forEach": _for_each,
    "filter": _filter,
    "flat": _flat,
    "flatMap": _flat_map,
    "reduce": _reduce,
    "find": _find,
    "findIndex": _find_index,
    "some": _some,
    "every": _every,
    "includes": _includes,
    "indexOf": _index_of,
    "slice": _slice,
    "splice": _splice,
    "concat": _concat,
    "join": _join,
    "push": _push,
    "unshift": _unshift,
    "pop": _pop,
    "shift": _shift,
    "reverse": _reverse,
    "sort": _sort,
    "toSorted": _to_sorted,
    "toReversed": _to_reversed,
    "at": _at,
    "entries": _entries,
    "keys": _keys,
    "values": _values,
    "fill": _fill,
    "toString": _to_string,
}
