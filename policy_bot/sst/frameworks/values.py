"""Looking into the value of a framework's config: paths, and the settings inside `defineConfig(...)`."""

from __future__ import annotations

from collections.abc import Callable

from policy_bot.sst.values import UNDEFINED, Box, Known, Obj, OneOf, Unknown, strip

CALL = "$call"  # how the interpreter names what an unknown function was called as
DEPTH = 4
"""Calls and lists inside each other that are looked through."""


def settings(box: Box) -> Box:
    """The settings inside `defineConfig(...)` and its like."""
    for _ in range(DEPTH):
        if not (isinstance(box, Known) and isinstance(box.data, Obj) and CALL in box.data.props):
            break
        box = strip(box.data.props.get("0", Known(UNDEFINED)))
    return box


def at(box: Box, path: tuple[str, ...]) -> Box:
    """The value at a path of object keys; what something unseen may hide is unknown."""
    for key in path:
        box = strip(box)
        if isinstance(box, OneOf):
            return Unknown(box.reason)
        if isinstance(box, Unknown):
            return box
        if not isinstance(box.data, Obj):
            return Known(UNDEFINED)
        if key in box.data.props:
            box = box.data.props[key]
        else:
            return box.data.rest or Known(UNDEFINED)
    return strip(box)


def mapped(box: Box, test: Callable[[object], bool]) -> Box:
    """The value of a test on a box: false for `undefined`."""
    if isinstance(box, Known):
        return Known(box.data is not UNDEFINED and test(box.data), box.origin)
    if isinstance(box, OneOf):
        results = {test(choice.data) for choice in box.choices}
        return (
            Known(results.pop(), box.origin) if len(results) == 1 else Unknown(box.reason, None, box.origin)
        )
    return box


def is_nothing(box: Box) -> bool:
    """Whether it is known to be `undefined` or `null`."""
    return isinstance(box, Known) and (box.data is UNDEFINED or box.data is None)
