"""Reads the value of a framework's config: paths, and the settings inside `defineConfig(...)`."""

from __future__ import annotations

from collections.abc import Callable

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Obj
from policy_bot.sst.values import AbstractValue, Known, OneOf, Unknown

CALL = "$call"  # the interpreter's name for the result of an unknown function
DEPTH = 4
"""Nested calls and lists that are searched."""


def settings(value: AbstractValue) -> AbstractValue:
    """The settings inside `defineConfig(...)` and similar calls."""
    for _ in range(DEPTH):
        if not (isinstance(value, Known) and isinstance(value.data, Obj) and CALL in value.data.props):
            break
        value = strip(value.data.props.get("0", Known(UNDEFINED)))
    return value


def at(value: AbstractValue, path: tuple[str, ...]) -> AbstractValue:
    """The value at a path of object keys; unknown if an unknown part may set it."""
    for key in path:
        value = strip(value)
        if isinstance(value, OneOf):
            return Unknown(value.reason)
        if isinstance(value, Unknown):
            return value
        data = value.data
        if not isinstance(data, Obj):
            return Known(UNDEFINED)
        if key not in data.props:
            return data.rest or Known(UNDEFINED)
        value = data.props[key]
    return strip(value)


def mapped(value: AbstractValue, test: Callable[[object], bool]) -> AbstractValue:
    """Tests a value; false for `undefined`."""
    if isinstance(value, Known):
        return Known(value.data is not UNDEFINED and test(value.data), value.origin)
    if isinstance(value, OneOf):
        results = {test(choice.data) for choice in value.choices}
        return (
            Known(results.pop(), value.origin)
            if len(results) == 1
            else Unknown(value.reason, None, value.origin)
        )
    return value
