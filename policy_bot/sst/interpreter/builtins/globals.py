"""The global names of JavaScript and Node."""

from __future__ import annotations

import math
from collections.abc import Callable

from policy_bot.sst.atoms import UNDEFINED, RegExp, StageName
from policy_bot.sst.domain import absent_or, presence
from policy_bot.sst.heap import Accessor, Arr, Class, Closure, Data, Native, Obj, ProcessEnvironment
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.branches import later
from policy_bot.sst.interpreter.builtins import (
    arrays,
    collections,
    names,
    numbers,
    objects,
    promises,
    reflection,
)
from policy_bot.sst.interpreter.builtins.arguments import data_of, first, number, text, truth
from policy_bot.sst.interpreter.builtins.errors import ERRORS
from policy_bot.sst.interpreter.builtins.json import json_space
from policy_bot.sst.interpreter.builtins.math import math_space
from policy_bot.sst.interpreter.builtins.table import (
    ANY,
    Builtin,
    as_native,
    function_row,
    functions,
    native,
    pure_function,
)
from policy_bot.sst.interpreter.callables import call, unknown_call
from policy_bot.sst.interpreter.completions import Thrown
from policy_bot.sst.interpreter.conversions import primitive, why
from policy_bot.sst.interpreter.errors import throw
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.operators import to_int32
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    HOLE,
    NOTHING,
    AbstractValue,
    Item,
    Known,
    OptionalItem,
    Origin,
    Placed,
    Unknown,
)


