"""Calling what a built-in method was given, for each element of an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.branches import fork
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.scope import Completion
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import Arr, Box, Known, Perhaps, Unknown

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


Method = Callable[["Machine", Known, list[Box], Any], Box]


def call(m: Machine, function: Box, given: list[Box], node: Any) -> Box:
    """Calls what a method was given."""
    from policy_bot.sst.interpreter.calls import call as call_value  # noqa: PLC0415 -- calls stand on the built-ins

    return call_value(m, function, given, None, node)


def first(given: list[Box], at: int = 0) -> Box:
    """An argument, or undefined."""
    return given[at] if len(given) > at else NOTHING


def each(m: Machine, this: Known, function: Box, node: Any) -> list[Any]:
    """What a callback gives for each element, in order; for an element that may be missing it runs in
    doubt.
    """
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
        m.hide(Why.CALLBACK_OF_UNSEEN_ELEMENTS(more.reason), node)


def remade(items: list[Any], this: Known, node: Any, open_: Unknown | None = None) -> Known:
    """An array made of another one's elements."""
    return Known(Arr(items, node, open_), this.origin)
