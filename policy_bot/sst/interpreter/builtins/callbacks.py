"""Calls the callback of a built-in method for each element of an array."""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.sst.heap import Arr
from policy_bot.sst.interpreter.branches import fork
from policy_bot.sst.interpreter.builtins.arguments import first
from policy_bot.sst.interpreter.callables import call
from policy_bot.sst.interpreter.completions import Completion
from policy_bot.sst.interpreter.iterate import index_at, live
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.reasons import CONDITION, Reason, Why
from policy_bot.sst.values import HOLE, AbstractValue, Item, Known, OptionalItem, Placed, Unknown


def each(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> list[Item]:
    """Returns the results of a callback (and the `this` that may follow it) for each element, in order. For
    an element that may be missing the call is conditional; a hole is skipped and remains a hole.
    """
    count = len(this.data.items)
    results = [result for _, result in visits(m, this, given, node)]
    if this.data.open is None:
        results += [HOLE] * (
            count - len(results)
        )  # an element that no longer exists when its turn comes is skipped
    return results


def visits(
    m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
) -> list[tuple[Item, Item]]:
    """Each element with the callback's result for it, as in `each`."""
    data = this.data
    function, receiver = first(given), first(given, 1)
    results: list[tuple[Item, Item]] = []
    missing, unclear = 0, CONDITION
    for at, item in live(m, data):
        if item is HOLE:
            results.append((HOLE, HOLE))
        elif isinstance(item, OptionalItem):
            index, missing, unclear = index_at(data, at, missing, item.reason), missing + 1, item.reason
            value = call_conditionally(m, item.reason, function, [item.value, index, this], node, receiver)
            results.append((item, OptionalItem(value, item.reason)))
        else:
            index = index_at(data, at, missing, unclear)
            results.append((item, call(m, function, [item, index, this], receiver, node)))
    if data.open is not None:
        call_for_unseen(m, function, data.open, this, node)
    m.allocate(len(results))
    return results


def call_conditionally(
    m: Machine,
    reason: Reason,
    function: AbstractValue,
    given: list[AbstractValue],
    node: Placed | None,
    this: AbstractValue | None = None,
) -> AbstractValue:
    """Calls a function that may not be called at all; returns its result if it is called."""
    results: list[AbstractValue] = []

    def once() -> Completion:
        results.append(call(m, function, given, this, node))
        return None

    fork(m, reason, [once, lambda: None])
    return results[0] if results else Unknown(reason, node)


def call_for_unseen(
    m: Machine, function: AbstractValue, more: Unknown, this: Known[Arr], node: Placed | None
) -> None:
    """Calls a function, any number of times, for elements that may exist besides the known ones."""

    def once() -> Completion:
        call(m, function, [more, Unknown(more.reason, node), this], None, node)
        return None

    before = m.mark()
    fork(m, more.reason, [once, lambda: None], widen=True)
    if m.mark() != before:
        m.hide(Why.CALLBACK_FOR_UNKNOWN_ELEMENTS(more.reason), node)


def remade(
    items: Sequence[Item], this: Known[Arr], node: Placed | None, open_: Unknown | None = None
) -> Known:
    """An array made of another one's elements."""
    return Known(Arr(items, node, open_), this.origin)
