"""Built-in functions and methods of JavaScript, on values that are known.

Importing this registers the methods, by what they are called on, and what `new` does with a built-in class;
`globals.builtin` gives the globals. Each is a row of a table (`table.py`), which says how many arguments it
honours. What is not modelled gives unknown, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policy_bot.sst.atoms import RegExp, StageName
from policy_bot.sst.heap import Arr, Class, Closure, Cursor, Instance, Keyed, Native, Obj
from policy_bot.sst.interpreter.builtins import (
    arrays,
    collections,
    iterators,
    numbers,
    objects,
    promises,
    regexps,
    strings,
)
from policy_bot.sst.interpreter.builtins.table import Function
from policy_bot.sst.interpreter.callables import METHODS, Method, constructs
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Unknown

_METHODS: dict[type[Any], dict[str, Method]] = {
    Arr: dict(arrays.METHODS),
    str: dict(strings.METHODS),
    StageName: dict(strings.METHODS),
    int: dict(numbers.METHODS),
    float: dict(numbers.METHODS),
    bool: dict(numbers.BOOLEAN_METHODS),
    Obj: dict(objects.METHODS),
    Keyed: dict(collections.METHODS),
    Cursor: dict(iterators.METHODS),
    RegExp: dict(regexps.METHODS),
    Closure: dict(objects.FUNCTION_METHODS),
    Native: dict(objects.FUNCTION_METHODS),
    Class: dict(objects.FUNCTION_METHODS),
    Instance: dict(objects.INSTANCE_METHODS),
}
METHODS.update(_METHODS)
_CONSTRUCTORS: dict[str, Function] = {
    **collections.CONSTRUCTORS,
    **objects.CONSTRUCTORS,
    "Promise": promises.new_promise,
}


_AROUND_PRIMITIVES = {"String", "Number", "Boolean"}
"""Their objects are truthy, and equal to no primitive."""


@constructs(Native)
def _construct(m: Machine, function: Native, given: list[AbstractValue], node: Node) -> AbstractValue:
    if function.name in _AROUND_PRIMITIVES:
        return Unknown(Why.NOT_MODELLED(f"new {function.name}"), node)
    construct: Callable[..., AbstractValue] = _CONSTRUCTORS.get(function.name, function.run)
    return construct(m, given, node)
