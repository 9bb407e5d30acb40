"""`Object`, methods of plain objects, `Error`, and the other constructors of plain things."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.branches import join, put
from policy_bot.sst.interpreter.conversions import number_of, text_of, why
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.operators import strict_equal
from policy_bot.sst.interpreter.writing import open_object
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    UNDEFINED,
    Accessor,
    Arr,
    Box,
    Closure,
    Instance,
    Known,
    Native,
    Obj,
    OneOf,
    Origin,
    Perhaps,
    RegExp,
    Unknown,
    alternatives,
    has_fields,
    own_fields,
    strip,
)

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine

Method = Callable[["Machine", Known, list[Box], Any], Box]
Function = Callable[["Machine", list[Box], Any], Box]


def _listing(one: Callable[[Machine, Known, str, Box, Any], Box]) -> Function:
    """`Object.keys` and the like: `one` makes an element of a key and its value."""

    def function(m: Machine, given: list[Box], node: Any) -> Box:
        value = strip(given[0]) if given else NOTHING
        if isinstance(value, OneOf):
            return join(m, [function(m, [choice], node) for choice in value.choices], value.reason)
        if not isinstance(value, Known):
            return value
        data = value.data
        if isinstance(data, Arr):
            if data.open is not None or any(isinstance(item, Perhaps) for item in data.items):
                return Unknown(why(data.open) if data.open else Why.ELEMENTS_MAY_BE_MISSING(), node)
            props: dict[str, Box] = {str(at): item for at, item in enumerate(data.items)}
        elif isinstance(data, Obj):
            props = data.props
        elif has_fields(data):
            props = own_fields(data)
        elif isinstance(data, str):
            props = {str(at): Known(ch) for at, ch in enumerate(data)}
        else:
            return Unknown(Why.KEYS(), node)
        m.spend(len(props))
        items = [one(m, value, key, props[key], node) for key in ordered(props)]
        return Known(Arr(items, node, data.rest if isinstance(data, Obj) else None), value.origin)

    return function


def ordered(props: dict[str, Box]) -> list[str]:
    """Keys in JavaScript's order: whole numbers first, by size."""
    if not any(key[:1].isdigit() for key in props):
        return list(props)
    whole = [key for key in props if key.isascii() and key.isdecimal() and (key == "0" or key[0] != "0")]
    rest = [key for key in props if key not in set(whole)]
    return sorted(whole, key=int) + rest


def _pair(m: Machine, value: Known, key: str, box: Box, node: Any) -> Box:
    return Known(Arr([Known(key), get(m, value, key, node)]))


def _assign(m: Machine, given: list[Box], node: Any) -> Box:
    from policy_bot.sst.interpreter.literals import everything_unknown, spread  # noqa: PLC0415 -- the two need each other

    target = given[0] if given else NOTHING
    if not isinstance(target, Known) or not isinstance(target.data, Obj):
        return target
    made = Obj(dict(target.data.props))
    made.rest = target.data.rest
    for source in given[1:]:
        spread(m, made, source, node)
    for key, box in made.props.items():
        if target.data.props.get(key) is not box:
            put(m, target.data.props, key, box)
    if made.rest is not None and target.data.rest is None:
        everything_unknown(target.data, made.rest, node)
    return target


def _from_entries(m: Machine, given: list[Box], node: Any) -> Box:
    items, more = elements(m, given[0] if given else NOTHING, node)
    made = Obj({}, None)
    made.rest = more
    for item in items:
        box = item.box if isinstance(item, Perhaps) else item
        key, value = get(m, box, "0", node), get(m, box, "1", node)
        text = text_of(key.data) if isinstance(key, Known) else None
        if text is None:
            made.rest = made.rest or Unknown(Why.KEY(), node)
        elif isinstance(item, Perhaps):
            made.props[text] = join(m, [made.props.get(text, NOTHING), value], item.reason)
        else:
            made.props[text] = value
    m.spend(len(items))
    return Known(made, Origin(node, "Object.fromEntries"))


def _same(m: Machine, given: list[Box], node: Any) -> Box:
    return given[0] if given else NOTHING


def _create(m: Machine, given: list[Box], node: Any) -> Box:
    return (
        Known(Obj())
        if given and isinstance(given[0], Known) and given[0].data is None
        else Unknown(Why.FUNCTION_NOT_READ("Object.create"), node)
    )


def _has_own(m: Machine, given: list[Box], node: Any) -> Box:
    if len(given) < 2 or not isinstance(given[0], Known) or not isinstance(given[1], Known):
        return Unknown(Why.HAS_KEY(), node)
    return _has(m, given[0], given[1:], node)


