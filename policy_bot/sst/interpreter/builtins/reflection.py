"""`Reflect`: calling and constructing; the rest is unknown."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.heap import Arr, Instance, Obj
from policy_bot.sst.interpreter.access import get_computed
from policy_bot.sst.interpreter.builtins.arguments import data_of, first
from policy_bot.sst.interpreter.builtins.table import function_row, functions
from policy_bot.sst.interpreter.callables import call, construct, may_be_called
from policy_bot.sst.interpreter.forgetting import may_have_changed
from policy_bot.sst.interpreter.iterate import arguments_of, elements
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Placed, Unknown, alternatives


def _arguments(m: Machine, value: AbstractValue, node: Placed | None) -> list[AbstractValue]:
    items, more = elements(m, value, node)
    return arguments_of(Arr(items, node, more), node)


def _apply(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return call(m, first(given), _arguments(m, first(given, 2), node), first(given, 1), node)


def _construct(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    assert node is not None
    return construct(m, first(given), _arguments(m, first(given, 1), node), node)


def _get(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    data_of(first(given))
    return get_computed(m, first(given), first(given, 1), node)


def new_proxy(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`new Proxy(target, handlers)`: operations on it change the target and call the handlers."""
    unclear = Unknown(Why.RUN_TIME_ONLY("Proxy"), node)
    may_have_changed(m, first(given), unclear.reason, node)
    for target in alternatives(first(given)):
        if isinstance(target.data, (Obj, Instance)):
            m.path.racing.update((id(target.data.props), key) for key in target.data.props)
    if not (
        isinstance(node, nodes.New)
        and node.arguments[1:]
        and node.arguments[1].__class__ is nodes.ObjectLiteral
    ):
        m.hide(unclear.reason, node)  # handlers that somebody else knows may be set later
    for handlers in alternatives(first(given, 1)):
        for value in handlers.data.props.values() if isinstance(handlers.data, Obj) else ():
            may_be_called(m, value, handlers)
    return unclear


def reflect_space() -> dict[str, AbstractValue]:
    """The members of `Reflect`."""
    rows = [
        function_row("apply", _apply, 3),
        function_row("construct", _construct, 2, 3),
        function_row("get", _get, 2, 3),
    ]
    return functions("Reflect", rows)
