"""Arrays, objects and templates: literals with values inside."""

from __future__ import annotations

from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.atoms import Namespace, RegExp
from policy_bot.sst.domain import absent_or, bare, objects, over
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Accessor, Arr, Closure, Data, Obj, Output, Scope
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.callables import call, may_be_called
from policy_bot.sst.interpreter.conversions import (
    primitive,
    text_of,
)
from policy_bot.sst.interpreter.forgetting import everything_unknown
from policy_bot.sst.interpreter.iterate import extend
from policy_bot.sst.interpreter.machine import Machine, evaluates
from policy_bot.sst.interpreter.notes import quoted
from policy_bot.sst.interpreter.operators import combine
from policy_bot.sst.interpreter.properties import key_of
from policy_bot.sst.interpreter.spreading import spread
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.utf16 import joined
from policy_bot.sst.values import HOLE, AbstractValue, Known, Origin, Unknown


@evaluates(nodes.Literal)
def literal(m: Machine, node: nodes.Literal, scope: Scope) -> AbstractValue:
    """A string, a number, a boolean, null, undefined."""
    return constant(node)


def constant(node: nodes.Literal) -> Known:
    """The value of a literal."""
    return Known(node.data, Origin(node, "literal"))


@evaluates(nodes.Template)
def template(m: Machine, node: nodes.Template, scope: Scope) -> AbstractValue:
    """A template string; a tagged one is an output of Pulumi's or unknown."""
    this, tag = _tag(m, node.tag, scope)
    values = [m.eval(part, scope) for part in node.parts]
    if tag is None or node.tag is None:
        return interpolated(m, node, values)
    name = (
        tag.data.path
        if isinstance(tag, Known) and isinstance(tag.data, Namespace)
        else getattr(getattr(tag, "data", None), "name", "")
    )
    if name in {"$interpolate", "pulumi.interpolate", "interpolate"}:
        made = interpolated(m, node, [strip(value) for value in values])
        return made if isinstance(made, Unknown) else Known(Output(made), made.origin)
    if isinstance(tag, Unknown) or (isinstance(tag, Known) and isinstance(tag.data, Closure)):
        texts = m.templates.get(node)
        if texts is None:  # the same object whenever this template is evaluated
            strings = Arr([Known(text) for text in node.texts])
            strings.props = {"raw": Unknown(Why.RAW_STRINGS(), node)}
            strings.frozen = True
            texts = m.templates[node] = Known(strings)
        return call(m, tag, [texts, *values], this, node)
    return Unknown(Why.UNSUPPORTED_TAG(node.tag.text[:40]), node)


def _tag(m: Machine, tag: Node | None, scope: Scope) -> tuple[AbstractValue | None, AbstractValue | None]:
    """`this` and the function of a tagged template."""
    if not isinstance(tag, nodes.Member) or tag.object.__class__ is nodes.Super:
        return None, None if tag is None else m.eval(tag, scope)
    this = m.eval(tag.object, scope)
    return this, get(m, this, tag.name, tag)


def interpolated(m: Machine, node: nodes.Template, values: list[AbstractValue]) -> AbstractValue:
    """Texts around values."""
    result: AbstractValue = Known(node.texts[0], Origin(node, "template"))
    for value, text in zip(values, node.texts[1:], strict=True):
        if isinstance(result, Unknown):
            return result
        result = combine(m, partial(_append, m, text), result, value, node)
    if isinstance(result, Known):
        return Known(
            result.data, Origin(node, "template", next((v.origin for v in values if v.origin), None))
        )
    return result


def _append(m: Machine, text: str, before: Data, data: Data) -> str | None:
    start, middle = text_of(before), text_of(data)
    if start is None or middle is None:
        return None
    made = start + middle + text
    m.allocate(len(made))
    return joined(made) if len(made) <= m.limits.string else None


@evaluates(nodes.Regex)
def regex(m: Machine, node: nodes.Regex, scope: Scope) -> AbstractValue:
    """A regular expression."""
    return Known(RegExp(node.pattern, node.flags), Origin(node, "literal"))


@evaluates(nodes.ArrayLiteral)
def array(m: Machine, node: nodes.ArrayLiteral, scope: Scope) -> AbstractValue:
    """`[a, ...b]`."""
    made = Arr([], node)
    items = made.items
    for item in node.items:
        if item is None:
            items.append(HOLE)
        elif item.__class__ is nodes.Spread:
            value = m.eval(item.argument, scope)
            extend(m, made, value, item)
        else:
            items.append(m.eval(item, scope))
    m.allocate(len(items))
    return Known(made, Origin(node, "literal"))


@evaluates(nodes.ObjectLiteral)
def object_literal(m: Machine, node: nodes.ObjectLiteral, scope: Scope) -> AbstractValue:
    """`{a: 1, ...b}`."""
    made = Obj({}, node)
    props = made.props
    for entry in node.entries:
        if entry.__class__ is nodes.Entry:
            if entry.computed is None and entry.kind == "value":
                value = entry.value
                if entry.key == "__proto__":
                    m.eval(value, scope)
                    everything_unknown(made, Unknown(Why.UNSUPPORTED(entry.key), entry), entry)
                    continue
                if value.__class__ is nodes.Literal:
                    props[entry.key] = constant(value)
                    continue
                abstract = m.eval(value, scope)
                if abstract.__class__ is not Known:
                    abstract = bare(abstract)
                elif primitive(abstract.data):
                    abstract = Known(abstract.data, Origin(entry, quoted(entry), abstract.origin))
                props[entry.key] = abstract
            else:
                _special(m, made, entry, scope)
        elif entry.__class__ is nodes.Spread:
            spread(m, made, m.eval(entry.argument, scope), entry)
        else:
            everything_unknown(made, m.eval(entry, scope), entry)
    m.allocate(len(props))
    return Known(made, Origin(node, "literal"))


def _special(m: Machine, made: Obj, entry: nodes.Entry, scope: Scope) -> None:
    keys = [entry.key] if entry.computed is None else key_of(m.eval(entry.computed, scope))
    value = m.eval(entry.value, scope)
    if keys is None:
        everything_unknown(made, Unknown(Why.KEY(), entry, among=objects([value])), entry)
        may_be_called(m, value, Known(made))
        return
    if entry.kind != "value" and isinstance(value, Known):
        old = made.props.get(keys[0])
        accessor = (
            old.data if isinstance(old, Known) and isinstance(old.data, Accessor) else Accessor(None, None)
        )
        assert isinstance(value.data, Closure)
        if entry.kind == "get":
            accessor.getter = value.data
        else:
            accessor.setter = value.data
        value = Known(accessor)
    if len(keys) == 1:
        made.props[keys[0]] = bare(value)
        return
    reason = Why.ONE_OF_SEVERAL_KEYS()
    for key in keys:
        made.props[key] = over(made.props.get(key), absent_or(value, reason))
