"""The meaning of each kind of expression."""

from __future__ import annotations

from typing import cast

from policy_bot.sst import nodes
from policy_bot.sst.atoms import StageName
from policy_bot.sst.heap import Closure, Live, Obj, Property, Scope
from policy_bot.sst.interpreter import patterns
from policy_bot.sst.interpreter.access import get, get_computed
from policy_bot.sst.interpreter.builtins.promises import waited
from policy_bot.sst.interpreter.choices import choose
from policy_bot.sst.interpreter.classes import make_class
from policy_bot.sst.interpreter.completions import SHORT, UNSET, Enough
from policy_bot.sst.interpreter.iterate import extend
from policy_bot.sst.interpreter.links import Undecided, linked
from policy_bot.sst.interpreter.machine import Machine, evaluates
from policy_bot.sst.interpreter.names import undeclared
from policy_bot.sst.interpreter.operators import stage_seen
from policy_bot.sst.interpreter.path import LateWrites, Raced
from policy_bot.sst.interpreter.writes import rejoin, touch
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Origin, Unknown


@evaluates(nodes.Opaque)
def opaque(m: Machine, node: nodes.Opaque, scope: Scope) -> AbstractValue:
    """Syntax that cannot be lowered is unknown and may hide anything, unless it is a number."""
    if node.reason.kind is not Why.BIGINT:
        m.hide(node.reason, node)
    m.may_throw(node)
    return Unknown(node.reason, node)


@evaluates(nodes.Identifier)
def identifier(m: Machine, node: nodes.Identifier, scope: Scope) -> AbstractValue:
    """A name, looked up outwards."""
    name = node.name
    at: Scope | None = scope
    while at is not None:
        found = at.vars.get(name)
        if found is not None:
            if found.__class__ is Live:
                return found.read()
            if found is UNSET:
                m.may_throw(node)
                return Unknown(Why.READ_BEFORE_SET(name), node)
            return cast(AbstractValue, found)
        at = at.parent
    return undeclared(m, node, name, scope)


@evaluates(nodes.FunctionNode)
def function(m: Machine, node: nodes.FunctionNode, scope: Scope) -> AbstractValue:
    """A function with the scope it is made in."""
    if (
        node.name
        and not node.arrow
        and node.source.data[node.start : node.start + 8] in {b"function", b"async fu"}
    ):
        scope = Scope({}, scope, scope.frame, frozenset({node.name}))
        made = Known(Closure(node, scope, scope.frame.home))
        scope.vars[node.name] = made
        return made
    return Known(Closure(node, scope, scope.frame.home), Origin(node, "literal"))


@evaluates(nodes.Member)
def member(m: Machine, node: nodes.Member, scope: Scope) -> AbstractValue:
    """`object.name`."""
    if node.object.__class__ is nodes.Super:
        return patterns.super_property(m, node.name, scope, node)
    target = m.links.get(node) if node.optional else None
    if target is None:
        target = m.eval(node.object, scope)
        if target is SHORT:
            return SHORT
        if node.optional:
            target = linked(m, node, target)
            if target is SHORT:
                return SHORT
    return get(m, target, node.name, node)


_FALLBACKS = {"default", "fallback", "other", "others", "rest"}
"""Keys of a table by stage that are not names of stages: they hold the value for all others."""


@evaluates(nodes.Index)
def index(m: Machine, node: nodes.Index, scope: Scope) -> AbstractValue:
    """`object[index]`."""
    target = m.links.get(node) if node.optional else None
    if target is None:
        target = m.eval(node.object, scope)
        if target is not SHORT and node.optional:
            target = linked(m, node, target)
        if target is SHORT:
            return SHORT
    key = m.eval(node.index, scope)
    if (
        key.__class__ is Known
        and key.data.__class__ is StageName
        and isinstance(target, Known)
        and isinstance(target.data, Obj)
    ):
        for name in target.data.props:
            stage_seen(m, key.data, None if name in _FALLBACKS else name)
    return get_computed(m, target, key, node)