def _has(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    keys = [text_of(choice.data) for choice in alternatives(given[0])] if given else []
    data = this.data
    if not isinstance(data, (Obj, Instance)) or len(keys) != 1 or keys[0] is None:
        return Unknown(Why.HAS_KEY(), node)
    if keys[0] in data.props:
        return Known(True)
    return (
        Unknown(data.rest.reason, node) if isinstance(data, Obj) and data.rest is not None else Known(False)
    )


def _group_by(m: Machine, given: list[Box], node: Any) -> Box:
    return Unknown(Why.NOT_READ("Object.groupBy"), node)


def _is(m: Machine, given: list[Box], node: Any) -> Box:
    if len(given) == 2 and isinstance(given[0], Known) and isinstance(given[1], Known):
        equal = strict_equal(given[0].data, given[1].data)
        return Unknown(Why.SAMENESS(), node) if equal is None else Known(equal)
    return Unknown(Why.SAMENESS(), node)


def _define(m: Machine, given: list[Box], node: Any) -> Box:
    """`Object.defineProperty(target, key, { value })`, or with a getter."""
    if len(given) < 3 or not isinstance(given[0], Known) or not isinstance(given[0].data, (Obj, Instance)):
        return given[0] if given else NOTHING
    keys = [text_of(choice.data) for choice in alternatives(given[1])]
    described = given[2].data if isinstance(given[2], Known) else None
    if len(keys) == 1 and keys[0] is not None and isinstance(described, Obj) and described.rest is None:
        getter = described.props.get("get")
        value = described.props.get("value", NOTHING)
        if isinstance(getter, Known) and isinstance(getter.data, Closure):
            value = Known(Accessor(getter.data, None))
        put(m, given[0].data.props, keys[0], value)
    elif isinstance(given[0].data, Obj):
        open_object(given[0].data, Unknown(Why.DEFINED_PROPERTY(), node))
    return given[0]


def _object(m: Machine, given: list[Box], node: Any) -> Box:
    return given[0] if given else Known(Obj())


_TAGS: dict[type[Any], str] = {
    Obj: "Object", Instance: "Object", Arr: "Array", RegExp: "RegExp", str: "String", bool: "Boolean",
    int: "Number", float: "Number", type(None): "Null", type(UNDEFINED): "Undefined",
}  # fmt: skip


def _tag(m: Machine, given: list[Box], node: Any) -> Box:
    """`Object.prototype.toString.call(value)`: "[object Array]" and the like."""
    data = given[0].data if given and isinstance(given[0], Known) else ...
    tag = "String" if isinstance(data, str) else _TAGS.get(type(data))
    if tag is None or (isinstance(data, Instance) and (data.construction or data.type.endswith("Error"))):
        return Unknown(Why.KIND_OF_VALUE(), node)
    return Known(f"[object {tag}]")


def _by_call(name: str, function: Function) -> Known:
    """A method of `Object.prototype`, which programs use by `.call(value, ...)`."""
    called = Known(Native(f"{name}.call", function))
    return Known(
        Native(name, lambda m, given, node: Unknown(Why.FUNCTION_NOT_READ(name), node), {"call": called})
    )


def prototype() -> Obj:
    """`Object.prototype`."""
    made = Obj(
        {"hasOwnProperty": _by_call("hasOwnProperty", _has_own), "toString": _by_call("toString", _tag)}
    )
    made.rest = Unknown(Why.OBJECT_PROTOTYPE_METHOD())
    return made


OBJECT = Native(
    "Object",
    _object,
    {
        name: Known(Native(f"Object.{name}", function))
        for name, function in {
            "keys": _listing(lambda m, value, key, box, node: Known(key)),
            "values": _listing(lambda m, value, key, box, node: get(m, value, key, node)),
            "entries": _listing(_pair),
            "assign": _assign,
            "fromEntries": _from_entries,
            "freeze": _same,
            "seal": _same,
            "preventExtensions": _same,
            "create": _create,
            "hasOwn": _has_own,
            "groupBy": _group_by,
            "is": _is,
            "defineProperty": _define,
            "getOwnPropertyNames": _listing(lambda m, value, key, box, node: Known(key)),
        }.items()
    },
)

METHODS: dict[str, Method] = {
    "hasOwnProperty": _has,
    "toString": lambda m, this, given, node: (
        Known("[object Object]") if this.data.rest is None else Unknown(Why.TEXT(), node)
    ),
    "valueOf": lambda m, this, given, node: this,
}


def _error(kind: str) -> Function:
    def make(m: Machine, given: list[Box], node: Any) -> Box:
        made = Instance(kind)
        made.props = {"message": given[0] if given else Known(""), "name": Known(kind)}
        return Known(made, Origin(node, f"new {kind}"))

    return make


def _new_array(m: Machine, given: list[Box], node: Any) -> Box:
    if len(given) != 1:
        return Known(Arr(list(given), node))
    count = number_of(given[0].data) if isinstance(given[0], Known) else None
    if count is None or (isinstance(given[0], Known) and not isinstance(given[0].data, (int, float))):
        return Known(Arr([given[0]], node)) if isinstance(given[0], Known) else Unknown(why(given[0]), node)
    if count > m.limits.collection or math.isnan(count):
        m.spend(m.limits.work)
    m.spend(int(count))
    return Known(Arr([NOTHING] * int(count), node))


def _new_promise(m: Machine, given: list[Box], node: Any) -> Box:
    """`new Promise(run)`: runs it; its value is what is given to `resolve`, where that happens at once."""
    from policy_bot.sst.interpreter.builtins.callbacks import call  # noqa: PLC0415 -- the two need each other

    results: list[Box] = []

    def resolve(machine: Machine, values: list[Box], at: Any) -> Box:
        results.append(values[0] if values else NOTHING)
        return NOTHING

    def reject(machine: Machine, values: list[Box], at: Any) -> Box:
        results.append(Unknown(Why.REJECTED_PROMISE(), at))
        return NOTHING

    if given:
        call(m, given[0], [Known(Native("resolve", resolve)), Known(Native("reject", reject))], node)
    return results[0] if len(results) == 1 and not m.path.undecided else Unknown(Why.LATER_PROMISE(), node)


ERRORS = ("Error", "TypeError", "RangeError", "SyntaxError")
CONSTRUCTORS: dict[str, Any] = {
    **{kind: _error(kind) for kind in ERRORS},
    "Array": _new_array,
    "Promise": _new_promise,
    "Object": _object,
}
