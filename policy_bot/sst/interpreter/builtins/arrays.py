"""Methods of arrays. An element that may be missing stays so through `map` and `filter`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.branches import join
from policy_bot.sst.interpreter.builtins.callbacks import Method, call, each, first, remade
from policy_bot.sst.interpreter.builtins.slices import (
    _at,
    _concat,
    _entries,
    _fill,
    _hidden,
    _join,
    _keys,
    _pop,
    _push,
    _reverse,
    _shift,
    _slice,
    _sort,
    _splice,
    _to_reversed,
    _to_sorted,
    _to_string,
    _unshift,
    _values,
    _whole,
)
from policy_bot.sst.interpreter.conversions import number_of, truthy, why
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.operators import stage_seen, strict_equal
from policy_bot.sst.reasons import CONDITION, Reason, Why
from policy_bot.sst.values import UNDEFINED, Arr, Box, Known, Perhaps, Unknown, alternatives

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


def _map(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return remade(each(m, this, first(given), node), this, node, this.data.open)


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
    return remade(kept, this, node, this.data.open)


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
            reason = item.reason if isinstance(item, Perhaps) else None
            flat += [i if isinstance(i, Perhaps) or reason is None else Perhaps(i, reason) for i in inner]
        elif isinstance(box, Known) or depth == 0:
            flat.append(item)
        else:
            some, open_ = elements(m, box, node)
            flat += some
            more = more or open_
    return flat, more


def _flat(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    asked = first(given)
    depth = number_of(asked.data) if isinstance(asked, Known) and asked.data is not UNDEFINED else 1
    depth = 1 if depth is None else 0 if math.isnan(depth) else max(0, min(depth, 20))
    items, more = _flattened(m, this.data.items, int(depth), node)
    return remade(items, this, node, this.data.open or more)


def _flat_map(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    items, more = _flattened(m, each(m, this, first(given), node), 1, node)
    return remade(items, this, node, this.data.open or more)


@_whole
def _reduce(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    items = list(enumerate(this.data.items))
    if len(given) > 1:
        total = given[1]
    elif items:
        total = items.pop(0)[1]
    else:
        return Unknown(Why.REDUCE_OF_NOTHING(), node)
    for at, item in items:
        total = call(m, given[0], [total, item, Known(at), this], node)
    return total


def _search(
    m: Machine, this: Known, given: list[Box], node: Any
) -> tuple[list[tuple[int, Box]], bool, Reason]:
    """The elements that a test may mean, whether the last of them is surely the first to pass, and why the
    test cannot be seen of another.
    """
    found: list[tuple[int, Box]] = []
    doubt = _hidden(this.data)
    for at, item in enumerate(list(this.data.items)):
        box = item.box if isinstance(item, Perhaps) else item
        answer = call(m, first(given), [box, Known(at), this], node)
        holds = truthy(answer)
        if holds is False:
            continue
        found.append((at, box))
        if holds and not isinstance(item, Perhaps):
            return found, True, doubt or CONDITION
        doubt = doubt or why(answer)
    return found, False, doubt or CONDITION


def _find(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    found, sure, doubt = _search(m, this, given, node)
    if not sure and this.data.open is not None:
        return this.data.open  # type: ignore[no-any-return]
    boxes = [box for _, box in found] + ([] if sure else [NOTHING])
    return join(m, boxes, doubt)


def _find_last(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return _find(m, _turned(this), given, node)


def _turned(this: Known) -> Known:
    """The array backwards; `index` then counts from its end, which no callback of ours has asked for."""
    return Known(Arr(this.data.items[::-1], this.data.node, this.data.open), this.origin)


@_whole
def _reduce_right(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return _reduce(m, _turned(this), given, node)


def _find_index(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    found, sure, doubt = _search(m, this, given, node)
    if _hidden(this.data) is not None:
        return Unknown(doubt, node)
    boxes: list[Box] = [Known(at) for at, _ in found]
    boxes += [] if sure else [Known(-1)]
    return join(m, boxes, doubt)


def _some(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    found, sure, doubt = _search(m, this, given, node)
    if sure:
        return Known(True)
    if found or this.data.open is not None:
        return Unknown(doubt, node)
    return Known(False)


def _every(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    doubt = _hidden(this.data)
    for at, item in enumerate(list(this.data.items)):
        box = item.box if isinstance(item, Perhaps) else item
        answer = call(m, first(given), [box, Known(at), this], node)
        holds = truthy(answer)
        if holds is False and not isinstance(item, Perhaps):
            return Known(False)
        if holds is None:
            doubt = doubt or why(answer)
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


METHODS: dict[str, Method] = {
    "map": _map,
    "forEach": _for_each,
    "filter": _filter,
    "flat": _flat,
    "flatMap": _flat_map,
    "reduce": _reduce,
    "find": _find,
    "findLast": _find_last,
    "reduceRight": _reduce_right,
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
