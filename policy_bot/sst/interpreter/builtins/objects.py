"""`Object`, `Reflect`, methods of plain objects, `Error`, and the other constructors of plain things."""

from __future__ import annotations

from collections.abc import Callable

from policy_bot.sst.atoms import UNDEFINED, RegExp
from policy_bot.sst.domain import absent_or, bare, either, presence
from policy_bot.sst.fields import has_fields, own_fields, without_output
from policy_bot.sst.heap import Accessor, Arr, Class, Closure, Data, Instance, Obj
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, data_of, first, integer, text, unseen
from policy_bot.sst.interpreter.builtins.table import (
    Builtin,
    constructor,
    function_row,
    functions,
    methods,
    pure_function,
    unmodelled,
)
from policy_bot.sst.interpreter.callables import Function
from policy_bot.sst.interpreter.conversions import primitive, why
from policy_bot.sst.interpreter.errors import check_writable, throw
from policy_bot.sst.interpreter.forgetting import everything_unknown, open_object
from policy_bot.sst.interpreter.iterate import counted, elements
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.operators import same_value
from policy_bot.sst.interpreter.spreading import over, spread
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.interpreter.writes import put
from policy_bot.sst.reasons import Why
from policy_bot.sst.utf16 import units
from policy_bot.sst.values import (
    HOLE,
    NOTHING,
    AbstractValue,
    Item,
    Known,
    OneOf,
    OptionalItem,
    Origin,
    Placed,
    Unknown,
    alternatives,
    slots,
    value_of,
)


