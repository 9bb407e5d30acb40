"""`then`, `catch` and `finally` of promises."""

from __future__ import annotations

from functools import partial

from policy_bot.sst.heap import Promised, Rejected
from policy_bot.sst.interpreter.branches import later
from policy_bot.sst.interpreter.builtins.promises import settled
from policy_bot.sst.interpreter.callables import call, unknown_call
from policy_bot.sst.interpreter.choices import choose
from policy_bot.sst.interpreter.conversions import nullish
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.nodes import Node
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf


def _rejection_handler(name: str, given: list[AbstractValue]) -> AbstractValue | None:
    """Returns the function that is called if the promise is rejected, if one is given."""
    at = {"then": 1, "catch": 0}.get(name, len(given))
    handler = given[at] if at < len(given) else None
    return None if isinstance(handler, Known) and nullish(handler) else handler


def promise_method(
    m: Machine, target: Known, name: str, given: list[AbstractValue], node: Node
) -> AbstractValue:
    """Calls a method of a promise. Any other value is a promise that is already fulfilled with it."""
    if isinstance(target.data, Promised):
        return _settled_promise(m, settled(target), name, given, node)
    if isinstance(target.data, Rejected):
        if name == "finally":
            run_later(m, given[0] if given else NOTHING, [], node)
            return target
        handler = _rejection_handler(name, given)
        return target if handler is None else run_later(m, handler, [target.data.reason], node)
    if name == "then" and nullish(given[0] if given else NOTHING):
        return target
    if name == "catch" or not given:
        return target
    if name == "finally":
        run_later(m, given[0], [], node)
        return target
    return run_later(m, given[0], [target], node)


def _settled_promise(
    m: Machine, value: AbstractValue, name: str, given: list[AbstractValue], node: Node
) -> AbstractValue:
    """`then` and its siblings of a promise whose result is known."""
    if isinstance(value, Known):
        return promise_method(m, value, name, given, node)
    if isinstance(value, OneOf):
        return choose(
            m,
            value.reason,
            [partial(promise_method, m, choice, name, given, node) for choice in value.choices],
        )
    return unknown_call(m, value, given, node)


def run_later(m: Machine, callback: AbstractValue, given: list[AbstractValue], node: Node) -> AbstractValue:
    """Calls a callback of a promise: after the caller has continued, if nothing awaits the promise."""
    if node in m.awaited:
        return call(m, callback, given, None, node)
    return later(m, lambda: call(m, callback, given, None, node))
