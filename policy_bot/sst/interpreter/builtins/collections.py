"""`Map` and `Set`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.branches import drop, put
from policy_bot.sst.interpreter.builtins.callbacks import call, first
from policy_bot.sst.interpreter.conversions import why
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.operators import stage_seen
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import Arr, Box, Keyed, Known, Perhaps, StageName, Unknown

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


def _identity(data: Any) -> Any:
    if isinstance(data, str):
        return str(data)
    if data is None or isinstance(data, (bool, int, float)):
        return (data.__class__ is bool, data)
    return data


def _make(kind: str) -> Any:
    def make(m: Machine, given: list[Box], node: Any) -> Box:
        made = Keyed(kind)
        items, made.open = elements(m, first(given), node)
        for item in items:
            if isinstance(item, Perhaps):
                made.open = made.open or Unknown(item.reason, node)
            elif kind == "Set":
                _add(m, made, item, item, node)
            else:
                _add(m, made, get(m, item, "0", node), get(m, item, "1", node), node)
        return Known(made)

    return make


def _add(m: Machine, data: Keyed, key: Box, value: Box, node: Any) -> None:
    if not isinstance(key, Known):
        data.open = data.open or Unknown(why(key), node)
        return
    m.spend(1)
    identity = _identity(key.data)
    if data.kind == "Set" and identity in data.entries:
        return
    put(m, data.entries, identity, (key, value))


def _set(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    _add(m, this.data, first(given), first(given, 1), node)
    return this


def _add_to_set(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    _add(m, this.data, first(given), first(given), node)
    return this


def _look(m: Machine, data: Keyed, key: Box, node: Any) -> tuple[Box, Box] | Unknown | None:
    if not isinstance(key, Known):
        return Unknown(why(key), node)
    if key.data.__class__ is StageName:
        names = [other.data for other, _ in data.entries.values() if isinstance(other, Known)]
        letters = data.kind == "Set" and all(isinstance(name, str) and len(name) == 1 for name in names)
        for name in () if letters else names:  # `new Set("pr-12")` holds the letters of one name
            stage_seen(m, key.data, name)
    found = data.entries.get(_identity(key.data))
    return data.open if found is None else found


def _get(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    found = _look(m, this.data, first(given), node)
    if isinstance(found, tuple):
        return found[1]
    return NOTHING if found is None else found


def _has(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    found = _look(m, this.data, first(given), node)
    if isinstance(found, tuple):
        return Unknown(found[1].reason, node) if isinstance(found[1], Unknown) else Known(True)
    return Known(False) if found is None else found


def _delete(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    key = first(given)
    if not isinstance(key, Known):
        this.data.open = this.data.open or Unknown(why(key), node)
        return Unknown(why(key), node)
    present = _identity(key.data) in this.data.entries
    drop(m, this.data.entries, _identity(key.data))
    return Known(present)


def _clear(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    for key in list(this.data.entries):
        drop(m, this.data.entries, key)
    return NOTHING


def _for_each(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    for key, value in list(this.data.entries.values()):
        call(m, first(given), [value, key, this], node)
    if this.data.open is not None:
        m.hide(Why.CALLBACK_OF_UNSEEN_ELEMENTS(this.data.open.reason), node)
    return NOTHING


def _keys(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return Known(Arr([key for key, _ in this.data.entries.values()], node, this.data.open))


def _values(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return Known(Arr([value for _, value in this.data.entries.values()], node, this.data.open))


def _entries(m: Machine, this: Known, given: list[Box], node: Any) -> Box:
    return Known(
        Arr([Known(Arr([key, value])) for key, value in this.data.entries.values()], node, this.data.open)
    )


METHODS = {
    "set": _set,
    "add": _add_to_set,
    "get": _get,
    "has": _has,
    "delete": _delete,
    "clear": _clear,
    "forEach": _for_each,
    "keys": _keys,
    "values": _values,
    "entries": _entries,
}
CONSTRUCTORS = {"Map": _make("Map"), "Set": _make("Set"), "WeakMap": _make("Map"), "WeakSet": _make("Set")}