def _listing(one: Callable[[Machine, Known, str, Placed | None], AbstractValue]) -> Function:
    """`Object.keys` and the like: `one` makes an element of an object and a key."""

    def function(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        value = without_output(first(given))
        if isinstance(value, OneOf):
            return join(m, [function(m, [choice], node) for choice in value.choices], value.reason)
        if not isinstance(value, Known):
            return value
        keys, more = _own_keys(value, node)
        m.allocate(len(keys))
        items: list[Item] = []
        for key in keys:
            content = _content(value.data, key)
            absent = content is not None and presence(content) is not None
            made = one(m, value, key, node)
            items.append(OptionalItem(made, why(content)) if absent and content is not None else made)
        return Known(Arr(items, node, more), value.origin)

    return function


def _own_keys(value: Known, node: Placed | None) -> tuple[list[str], Unknown | None]:
    """The enumerable keys of a value in order, and why there may be others."""
    data = value.data
    if isinstance(data, Arr):
        if data.open is not None or data.props or any(isinstance(item, OptionalItem) for item in data.items):
            raise Undetermined(data.open)
        return [str(at) for at, item in enumerate(data.items) if item is not HOLE], None
    if isinstance(data, Obj):
        return ordered(data.props), data.rest
    if has_fields(data):
        return ordered(own_fields(data)), None
    if isinstance(data, str):
        return [str(at) for at in range(len(units(data)))], None
    if isinstance(data, (int, float)):
        return [], None
    if data is None or data is UNDEFINED:
        throw("TypeError", node)
    return [], Unknown(Why.KEYS(), node)


def _content(data: Data, key: str) -> AbstractValue | None:
    """What a key of an object holds, with the mark of one that may be absent."""
    return data.props.get(key) if isinstance(data, (Obj, Instance, Class)) else None


def _there(m: Machine, value: Known, key: str, node: Placed | None) -> AbstractValue:
    """The value of a key that is there."""
    content = _content(value.data, key)
    return (presence(content) if content is not None else None) or get(m, value, key, node)


def ordered(props: dict[str, AbstractValue]) -> list[str]:
    """Keys in JavaScript's order: array indexes first, by size."""
    if not any(key[:1].isdigit() for key in props):
        return list(props)
    indexes = {key for key in props if is_index(key)}
    return sorted(indexes, key=int) + [key for key in props if key not in indexes]


def is_index(key: str) -> bool:
    """Whether a key counts as an array index: a whole number below 2**32 - 1 in its usual form."""
    return (
        key.isascii() and key.isdecimal() and len(key) <= 10 and str(int(key)) == key and int(key) < 2**32 - 1
    )


def _key(m: Machine, value: Known, key: str, node: Placed | None) -> AbstractValue:
    return Known(key)


def _pair(m: Machine, value: Known, key: str, node: Placed | None) -> AbstractValue:
    return Known(Arr([Known(key), _there(m, value, key, node)]))


def _value(m: Machine, value: Known, key: str, node: Placed | None) -> AbstractValue:
    return _there(m, value, key, node)


def _own_names(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """Also keys that are not enumerable: of plain objects there are none."""
    if not isinstance(data_of(first(given)), Obj):
        return unmodelled(m, "Object.getOwnPropertyNames", NOTHING, given, node)
    return _listing(_key)(m, given, node)


def _assign(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    target = first(given)
    data = target.data if isinstance(target, Known) else None
    if not isinstance(data, Obj) and not (isinstance(data, Instance) and has_fields(data)):
        return unmodelled(m, "Object.assign", NOTHING, given, node)
    if isinstance(data, Obj) and data.frozen is not False:
        throw("TypeError", node)
    made = Obj(dict(data.props))
    made.rest = data.rest if isinstance(data, Obj) else None
    for source in given[1:]:
        spread(m, made, source, node)
    for key, value in made.props.items():
        if data.props.get(key) is not value:
            put(m, data.props, key, value)
    if isinstance(data, Obj) and made.rest is not None and data.rest is None:
        everything_unknown(data, made.rest, node)
    elif isinstance(data, Instance) and made.rest is not None:
        m.hide(made.rest.reason, node)
    return target


def _from_entries(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    source = first(given)
    if isinstance(source, Known) and (source.data is None or source.data is UNDEFINED):
        throw("TypeError", node)
    items, more = elements(m, source, node)
    made = Obj({}, None)
    made.rest = more
    for item in items:
        abstract = value_of(item)
        if isinstance(abstract, Known) and primitive(abstract.data):
            throw("TypeError", node)
        key, value = get(m, abstract, "0", node), get(m, abstract, "1", node)
        if not isinstance(key, Known):
            made.props = {name: Unknown(Why.MAY_BE_OVERWRITTEN(), node) for name in made.props}
            made.rest = made.rest or unseen(key, node)
        elif isinstance(item, OptionalItem):
            name = text(key.data)
            made.props[name] = over(made.props.get(name), absent_or(value, item.reason))
        else:
            made.props[text(key.data)] = bare(value)
    if more is not None:
        made.props = dict.fromkeys(made.props, more)
    m.allocate(len(items))
    return Known(made, Origin(node, "Object.fromEntries"))


def _freeze(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """From now on writing throws; if it is unknown whether it is frozen, writing may throw."""
    target = first(given)
    for choice in alternatives(target):
        if isinstance(choice.data, (Obj, Arr)) and choice.data.frozen is not True:
            certain = isinstance(target, Known) and m.certainty()[0]
            choice.data.frozen = True if certain else None
    return target


def _seal(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """From now on adding keys throws: writing may throw."""
    for choice in alternatives(first(given)):
        if isinstance(choice.data, (Obj, Arr)) and choice.data.frozen is False:
            choice.data.frozen = None
    return first(given)


def _create(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    if data_of(first(given)) is not None:
        return unmodelled(m, "Object.create", NOTHING, given, node)
    return Known(Obj())


def has_own(m: Machine, this: Known, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`this.hasOwnProperty(key)`."""
    data = this.data
    key = text(data_of(first(given)))
    if isinstance(data, Obj):
        if key in data.props:
            return _present(data.props[key])
        return Known(False) if data.rest is None else Unknown(data.rest.reason, node)
    if isinstance(data, Instance) and has_fields(data):
        return _present(data.props[key]) if key in data.props else Known(False)
    if (
        isinstance(data, Arr)
        and not data.open
        and not any(isinstance(item, OptionalItem) for item in data.items)
    ):
        index = is_index(key) and int(key) < len(data.items) and data.items[int(key)] is not HOLE
        return Known(bool(index or key == "length" or key in (data.props or {})))
    if data is None or data is UNDEFINED:
        throw("TypeError", node)
    raise Undetermined


def _present(value: AbstractValue) -> AbstractValue:
    """Whether a key with this content is there."""
    return Known(True) if presence(value) is None else either(value)


def _has_own(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return has_own(m, Known(data_of(first(given))), given[1:], node)


def _is(m: Machine, a: Data = UNDEFINED, b: Data = UNDEFINED) -> bool:
    equal = same_value(a, b)
    if equal is None:
        raise Undetermined
    return equal


def _define(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`Object.defineProperty(target, key, { value })`, or with a getter."""
    target = first(given)
    if not isinstance(target, Known) or not isinstance(target.data, (Obj, Instance)):
        m.may_throw(node)
        return target
    if isinstance(target.data, Obj) and target.data.frozen is not False:
        check_writable(m, target.data, node)
    key, described = first(given, 1), first(given, 2)
    known = described.data if isinstance(described, Known) else None
    if isinstance(key, Known) and isinstance(known, Obj) and known.rest is None:
        getter = known.props.get("get")
        value = known.props.get("value", NOTHING)
        if isinstance(getter, Known) and isinstance(getter.data, Closure):
            value = Known(Accessor(getter.data, None))
        _put_defined(m, target.data, text(key.data), value, known, node)
    elif isinstance(target.data, Obj):
        open_object(target.data, Unknown(Why.DEFINED_PROPERTY(), node))
    return target


def _put_defined(
    m: Machine, data: Obj | Instance, key: str, value: AbstractValue, described: Obj, node: Placed | None
) -> None:
    """Sets a property by its description. One that is not enumerable may be absent for whoever lists keys;
    writing to one that is not writable may throw.
    """
    reason = Why.DEFINED_PROPERTY()
    if key in data.props and not {"value", "get"} & {*described.props}:
        value = Unknown(reason, node)
    if not _is_true(described.props.get("enumerable")):
        is_getter = isinstance(value, Known) and isinstance(value.data, Accessor)
        value = absent_or(Unknown(reason, node) if is_getter else value, reason)
    if isinstance(data, Obj) and data.frozen is False and not _is_true(described.props.get("writable")):
        data.frozen = None
    put(m, data.props, key, value)


def _is_true(value: AbstractValue | None) -> bool:
    return isinstance(value, Known) and value.data is True


def _object(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    value = first(given)
    if isinstance(value, Known) and value.data in (None, UNDEFINED):
        return Known(Obj())
    if isinstance(value, Known) and not primitive(value.data):
        return value
    raise Undetermined(value)


_TAGS: dict[type, str] = {
    Obj: "Object", Instance: "Object", Arr: "Array", RegExp: "RegExp", str: "String", bool: "Boolean",
    int: "Number", float: "Number", type(None): "Null", type(UNDEFINED): "Undefined",
}  # fmt: skip


def _tag(m: Machine, this: Known, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`Object.prototype.toString.call(value)`: "[object Array]" and the like."""
    data = this.data
    tag = "String" if isinstance(data, str) else _TAGS.get(type(data))
    if tag is None or (isinstance(data, Instance) and (data.construction or data.type.endswith("Error"))):
        raise Undetermined
    return Known(f"[object {tag}]")


_HAS_OWN = Builtin("hasOwnProperty", has_own, 1)


def prototype() -> Obj:
    """`Object.prototype`, whose methods programs use by `.call(value, ...)`."""
    rows = {"hasOwnProperty": _HAS_OWN, "toString": Builtin[Data]("Object.prototype.toString", _tag)}
    made = Obj({name: Known(row.bound(NOTHING)) for name, row in rows.items()})
    made.rest = Unknown(Why.OBJECT_PROTOTYPE_METHOD())
    return made


def _plain_text(
    m: Machine, this: Known[Obj], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    if this.data.rest is not None:
        raise Undetermined(this.data.rest)
    return Known("[object Object]")


_ROWS: list[Builtin[Obj]] = [
    _HAS_OWN,
    Builtin("toString", _plain_text),
    Builtin("valueOf", lambda m, this, given, node: this),
]
METHODS = methods("Object", _ROWS)


INSTANCE_METHODS = methods("Instance", [_HAS_OWN])
FUNCTION_METHODS = methods("Function", [_HAS_OWN])


def object_space() -> dict[str, AbstractValue]:
    """What `Object` holds."""
    rows = [
        function_row("keys", _listing(_key), 1),
        function_row("values", _listing(_value), 1),
        function_row("entries", _listing(_pair), 1),
        function_row("assign", _assign, 1_000),
        function_row("fromEntries", _from_entries, 1),
        function_row("freeze", _freeze, 1),
        function_row("seal", _seal, 1),
        function_row("preventExtensions", _seal, 1),
        function_row("create", _create, 1, 2),
        function_row("hasOwn", _has_own, 2),
        Builtin("is", pure_function(_is), 2),
        function_row("defineProperty", _define, 3),
        function_row("getOwnPropertyNames", _own_names, 1),
    ]
    return functions("Object", rows) | {"prototype": Known(prototype())}


OBJECT = function_row("Object", _object, 1)

ERRORS = ("Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError")


def _error(kind: str) -> Builtin[Data]:
    def make(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        made = Instance(kind)
        message = first(given)
        if isinstance(message, Known):
            message = Known("" if message.data is UNDEFINED else text(message.data), message.origin)
        made.props = slots({"message": message, "name": Known(kind)})
        if len(given) > 1:
            made.props["cause"] = get(m, given[1], "cause", node)
        return Known(made, Origin(node, f"new {kind}"))

    return function_row(kind, make, 2)


def _new_array(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    if len(given) != 1:
        items, more = counted(given, node)
        if more is not None and len(items) < 2:
            return Unknown(more.reason, node)
        return Known(Arr(list(items), node, more))
    data = data_of(given[0])
    if not isinstance(data, (int, float)) or isinstance(data, bool):
        return Known(Arr([given[0]], node))
    count = integer(data)
    if count != data or not 0 <= count < 2**32:
        throw("RangeError", node)
    if count > m.limits.collection:
        m.allocate(m.limits.allocation)
    m.allocate(count)
    return Known(Arr([HOLE] * count, node))


ARRAY = function_row("Array", _new_array, 1_000_000)
CONSTRUCTORS: dict[str, Function] = {}


CONSTRUCTORS.update({kind: constructor(_error(kind)) for kind in ERRORS})
CONSTRUCTORS.update({"Array": constructor(ARRAY), "Object": constructor(OBJECT)})
