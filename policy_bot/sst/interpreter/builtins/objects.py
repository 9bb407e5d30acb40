"""`Object`, and the methods of plain objects."""

from __future__ import annotations

from policy_bot.sst.atoms import UNDEFINED, RegExp
from policy_bot.sst.domain import absent_or, bare, over
from policy_bot.sst.fields import has_fields
from policy_bot.sst.heap import Accessor, Arr, Bare, Class, Closure, Data, Instance, Obj
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.builtins import keys
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, data_of, first, text, unseen
from policy_bot.sst.interpreter.builtins.keys import (
    has_own,
)
from policy_bot.sst.interpreter.builtins.table import (
    Builtin,
    function_row,
    functions,
    methods,
    pure_function,
    unmodelled,
)
from policy_bot.sst.interpreter.conversions import primitive
from policy_bot.sst.interpreter.equality import same_value
from policy_bot.sst.interpreter.errors import check_writable, throw
from policy_bot.sst.interpreter.forgetting import everything_unknown, lose, open_object
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.spreading import spread
from policy_bot.sst.interpreter.writes import put
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    NOTHING,
    AbstractValue,
    Item,
    Known,
    OptionalItem,
    Origin,
    Placed,
    Unknown,
    alternatives,
    is_nullish,
    value_of,
)


def _assign(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    target = first(given)
    data = target.data if isinstance(target, Known) else None
    if not isinstance(data, Obj) and not (has_fields(data) and not _has_setters(data)):
        if isinstance(data, (Class, Closure)):
            m.hide(Why.BUILTIN_ARGUMENTS("Object.assign"), node)
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
    elif not isinstance(data, Obj) and made.rest is not None:
        m.hide(made.rest.reason, node)
    return target


def _has_setters(data: Class | Instance) -> bool:
    cls = data.cls if isinstance(data, Instance) else data
    return any(each.setters or each.static_setters for each in cls.lineage()) if cls is not None else False


def _from_entries(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    source = first(given)
    if is_nullish(source):
        throw("TypeError", node)
    items, more = elements(m, source, node)
    made = Obj({}, None)
    for item in items:
        abstract = value_of(item)
        if isinstance(abstract, Known) and primitive(abstract.data):
            no_entry(m, item, node)
            continue
        key, value = get(m, abstract, "0", node), get(m, abstract, "1", node)
        if not isinstance(key, Known):
            everything_unknown(made, Unknown(Why.MAY_BE_OVERWRITTEN(), node), node)
            made.rest = more or unseen(key, node)
        elif isinstance(item, OptionalItem):
            name = text(key.data)
            made.props[name] = over(made.props.get(name), absent_or(value, item.reason))
        else:
            made.props[text(key.data)] = bare(value)
    if more is not None:
        everything_unknown(made, more, node)
    m.allocate(len(items))
    return Known(made, Origin(node, "Object.fromEntries"))


def no_entry(m: Machine, item: Item, node: Placed | None) -> None:
    """An element that is not a `[key, value]` pair: throws, if it exists."""
    if not isinstance(item, OptionalItem):
        throw("TypeError", node)
    m.may_throw(node)


def _freeze(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """From now on writing throws; if it is unknown whether the object is frozen, writing may throw."""
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
    return Known(Bare())


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
        for choice in alternatives(target):
            lose(m, choice.data, Unknown(Why.DEFINED_PROPERTY(), node))
        if not isinstance(data_of(target), Arr):
            m.hide(Why.DEFINED_PROPERTY(), node)
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
    """Sets a property by its descriptor. One that is not enumerable may be absent for code that lists keys;
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
    if is_nullish(value):
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
    cls = data.cls if isinstance(data, Instance) else None
    unclear = isinstance(data, Instance) and (
        cls is None or not has_fields(data) or any(each.open for each in cls.lineage())
    )
    if tag is None or unclear or (isinstance(data, Obj) and data.rest is not None):
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
    """The members of `Object`."""
    rows = [
        *keys.ROWS,
        function_row("assign", _assign, 1_000),
        function_row("fromEntries", _from_entries, 1),
        function_row("freeze", _freeze, 1),
        function_row("seal", _seal, 1),
        function_row("preventExtensions", _seal, 1),
        function_row("create", _create, 1, 2),
        Builtin("is", pure_function(_is), 2),
        function_row("defineProperty", _define, 3),
    ]
    return functions("Object", rows) | {"prototype": Known(prototype())}


OBJECT = function_row("Object", _object, 1)
