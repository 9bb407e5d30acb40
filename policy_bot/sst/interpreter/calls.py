"""Calls and constructions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.atoms import UNDEFINED, Namespace
from policy_bot.sst.heap import (
    Arr,
    Class,
    Closure,
    Instance,
    Native,
    Obj,
    Property,
    Rejected,
    Scope,
)
from policy_bot.sst.interpreter import classes, components
from policy_bot.sst.interpreter.access import get, get_computed
from policy_bot.sst.interpreter.builtins.promises import waited
from policy_bot.sst.interpreter.callables import METHODS, call, construct, kept, unknown_call, with_perhaps
from policy_bot.sst.interpreter.choices import choose
from policy_bot.sst.interpreter.completions import SHORT, Completion, Returned
from policy_bot.sst.interpreter.handlers import attempt
from policy_bot.sst.interpreter.iterate import arguments_of, extend
from policy_bot.sst.interpreter.links import linked
from policy_bot.sst.interpreter.literals import constant
from policy_bot.sst.interpreter.machine import Machine, evaluates
from policy_bot.sst.interpreter.patterns import super_property
from policy_bot.sst.interpreter.promised import promise_method, run_later
from policy_bot.sst.interpreter.properties import key_of
from policy_bot.sst.nodes import Mark, Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Placed, Unknown


def arguments(m: Machine, given: list[Node], scope: Scope) -> list[AbstractValue]:
    """The values of arguments."""
    values: list[AbstractValue] = []
    for at, node in enumerate(given):
        if node.__class__ is nodes.Literal:
            values.append(constant(node))
        elif node.__class__ is nodes.Spread:
            return _with_spreads(m, values, given[at:], scope)
        else:
            values.append(m.eval(node, scope))
    return values


def _with_spreads(
    m: Machine, values: list[AbstractValue], given: list[Node], scope: Scope
) -> list[AbstractValue]:
    made = Arr(values)
    for node in given:
        if isinstance(node, nodes.Spread):
            extend(m, made, m.eval(node.argument, scope), node)
        else:
            made.items.append(m.eval(node, scope))
    return arguments_of(made, given[0])


@evaluates(nodes.Call)
def call_expression(m: Machine, node: nodes.Call, scope: Scope) -> AbstractValue:
    """`callee(arguments)`."""
    callee = node.callee
    kind = callee.__class__
    if kind is nodes.Member:
        return _call_member(m, node, callee, scope)  # type: ignore[arg-type]
    if kind is nodes.Super:
        return classes.super_call(m, arguments(m, node.arguments, scope), node, scope)
    if kind is nodes.Index:
        return _call_index(m, node, callee, scope)  # type: ignore[arg-type]
    if (
        isinstance(callee, nodes.Chain)
        and not node.optional
        and isinstance(callee.expression, (nodes.Member, nodes.Index))
    ):
        return _call_chain(m, node, callee, scope)
    function = m.links.get(node) if node.optional else None
    if function is None:
        function = m.eval(callee, scope)
        if node.optional and function is not SHORT:
            function = linked(m, node, function)
        if function is SHORT:
            return SHORT
    this = Unknown(Why.VALUE(), node) if kind is nodes.Chain else None
    return call(m, function, arguments(m, node.arguments, scope), this, node)


def _call_chain(m: Machine, node: nodes.Call, callee: nodes.Chain, scope: Scope) -> AbstractValue:
    """`(a?.b)()` calls `a.b`, or throws."""
    link = callee.expression
    assert isinstance(link, (nodes.Member, nodes.Index))
    target = m.eval(callee.before(), scope)
    if isinstance(link, nodes.Member):
        given = arguments(m, node.arguments, scope)
        return invoke(m, target, link.name, given, node, link.name_mark)
    function = get_computed(m, target, m.eval(link.index, scope), node)
    return call(m, function, arguments(m, node.arguments, scope), target, node)


def _call_member(m: Machine, node: nodes.Call, callee: nodes.Member, scope: Scope) -> AbstractValue:
    if callee.object.__class__ is nodes.Super:
        this = scope.frame.lexical().this
        function = super_property(m, callee.name, scope, node)
        return call(m, function, arguments(m, node.arguments, scope), this, node)
    settles = callee.name in _SETTLED or (callee.name == "then" and len(node.arguments) > 1)
    if settles and callee.object.__class__ is nodes.Call and not callee.optional:
        return _call_settled(m, node, callee, scope)
    target = m.links.get(callee) if callee.optional else None
    if target is None:
        target = m.eval(callee.object, scope)
        if callee.optional and target is not SHORT:
            target = linked(m, callee, target)
        if target is SHORT:
            return SHORT
    if node.optional:
        function = m.links.get(node) or linked(m, node, get(m, target, callee.name, node))
        if function is SHORT:
            return SHORT
        if node in m.links or (isinstance(function, Known) and isinstance(function.data, Closure)):
            return call(m, function, arguments(m, node.arguments, scope), target, node)
    return invoke(m, target, callee.name, arguments(m, node.arguments, scope), node, callee.name_mark)


_SETTLED = {"catch", "finally"}


def _call_settled(m: Machine, node: nodes.Call, callee: nodes.Member, scope: Scope) -> AbstractValue:
    """`promise.catch(handler)`, `promise.finally(last)`: receives what the awaited function throws."""

    def body() -> Completion:
        m.awaited.add(callee.object)
        try:
            return Returned(waited(m, m.eval(callee.object, scope), node))
        finally:
            m.awaited.discard(callee.object)

    def handle(value: AbstractValue) -> Completion:
        if callee.name == "then":
            return Returned(Known(Rejected(value)))
        given = arguments(m, node.arguments, scope) or [NOTHING]
        return Returned(run_later(m, given[0], [value], node))

    def last() -> Completion:
        given = arguments(m, node.arguments, scope) or [NOTHING]
        call(m, given[0], [], None, node)
        return None

    if callee.name == "finally":
        completion = attempt(m, body, None, last)
    else:
        completion = attempt(m, body, handle, undecided=bool(m.handlers))
    assert isinstance(completion, Returned)
    if callee.name != "then" or completion.value is SHORT:
        return completion.value
    return invoke(m, completion.value, "then", arguments(m, node.arguments, scope), node, callee.name_mark)


def _call_index(m: Machine, node: nodes.Call, callee: nodes.Index, scope: Scope) -> AbstractValue:
    target = m.links.get(callee) if callee.optional else None
    if target is None:
        target = m.eval(callee.object, scope)
        if callee.optional and target is not SHORT:
            target = linked(m, callee, target)
        if target is SHORT:
            return SHORT
    key = m.eval(callee.index, scope)
    if node.optional:
        function = m.links.get(node) or linked(m, node, get_computed(m, target, key, node))
        if function is SHORT:
            return SHORT
        if node in m.links or (isinstance(function, Known) and isinstance(function.data, Closure)):
            return call(m, function, arguments(m, node.arguments, scope), target, node)
    keys = key_of(key)
    given = arguments(m, node.arguments, scope)
    if keys is not None and len(keys) == 1:
        return invoke(
            m, target, keys[0], given, node, Mark(node.source, callee.index.start, callee.index.end)
        )
    if (
        isinstance(target, Known)
        and isinstance(target.data, Instance)
        and components.is_component(target.data)
    ):
        m.hide(Why.KEY(), node)
    return call(m, get_computed(m, target, key, node), given, target, node)


def invoke(
    m: Machine, target: AbstractValue, name: str, given: list[AbstractValue], node: Node, mark: Placed
) -> AbstractValue:
    """`target.name(given)`; `mark` is the position of the name."""
    if isinstance(target, Known):
        return _invoke_known(m, target, name, given, node, mark)
    if isinstance(target, OneOf):
        some = [
            choice for choice in target.choices if choice.data is not None and choice.data is not UNDEFINED
        ]
        if len(some) < len(target.choices):
            m.may_throw(node)
        if not some:
            return Unknown(Why.PROPERTY_OF_NULLISH(name), node)
        runs: list[Callable[[], AbstractValue]] = [
            partial(_invoke_known, m, choice, name, given, node, mark) for choice in some
        ]
        return choose(m, target.reason, runs) if len(runs) > 1 else runs[0]()
    runs = [partial(_invoke_known, m, known, name, given, node, mark) for known in target.among]
    return with_perhaps(m, unknown_call(m, target, given, node), runs)


def _invoke_known(
    m: Machine, target: Known, name: str, given: list[AbstractValue], node: Node, mark: Placed
) -> AbstractValue:
    data = target.data
    if isinstance(data, Namespace):
        if m.lenient:
            return kept(m, given, node)
        return components.namespace_call(m, data, name, given, node, mark)
    if isinstance(data, Instance):
        own = _own_method(m, target, data, name, node)
        if own is not None:
            return call(m, own, given, target, node)
        if components.is_component(data):
            return components.component_call(m, data, name, given, mark)
    elif isinstance(data, Obj) and name in data.props:
        return call(m, get(m, target, name, node), given, target, node)
    elif isinstance(data, (Closure, Native, Class)) and name in {"call", "apply", "bind"}:
        return _function_method(m, target, data, name, given, node)
    method = METHODS[data.__class__].get(name)
    if method is not None:
        return method(m, target, given, node)
    if name in {"then", "catch", "finally"}:
        return promise_method(m, target, name, given, node)
    if isinstance(data, Property):
        return Known(Property(data.instance, f"{data.path}.{name}()"[:200]))
    return call(m, get(m, target, name, node), given, target, node)


def _own_method(m: Machine, target: Known, data: Instance, name: str, node: Node) -> AbstractValue | None:
    found = data.props.get(name)
    for cls in data.cls.lineage() if found is None and data.cls is not None else ():
        if cls.open is not None or name in cls.getters:
            return get(m, target, name, node)
        if name in cls.methods:
            return Known(cls.methods[name])
    return found


def _function_method(
    m: Machine,
    target: Known,
    data: Closure | Native | Class,
    name: str,
    given: list[AbstractValue],
    node: Node,
) -> AbstractValue:
    own = get(m, target, name, node)
    if isinstance(own, Known) and (isinstance(own.data, Closure) or name in (data.props or ())):
        return call(m, own, given, target, node)
    this = given[0] if given else None
    if name == "call":
        return call(m, target, given[1:], this, node)
    if name == "apply":
        made = Arr([])
        if len(given) > 1:
            extend(m, made, given[1], node)
        return call(m, target, arguments_of(made, node), this, node)
    bound = get(m, target, "name", node)
    of = bound.data if isinstance(bound, Known) else name
    return Known(
        Native(f"bound {of}", lambda machine, more, at: call(machine, target, [*given[1:], *more], this, at))
    )


@evaluates(nodes.New)
def new_expression(m: Machine, node: nodes.New, scope: Scope) -> AbstractValue:
    """`new callee(arguments)`."""
    callee = m.eval(node.callee, scope)
    given = arguments(m, node.arguments, scope)
    return construct(m, callee, given, node)
