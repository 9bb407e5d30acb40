"""Properties of JavaScript's own kinds of value: methods, elements, lengths, and those of patterns."""

from __future__ import annotations

from policy_bot.sst import utf16
from policy_bot.sst.atoms import Namespace, RegExp
from policy_bot.sst.domain import join as join_values
from policy_bot.sst.domain import objects, presence
from policy_bot.sst.heap import Arr, Class, Closure, Data, Instance, Keyed, Native, Obj, Output
from policy_bot.sst.interpreter.callables import METHODS
from policy_bot.sst.interpreter.conversions import text_of, why
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    HOLE,
    NOTHING,
    AbstractValue,
    Item,
    Known,
    OptionalItem,
    Placed,
    Unknown,
    alternatives,
    value_of,
)


def method_of(m: Machine, value: Known, data: Data, key: str) -> AbstractValue | None:
    """A built-in method as a value, bound to the value it was read from."""
    if key in {"constructor", "__proto__"}:
        return Unknown(Why.UNSUPPORTED(key))
    method = METHODS[data.__class__].get(key)
    if method is None:
        return None
    return Known(Native(key, lambda m, given, node: method(m, value, given, node), method=method))


def length(m: Machine, data: Arr, node: Placed | None) -> AbstractValue:
    """The number of elements; one of several numbers if some may be missing."""
    if data.open is not None:
        return Unknown(data.open.reason, node)
    m.scan(data)
    most = len(data.items)
    missing = [item for item in data.items if item.__class__ is OptionalItem]
    if not missing:
        return Known(most)
    return join(m, [Known(count) for count in range(most - len(missing), most + 1)], missing[0].reason)


def element(data: Arr, index: int, node: Placed | None) -> AbstractValue:
    """The element at an index; one of several if an element before it may be missing.

    In `[a, b?, c]` the element at 1 is `b` or `c`, and that at 2 is `c` or nothing.
    """
    items = data.items
    missing = next((item for item in items[: index + 1] if isinstance(item, OptionalItem)), None)
    if data.open is not None:
        reason = data.open.reason if missing is None else missing.reason
        return Unknown(reason, node, among=objects([*map(value_of, items), data.open]))
    if missing is None:
        return NOTHING if index >= len(items) or items[index] is HOLE else value_of(items[index])
    certain = 0
    found: list[AbstractValue] = []
    for at, item in enumerate(items):
        if certain > index:
            break
        if at >= index:
            found.append(NOTHING if item is HOLE else value_of(item))
        certain += item.__class__ is not OptionalItem
    return join_values(found if certain > index else [*found, NOTHING], missing.reason)


def of_text(m: Machine, value: Known, data: str, key: str, node: Placed | None) -> AbstractValue:
    """A property of a string."""
    if key == "length":
        return Known(utf16.length(data))
    if key.isdecimal():
        parts = utf16.units(data)
        return Known(parts[int(key)], value.origin) if int(key) < len(parts) else NOTHING
    return method_of(m, value, data, key) or NOTHING


def parameter_count(data: Closure) -> int:
    """`length` of a function: its parameters before the first with a default, or the rest."""
    count = 0
    for parameter in data.node.lower().parameters:
        if parameter.default is not None or parameter.rest:
            break
        count += 1
    return count


def of_keyed(m: Machine, abstract: Known, data: Keyed, key: str, node: Placed | None) -> AbstractValue:
    """A property of a Map or a Set."""
    if key == "size":
        m.scan(data)
        items: list[Item] = [
            value if presence(value) is None else OptionalItem(value, why(value))
            for _, value in data.entries.values()
        ]
        return length(m, Arr(items, None, data.open), node)
    return of_plain(m, abstract, data, key, node)


ESCAPED_IN_SOURCE = set("/\n\r\u2028\u2029")
"""Characters that JavaScript escapes in the `source` of a pattern made from a string."""


_FLAGS = {
    "global": "g", "ignoreCase": "i", "multiline": "m", "dotAll": "s", "unicode": "u", "unicodeSets": "v",
    "sticky": "y", "hasIndices": "d",
}  # fmt: skip


def of_pattern(m: Machine, value: Known, data: RegExp, key: str, node: Placed | None) -> AbstractValue:
    """A property of a regular expression."""
    if key in _FLAGS:
        return Known(_FLAGS[key] in data.flags)
    if key == "lastIndex":
        return Unknown(Why.UNSUPPORTED("lastIndex"), node)
    if key == "source" and set(data.source) & ESCAPED_IN_SOURCE:
        return Unknown(Why.UNSUPPORTED(key), node)
    plain = {"source": data.source, "flags": "".join(sorted(data.flags))}
    return Known(plain[key]) if key in plain else of_plain(m, value, data, key, node)


def of_plain(m: Machine, value: Known, data: Data, key: str, node: Placed | None) -> AbstractValue:
    """A property of a value whose methods alone are modelled: the program may have set others."""
    return method_of(m, value, data, key) or Unknown(Why.UNSUPPORTED(key), node)


def contents(value: AbstractValue) -> list[AbstractValue]:
    """The values that an unknown key of an object may have, as far as they are in the program."""
    found: list[AbstractValue] = []
    for choice in value.among if isinstance(value, Unknown) else alternatives(value):
        data = choice.data
        if isinstance(data, Arr):
            found += [*map(value_of, data.items), *([data.open] if data.open else [])]
        elif isinstance(data, Obj):
            found += [*data.props.values(), *([data.rest] if data.rest else [])]
        elif isinstance(data, Keyed):
            found += [*(content for _, content in data.entries.values()), *([data.open] if data.open else [])]
        elif isinstance(data, (Instance, Class)):
            cls = data if isinstance(data, Class) else data.cls
            found += [*data.props.values(), *map(Known, cls.methods.values() if cls is not None else ())]
        elif isinstance(data, (Namespace, Output)):
            found.append(data.inner if isinstance(data, Output) else choice)
    return found


def key_of(value: AbstractValue) -> list[str] | None:
    """The property names that a computed key may be; None if it is unknown."""
    keys = []
    for choice in alternatives(value):
        text = text_of(choice.data)
        if text is None:
            return None
        keys.append(text)
    return keys or None
