"""The links of an optional chain (`?.`) on values that may be null or undefined."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.interpreter.completions import SHORT
from policy_bot.sst.interpreter.conversions import nullish
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.nodes import Node
from policy_bot.sst.values import AbstractValue, Known, OneOf, Unknown


class Undecided(Exception):
    """A link with `?.` on a value that may be null or undefined: the rest of its chain runs in a branch."""

    def __init__(self, link: Node, value: OneOf | Unknown, going: AbstractValue) -> None:
        super().__init__("an undecided link of a chain")
        self.link = link
        self.value = value
        self.going = going


def linked(m: Machine, link: nodes.Member | nodes.Index | nodes.Call, target: AbstractValue) -> AbstractValue:
    """The value with which an optional link continues: `SHORT` for null or undefined. Raises `Undecided`."""
    empty = nullish(target)
    if empty:
        return SHORT
    if empty is None and target.__class__ is not Known:
        if isinstance(target, OneOf):
            some = [choice for choice in target.choices if nullish(choice) is not True]
            raise Undecided(link, target, join(m, some, target.reason))
        if isinstance(target, Unknown) and m.chain is not None and _has_effects(m.chain.expression):
            raise Undecided(link, target, target)
    return target


_PLAIN = (nodes.Literal, nodes.Identifier, nodes.Member, nodes.FunctionNode, nodes.This)


def _has_effects(at: Node) -> bool:
    """Whether a call in a chain has arguments whose evaluation may do anything."""
    while isinstance(at, (nodes.Member, nodes.Index, nodes.Call)):
        if isinstance(at, nodes.Call):
            if not all(isinstance(argument, _PLAIN) for argument in at.arguments):
                return True
            at = at.callee
        else:
            at = at.object
    return False
