"""Methods of arrays that call a function for each element. `map` and `filter` keep the mark of an element
that may be missing.
"""

from __future__ import annotations

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.heap import Arr, Cursor, Data, Native, Obj
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.builtins import searches, slices, sorting
from policy_bot.sst.interpreter.builtins.arguments import data_of, first, integer, unseen
from policy_bot.sst.interpreter.builtins.callbacks import each, remade, visits
from policy_bot.sst.interpreter.builtins.slices import whole
from policy_bot.sst.interpreter.builtins.table import ANY, Builtin, function_row, methods, pure_function
from policy_bot.sst.interpreter.callables import call
from policy_bot.sst.interpreter.conversions import truthy, why
from policy_bot.sst.interpreter.errors import throw
from policy_bot.sst.interpreter.iterate import begin, counted, elements, live
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.values import (
    HOLE,
    NOTHING,
    AbstractValue,
    Item,
    Known,
    OptionalItem,
    Placed,
    Unknown,
    alternatives,
    optional,
    value_of,
)


def _map(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return remade(each(m, this, given, node), this, node, this.data.open)


def _for_each(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    each(m, this, given, node)
    return NOTHING


def _filter(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    kept: list[Item] = []
    for item, answer in visits(m, this, given, node):
        if item is HOLE:
            continue
        test = value_of(answer)
        holds = truthy(test)
        if holds is False:
            continue
        if isinstance(item, OptionalItem) or (holds and not isinstance(answer, OptionalItem)):
            kept.append(item)
        else:
            itself = test is item or _is_boolean(first(given))
            kept.append(OptionalItem(_truthy_part(m, item) if itself else item, why(test)))
    return remade(kept, this, node, this.data.open)


def _is_boolean(function: AbstractValue) -> bool:
    return (
        isinstance(function, Known) and isinstance(function.data, Native) and function.data.name == "Boolean"
    )


def _truthy_part(m: Machine, item: AbstractValue) -> AbstractValue:
    """The truthy values of an element, which pass `filter(Boolean)`."""
    some = [choice for choice in alternatives(item) if truthy(choice) is not False]
    return join(m, some, why(item)) if some else item


def _flattened(
    m: Machine, items: list[Item], depth: int, node: Placed | None
) -> tuple[list[Item], Unknown | None]:
    flat: list[Item] = []
    more: Unknown | None = None
    for item in items:
        value = value_of(item)
        if item is HOLE:
            continue
        if depth == 0 or (isinstance(value, Known) and not isinstance(value.data, Arr)):
            flat.append(item)
            continue
        inner, open_ = _nested(m, value, depth, node)
        m.allocate(len(inner))
        more = more or open_
        if isinstance(item, OptionalItem):
            inner = [i if isinstance(i, OptionalItem) else OptionalItem(i, item.reason) for i in inner]
        flat += inner
    return flat, more


def _nested(
    m: Machine, value: AbstractValue, depth: int, node: Placed | None
) -> tuple[list[Item], Unknown | None]:
    """The elements that an element contributes if it is or may be an array."""
    if isinstance(value, Unknown):
        return [], value
    if isinstance(value, Known):
        assert isinstance(value.data, Arr)
        items, open_ = _flattened(m, value.data.items, depth - 1, node)
        return items, value.data.open or open_
    inner: list[Item] = []
    more: Unknown | None = None
    for choice in value.choices:
        some, open_ = _flattened(m, [choice], depth, node)
        inner += optional(some, value.reason)
        more = more or open_
    return inner, more


def _flat(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    depth = max(0, min(20, integer(data_of(first(given)), 1)))
    items, more = _flattened(m, this.data.items, depth, node)
    return remade(items, this, node, this.data.open or more)


def _flat_map(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    items, more = _flattened(m, each(m, this, given, node), 1, node)
    return remade(items, this, node, this.data.open or more)


def _fold(
    m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None, backwards: bool
) -> AbstractValue:
    each_item = live(m, this.data, backwards=backwards)
    items = ((at, value_of(item)) for at, item in each_item if item is not HOLE)
    total = given[1] if len(given) > 1 else next((item for _, item in items), None)
    if total is None:
        throw("TypeError", node)
    for at, item in items:
        total = call(m, first(given), [total, item, Known(at), this], None, node)
    return total if this.data.open is None else Unknown(this.data.open.reason, node)


@whole
def _reduce(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return _fold(m, this, given, node, backwards=False)


@whole
def _reduce_right(
    m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    return _fold(m, this, given, node, backwards=True)


def from_iterable(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`Array.from(iterable or array-like, map)`."""
    value = first(given)
    if isinstance(value, Known) and isinstance(value.data, Cursor):
        begin(m, value.data, whole=first(given, 1) is NOTHING)
    items, more = _array_like(m, value, node)
    m.allocate(len(items))
    made = Known(Arr(items, node, more), value.origin)
    if first(given, 1) is NOTHING:
        return made
    return Known(Arr(each(m, made, given[1:], node), node, more), value.origin)


def _array_like(m: Machine, value: AbstractValue, node: Placed | None) -> tuple[list[Item], Unknown | None]:
    if not isinstance(value, Known) or not isinstance(value.data, Obj):
        return elements(m, value, node)
    length = get(m, value, "length", node)
    if not isinstance(length, Known):
        return [], unseen(length, node)
    count = max(0, integer(length.data))
    if count > m.limits.collection:
        m.allocate(m.limits.allocation)
    return [get(m, value, str(at), node) for at in range(count)], None


_ROWS: list[Builtin[Arr]] = [
    Builtin("map", _map, 2),
    Builtin("forEach", _for_each, 2),
    Builtin("filter", _filter, 2),
    Builtin("flat", _flat, 1),
    Builtin("flatMap", _flat_map, 2),
    Builtin("reduce", _reduce, 2),
    Builtin("reduceRight", _reduce_right, 2),
    *searches.ROWS,
    *slices.ROWS,
    *sorting.ROWS,
]
METHODS = methods("Array", _ROWS)


def _new_array(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    if len(given) != 1:
        items, more = counted(given, node)
        if more is not None and len(items) < 2:
            return Unknown(more.reason, node)
        return Known(Arr(list(items), node, more))
    data = data_of(given[0])
    if not isinstance(data, (int, float)) or isinstance(data, bool):
        return Known(Arr([given[0]], node))
    count = integer(data)
    if count != data or not 0 <= count < 2**32:
        throw("RangeError", node)
    if count > m.limits.collection:
        m.allocate(m.limits.allocation)
    m.allocate(count)
    return Known(Arr([HOLE] * count, node))


ARRAY = function_row("Array", _new_array, ANY)


def _is_array(m: Machine, data: Data = UNDEFINED) -> bool:
    return isinstance(data, Arr)


def _array_of(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    items, more = counted(given, node)
    return Known(Arr(list(items), node, more))


FUNCTIONS: list[Builtin[Data]] = [
    function_row("from", from_iterable, 3),
    Builtin("isArray", pure_function(_is_array), 1),
    function_row("of", _array_of, ANY),
]
