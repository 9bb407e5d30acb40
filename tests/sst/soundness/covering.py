"""Whether what the interpreter says of a program covers what Node really does with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from policy_bot.sst.atoms import UNDEFINED, RegExp
from policy_bot.sst.domain import presence
from policy_bot.sst.heap import Accessor, Arr, Class, Closure, Cursor, Instance, Keyed, Native, Obj, Promised
from policy_bot.sst.reasons import CONDITION
from policy_bot.sst.recording import Recording
from policy_bot.sst.values import AbstractValue, Item, Known, OneOf, OptionalItem, Unknown
from tests.sst.programs import record
from tests.sst.soundness.node import Node

PLACE = "const A = process.env.A === '1', B = process.env.B === '1', C = process.env.C === '1';\n"
NO_OUTCOME = ("throws", "endless", "syntax")


def interpreted(program: str) -> Recording:
    """What the interpreter makes of a program whose unknowns are A, B and C."""
    return record(f"{PLACE}return await (async () => {{\n{program}\n}})();")


def missed(node: Node, program: str, said: AbstractValue | None = None) -> list[Any]:
    """The outcomes in Node that the interpreter's value leaves out; empty if it is sound for this program."""
    unknowns = [name for name in "ABC" if name in program]
    real = node.outcomes(program, unknowns)
    outcomes = [each for each in real if not (isinstance(each, dict) and each.get("$") in NO_OUTCOME)]
    if said is None:
        said = interpreted(
            program
        ).outputs  # also of a program that always throws: it must not stop the reader
    return [each for each in outcomes if not covers(said, each)]


def exact(value: AbstractValue | OptionalItem) -> bool:
    """Whether a value has nothing unknown in it, however deep."""
    if isinstance(value, (Unknown, OptionalItem)):
        return False
    if isinstance(value, OneOf):
        return all(map(exact, value.choices))
    data = value.data
    if isinstance(data, Obj):
        return data.rest is None and all(map(exact, data.props.values()))
    if isinstance(data, Arr):
        return data.open is None and all(map(exact, data.items))
    return True


def covers(said: AbstractValue, real: Any) -> bool:
    """Whether an abstract value includes a concrete one."""
    if isinstance(said, Unknown):
        return True
    if isinstance(said, OneOf):
        return any(covers(choice, real) for choice in said.choices)
    kind = real.get("$") if isinstance(real, dict) else None
    data = said.data
    if isinstance(data, Arr):
        return isinstance(real, list) and _array(data, real)
    if isinstance(data, Obj):
        return kind in {"object", "instance"} and _object(data.props, data.rest is not None, real["entries"])
    if isinstance(data, Instance):
        return kind in {"object", "instance"}
    if isinstance(data, Keyed):
        return kind == data.kind.lower() and _entries(data, real["entries"])
    if isinstance(data, Cursor):
        return kind == "iterator" and (data.source is not None or _array(Arr(data.items), real["entries"]))
    if isinstance(data, (Closure, Native, Class)):
        return kind == "function"
    if isinstance(data, RegExp):
        return kind == "regexp" and bool(real["text"].endswith(f"/{''.join(sorted(data.flags))}"))
    if isinstance(data, Promised):
        return kind == "instance"
    if kind == "hole":
        return data is UNDEFINED
    return _primitive(data, real, kind)


def _primitive(data: Any, real: Any, kind: str | None) -> bool:
    if kind is not None or isinstance(real, list):
        return _named(data) == kind
    if isinstance(data, bool) or isinstance(real, bool) or data is None or real is None:
        return data is real
    if isinstance(data, str) or isinstance(real, str):
        return isinstance(data, str) and isinstance(real, str) and str(data) == real
    return isinstance(data, (int, float)) and float(data) == float(real) and _named(data) != "-0"


def _named(data: Any) -> str:
    """The name `node.mjs` gives to a value that JSON does not have."""
    if data is UNDEFINED:
        return "undefined"
    if isinstance(data, float):
        if math.isnan(data):
            return "NaN"
        if math.isinf(data):
            return "Infinity" if data > 0 else "-Infinity"
        if data == 0 and math.copysign(1, data) < 0:
            return "-0"
    return ""


def _array(data: Arr, real: list[Any]) -> bool:
    """Aligns elements: one that may be missing may be left out, an open array may hold more anywhere."""
    ends = {0}
    if data.open is not None:
        ends = set(range(len(real) + 1))
    for item in data.items:
        value = item.value if isinstance(item, OptionalItem) else item
        after = {at + 1 for at in ends if at < len(real) and covers(value, real[at])}
        if isinstance(item, OptionalItem):
            after |= ends
        if data.open is not None and after:
            after |= set(range(min(after), len(real) + 1))
        ends = after
    return len(real) in ends


def _object(props: dict[str, AbstractValue], more: bool, entries: Sequence[Sequence[Any]]) -> bool:
    """Compares keys with what they hold. A key is missed only if it may be absent, not if it may be undefined.

    The order of keys is an exception of docs/builtins.md.
    """
    real = dict(entries)
    for key, value in props.items():
        if isinstance(value, Known) and isinstance(value.data, Accessor):
            continue
        if key in real:
            there = presence(value)
            if there is not None and more:
                continue  # if it is not this one, it may be one of those that are not known
            if not covers(value if there is None else there, real[key]):
                return False
        elif presence(value) is None and not isinstance(value, Unknown):
            return False
    return all(key in props or more for key in real)


def _entries(data: Keyed, real: list[Any]) -> bool:
    if data.open is not None:
        return True
    items: list[Item] = []
    for key, value in data.entries.values():
        there = presence(value)
        item: AbstractValue = key if data.kind == "Set" else Known(Arr([key, there or value]))
        items.append(item if there is None else OptionalItem(item, CONDITION))
    return _array(Arr(items), real)
