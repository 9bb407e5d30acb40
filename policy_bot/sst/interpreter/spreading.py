"""Spreading one object into another: `{...a}`, `Object.assign`."""

from __future__ import annotations

from policy_bot.sst.atoms import Namespace
from policy_bot.sst.domain import absent_or, hiding, objects, over, presence
from policy_bot.sst.fields import has_fields, own_fields
from policy_bot.sst.heap import Accessor, Arr, Closure, Instance, Native, Obj, Output, Property
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.forgetting import everything_unknown
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.properties import contents, element
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.reasons import Why
from policy_bot.sst.utf16 import units
from policy_bot.sst.values import HOLE, AbstractValue, Known, OneOf, OptionalItem, Placed, Unknown


def spread(m: Machine, made: Obj, value: AbstractValue, node: Placed | None) -> None:
    """`...value` in an object literal (or `Object.assign`)."""
    if made.spreads is None:
        made.spreads = []
    made.spreads.append(value)
    if isinstance(value, Known):
        _spread_known(m, made, value, node)
    elif isinstance(value, OneOf):
        _spread_one_of(m, made, value, node)
    else:
        everything_unknown(made, hiding(value, objects(contents(value))), node)


def _spread_known(m: Machine, made: Obj, value: Known, node: Placed | None) -> None:  # noqa: PLR0912 -- one for each kind
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
        certain = sum(not isinstance(item, OptionalItem) for item in data.items)
        unclear = next((item.reason for item in data.items if isinstance(item, OptionalItem)), None)
        for at, item in enumerate(data.items):
            if unclear is not None and (at >= certain or HOLE in data.items):
                content = absent_or(element(data, at, node), unclear)
                made.props[str(at)] = over(made.props.get(str(at)), content)
            elif item is not HOLE:
                made.props[str(at)] = element(data, at, node)
        for key, abstract in (data.props or {}).items():
            made.props[key] = over(made.props.get(key), abstract)
        if data.open is not None:
            everything_unknown(made, data.open, node)
    elif isinstance(data, str):
        m.allocate(len(data))
        made.props.update({str(at): Known(ch) for at, ch in enumerate(units(data))})
    elif has_fields(data):
        made.props.update(own_fields(data))
    elif isinstance(data, (Closure, Native)):
        made.props.update(data.props or {})
    elif isinstance(data, (Instance, Property, Namespace, Output)):
        everything_unknown(made, Unknown(Why.SPREAD_OUTPUT(), node), node)


def _spread_one_of(m: Machine, made: Obj, value: OneOf, node: Placed | None) -> None:
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
