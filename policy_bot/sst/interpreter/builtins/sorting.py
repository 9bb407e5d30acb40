"""`sort` and `toSorted`.

The order is known only if the comparison is consistent: with an inconsistent one, such as `(a, b) => a > b`,
the order depends on the engine's algorithm. So both directions of every pair of neighbours are compared after
sorting (every pair, in short arrays).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence

from policy_bot.sst.heap import Arr, Closure, Native
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, data_of, first, number, text
from policy_bot.sst.interpreter.builtins.callbacks import remade
from policy_bot.sst.interpreter.builtins.slices import changing, whole
from policy_bot.sst.interpreter.builtins.table import Builtin
from policy_bot.sst.interpreter.callables import call
from policy_bot.sst.interpreter.errors import throw
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.writes import touch
from policy_bot.sst.utf16 import ordinal
from policy_bot.sst.values import HOLE, NOTHING, AbstractValue, Known, Placed, is_undefined, value_of

_SHORT = 8
Comparison = Callable[[AbstractValue, AbstractValue], int]


def _sorted(m: Machine, data: Arr, given: list[AbstractValue], node: Placed | None) -> list[Known]:
    """The elements in order: undefined ones last, holes after them."""
    function = first(given)
    known = [item for item in data.items if isinstance(item, Known)]
    unseen = next((item for item in data.items if not isinstance(item, Known)), None)
    if unseen is not None:  # it may be undefined, which goes last whatever the comparison says
        raise Undetermined(value_of(unseen))
    items = [item for item in known if not is_undefined(item)]
    rest = [item for item in known if is_undefined(item)]
    last = [item for item in rest if item is not HOLE] + [item for item in rest if item is HOLE]
    m.allocate(len(items) * 4)
    if is_undefined(function):
        return sorted(items, key=lambda item: ordinal(text(data_of(item)))) + last
    compared = data_of(function)
    if not isinstance(compared, (Closure, Native)):
        throw("TypeError", node)

    def compare(a: AbstractValue, b: AbstractValue) -> int:
        given = number(data_of(call(m, function, [a, b], None, node)))
        return 0 if math.isnan(given) else (given > 0) - (given < 0)

    ordered = sorted(items, key=functools.cmp_to_key(compare))
    _check(ordered, compare)
    return ordered + last


def _check(ordered: Sequence[AbstractValue], compare: Comparison) -> None:
    reach = len(ordered) if len(ordered) <= _SHORT else 1
    for at, item in enumerate(ordered):
        for other in ordered[at + 1 : at + 1 + reach]:
            order = compare(item, other)
            if order > 0 or compare(other, item) != -order:
                raise Undetermined


@changing
def _sort(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    items = _sorted(m, this.data, given, node)
    touch(m, this.data.items)[:] = items
    return this


@whole
def _to_sorted(
    m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    items = [NOTHING if item is HOLE else item for item in this.data.items]
    return remade(_sorted(m, Arr(items), given, node), this, node)


ROWS: list[Builtin[Arr]] = [Builtin("sort", _sort, 1), Builtin("toSorted", _to_sorted, 1)]
