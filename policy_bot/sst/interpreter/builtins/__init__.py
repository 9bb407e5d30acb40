"""Built-in functions and methods of JavaScript, on known values.

Importing this package registers the methods by the kind of receiver, and `new` of built-in classes;
`globals.builtin` returns the globals. Each is a row of a table (`table.py`) that says how many arguments it
honours. The result of anything that is not modelled is unknown, never a guess.
"""

from __future__ import annotations

from policy_bot.sst.atoms import RegExp, StageName
from policy_bot.sst.heap import Arr, Class, Closure, Cursor, Instance, Keyed, Native, Obj
from policy_bot.sst.interpreter.builtins.promises import new_promise
from policy_bot.sst.interpreter.callables import METHODS, Function, constructs
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Placed, Unknown

_PLACES = {
    Arr: "arrays.METHODS",
    str: "strings.METHODS",
    StageName: "strings.METHODS",
    int: "numbers.METHODS",
    float: "numbers.METHODS",
    bool: "numbers.BOOLEAN_METHODS",
    Obj: "objects.METHODS",
    Keyed: "collections.METHODS",
    Cursor: "iterators.METHODS",
    RegExp: "regexps.METHODS",
    Closure: "objects.FUNCTION_METHODS",
    Native: "objects.FUNCTION_METHODS",
    Class: "objects.FUNCTION_METHODS",
    Instance: "objects.INSTANCE_METHODS",
}
METHODS.places.update({kind: f"{__name__}.{place}" for kind, place in _PLACES.items()})

_AROUND_PRIMITIVES = {"String", "Number", "Boolean"}
"""Classes around primitives: their objects are truthy and equal to no primitive."""


@constructs(Native)
def _construct(m: Machine, function: Native, given: list[AbstractValue], node: Placed) -> AbstractValue:
    if function.name in _AROUND_PRIMITIVES:
        return Unknown(Why.UNSUPPORTED(f"new {function.name}"), node)
    return _constructor(function)(m, given, node)


def _constructor(function: Native) -> Function:
    if function.name == "Promise":
        return new_promise
    from policy_bot.sst.interpreter.builtins import collections, reflection

    constructors: dict[str, Function] = {**collections.CONSTRUCTORS, "Proxy": reflection.new_proxy}
    return constructors.get(function.name, function.run)
