"""Methods of arrays that copy, move or remove elements. Most need to know which elements exist."""

from __future__ import annotations

import functools
from itertools import product

from policy_bot.sst.domain import also_among
from policy_bot.sst.heap import Arr, Closure, Cursor
from policy_bot.sst.interpreter.builtins.arguments import (
    Undetermined,
    data_of,
    first,
    integer,
    position,
    text,
    unseen,
)
from policy_bot.sst.interpreter.builtins.callbacks import each, remade
from policy_bot.sst.interpreter.builtins.table import ANY, Builtin, may_give
from policy_bot.sst.interpreter.callables import Method, callable_data
from policy_bot.sst.interpreter.choices import choose
from policy_bot.sst.interpreter.errors import check_writable, throw
from policy_bot.sst.interpreter.forgetting import forget_elements
from policy_bot.sst.interpreter.iterate import Show, View, counted, pair, second
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.properties import length
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
    Origin,
    Placed,
    Unknown,
    alternatives,
    optional,
    value_of,
)


def why_unclear(data: Arr) -> Reason | None:
    """Why it is unknown which elements exist; None if it is known."""
    if data.open is not None:
        return data.open.reason
    return next((item.reason for item in data.items if isinstance(item, OptionalItem)), None)


_VARIANTS = 8
"""Maximum number of forms of an array, or of combinations of arguments, that are tried one by one."""


def _variants(data: Arr) -> list[list[Item]]:
    """The forms that an array has if some elements may be missing; none if it has too many.

    `[1, (2), 3]` is `[1, 3]` or `[1, 2, 3]`.
    """
    forms: list[list[Item]] = [[]]
    for item in data.items if data.open is None else ():
        added = [[*form, value_of(item)] for form in forms]
        forms = [*forms, *added] if isinstance(item, OptionalItem) else added
        if len(forms) > _VARIANTS:
            return []
    return forms if data.open is None else []


