"""Expressions: what each kind gives."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.interpreter import patterns
from policy_bot.sst.interpreter.access import get, get_computed
from policy_bot.sst.interpreter.branches import join
from policy_bot.sst.interpreter.builtins.globals import builtin
from policy_bot.sst.interpreter.conversions import (
    nullish,
)
from policy_bot.sst.interpreter.iterate import extend
from policy_bot.sst.interpreter.machine import NOTHING, Machine, evaluates
from policy_bot.sst.interpreter.operators import stage_seen
from policy_bot.sst.interpreter.scope import SHORT, UNSET, Live, Scope
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    Arr,
    Box,
    Closure,
    Known,
    Namespace,
    Obj,
    OneOf,
    Origin,
    Property,
    StageName,
    Unknown,
)


@evaluates(nodes.Literal)
def literal(m: Machine, node: nodes.Literal, scope: Scope) -> Box:
    """A literal's box is made once, with the tree."""
    return node.box


@evaluates(nodes.Opaque)
def opaque(m: Machine, node: nodes.Opaque, scope: Scope) -> Box:
    """What cannot be read is unknown, and may hide anything."""
    m.hide(node.reason, node)
    return Unknown(node.reason, node)


@evaluates(nodes.Identifier)
def identifier(m: Machine, node: nodes.Identifier, scope: Scope) -> Box:
    """A name, looked up outwards."""
    name = node.name
    at: Scope | None = scope
    while at is not None:
        found = at.vars.get(name)
        if found is not None:
            if found.__class__ is Live:
                return found.read()
            return Unknown(Why.READ_BEFORE_SET(name), node) if found is UNSET else found
        at = at.parent
    return undeclared(m, node, name, scope)


_PROVIDERS = {"sst", "aws", "cloudflare", "pulumi"}
"""Namespaces even in a file with syntax errors, where other names may be declared in what is not read."""


def undeclared(m: Machine, node: Node, name: str, scope: Scope) -> Box:
    """A name that nothing declares: a global of SST, or a provider's namespace."""
    from policy_bot.sst.interpreter.sst import sst_global  # noqa: PLC0415 -- SST's functions evaluate expressions

    found = sst_global(m, name, node, scope)
    if found is not None:
        return found
    if name == "arguments":
        return Unknown(Why.NOT_READ("`arguments`"), node)
    found = m.linker.module_name(name, scope.frame.source.path) if m.linker is not None else None
    if found is not None:
        return found
    found = builtin(m, name)
    if found is not None:
        assert m.linker is not None
        m.linker.root.vars[name] = found
        return found
    if name in _PROVIDERS or (name[:1].islower() and name.isidentifier() and not scope.frame.source.broken):
        space = Known(Namespace(name))
        if m.linker is not None:
            m.linker.root.vars[name] = space
        return space
    return Unknown(Why.UNDECLARED(name), node)


@evaluates(nodes.FunctionNode)
def function(m: Machine, node: nodes.FunctionNode, scope: Scope) -> Box:
    """A function with the scope it is made in."""
    if (
        node.name
        and not node.arrow
        and node.source.data[node.start : node.start + 8] in {b"function", b"async fu"}
    ):
        scope = Scope({}, scope, scope.frame)
        made = Known(Closure(node, scope, scope.frame.home))
        scope.vars[node.name] = made
        return made
    return Known(Closure(node, scope, scope.frame.home), Origin(node, "literal"))


@evaluates(nodes.Member)
def member(m: Machine, node: nodes.Member, scope: Scope) -> Box:
    """`object.name`."""
    if node.object.__class__ is nodes.Super:
        return patterns.super_property(m, node.name, scope)
    target = m.eval(node.object, scope)
    if target is SHORT:
        return SHORT
    if node.optional:
        empty = nullish(target)
        if empty:
            return SHORT
        if empty is None and isinstance(target, OneOf):
            return join(m, [get(m, target, node.name, node), NOTHING], target.reason)
    return get(m, target, node.name, node)


_FALLBACKS = {"default", "fallback", "other", "others", "rest"}
"""Keys of a table by stage that no stage is called by: what the others get."""


@evaluates(nodes.Index)
def index(m: Machine, node: nodes.Index, scope: Scope) -> Box:
    """`object[index]`."""
    target = m.eval(node.object, scope)
    if target is SHORT or (node.optional and nullish(target)):
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
def chain(m: Machine, node: nodes.Chain, scope: Scope) -> Box:
    """Where an optional chain ends."""
    value = m.eval(node.expression, scope)
    return NOTHING if value is SHORT else value


@evaluates(nodes.Sequence)
def sequence(m: Machine, node: nodes.Sequence, scope: Scope) -> Box:
    """`a, b`."""
    value: Box = NOTHING
    for item in node.items:
        value = m.eval(item, scope)
    return value


@evaluates(nodes.Await)
def awaited(m: Machine, node: nodes.Await, scope: Scope) -> Box:
    """`await a` is `a`; waiting for something unknown really yields."""
    value = m.eval(node.argument, scope)
    if isinstance(value, Unknown) or (isinstance(value, Known) and isinstance(value.data, Property)):
        m.stretch += 1
    return value


@evaluates(nodes.Yield)
def yielded(m: Machine, node: nodes.Yield, scope: Scope) -> Box:
    """Generators run at once; what they yield is collected."""
    value = NOTHING if node.argument is None else m.eval(node.argument, scope)
    items = scope.frame.yields
    if items is not None:
        into = Arr(items)
        if node.delegate:
            extend(m, into, value, node)
        else:
            m.spend(1)
            items.append(value)
    return Unknown(Why.GENERATOR_ARGUMENT(), node)


@evaluates(nodes.This)
def this(m: Machine, node: nodes.This, scope: Scope) -> Box:
    """`this`."""
    return scope.frame.lexical().this or NOTHING


@evaluates(nodes.Super)
def bare_super(m: Machine, node: nodes.Super, scope: Scope) -> Box:
    """`super` alone is a syntax error."""
    return Unknown(Why.BARE_SUPER(), node)


@evaluates(nodes.ClassNode)
def class_expression(m: Machine, node: nodes.ClassNode, scope: Scope) -> Box:
    """A class as a value."""
    from policy_bot.sst.interpreter.classes import make_class  # noqa: PLC0415 -- the two need each other

    return make_class(m, node, scope)
