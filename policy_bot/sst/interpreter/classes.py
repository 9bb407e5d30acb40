"""Classes of the program, also those that extend components."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.atoms import Namespace
from policy_bot.sst.heap import CallFrame, Class, Closure, Instance, Native, Scope
from policy_bot.sst.interpreter import components
from policy_bot.sst.interpreter.callables import call, construct, constructs, is_harmless, may_be_called
from policy_bot.sst.interpreter.conversions import primitive, why
from policy_bot.sst.interpreter.errors import error_of
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.properties import key_of
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Origin, Placed, Unknown, alternatives


def make_class(m: Machine, node: nodes.ClassNode, scope: Scope) -> AbstractValue:
    """Evaluates a class: its base, its methods and its static parts."""
    if node.decorators:
        m.hide(Why.UNSUPPORTED_SYNTAX("a decorator"), node)
        return Unknown(Why.UNSUPPORTED_SYNTAX("a decorator"), node)
    inner = Scope({}, scope, scope.frame)
    base = m.eval(node.base, scope) if node.base is not None else None
    made = Class(node, inner, node.name, base)
    value = Known(made, Origin(node, "class"))
    if node.name:
        inner.vars[node.name] = value
    for member in node.members:
        if member.kind in {"method", "get", "set"}:
            _method(m, made, member, inner)
    frame = CallFrame(node.source, value, made)
    static = Scope({}, inner, frame)
    for member in node.members:
        if member.static and member.kind == "field":
            key = _key(m, made, member, inner)
            made.props[key] = m.eval(member.value, static) if member.value is not None else NOTHING
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
    key = _key(m, made, member, scope)
    closure = Closure(member.value, scope, made)
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
        _construct_base(m, cls, value, given, node)
        _fields(m, cls, value)
    if cls.constructor is None:
        return NOTHING
    _parameter_fields(m, cls, value, given)
    return call(m, Known(cls.constructor), given, value, None)


def _parameter_fields(m: Machine, cls: Class, abstract: Known[Instance], given: list[AbstractValue]) -> None:
    """`constructor(private name: string)` sets `this.name`."""
    assert cls.constructor is not None
    for at, parameter in enumerate(cls.constructor.node.lower().parameters):
        if parameter.field and isinstance(parameter.pattern, nodes.Identifier):
            value = given[at] if at < len(given) else NOTHING
            if parameter.default is not None and isinstance(value, Known) and value is NOTHING:
                value = m.eval(parameter.default, cls.scope)
            abstract.data.props[parameter.pattern.name] = value


def _fields(m: Machine, cls: Class, abstract: Known[Instance]) -> None:
    scope = Scope({}, cls.scope, CallFrame(cls.node.source, abstract, cls))
    for member in cls.node.members:
        if member.kind == "field" and not member.static:
            value = m.eval(member.value, scope) if member.value is not None else None
            key = _key(m, cls, member, scope)
            if value is not None or key not in abstract.data.props:
                abstract.data.props[key] = value or NOTHING


def super_call(m: Machine, given: list[AbstractValue], node: Placed, scope: Scope) -> AbstractValue:
    """`super(...)` in a constructor."""
    frame = scope.frame.lexical()
    this = frame.this
    if frame.home is None or not isinstance(this, Known) or not isinstance(this.data, Instance):
        return NOTHING
    value = Known(this.data, this.origin)
    _construct_base(m, frame.home, value, given, node)
    _fields(m, frame.home, value)
    return NOTHING


def _construct_base(
    m: Machine, cls: Class, value: Known[Instance], given: list[AbstractValue], node: Placed
) -> None:
    base = cls.base
    instance: Instance = value.data
    if isinstance(base, Known) and isinstance(base.data, Class):
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