def by_choice(method: Method[Arr]) -> Method[Arr]:
    """Decorates a method without callbacks: if an argument is one of several values, it runs for each."""

    def once(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        try:
            return method(m, this, given, node)
        except Undetermined:
            return may_give(Unknown(CONDITION, node), [this, *given], node)

    @functools.wraps(method)
    def guarded(
        m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
    ) -> AbstractValue:
        try:
            return method(m, this, given, node)
        except Undetermined:
            reason = next((value.reason for value in given if isinstance(value, OneOf)), None)
            several = list(product(*[alternatives(value) or (value,) for value in given]))
            if reason is None or len(several) > _VARIANTS:
                raise
            return choose(m, reason, [functools.partial(once, m, this, list(some), node) for some in several])

    return guarded


def whole(method: Method[Arr]) -> Method[Arr]:
    """Decorates a method that needs all elements: if some may be missing, it runs on each form of the array.

    If there are too many, the result is unknown; a callback is called nevertheless, for its effects.
    """

    @functools.wraps(method)
    def guarded(
        m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
    ) -> AbstractValue:
        unclear = why_unclear(this.data)
        if unclear is None:
            return method(m, this, given, node)

        calls_back = any(not isinstance(value, Known) or callable_data(value.data) for value in given[:1])

        def once(form: list[Item]) -> AbstractValue:
            one = this
            if calls_back:  # the callback receives the array itself
                touch(m, this.data.items)[:] = form
            else:
                one = Known(Arr(form, this.data.node), this.origin)
            try:
                return method(m, one, given, node)
            except Undetermined:
                return may_give(Unknown(unclear, node), [this, *given], node)

        forms = _variants(this.data)
        if forms:
            return choose(m, unclear, [functools.partial(once, form) for form in forms])
        function = first(given)
        if isinstance(function, Known) and isinstance(function.data, Closure):
            each(m, this, given[:1], node)
        return may_give(Unknown(unclear, node), [this, *given], node)

    return guarded


def changing(method: Method[Arr]) -> Method[Arr]:
    """Decorates a method that changes the array: if some elements may be missing, each form of it is changed.
    If the change is unknown, so are all elements afterwards.
    """

    @functools.wraps(method)
    def guarded(
        m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
    ) -> AbstractValue:
        check_writable(m, this.data, node)
        unclear = why_unclear(this.data)
        forms = _variants(this.data) if unclear is not None else []

        def once(form: list[Item]) -> AbstractValue:
            touch(m, this.data.items)[:] = form
            return guarded(m, this, given, node)

        if unclear is not None and forms:
            return choose(m, unclear, [functools.partial(once, form) for form in forms])
        try:
            if unclear is None:
                return method(m, this, given, node)
        except Undetermined as error:
            unclear = unseen(error.cause, node).reason if error.cause is not None else Why.ORDER()
        lost = Unknown(Why.ARRAY_CHANGED(unclear), node)
        return also_among(forget_elements(m, this.data, lost), this)

    return guarded


def _filled(items: list[Item]) -> list[AbstractValue]:
    """Elements as a program reads them: a hole is undefined. No element may be optional."""
    return [NOTHING if item is HOLE else item for item in items if not isinstance(item, OptionalItem)]


@whole
@by_choice
def _slice(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    items = this.data.items
    start = position(data_of(first(given)), len(items))
    kept = items[start : position(data_of(first(given, 1)), len(items), len(items))]
    m.allocate(len(kept))
    return remade(kept, this, node)


def _splice_bounds(given: list[AbstractValue], length: int) -> tuple[int, int]:
    start = position(data_of(first(given)), length)
    if len(given) < 2:
        return start, length if given else start
    count = max(0, min(length - start, integer(data_of(given[1]))))
    return start, start + count


@changing
def _splice(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    start, end = _splice_bounds(given, len(this.data.items))
    items = touch(m, this.data.items)
    removed = items[start:end]
    m.allocate(len(removed) + len(given))
    items[start:end], more = counted(given[2:], node)
    this.data.open = more
    return remade(removed, this, node)


@whole
def _to_spliced(
    m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    start, end = _splice_bounds(given, len(this.data.items))
    items = _filled(this.data.items)
    m.allocate(len(items))
    added, more = counted(given[2:], node)
    return remade([*items[:start], *added, *items[end:]], this, node, more)


@whole
@by_choice
def _with(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    items = _filled(this.data.items)
    at = integer(data_of(first(given)))
    if not -len(items) <= at < len(items):
        throw("RangeError", node)
    m.allocate(len(items))
    items[at] = first(given, 1)
    return remade(items, this, node)


def _concat(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    made = Arr(list(this.data.items), node, this.data.open)
    for value in given:
        some, more = _spreadable(m, value, node)
        made.items += some
        made.open = made.open or more
    m.allocate(len(made.items))
    return Known(made, this.origin)


def _spreadable(m: Machine, value: AbstractValue, node: Placed | None) -> tuple[list[Item], Unknown | None]:
    """The elements that an argument adds in `concat`: those of an array, otherwise the value itself."""
    if isinstance(value, Known):
        return (list(value.data.items), value.data.open) if isinstance(value.data, Arr) else ([value], None)
    if isinstance(value, Unknown):
        return [], value
    if not any(isinstance(choice.data, Arr) for choice in value.choices):
        return [value], None
    items: list[Item] = []
    more: Unknown | None = None
    for choice in value.choices:
        some, open_ = _spreadable(m, choice, node)
        items += optional(some, value.reason)
        more = more or open_ or (Unknown(value.reason, node) if HOLE in some else None)
    return items, more


@whole
@by_choice
def _join(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    separator = data_of(first(given))
    between = "," if separator is NOTHING.data else text(separator)
    parts = []
    for item in this.data.items:
        data = data_of(value_of(item))
        parts.append("" if data is None or data is NOTHING.data else text(data))
    m.allocate(sum(map(len, parts)) + len(between) * len(parts))
    return Known(between.join(parts), Origin(node, "joined", this.origin))


def _push(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    check_writable(m, this.data, node)
    m.allocate(len(given))
    items, more = counted(given, node)
    touch(m, this.data.items).extend(items)
    this.data.open = this.data.open or more
    if len(this.data.items) > m.limits.collection:
        m.allocate(m.limits.allocation)
    return length(m, this.data, node)


def _unshift(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    check_writable(m, this.data, node)
    m.allocate(len(this.data.items))
    items, more = counted(given, node)
    touch(m, this.data.items)[:0] = items
    this.data.open = this.data.open or more
    return length(m, this.data, node)


def _taking(at: int) -> Method[Arr]:
    """`pop` or `shift`: takes out the element at an end."""

    @changing
    def take(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        m.allocate(len(this.data.items) if at == 0 else 0)
        items = touch(m, this.data.items)
        return _filled([items.pop(at)])[0] if items else NOTHING

    return take


@changing
def _reverse(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    m.allocate(len(this.data.items))
    touch(m, this.data.items).reverse()
    return this


@whole
def _to_reversed(
    m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    m.allocate(len(this.data.items))
    return remade(_filled(this.data.items[::-1]), this, node)


@changing
def _fill(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    length = len(this.data.items)
    start = position(data_of(first(given, 1)), length)
    end = position(data_of(first(given, 2)), length, length)
    touch(m, this.data.items)[start:end] = [first(given)] * max(0, end - start)
    return this


@changing
def _copy_within(
    m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    length = len(this.data.items)
    target = position(data_of(first(given)), length)
    start = position(data_of(first(given, 1)), length)
    end = position(data_of(first(given, 2)), length, length)
    part = this.data.items[start:end][: length - target]
    m.allocate(length)
    touch(m, this.data.items)[target : target + len(part)] = part
    return this


@whole
@by_choice
def _at(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    items = this.data.items
    at = integer(data_of(first(given)))
    return _filled([items[at]])[0] if -len(items) <= at < len(items) else NOTHING


def _iterator(show: Show) -> Method[Arr]:
    """Makes `keys`, `values` and `entries`; `show` makes an element of an index and a value."""
    return lambda m, this, given, node: Known(Cursor([], View(this.data, show)), this.origin)


ROWS: list[Builtin[Arr]] = [
    Builtin("slice", _slice, 2),
    Builtin("splice", _splice, ANY),
    Builtin("toSpliced", _to_spliced, ANY),
    Builtin("with", _with, 2),
    Builtin("concat", _concat, ANY),
    Builtin("join", _join, 1),
    Builtin("push", _push, ANY),
    Builtin("unshift", _unshift, ANY),
    Builtin("pop", _taking(-1)),
    Builtin("shift", _taking(0)),
    Builtin("reverse", _reverse),
    Builtin("toReversed", _to_reversed),
    Builtin("fill", _fill, 3),
    Builtin("copyWithin", _copy_within, 3),
    Builtin("at", _at, 1),
    Builtin("entries", _iterator(pair)),
    Builtin("keys", _iterator(lambda at, item: at)),
    Builtin("values", _iterator(second)),
    Builtin("toString", _join),
]
