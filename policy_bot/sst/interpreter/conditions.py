"""Expressions that choose: `&&`, `||`, `??`, `? :`. If the condition is unknown, both sides are evaluated."""

from __future__ import annotations

from collections.abc import Callable

from policy_bot.sst import nodes
from policy_bot.sst.heap import Scope
from policy_bot.sst.interpreter.choices import choose
from policy_bot.sst.interpreter.conversions import (
    nullish,
    primitive,
    truthy,
    why,
)
from policy_bot.sst.interpreter.machine import Machine, evaluates
from policy_bot.sst.interpreter.notes import quoted
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.nodes import Node
from policy_bot.sst.values import (
    AbstractValue,
    Known,
    OneOf,
    Origin,
    Unknown,
)


@evaluates(nodes.Logical)
def logical(m: Machine, node: nodes.Logical, scope: Scope) -> AbstractValue:
    """`&&`, `||`, `??`."""
    left = m.eval(node.left, scope)
    operator = node.operator
    if operator == "??":
        answer = nullish(left)
        go_on = answer
    else:
        answer = truthy(left)
        go_on = answer if operator == "&&" or answer is None else not answer
    if go_on is not None:
        return m.eval(node.right, scope) if go_on else left
    return undecided(m, node, operator, left, lambda: m.eval(node.right, scope))


def undecided(
    m: Machine, node: Node, operator: str, left: AbstractValue, right: Callable[[], AbstractValue]
) -> AbstractValue:
    """A logical operator whose left side is unknown. Only those values of `left` that end the operator remain
    in the result.
    """
    kept: AbstractValue = left
    if isinstance(left, Unknown):
        kept = _ending(m, operator, left)
    elif isinstance(left, OneOf):
        test = nullish if operator == "??" else truthy
        keep = [
            c
            for c in left.choices
            if test(c) is not (operator != "||" if operator == "??" else operator == "&&")
        ]
        kept = join(m, keep, left.reason) if keep else left
    return choose(m, why(left), [right, lambda: kept])


def _ending(m: Machine, operator: str, left: Unknown) -> AbstractValue:
    """An unknown left side, in the branch in which it is the result."""
    if operator == "&&":
        return join(m, [Known(data) for data in left.falsy], left.reason)
    return Known(True) if operator == "||" and left.falsy == (False,) else left


@evaluates(nodes.Conditional)
def conditional(m: Machine, node: nodes.Conditional, scope: Scope) -> AbstractValue:
    """`test ? yes : no`."""
    test = m.eval(node.test, scope)
    answer = truthy(test)
    if answer is None:
        return choose(m, why(test), [lambda: m.eval(node.yes, scope), lambda: m.eval(node.no, scope)])
    value = m.eval(node.yes if answer else node.no, scope)
    if value.__class__ is Known and primitive(value.data):
        note = f"because `{quoted(node.test)}` is {'true' if answer else 'false'}"
        return Known(value.data, Origin(node.test, note, value.origin))
    return value
