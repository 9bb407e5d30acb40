"""Generators: their body runs when the first element is requested.

Code that takes all elements at once (`[...g()]`) gets JavaScript's result. Code that takes one after the
other runs interleaved with the body. The elements are then known if neither can observe the other
(`_is_independent`); otherwise they are unknown, and the body's writes may happen at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from policy_bot.sst import nodes
from policy_bot.sst.heap import Arr, Scope
from policy_bot.sst.interpreter.builtins.names import CHANGING
from policy_bot.sst.interpreter.completions import Completion, Enough
from policy_bot.sst.interpreter.conversions import primitive
from policy_bot.sst.interpreter.handlers import attempt
from policy_bot.sst.interpreter.iterate import Deferred
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.path import LateWrites
from policy_bot.sst.interpreter.writes import race
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Item, Known, Unknown

_STEPS = 64
"""Number of elements that are taken from an endless generator, if not all may be taken."""


class Suspended(Deferred):
    """The body of a called generator, which has not run yet. `scope` has its arguments."""

    def __init__(self, function: nodes.FunctionNode, scope: Scope, run: Callable[[], AbstractValue]) -> None:
        self.function = function
        self.scope = scope
        self.run = run

    def all(self, m: Machine, whole: bool) -> tuple[list[Item], Unknown | None]:
        """Runs the body; returns its elements, and why there may be more."""
        if whole:
            return _content(self.run())
        body = self.function.lower()
        if body.statements is not None and _is_independent(m, body, self.scope):
            return self._first(m)
        self._in_steps(m)
        return [], Unknown(Why.GENERATOR_STEPS(), self.function)

    def _first(self, m: Machine) -> tuple[list[Item], Unknown | None]:
        """The first elements of a body without effects."""
        self.scope.frame.steps = _STEPS
        depth = m.path.depth
        try:
            made = self.run()
        except Enough:
            items = self.scope.frame.yields
            assert items is not None
            if m.path.depth > depth:
                return [], Unknown(Why.GENERATOR_STEPS(), self.function)
            return list(items.items), Unknown(Why.GENERATOR_STEPS(), self.function)
        return _content(made)

    def _in_steps(self, m: Machine) -> None:
        """Runs a body that may end after each of its elements, and whose writes may happen at any time."""
        before, outer = m.mark(), m.path.late
        late = m.path.late = LateWrites()
        self.scope.frame.steps = -1

        def body() -> Completion:
            self.run()
            return None

        try:
            attempt(m, body, lambda thrown: None)
        finally:
            m.path.late = outer
        race(m, late)
        if m.mark() != before:
            m.hide(Why.GENERATOR_STEPS(), self.function)


def _content(made: AbstractValue) -> tuple[list[Item], Unknown | None]:
    """The elements that a body yields, if it can be run."""
    if isinstance(made, Known) and isinstance(made.data, Arr):
        return list(made.data.items), made.data.open
    return [], Unknown(Why.GENERATOR_STEPS())


def _is_independent(m: Machine, body: nodes.Body, scope: Scope) -> bool:
    """Whether a body neither affects anything outside nor depends on anything that may change."""
    assert body.statements is not None
    inside = list(_within(body))
    own: set[str] = set()
    for node in inside:
        if isinstance(node, nodes.Block):
            own.update(node.names, node.variables)
        elif isinstance(node, nodes.ForEach):
            own.update(name.name for name in _within(node.target) if isinstance(name, nodes.Identifier))
    taken = {node.expression for node in inside if isinstance(node, nodes.ExpressionStatement)}
    return all(_is_local(m, node, own, scope, taken) for node in inside)


def _is_local(m: Machine, node: Node, own: set[str], scope: Scope, alone: set[Node]) -> bool:
    if isinstance(node, nodes.Identifier):
        return node.name in own or _is_constant(m, node.name, scope)
    if isinstance(node, (nodes.Assign, nodes.Update)):
        return isinstance(node.target, nodes.Identifier) and node.target.name in own
    if isinstance(node, nodes.Yield):
        return node in alone and not node.delegate
    if isinstance(node, nodes.Return):
        return node.value is None
    if isinstance(node, nodes.Call):
        callee = node.callee
        return isinstance(callee, nodes.Member) and callee.name not in CHANGING.split()
    return not isinstance(
        node, (nodes.This, nodes.Super, nodes.New, nodes.Await, nodes.Throw, nodes.FunctionNode, nodes.Opaque,
               nodes.ClassNode, nodes.ImportCall)
    )  # fmt: skip


def _is_constant(m: Machine, name: str, scope: Scope) -> bool:
    """Whether a name outside always means the same plain value, or something of JavaScript."""
    at: Scope | None = scope
    while at is not None:
        if name in at.vars:
            value = at.vars[name]
            plain = isinstance(value, Known) and primitive(value.data)
            return plain and (at is scope or name in at.constants)
        at = at.parent
    from policy_bot.sst.interpreter.builtins.globals import builtin

    return builtin(m, name) is not None


def _within(part: Any) -> Iterator[Node]:
    """All nodes in a part of a program."""
    pending = [part]
    while pending:
        at = pending.pop()
        if isinstance(at, Node):
            yield at
        if isinstance(at, (list, tuple)):
            pending.extend(at)
        elif isinstance(at, (Node, nodes.Body)):
            slots = {slot for kind in type(at).__mro__ for slot in getattr(kind, "__slots__", ())}
            pending.extend(getattr(at, slot, None) for slot in slots - {"source", "start", "end"})
