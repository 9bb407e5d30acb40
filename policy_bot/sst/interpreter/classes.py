"""Classes of the program, also those that extend components."""

from __future__ import annotations

from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.atoms import Namespace
from policy_bot.sst.heap import CallFrame, Class, Closure, Instance, Live, Native, Scope
from policy_bot.sst.interpreter import components
from policy_bot.sst.interpreter.branches import fork
from policy_bot.sst.interpreter.callables import (
    call,
    construct,
    constructs,
    is_harmless,
    may_be_called,
    unknown_call,
)
from policy_bot.sst.interpreter.completions import UNSET, Completion
from policy_bot.sst.interpreter.conversions import primitive, why
from policy_bot.sst.interpreter.errors import error_of
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.properties import key_of
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.interpreter.writes import put
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Origin, Placed, Unknown, alternatives


def make_class(m: Machine, node: nodes.ClassNode, scope: Scope) -> AbstractValue:
    """Evaluates a class: its base, its methods and its static parts."""
    if node.decorators:
        m.hide(Why.UNSUPPORTED_SYNTAX("a decorator"), node)
        unclear = Unknown(Why.UNSUPPORTED_SYNTAX("a decorator"), node)
        unknown_call(m, unclear, [m.eval(each, scope) for each in node.decorators], node)
        return unclear
    inner = Scope({}, scope, scope.frame, frozenset({node.name}))
    base = m.eval(node.base, scope) if node.base is not None else None
    made = Class(node, inner, node.name, base)
    value = Known(made, Origin(node, "class"))
    if node.name:
        inner.vars[node.name] = value
    for member in node.members:
        made.keys[member] = _key(m, made, member, inner)
        if member.kind in {"method", "get", "set"}:
            _method(m, made, member, inner)
    frame = CallFrame(node.source, value, made)
    static = Scope({}, inner, frame, declares=True)
    for member in node.members:
        if member.static and member.kind == "field":
            content = m.eval(member.value, static) if member.value is not None else NOTHING
            put(m, made.props, made.keys[member], content)
        elif member.kind == "block" and member.value is not None:
            m.exec(member.value, static)
    return value


def _key(m: Machine, made: Class, member: nodes.ClassMember, scope: Scope) -> str:
    if member.computed is None:
        return member.key
    keys = key_of(m.eval(member.computed, scope))
    if keys is None or len(keys) > 1:
        made.open = Unknown(Why.KEY(), member)
    return keys[0] if keys else "?"


def _method(m: Machine, made: Class, member: nodes.ClassMember, scope: Scope) -> None:
    assert isinstance(member.value, nodes.FunctionNode)
    key, closure = made.keys[member], Closure(member.value, scope, made)
    if made.open is not None:
        may_be_called(m, Known(closure), Unknown(made.open.reason, member))
    if member.static:
        if member.kind == "method":
            made.props[key] = Known(closure)
        elif member.kind == "get":
            made.static_getters[key] = closure
        else:
            made.static_setters[key] = closure
    elif member.kind == "get":
        made.getters[key] = closure
    elif member.kind == "set":
        made.setters[key] = closure
    elif key == "constructor":
        made.constructor = closure
    else:
        made.methods[key] = closure


@constructs(Class)
def instantiate(m: Machine, cls: Class, given: list[AbstractValue], node: Placed) -> AbstractValue:
    """`new` of a class of the program."""
    instance = Instance(cls.name or "class", cls)
    value = Known(instance, Origin(node, f"new {cls.name}"))
    given_back = _construct(m, cls, value, given, node)
    if isinstance(given_back, Unknown):
        return given_back
    made = [value if primitive(choice.data) else choice for choice in alternatives(given_back)]
    return join(m, made, why(given_back))


def _construct(
    m: Machine, cls: Class, value: Known[Instance], given: list[AbstractValue], node: Placed
) -> AbstractValue:
    if cls.base is None:
        _fields(m, cls, value)
    elif cls.constructor is None:
        _construct_base(m, cls, cls.base, value, given, node)
        _fields(m, cls, value)
    if cls.constructor is None:
        return NOTHING
    return call(m, Known(cls.constructor), given, value, None)


def parameter_fields(m: Machine, scope: Scope, body: nodes.Body) -> None:
    """`constructor(private name: string)` sets `this.name`, after the superclass has; `scope` is the
    constructor's.
    """
    this = scope.frame.this
    if isinstance(this, Known) and isinstance(this.data, Instance):
        for name in body.fields:
            at = scope
            while name not in at.vars and at.parent is not None and at.parent.frame is scope.frame:
                at = at.parent
            value = at.vars.get(name)
            if value is None or value is UNSET or isinstance(value, Live):
                value = Unknown(Why.READ_BEFORE_SET(name))  # in `(r = super(), private name)`
            put(m, this.data.props, name, value)


def _fields(m: Machine, cls: Class, abstract: Known[Instance]) -> None:
    scope = Scope({}, cls.scope, CallFrame(cls.node.source, abstract, cls))
    for member in cls.node.members:
        if member.kind == "field" and not member.static:
            key, props = cls.keys[member], abstract.data.props
            value = NOTHING if member.value is None else m.eval(member.value, scope)
            if member.value is None and key in props:  # undefined, or only a type, by the compiler's settings
                value = join(m, [props[key], value], Why.REDECLARED_FIELD(key))
            put(m, props, key, value)


def super_call(m: Machine, given: list[AbstractValue], node: Placed, scope: Scope) -> AbstractValue:
    """`super(...)` in a constructor."""
    frame = scope.frame.lexical()
    this = frame.this
    if frame.home is None or not isinstance(this, Known) or not isinstance(this.data, Instance):
        return NOTHING
    value = Known(this.data, this.origin)
    _construct_base(m, frame.home, frame.home.base, value, given, node)
    _fields(m, frame.home, value)
    if frame.home.constructor is not None:
        while scope.frame is not frame and scope.parent is not None:  # out of an arrow function
            scope = scope.parent
        parameter_fields(m, scope.declaring(), frame.home.constructor.node.lower())
    return NOTHING


def _construct_base(
    m: Machine,
    cls: Class,
    base: AbstractValue | None,
    value: Known[Instance],
    given: list[AbstractValue],
    node: Placed,
) -> Completion:
    instance: Instance = value.data
    if isinstance(base, OneOf):
        cls.open = Unknown(base.reason, node)
        fork(
            m,
            base.reason,
            [partial(_construct_base, m, cls, each, value, given, node) for each in base.choices],
        )
    elif isinstance(base, Known) and isinstance(base.data, Class):
        _construct(m, base.data, value, given, node)
    elif isinstance(base, Known) and isinstance(base.data, Namespace):
        instance.type = base.data.path
        outermost = instance.cls.name if instance.cls is not None else cls.name
        components.construct(m, base.data.path, given, node, instance, outermost)
    elif isinstance(base, Known) and isinstance(base.data, Native):
        instance.type = base.data.name
        if instance.type.endswith("Error"):
            made = construct(m, base, given, node)
            if isinstance(made, Known) and isinstance(made.data, Instance):
                instance.props.update(made.data.props)
        else:
            cls.open = Unknown(Why.UNKNOWN_BASE_PROPERTY(base.data.name), node)
    elif isinstance(base, Unknown) and not is_harmless(base):
        m.hide(Why.UNKNOWN_BASE(cls.name, base.reason), node)
        m.may_throw(node)
    elif isinstance(base, Known) and primitive(base.data):
        raise error_of("TypeError", node, "the class that is extended is not a constructor")
    elif base is not None:
        cls.open = Unknown(Why.NOT_A_CLASS(), node)
    return None
