"""`new`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from policy_bot.sst import nodes
from policy_bot.sst.interpreter import classes, components
from policy_bot.sst.interpreter.builtins import CONSTRUCTORS
from policy_bot.sst.interpreter.calls import arguments, unknown_call
from policy_bot.sst.interpreter.choices import choose
from policy_bot.sst.interpreter.machine import Machine, evaluates
from policy_bot.sst.interpreter.scope import Scope
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    AbstractValue,
    Class,
    Known,
    Namespace,
    Native,
    OneOf,
    Unknown,
)


@evaluates(nodes.New)
def new_expression(m: Machine, node: nodes.New, scope: Scope) -> AbstractValue:
    """`new callee(arguments)`."""
    callee = m.eval(node.callee, scope)
    given = arguments(m, node.arguments, scope)
    return construct(m, callee, given, node)


def construct(m: Machine, callee: AbstractValue, given: list[AbstractValue], node: Node) -> AbstractValue:
    """Constructs an instance of a value."""
    if isinstance(callee, Known):
        data = callee.data
        if isinstance(data, Namespace):
            return components.construct(m, data.path, given, node)
        if isinstance(data, Class):
            return classes.instantiate(m, data, given, node)
        if isinstance(data, Native):
            construct_builtin: Callable[..., AbstractValue] = CONSTRUCTORS.get(data.name, data.run)
            return construct_builtin(m, given, node)
        return unknown_construct(m, Unknown(Why.NOT_A_CLASS(), node), given, node)
    if isinstance(callee, OneOf):
        return choose(
            m,
            callee.reason,
            [partial(construct, m, choice, given, node) for choice in callee.choices],
        )
    return unknown_construct(m, callee, given, node)


def unknown_construct(m: Machine, callee: Unknown, given: list[AbstractValue], node: Node) -> AbstractValue:
    """A class we do not see: where its first argument is a text, it may well be a component."""
    first: Any = given[0].data if given and isinstance(given[0], Known) else None
    if isinstance(first, str) and len(given) > 1:
        m.hide(Why.MAY_CONSTRUCT(callee.reason), node)
    return unknown_call(m, callee, given, node)