def run_time(name: str) -> Known:
    """A function or class whose result is known only at run time."""

    def run(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        if given:
            m.may_throw(node)
        return unknown_call(m, Unknown(Why.RUN_TIME_ONLY(name), node), given, node)

    return Known(Native(name, run))


def _random(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return Unknown(Why.RUN_TIME_ONLY("Math.random()"), node)


def silent(name: str) -> Known:
    """A function without a result and without an effect on the values of the program."""
    return Known(Native(name, lambda m, given, node: NOTHING))


def _boolean(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    value = first(given)
    return Known(truth(value), Origin(node, "computed", value.origin))


def _string(m: Machine, *given: Data) -> str:
    return (given[0] if given[0].__class__ is StageName else text(given[0])) if given else ""


def _clone(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    done: dict[int, Known] = {}

    def copied(item: Item, depth: int) -> Item:
        if isinstance(item, OptionalItem):
            return OptionalItem(copy(item.value, depth), item.reason)
        return copy(item, depth)

    def copy(abstract: AbstractValue, depth: int) -> AbstractValue:
        if abstract is HOLE or not isinstance(abstract, Known):
            there = None if abstract is HOLE else presence(abstract)
            return abstract if there is None else absent_or(copy(there, depth), why(abstract))
        data = abstract.data
        if isinstance(data, (Closure, Native, Class)):
            throw("DataCloneError", node)
        if depth == 0:
            return Unknown(Why.TOO_DEEP_TO_CLONE(), node)
        if id(data) in done:
            return done[id(data)]
        m.allocate(1)
        if isinstance(data, Arr):
            array = Arr([], data.node, data.open)
            made_array = done[id(data)] = Known(array, abstract.origin)
            array.items.extend([copied(item, depth - 1) for item in data.items])
            return made_array
        if not isinstance(data, Obj):
            return abstract if primitive(data) else Unknown(Why.UNSUPPORTED("structuredClone"), node)
        made = Obj({}, data.node)
        result = done[id(data)] = Known(made, abstract.origin)
        for key, value in data.props.items():
            is_getter = isinstance(value, Known) and isinstance(value.data, Accessor)
            made.props[key] = copy(get(m, abstract, key, node) if is_getter else value, depth - 1)
        made.rest, made.spreads, made.assigned = data.rest, data.spreads, data.assigned
        return result

    return copy(first(given), 60)


def _timer(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    m.tick += (
        1  # code that waits for it does not continue at once; the safe assumption is that something waits
    )
    later(m, lambda: call(m, first(given), given[2:], None, node))
    return Unknown(Why.TIMER(), node)


def _regexp(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    source, flags = data_of(first(given)), data_of(first(given, 1))
    if isinstance(source, RegExp):
        return Known(RegExp(source.source, source.flags if flags is UNDEFINED else text(flags)))
    made = "" if source is UNDEFINED else text(source)
    if not made.isalnum():
        m.may_throw(node)  # a pattern that is wrong
    return Known(RegExp(made or "(?:)", "" if flags is UNDEFINED else text(flags)))


def _from_text(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    m.hide(Why.CODE_FROM_STRING(), node)
    return Unknown(Why.FUNCTION_FROM_STRING(), node)


def _eval(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    m.hide(Why.CODE_FROM_STRING(), node)
    return Unknown(Why.EVAL_RESULT(), node)


def _encoder(left_alone: str) -> Callable[..., str]:
    """`encodeURIComponent` and `encodeURI`, which leave different characters alone."""
    safe = frozenset(f"-_.{left_alone}")

    def encode(m: Machine, data: Data = UNDEFINED) -> str:
        plain = text(data)
        if any("\ud800" <= ch <= "\udfff" for ch in plain):
            throw("URIError", None)
        return "".join(ch if ch in safe or (ch.isascii() and ch.isalnum()) else _percent(ch) for ch in plain)

    return encode


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


def _from_char_code(m: Machine, *codes: Data) -> str:
    return "".join(chr(to_int32(number(code)) & 0xFFFF) for code in codes)


def _from_code_point(m: Machine, *codes: Data) -> str:
    points = [number(code) for code in codes]
    if not all(float(point).is_integer() and 0 <= point < 0x110000 for point in points):
        throw("RangeError", None)
    return "".join(chr(int(point)) for point in points)


Factory = Callable[[], AbstractValue]


def _function(row: Builtin[Data], props: dict[str, AbstractValue] | None = None) -> Factory:
    return lambda: Known(as_native(row, props))


_MADE: dict[str, Factory] = {
    "undefined": lambda: NOTHING,
    "NaN": lambda: Known(math.nan),
    "Infinity": lambda: Known(math.inf),
    "Object": lambda: Known(as_native(objects.OBJECT, objects.object_space())),
    "JSON": lambda: Known(Obj(json_space())),
    "Boolean": _function(function_row("Boolean", _boolean, 1)),
    "String": lambda: Known(as_native(_STRING_OF, functions("String", _STRING))),
    "Number": lambda: Known(
        as_native(Builtin("Number", pure_function(numbers.to_number), 1), numbers.number_space())
    ),
    "parseInt": _function(Builtin("parseInt", pure_function(numbers.parse_int), 2)),
    "parseFloat": _function(Builtin("parseFloat", pure_function(numbers.parse_float), 1)),
    "isNaN": _function(Builtin("isNaN", pure_function(numbers.global_is_nan), 1)),
    "isFinite": _function(Builtin("isFinite", pure_function(numbers.global_is_finite), 1)),
    "Math": lambda: Known(Obj(math_space() | {"random": native("Math.random", _random)})),
    "Array": lambda: Known(as_native(arrays.ARRAY, functions("Array", arrays.FUNCTIONS))),
    "Promise": lambda: Known(Native("Promise", _without_new("Promise"), promises.promise_space())),
    "structuredClone": _function(function_row("structuredClone", _clone, 1, 2)),
    "console": lambda: Known(Obj({name: silent(f"console.{name}") for name in names.CONSOLE.split()})),
    "process": lambda: Known(_process()),
    "Reflect": lambda: Known(Obj(reflection.reflect_space())),
    "setTimeout": lambda: native("setTimeout", _timer),
    "setImmediate": lambda: native("setImmediate", lambda m, given, node: _timer(m, given[:1], node)),
    "queueMicrotask": lambda: native("queueMicrotask", lambda m, given, node: _timer(m, given[:1], node)),
    "RegExp": _function(function_row("RegExp", _regexp, 2), functions("RegExp", [])),
    "Function": lambda: native("Function", _from_text),
    "eval": lambda: native("eval", _eval),
    "encodeURIComponent": _function(Builtin("encodeURIComponent", pure_function(_encoder("!'()*~")), 1)),
    "encodeURI": _function(Builtin("encodeURI", pure_function(_encoder("!'()*~;/?:@&=+$,#")), 1)),
}


def _without_new(name: str) -> Callable[..., AbstractValue]:
    """A class of JavaScript's that throws if it is called without `new`."""

    def run(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        throw("TypeError", node)

    return run


def builtin(m: Machine, name: str) -> AbstractValue | None:
    """A global of JavaScript or Node, made when first asked for; None if there is none of that name."""
    factory = _MADE.get(name)
    if factory is not None:
        return factory()
    if name in collections.CONSTRUCTORS:
        return Known(Native(name, _without_new(name), functions("Map", []) if name == "Map" else None))
    if name in ERRORS:
        return Known(as_native(ERRORS[name], functions("Error", [])))
    if name in names.FUNCTIONS_AT_RUN_TIME.split():
        return run_time(name)
    if name in names.OBJECTS_AT_RUN_TIME.split():
        return Unknown(Why.RUN_TIME_ONLY(name))
    return None


_STRING_OF: Builtin[Data] = Builtin("String", pure_function(_string), 1)
_STRING: list[Builtin[Data]] = [
    Builtin("fromCharCode", pure_function(_from_char_code), ANY),
    Builtin("fromCodePoint", pure_function(_from_code_point), ANY),
]


def _environment() -> ProcessEnvironment:
    made = ProcessEnvironment()
    made.rest = Unknown(Why.OUTSIDE_REPOSITORY("process.env"))
    return made


def _exit(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`process.exit()` ends the deploy as an error would."""
    raise Thrown(Known("process.exit()"), node)


def _process() -> Obj:
    props: dict[str, AbstractValue] = {
        "env": Known(_environment()),
        "cwd": native(
            "process.cwd", lambda m, given, node: Known(m.folder, Origin(node, "the project's folder"))
        ),
        "exit": native("process.exit", _exit),
        "on": silent("process.on"),
    }
    made = Obj(props)
    made.rest = Unknown(Why.RUN_TIME_ONLY("process"))
    return made
