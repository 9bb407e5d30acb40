"""Calling what a built-in method was given, for each element of an array."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policy_bot.sst.heap import Arr
from policy_bot.sst.interpreter.branches import fork
from policy_bot.sst.interpreter.builtins.arguments import first
from policy_bot.sst.interpreter.callables import call
from policy_bot.sst.interpreter.completions import Completion
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import HOLE, AbstractValue, Known, OptionalItem, Unknown


def each(m: Machine, this: Known, given: list[AbstractValue], node: Any) -> list[Any]:
    """What a callback (and the `this` that may follow it) gives for each element, in order. For an element
    that may be missing the call is conditional; a hole is skipped and stays a hole.
    """
    data: Arr = this.data
    function, receiver = first(given), first(given, 1)
    results: list[Any] = []
    for at, item in live(data):
        if item is HOLE:
            results.append(HOLE)
        elif isinstance(item, OptionalItem):
            index = Unknown(item.reason, node)
            value = call_conditionally(m, item.reason, function, [item.value, index, this], node, receiver)
            results.append(OptionalItem(value, item.reason))
        else:
            results.append(call(m, function, [item, Known(at), this], receiver, node))
    if data.open is not None:
        _unseen(m, function, data.open, this, node)
    m.allocate(len(results))
    return results


def live(data: Arr) -> Iterator[tuple[int, Any]]:
    """The elements with their indexes, as a built-in visits them: as many as there were at the start, each
    read when its turn comes.
    """
    for at in range(len(data.items)):
        if at < len(data.items):
            yield at, data.items[at]


def call_conditionally(
    m: Machine,
    reason: Reason,
    function: AbstractValue,
    given: list[AbstractValue],
    node: Any,
    this: AbstractValue | None = None,
) -> AbstractValue:
    """Calls a function that may not be called at all; gives its result if it is."""
    results: list[AbstractValue] = []

    def once() -> Completion:
        results.append(call(m, function, given, this, node))
        return None

    fork(m, reason, [once, lambda: None])
    return results[0] if results else Unknown(reason, node)


def _unseen(m: Machine, function: AbstractValue, more: Unknown, this: Known, node: Any) -> None:
    def once() -> Completion:
        call(m, function, [more, Unknown(more.reason, node), this], None, node)
        return None

    before = m.mark()
    fork(m, more.reason, [once, lambda: None], widen=True)
    if m.mark() != before:
        m.hide(Why.CALLBACK_OF_UNSEEN_ELEMENTS(more.reason), node)


def remade(items: list[Any], this: Known, node: Any, open_: Unknown | None = None) -> Known:
    """An array made of another one's elements."""
    return Known(Arr(items, node, open_), this.origin)
