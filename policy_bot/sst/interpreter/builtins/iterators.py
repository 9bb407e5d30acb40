"""Methods of iterators, which `array.entries()`, `map.keys()` and `text.matchAll()` return."""

from __future__ import annotations

from policy_bot.sst.heap import Arr, Cursor, Obj
from policy_bot.sst.interpreter.builtins.arguments import Undetermined
from policy_bot.sst.interpreter.builtins.table import Builtin, methods
from policy_bot.sst.interpreter.iterate import begin, elements
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.writes import touch
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OptionalItem, Placed, Unknown


def _next(m: Machine, this: Known[Cursor], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    data = this.data
    begin(m, data, whole=False)
    if data.open is not None or any(isinstance(item, OptionalItem) for item in data.items):
        elements(m, this, node)
        raise Undetermined(data.open)
    if not data.items:
        return Known(Obj({"value": NOTHING, "done": Known(True)}))
    return Known(Obj({"value": touch(m, data.items).pop(0), "done": Known(False)}))


def _to_array(
    m: Machine, this: Known[Cursor], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    items, more = elements(m, this, node)
    return Known(Arr(items, node, more))


def _end(m: Machine, this: Known[Cursor], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`return` and `throw` run the rest of a generator in ways that are not modelled."""
    begin(m, this.data, whole=False)
    unclear = Unknown(Why.GENERATOR_STEPS(), node)
    touch(m, this.data.items).clear()
    this.data.items.open = unclear
    m.may_throw(node)
    return unclear


_ROWS = [
    Builtin("next", _next, 1),
    Builtin("toArray", _to_array),
    Builtin("return", _end, 1),
    Builtin("throw", _end, 1),
]
METHODS = methods("Iterator", _ROWS)
