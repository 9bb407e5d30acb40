"""`Promise`. A promise is represented by the value that it is fulfilled with, so awaiting it changes nothing.
A rejected one is a `Rejected`, which throws when it is awaited.
"""

from __future__ import annotations

from policy_bot.sst.domain import join as join_values
from policy_bot.sst.heap import Arr, Native, Obj, Promised, Rejected
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, first
from policy_bot.sst.interpreter.builtins.table import function_row, functions
from policy_bot.sst.interpreter.callables import call, unknown_call
from policy_bot.sst.interpreter.completions import Thrown
from policy_bot.sst.interpreter.errors import throw
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    NOTHING,
    AbstractValue,
    Known,
    OneOf,
    OptionalItem,
    Placed,
    Unknown,
    value_of,
)


def is_rejected(value: AbstractValue) -> bool:
    """Whether it is certainly a rejected promise."""
    return isinstance(value, Known) and isinstance(value.data, Rejected)


def _may_reject(value: AbstractValue) -> bool:
    """Whether it may be a rejected promise."""
    return isinstance(value, Unknown) or (isinstance(value, OneOf) and any(map(is_rejected, value.choices)))


def settled(value: AbstractValue) -> AbstractValue:
    """The future result of a promise."""
    while isinstance(value, Known) and isinstance(value.data, Promised):
        value = value.data.inner
    if isinstance(value, OneOf) and any(isinstance(choice.data, Promised) for choice in value.choices):
        return join_values([settled(choice) for choice in value.choices], value.reason)
    return value


def waited(m: Machine, value: AbstractValue, node: Placed | None) -> AbstractValue:
    """The result of awaiting a promise. Throws if it is rejected, and may throw if it may be."""
    value = settled(value)
    if isinstance(value, Known) and isinstance(value.data, Obj) and "then" in value.data.props:
        return unknown_call(m, Unknown(Why.UNSUPPORTED("then"), node), [value.data.props["then"]], node)
    if isinstance(value, Known) and isinstance(value.data, Rejected):
        raise Thrown(value.data.reason, node)
    if isinstance(value, OneOf) and _may_reject(value):
        kept = []
        for choice in value.choices:
            if isinstance(choice.data, Rejected):
                m.may_throw(node, choice.data.reason)
            else:
                kept.append(choice)
        return join(m, kept, value.reason) if kept else Unknown(value.reason, node)
    return value


def _all(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    items, more = elements(m, first(given), node)
    items = [
        OptionalItem(settled(item.value), item.reason) if isinstance(item, OptionalItem) else settled(item)
        for item in items
    ]
    values = [value_of(item) for item in items]
    rejected = next((at for at, value in enumerate(values) if is_rejected(value)), None)
    if rejected is not None:
        if (
            more is not None
            or any(isinstance(item, OptionalItem) for item in items)
            or _any_pending(values[:rejected])
        ):
            raise Undetermined
        return values[rejected]
    if more is not None or _any_pending(values):
        m.may_throw(node)
    return Known(Arr(items, node, more))


def _any_pending(values: list[AbstractValue]) -> bool:
    return any(map(_may_reject, values))


def _all_settled(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    items, more = elements(m, first(given), node)
    settled = [
        OptionalItem(_outcome(item.value), item.reason) if isinstance(item, OptionalItem) else _outcome(item)
        for item in items
    ]
    return Known(Arr(settled, node, more))


def _outcome(value: AbstractValue) -> AbstractValue:
    value = settled(value)
    if isinstance(value, Known) and isinstance(value.data, Rejected):
        return Known(Obj({"status": Known("rejected"), "reason": value.data.reason}))
    if _may_reject(value):
        return Unknown(Why.PROMISE_OUTCOME())
    return Known(Obj({"status": Known("fulfilled"), "value": value}))


def _resolve(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return first(given)


def _reject(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return Known(Rejected(first(given)))


def new_promise(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`new Promise(run)`: runs it; its value is the argument of `resolve`, if that is called at once."""
    results: list[AbstractValue] = []
    depth, sure = m.path.depth, True

    def settle(wrap: bool) -> Native:
        def run(machine: Machine, values: list[AbstractValue], at: Placed | None) -> AbstractValue:
            nonlocal sure
            sure = sure and machine.path.depth == depth
            value = first(values)
            results.append(Known(Rejected(value)) if wrap else value)
            return NOTHING

        return Native("reject" if wrap else "resolve", run)

    if not given:
        throw("TypeError", node)
    call(m, given[0], [Known(settle(False)), Known(settle(True))], None, node)
    if results and sure and not m.path.undecided:
        return results[0]  # only the first call settles it
    m.may_throw(node)
    return Unknown(Why.LATER_PROMISE(), node)


def promise_space() -> dict[str, AbstractValue]:
    """The members of `Promise`."""
    rows = [
        function_row("all", _all, 1),
        function_row("allSettled", _all_settled, 1),
        function_row("resolve", _resolve, 1),
        function_row("reject", _reject, 1),
    ]
    return functions("Promise", rows)