@evaluates(nodes.Chain)
def chain(m: Machine, node: nodes.Chain, scope: Scope) -> AbstractValue:
    """The end of an optional chain.

    If a link is undecided, the chain is evaluated again in a branch, from that link on: the part before it is
    not evaluated again, `Machine.links` has its value.
    """
    outer = m.links, m.chain
    m.links, m.chain = {}, node
    try:
        return _chained(m, node, scope)
    finally:
        m.links, m.chain = outer


def _chained(m: Machine, node: nodes.Chain, scope: Scope) -> AbstractValue:
    try:
        value = m.eval(node.expression, scope)
    except Undecided as undecided:
        m.links[undecided.link] = undecided.going
        return choose(m, undecided.value.reason, [lambda: _chained(m, node, scope), lambda: NOTHING])
    return NOTHING if value is SHORT else value


@evaluates(nodes.Sequence)
def sequence(m: Machine, node: nodes.Sequence, scope: Scope) -> AbstractValue:
    """`a, b`."""
    value: AbstractValue = NOTHING
    for item in node.items:
        value = m.eval(item, scope)
    return value


@evaluates(nodes.Await)
def awaited(m: Machine, node: nodes.Await, scope: Scope) -> AbstractValue:
    """`await a` is `a`; awaiting something unknown really yields."""
    waits, together = _waits_for(node.argument)
    raced: Raced = []
    m.awaited.update(waits)
    m.together.update(dict.fromkeys(together, raced))
    try:
        value = m.eval(node.argument, scope)
    finally:
        m.awaited.difference_update(waits)
        for each in together:
            m.together.pop(each, None)
    yields(m, scope)
    if isinstance(value, Unknown):
        m.may_throw(node)
    if isinstance(value, Unknown) or (isinstance(value, Known) and isinstance(value.data, Property)):
        m.tick += 1
    value = waited(m, value, node)
    if raced:
        rejoin(m, raced)
    return value


def yields(m: Machine, scope: Scope) -> None:
    """A function that nobody awaits yields to its caller: what it writes from now on, it writes late."""
    if scope.frame.running and m.path.late is None:
        m.path.late = LateWrites()


def _waits_for(node: Node) -> tuple[list[Node], list[Node]]:
    """The calls that an `await` waits for: its own and those it is chained to (`f().then(g)`), and those that
    run together: of `Promise.all([f(), g()])` and `Promise.all(items.map(f))`.
    """
    if not isinstance(node, nodes.Call):
        return [], []
    callee = node.callee
    if isinstance(callee, nodes.Member) and callee.name in {"then", "catch", "finally"}:
        before, together = _waits_for(callee.object)
        return [node, *before], together
    if isinstance(callee, nodes.Member) and callee.name in {"all", "allSettled"} and len(node.arguments) == 1:
        inner = node.arguments[0]
        listed = inner.items if isinstance(inner, nodes.ArrayLiteral) else [inner]
        return [node], [each for each in listed if isinstance(each, nodes.Call)]
    return [node], []


@evaluates(nodes.Yield)
def yielded(m: Machine, node: nodes.Yield, scope: Scope) -> AbstractValue:
    """Collects the element that a generator yields."""
    value = NOTHING if node.argument is None else m.eval(node.argument, scope)
    into, steps = scope.frame.yields, scope.frame.steps
    if steps == -1:
        m.may_throw(node)  # the generator may end here, as if it threw
    elif steps is not None and into is not None and len(into.items) >= steps:
        raise Enough
    if into is not None:
        items = touch(m, into.items)
        if node.delegate:
            extend(m, into, value, node)
        else:
            m.allocate(1)
            items.append(value)
    return Unknown(Why.GENERATOR_ARGUMENT(), node)


@evaluates(nodes.This)
def this(m: Machine, node: nodes.This, scope: Scope) -> AbstractValue:
    """`this`."""
    return scope.frame.lexical().this or NOTHING


@evaluates(nodes.Super)
def bare_super(m: Machine, node: nodes.Super, scope: Scope) -> AbstractValue:
    """`super` alone is a syntax error."""
    return Unknown(Why.BARE_SUPER(), node)


@evaluates(nodes.ClassNode)
def class_expression(m: Machine, node: nodes.ClassNode, scope: Scope) -> AbstractValue:
    """A class as a value."""
    return make_class(m, node, scope)
