"""Finds where a key of an object is written: findings point there, and fixes edit it."""

from __future__ import annotations

from policy_bot.sst.deployment import Place
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Obj
from policy_bot.sst.nodes import Assign, Entry, Spread
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, alternatives

_DEPTH = 12


def place_of(data: Obj, key: str, depth: int = _DEPTH) -> Place | None:
    """The place that gave `key` its value: the last assignment, otherwise the last entry of the literal that
    has it. A key that was spread is located in the literal of the spread object. None if no place is known.
    """
    assigned = None if data.assigned is None else data.assigned.get(key)
    if isinstance(assigned, Assign):
        return Place(assigned.span, assigned.value.span)
    if data.node is None or depth == 0:
        return None
    if not data.spreads:
        named = data.node.named.get(key)
        return None if named is None else Place(named.span, named.value.span)
    spreads = list(data.spreads)
    for entry in reversed(data.node.entries):
        if entry.__class__ is Entry:
            if entry.key == key and entry.computed is None:
                return Place(entry.span, entry.value.span)
        elif spreads and isinstance(entry, Spread):
            found = _in_spread(spreads.pop(), key, depth - 1)
            if found is not None:
                return found
    return None


def _in_spread(value: AbstractValue, key: str, depth: int) -> Place | None:
    for choice in alternatives(strip(value)):
        if isinstance(choice.data, Obj) and key in choice.data.props:
            found = place_of(choice.data, key, depth)
            if found is not None:
                return found
    return None


def literal_of(data: Obj) -> Span | None:
    """The object literal that a missing key may be added to."""
    return None if data.node is None else data.node.span
