"""Operators and assignments."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.atoms import Namespace, StageName
from policy_bot.sst.domain import either, presence
from policy_bot.sst.heap import Arr, Data, Instance, Obj, Scope
from policy_bot.sst.interpreter import patterns
from policy_bot.sst.interpreter.access import get, get_computed
from policy_bot.sst.interpreter.builtins import names
from policy_bot.sst.interpreter.completions import Thrown
from policy_bot.sst.interpreter.conditions import undecided
from policy_bot.sst.interpreter.conversions import (
    nullish,
    number_of,
    primitive,
    text_of,
    truthy,
    type_of,
    why,
)
from policy_bot.sst.interpreter.equality import instance_of
from policy_bot.sst.interpreter.errors import error_of
from policy_bot.sst.interpreter.machine import Machine, evaluates
from policy_bot.sst.interpreter.notes import quoted
from policy_bot.sst.interpreter.operators import binary, combine, lift, stage_seen, to_int32
from policy_bot.sst.interpreter.writing import put_computed, put_property, take_away
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.text import exact
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Origin, Unknown, alternatives


@evaluates(nodes.Unary)
def unary(m: Machine, node: nodes.Unary, scope: Scope) -> AbstractValue:
    """`! - + ~ typeof void delete`."""
    operator = node.operator
    if operator == "delete":
        return _delete(m, node.argument, scope)
    if operator == "typeof" and node.argument.__class__ is nodes.Identifier:
        return _typeof_name(m, node, scope)
    value = m.eval(node.argument, scope)
    if operator == "!":
        answer = truthy(value)
        if answer is None:
            return _boolean(value, node)
        return Known(not answer, Origin(node, "not", value.origin))
    if operator == "void":
        return NOTHING
    return lift(m, lambda data: _unary(operator, data, node), value)


def _unary(operator: str, data: Data, node: Node) -> AbstractValue:
    if operator == "typeof":
        kind = type_of(data)
        return Unknown(Why.OUTPUT_TYPE(), node) if kind is None else Known(kind)
    number = number_of(data)
    if number is None:
        return Unknown(Why.NUMBER(), node)
    if operator == "-":
        return Known(exact(-float(number)), Origin(node, "literal"))
    if operator == "+":
        return Known(number)
    return Known(~to_int32(number))


def _typeof_name(m: Machine, node: nodes.Unary, scope: Scope) -> AbstractValue:
    name = node.argument.name  # type: ignore[attr-defined]
    if name in {"window", "document", "self"}:
        return Known("undefined")
    if m.phase != "run" and name in {"$dev", "$app", "$cli"}:
        return Known("undefined")
    try:
        value = m.eval(node.argument, scope)
    except Thrown as error:
        if error.node is not node.argument:
            raise
        return Known("undefined", Origin(node, f"`{name}` is declared nowhere"))
    if isinstance(value, Known) and isinstance(value.data, Namespace):
        return Unknown(Why.GLOBAL_EXISTS(name), node)
    return lift(m, lambda data: _unary("typeof", data, node), value)


def _delete(m: Machine, target: Node, scope: Scope) -> AbstractValue:
    if isinstance(target, nodes.Member):
        take_away(m, m.eval(target.object, scope), Known(target.name), target)
    elif isinstance(target, nodes.Index):
        take_away(m, m.eval(target.object, scope), m.eval(target.index, scope), target)
    elif isinstance(target, nodes.Chain) and isinstance(target.expression, (nodes.Member, nodes.Index)):
        return _delete_in_chain(m, target, target.expression, scope)
    else:
        m.eval(target, scope)
    return Known(True)


def _delete_in_chain(
    m: Machine, chain: nodes.Chain, link: nodes.Member | nodes.Index, scope: Scope
) -> AbstractValue:
    """`delete a?.b`: removes the key from each object that may be there."""
    value = m.eval(chain.before(), scope)
    there = [choice for choice in alternatives(value) if nullish(choice) is not True]
    if there:
        index = Known(link.name) if isinstance(link, nodes.Member) else m.eval(link.index, scope)
        some = value if len(there) == len(alternatives(value)) else OneOf((*there, Known(None)), why(value))
        take_away(m, some, index, link)
    return Known(True)


_EQUALITY = {"===", "!==", "==", "!="}
_COMPARISONS = _EQUALITY | {"<", ">", "<=", ">="}


@evaluates(nodes.Binary)
def binary_expression(m: Machine, node: nodes.Binary, scope: Scope) -> AbstractValue:
    """Operators that evaluate both sides."""
    left = m.eval(node.left, scope)
    right = m.eval(node.right, scope)
    operator = node.operator
    if left.__class__ is Known and right.__class__ is Known:
        a, b = left.data, right.data
        if (a.__class__ is StageName or b.__class__ is StageName) and operator in _EQUALITY:
            stage_seen(m, a, b)
        if operator == "in":
            return _in(b, text_of(a), node)
        if operator == "instanceof":
            if primitive(b) or isinstance(b, (Obj, Arr)):
                raise error_of("TypeError", node, "the right side of `instanceof` is not callable")
            answer = instance_of(a, b)
            return Unknown(Why.INSTANCE_OF(), node) if answer is None else Known(answer)
    elif operator in {"in", "instanceof"}:
        return _boolean(left if isinstance(left, Unknown) else right, node)
    value = combine(m, lambda a, b: binary(m, operator, a, b), left, right, node)
    return _boolean(value, node) if operator in _COMPARISONS and value.__class__ is Unknown else value


def _boolean(cause: AbstractValue, node: Node) -> Unknown:
    """True or false, if it is unknown which."""
    origin = cause.origin if isinstance(cause, Unknown) else None
    place = cause.node if isinstance(cause, Unknown) else None
    return Unknown(why(cause), place or node, origin, falsy=(False,))


_INHERITED = {*names.METHODS["Object"].split(), "constructor", "__proto__"}


def _in(container: Data, key: str | None, node: Node) -> AbstractValue:
    if primitive(container):
        raise error_of("TypeError", node, "the right side of `in` is not an object")
    if key is None or not isinstance(container, (Obj, Instance)):
        return Unknown(Why.HAS_KEY(), node)
    if key in container.props:
        value = container.props[key]
        return Known(True) if presence(value) is None else either(value)
    if isinstance(container, Obj) and container.rest is None and key not in _INHERITED:
        return Known(False)
    return Unknown(Why.HAS_KEY(), node)


class _Reference:
    """The target of an assignment. Its object and its index are evaluated once, before the value."""

    __slots__ = ("index", "node", "object", "scope", "target")

    def __init__(self, m: Machine, target: Node, scope: Scope, node: Node) -> None:
        self.target = target
        self.scope = scope
        self.node = node
        self.object: AbstractValue | None = None
        self.index: AbstractValue | None = None
        if isinstance(target, (nodes.Member, nodes.Index)) and target.object.__class__ is not nodes.Super:
            self.object = m.eval(target.object, scope)
            if isinstance(target, nodes.Index):
                self.index = m.eval(target.index, scope)

    def read(self, m: Machine) -> AbstractValue:
        """Its current value."""
        if self.object is None:
            return m.eval(self.target, self.scope)
        if self.index is not None:
            return get_computed(m, self.object, self.index, self.target)
        assert isinstance(self.target, nodes.Member)
        return get(m, self.object, self.target.name, self.target)

    def write(self, m: Machine, value: AbstractValue) -> None:
        """Sets it."""
        if self.object is None:
            patterns.assign_to(m, self.target, value, self.scope, self.node)
        elif self.index is not None:
            put_computed(m, self.object, self.index, value, self.node)
        else:
            assert isinstance(self.target, nodes.Member)
            put_property(m, self.object, self.target.name, value, self.node)


@evaluates(nodes.Assign)
def assign(m: Machine, node: nodes.Assign, scope: Scope) -> AbstractValue:
    """`a = b`, `a += b`, `a ??= b`."""
    reference = _Reference(m, node.target, scope, node)
    if not node.operator:
        value = _noted(node, m.eval(node.value, scope))
        reference.write(m, value)
        return value
    old = reference.read(m)
    if node.operator in {"??", "||", "&&"}:
        return _assign_logical(m, node, reference, old, scope)
    right = m.eval(node.value, scope)
    value = combine(m, lambda a, b: binary(m, node.operator, a, b), old, right, node)
    reference.write(m, value)
    return value


def _noted(node: nodes.Assign, value: AbstractValue) -> AbstractValue:
    if value.__class__ is Known and primitive(value.data):
        return Known(value.data, Origin(node, quoted(node), value.origin))
    return value


def _assign_logical(
    m: Machine, node: nodes.Assign, reference: _Reference, old: AbstractValue, scope: Scope
) -> AbstractValue:
    answer = nullish(old) if node.operator == "??" else truthy(old)
    go_on = answer if node.operator != "||" or answer is None else not answer

    def written() -> AbstractValue:
        value = _noted(node, m.eval(node.value, scope))
        reference.write(m, value)
        return value

    if go_on is None:
        return undecided(m, node, node.operator, old, written)
    return written() if go_on else old


@evaluates(nodes.Update)
def update(m: Machine, node: nodes.Update, scope: Scope) -> AbstractValue:
    """`a++`, `--a`."""
    reference = _Reference(m, node.target, scope, node)
    old = reference.read(m)
    step = "+" if node.operator == "++" else "-"
    number = lift(m, lambda data: _unary("+", data, node), old)
    value = combine(m, lambda a, b: binary(m, step, a, b), number, Known(1), node)
    reference.write(m, value)
    return value if node.prefix else number
