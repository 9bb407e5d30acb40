"""Arrays, objects and templates: literals with values inside."""

from __future__ import annotations

from functools import partial
from typing import Any

from policy_bot.sst import nodes
from policy_bot.sst.domain import absent_or, bare, presence
from policy_bot.sst.domain import join as join_values
from policy_bot.sst.interpreter.access import get, key_of
from policy_bot.sst.interpreter.branches import join
from policy_bot.sst.interpreter.conversions import (
    primitive,
    text_of,
    why,
)
from policy_bot.sst.interpreter.iterate import extend
from policy_bot.sst.interpreter.machine import Machine, evaluates
from policy_bot.sst.interpreter.notes import quoted
from policy_bot.sst.interpreter.operators import combine
from policy_bot.sst.interpreter.scope import Scope
from policy_bot.sst.interpreter.utf16 import joined, units
from policy_bot.sst.interpreter.writing import open_object
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    HOLE,
    AbstractValue,
    Accessor,
    Arr,
    Closure,
    Instance,
    Known,
    Namespace,
    Native,
    Obj,
    OneOf,
    OptionalItem,
    Origin,
    Property,
    RegExp,
    Unknown,
    has_fields,
    own_fields,
    strip,
)


@evaluates(nodes.Template)
def template(m: Machine, node: nodes.Template, scope: Scope) -> AbstractValue:
    """A template string; a tagged one is an output of Pulumi's or unknown."""
    values = [m.eval(part, scope) for part in node.parts]
    if node.tag is None:
        return interpolated(m, node, values)
    tag = m.eval(node.tag, scope)
    name = (
        tag.data.path
        if isinstance(tag, Known) and isinstance(tag.data, Namespace)
        else getattr(getattr(tag, "data", None), "name", "")
    )
    if name in {"$interpolate", "pulumi.interpolate", "interpolate"}:
        return interpolated(m, node, [strip(value) for value in values])
    if isinstance(tag, Known) and isinstance(tag.data, Closure):
        from policy_bot.sst.interpreter.calls import call  # noqa: PLC0415 -- the two need each other

        strings = Arr([Known(text) for text in node.texts])
        strings.props = {"raw": Unknown(Why.RAW_TEXTS(), node)}
        texts = Known(strings)
        return call(m, tag, [texts, *values], None, node)
    return Unknown(Why.TAG_NOT_READ(node.tag.text[:40]), node)


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


def _append(m: Machine, text: str, a: Any, b: Any) -> str | None:
    middle = text_of(b)
    if middle is None:
        return None
    m.allocate(len(a) + len(middle) + len(text))
    return joined(a + middle + text) if len(a) + len(middle) + len(text) <= m.limits.string else None


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
                if value.__class__ is nodes.Literal:
                    props[entry.key] = value.value
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
        everything_unknown(made, Unknown(Why.KEY(), entry), entry)
        return
    if entry.kind != "value" and isinstance(value, Known):
        old = made.props.get(keys[0])
        accessor = (
            old.data if isinstance(old, Known) and isinstance(old.data, Accessor) else Accessor(None, None)
        )
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


def everything_unknown(made: Obj, why_not: AbstractValue, node: Node) -> None:
    """Something unknown goes into an object: what is in it may be overridden, and more may be in it."""
    rest = why_not if isinstance(why_not, Unknown) else Unknown(why(why_not), node)
    for key in made.props:
        made.props[key] = rest
    open_object(made, rest)


def spread(m: Machine, made: Obj, value: AbstractValue, node: Node) -> None:
    """`...value` in an object literal (or `Object.assign`)."""
    if made.spreads is None:
        made.spreads = []
    value = strip(value)
    made.spreads.append(value)
    if isinstance(value, Known):
        _spread_known(m, made, value, node)
    elif isinstance(value, OneOf):
        _spread_one_of(m, made, value, node)
    else:
        everything_unknown(made, value, node)


def _spread_known(m: Machine, made: Obj, value: Known, node: Node) -> None:  # noqa: PLR0912 -- one for each kind
    data = value.data
    if isinstance(data, Obj):
        m.allocate(len(data.props))
        if data.rest is not None:
            everything_unknown(made, data.rest, node)
        for key, abstract in data.props.items():
            if abstract.__class__ is Known and abstract.data.__class__ is Accessor:
                made.props[key] = get(m, value, key, node)
            else:
                made.props[key] = over(made.props.get(key), abstract)
    elif isinstance(data, Arr):
        m.allocate(len(data.items))
        for at, item in enumerate(data.items):
            if isinstance(item, OptionalItem):
                made.props[str(at)] = absent_or(item.value, item.reason)
            elif item is not HOLE:
                made.props[str(at)] = item
        if data.open is not None:
            everything_unknown(made, data.open, node)
    elif isinstance(data, str):
        m.allocate(len(data))
        made.props.update({str(at): Known(ch) for at, ch in enumerate(units(data))})
    elif has_fields(data):
        made.props.update(own_fields(data))
    elif isinstance(data, (Closure, Native)):
        made.props.update(data.props or {})
    elif isinstance(data, (Instance, Property, Namespace)):
        everything_unknown(made, Unknown(Why.SPREAD_OUTPUT(), node), node)


def over(old: AbstractValue | None, new: AbstractValue) -> AbstractValue:
    """What a key holds after another object was spread over it, in which the key may be absent."""
    there = presence(new)
    if there is None or old is None:
        return new
    assert not isinstance(new, Known)
    before = presence(old)
    joined = join_values([bare(old) if before is None else before, there], new.reason)
    return joined if before is None else absent_or(joined, new.reason)


def _spread_one_of(m: Machine, made: Obj, value: OneOf, node: Node) -> None:
    results = []
    for choice in value.choices:
        one = Obj(dict(made.props))
        _spread_known(m, one, choice, node)
        results.append(one)
    for one in results:
        if one.rest is not None:
            everything_unknown(made, one.rest, node)
            return
    for key in dict.fromkeys(key for one in results for key in one.props):
        contents = [one.props[key] for one in results if key in one.props]
        joined = join(m, [presence(abstract) or abstract for abstract in contents], value.reason)
        sure = len(contents) == len(results) and all(presence(abstract) is None for abstract in contents)
        made.props[key] = joined if sure else absent_or(joined, value.reason)
