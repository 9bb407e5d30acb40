"""Methods of iterators: what `array.entries()`, `map.keys()` and `text.matchAll()` give."""

from __future__ import annotations

from typing import Any

from policy_bot.sst.heap import Arr, Obj
from policy_bot.sst.interpreter.builtins.arguments import Undetermined
from policy_bot.sst.interpreter.builtins.table import Builtin, methods
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.writes import touch
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OptionalItem


def _next(m: Machine, this: Known, given: list[AbstractValue], node: Any) -> AbstractValue:
    data = this.data
    if data.open is not None or any(isinstance(item, OptionalItem) for item in data.items):
        elements(m, this, node)
        raise Undetermined(data.open)
    if not data.items:
        return Known(Obj({"value": NOTHING, "done": Known(True)}))
    return Known(Obj({"value": touch(m, data.items).pop(0), "done": Known(False)}))


def _to_array(m: Machine, this: Known, given: list[AbstractValue], node: Any) -> AbstractValue:
    items, more = elements(m, this, node)
    return Known(Arr(items, node, more))


METHODS = methods("Iterator", [Builtin("next", _next), Builtin("toArray", _to_array)])
