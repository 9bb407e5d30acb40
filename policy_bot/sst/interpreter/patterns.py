"""Assigns values to names, patterns and properties."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.heap import Arr, Class, Cursor, Instance, Obj, Scope
from policy_bot.sst.interpreter.access import get, get_computed
from policy_bot.sst.interpreter.callables import call
from policy_bot.sst.interpreter.choices import choose
from policy_bot.sst.interpreter.completions import UNSET
from policy_bot.sst.interpreter.errors import error_of
from policy_bot.sst.interpreter.iterate import begin, elements
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.properties import element
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.interpreter.writes import put
from policy_bot.sst.interpreter.writing import put_computed, put_property, setter_of
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import CONDITION, Why
from policy_bot.sst.values import AbstractValue, Known, OneOf, OptionalItem, Unknown, alternatives, optional

Binding = Callable[[Node, AbstractValue], None]


def declare(m: Machine, target: Node, value: AbstractValue, scope: Scope) -> None:
    """Sets the names that a declaration (or parameter) declares in a scope."""
    if target.__class__ is nodes.Identifier:
        put(m, scope.vars, target.name, value)
    else:
        destructure(m, target, value, scope, lambda inner, part: declare(m, inner, part, scope))


def assign_to(m: Machine, target: Node, value: AbstractValue, scope: Scope, node: Node) -> None:
    """Sets the target on the left of an assignment."""
    kind = target.__class__
    if kind is nodes.Identifier:
        set_name(m, target.name, value, scope, node)  # type: ignore[attr-defined]
    elif kind is nodes.Member and target.object.__class__ is nodes.Super:  # type: ignore[attr-defined]
        _put_above(m, target.name, value, scope, node)  # type: ignore[attr-defined]
    elif kind is nodes.Member:
        put_property(m, m.eval(target.object, scope), target.name, value, node)  # type: ignore[attr-defined]
    elif kind is nodes.Index:
        holder = m.eval(target.object, scope)  # type: ignore[attr-defined]
        put_computed(m, holder, m.eval(target.index, scope), value, node)  # type: ignore[attr-defined]
    else:
        destructure(m, target, value, scope, lambda inner, part: assign_to(m, inner, part, scope, node))


def set_name(m: Machine, name: str, value: AbstractValue, scope: Scope, node: Node) -> None:
    """Sets a variable in the scope that declares it; an undeclared one becomes a global."""
    at: Scope | None = scope
    while at is not None:
        if name in at.vars or at.parent is None:
            if name in at.constants:
                raise error_of("TypeError", node, "Assignment to constant variable.")
            if at.vars.get(name) is UNSET or name not in at.vars:
                m.may_throw(node)
            put(m, at.vars, name, value)
            return
        at = at.parent


def destructure(m: Machine, pattern: Node, value: AbstractValue, scope: Scope, bind: Binding) -> None:
    """Takes a value apart."""
    if isinstance(pattern, nodes.ObjectPattern):
        _object(m, pattern, value, scope, bind)
    elif isinstance(pattern, nodes.ArrayPattern):
        _array(m, pattern, value, scope, bind)
    else:
        m.hide(pattern.reason if isinstance(pattern, nodes.Opaque) else Why.UNSUPPORTED_PATTERN(), pattern)


def _object(
    m: Machine, pattern: nodes.ObjectPattern, value: AbstractValue, scope: Scope, bind: Binding
) -> None:
    taken: set[str] = set()
    for entry in pattern.entries:
        if entry.computed is not None:
            key = m.eval(entry.computed, scope)
            part = get_computed(m, value, key, entry)
            taken.update(str(c.data) for c in alternatives(key))
        else:
            part = get(m, value, entry.key, entry)
            taken.add(entry.key)
        bind(entry.target, with_default(m, part, entry.default, scope))
    if pattern.rest is not None:
        bind(pattern.rest, _rest(m, value, taken))


def _rest(m: Machine, value: AbstractValue, taken: set[str]) -> AbstractValue:
    if isinstance(value, Unknown):
        return value
    made = []
    for choice in alternatives(value):
        data = choice.data
        if not isinstance(data, Obj):
            return Unknown(Why.REST_OF_NON_OBJECT())
        rest = Obj({key: part for key, part in data.props.items() if key not in taken}, data.node)
        rest.rest, rest.spreads, rest.assigned = data.rest, data.spreads, data.assigned
        m.allocate(len(rest.props))
        made.append(Known(rest, choice.origin))
    return join(m, made, value.reason if isinstance(value, OneOf) else CONDITION)


def with_default(m: Machine, value: AbstractValue, default: Node | None, scope: Scope) -> AbstractValue:
    """The value, or its default if it is undefined."""
    if default is None:
        return value
    if isinstance(value, Known):
        return m.eval(default, scope) if value.data is UNDEFINED else value
    if isinstance(value, OneOf):
        if not any(choice.data is UNDEFINED for choice in value.choices):
            return value
        kept = [choice for choice in value.choices if choice.data is not UNDEFINED]
        if not kept:
            return m.eval(default, scope)
        return choose(m, value.reason, [lambda: join(m, kept, value.reason), partial(m.eval, default, scope)])
    if default.__class__ is nodes.Literal:
        return value
    return choose(m, value.reason, [lambda: value, partial(m.eval, default, scope)])


def _array(
    m: Machine, pattern: nodes.ArrayPattern, value: AbstractValue, scope: Scope, bind: Binding
) -> None:
    if isinstance(value, Known) and isinstance(value.data, Cursor):
        begin(m, value.data, whole=pattern.rest is not None)
    items, more = elements(m, value, pattern)
    if isinstance(value, Known) and isinstance(value.data, Cursor) and len(items) > len(pattern.entries):
        value.data.items.open = Unknown(
            Why.GENERATOR_STEPS(), pattern
        )  # a generator ends, other iterators continue
    made = Arr(items, None, more)
    unclear = isinstance(value, Unknown) and more
    several = [choice.data for choice in alternatives(value) if isinstance(choice.data, Arr)]
    for at, entry in enumerate(pattern.entries):
        if entry is not None:
            part: AbstractValue = unclear or element(made, at, entry)
            if isinstance(value, OneOf) and len(several) == len(value.choices):
                part = join(m, [element(each, at, entry) for each in several], value.reason)
            bind(entry.target, with_default(m, part, entry.default, scope))
    if pattern.rest is not None:
        count = len(pattern.entries)
        missing = next((item.reason for item in items[:count] if isinstance(item, OptionalItem)), None)
        rest = items[count:] if missing is None else optional(items[count:], missing)
        bind(pattern.rest, Known(Arr(rest, None, more)))


def super_property(m: Machine, name: str, scope: Scope, node: Node) -> AbstractValue:
    """`super.name`: a method or getter of the base class."""
    this, static, above = _above(scope)
    for cls in above.lineage() if above is not None else ():
        getter = (cls.static_getters if static else cls.getters).get(name)
        if cls.open is not None:
            break
        if getter is not None:
            return call(m, Known(getter), [], this, node)
        if static and name in cls.props:
            return cls.props[name]
        if not static and name in cls.methods:
            return Known(cls.methods[name])
    return Unknown(Why.SUPER_PROPERTY(name))


def _above(scope: Scope) -> tuple[AbstractValue | None, bool, Class | None]:
    """`this`, whether it is a class (in a static method), and the class above that of the method."""
    frame = scope.frame.lexical()
    static = isinstance(frame.this, Known) and isinstance(frame.this.data, Class)
    base = frame.home.base if frame.home is not None else None
    return frame.this, static, base.data if isinstance(base, Known) and isinstance(base.data, Class) else None


def _put_above(m: Machine, name: str, value: AbstractValue, scope: Scope, node: Node) -> None:
    """`super.name = value`: calls a setter of the class above, or sets a property of `this`."""
    this, static, above = _above(scope)
    setter = setter_of(above, name, node, static)
    if setter is not None:
        call(m, Known(setter), [value], this, node)
    elif isinstance(this, Known) and isinstance(this.data, (Instance, Class)):
        put(m, this.data.props, name, value)
    else:
        m.hide(Why.SUPER_PROPERTY(name), node)
