"""Makes values unknown that an unknown function or operation may have changed."""

from __future__ import annotations

from policy_bot.sst.domain import absent_or, also_among, hiding, objects, overwritten
from policy_bot.sst.fields import has_fields
from policy_bot.sst.heap import Arr, Data, Instance, Keyed, Obj
from policy_bot.sst.interpreter.conversions import why
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.writes import put, touch
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import AbstractValue, Known, Placed, Unknown, alternatives, value_of


def may_have_changed(m: Machine, value: AbstractValue, reason: Reason, node: Placed | None) -> None:
    """An unknown function received this value: nothing in it is certain any more, at any depth."""
    unclear = Unknown(Why.MAY_BE_CHANGED(reason), node)
    pending = [choice.data for choice in alternatives(value)]
    seen: set[int] = set()
    while pending:
        data = pending.pop()
        if id(data) in seen:
            continue
        seen.add(id(data))
        if isinstance(data, Obj) or (isinstance(data, Instance) and has_fields(data)):
            m.allocate(len(data.props))
            pending += [inner.data for inner in data.props.values() if isinstance(inner, Known)]
            for key, old in list(data.props.items()):
                lost = Unknown(unclear.reason, node, old.origin, among=objects([old]))
                put(m, data.props, key, absent_or(lost, unclear.reason))
            if isinstance(data, Instance) and data.cls is not None:
                data.cls.open = unclear  # any object of the class may have other properties
            elif isinstance(data, Obj):
                data.rest = unclear
        elif isinstance(data, (Arr, Keyed)):
            held = data.items if isinstance(data, Arr) else [each for _, each in data.entries.values()]
            pending += [inner.data for inner in held if isinstance(inner, Known)]
            lose(m, data, unclear)


def open_object(data: Obj, rest: Unknown) -> None:
    """From now on the object may hold unknown keys."""
    data.rest = rest if data.rest is None else also_among(data.rest, rest)


def everything_unknown(made: Obj, why_not: AbstractValue, node: Placed | None) -> None:
    """An unknown value is spread into an object: it may override keys and add others."""
    rest = why_not if isinstance(why_not, Unknown) else Unknown(why(why_not), node)
    for key, value in made.props.items():
        made.props[key] = overwritten(value, rest)
    open_object(made, rest)


def lose(m: Machine, data: Data, lost: Unknown) -> None:
    """Forgets the contents of a collection that was changed in an unknown way."""
    if isinstance(data, Arr):
        forget_elements(m, data, lost)
    elif isinstance(data, Keyed):
        data.open = data.open or lost
        for key, (entry, old) in list(data.entries.items()):
            put(m, data.entries, key, (entry, absent_or(overwritten(old, lost), lost.reason)))
    else:
        may_have_changed(m, Known(data), lost.reason, lost.node)


def forget_elements(m: Machine, data: Arr, lost: Unknown) -> Unknown:
    """From now on the array may hold anything. Returns the unknown value that any element may be."""
    lost = hiding(lost, objects([*map(value_of, data.items), *([data.open] if data.open else [])]))
    touch(m, data.items).clear()
    data.open = lost
    return lost
