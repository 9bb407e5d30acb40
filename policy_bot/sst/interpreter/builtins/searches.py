"""Methods of arrays that search for an element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_bot.sst.domain import either
from policy_bot.sst.heap import Arr
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, data_of, first, integer, unseen
from policy_bot.sst.interpreter.builtins.callbacks import call_conditionally, call_for_unseen
from policy_bot.sst.interpreter.builtins.slices import by_choice, why_unclear
from policy_bot.sst.interpreter.builtins.table import Builtin
from policy_bot.sst.interpreter.callables import Method, call
from policy_bot.sst.interpreter.conversions import truthy, why
from policy_bot.sst.interpreter.equality import same_value_zero, strict_equal
from policy_bot.sst.interpreter.iterate import live
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.operators import stage_seen
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.reasons import CONDITION, Reason
from policy_bot.sst.values import (
    HOLE,
    NOTHING,
    AbstractValue,
    Item,
    Known,
    OptionalItem,
    Placed,
    Unknown,
    value_of,
)


class FirstMatch:
    """The result of searching an array with a test.

    `found` are the elements that may be the first to pass, with their indexes; `sure` is whether the last of
    them certainly passes; `undecided` is the reason why it is unknown whether the search ended before.
    """

    def __init__(self, data: Arr) -> None:
        self.found: list[tuple[int, AbstractValue]] = []
        self.sure = False
        self.undecided = data.open.reason if data.open is not None else None

    def run(
        self,
        m: Machine,
        this: Known[Arr],
        given: list[AbstractValue],
        node: Placed | None,
        order: Iterable[tuple[int, Item]],
    ) -> None:
        """Tests elements in order until one certainly passes."""
        unclear = why_unclear(this.data)
        for at, item in order:
            value = item.value if isinstance(item, OptionalItem) else NOTHING if item is HOLE else item
            passed: list[AbstractValue] = [value, Unknown(unclear, node) if unclear else Known(at), this]
            missing = item.reason if isinstance(item, OptionalItem) else None
            answer = _tested(m, self.undecided or missing, given, passed, node)
            holds = truthy(answer)
            if holds is False:
                continue
            self.found.append((at, value))
            if holds and not missing:
                self.sure = True
                return
            self.undecided = self.undecided or missing or why(answer)
        if this.data.open is not None:
            call_for_unseen(m, first(given), this.data.open, this, node)
            self.undecided = self.undecided or this.data.open.reason


def _tested(
    m: Machine,
    undecided: Reason | None,
    given: list[AbstractValue],
    passed: list[AbstractValue],
    node: Placed | None,
) -> AbstractValue:
    """The test's result for an element; with `undecided` it is unknown whether the test is called at all."""
    function, receiver = first(given), first(given, 1)
    if undecided:
        return call_conditionally(m, undecided, function, passed, node, receiver)
    return call(m, function, passed, receiver, node)


def _search(
    m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None, backwards: bool = False
) -> FirstMatch:
    search = FirstMatch(this.data)
    search.run(m, this, given, node, live(m, this.data, backwards=backwards))
    return search


def _without_holes(m: Machine, data: Arr) -> Iterator[tuple[int, Item]]:
    return ((at, item) for at, item in live(m, data) if item is not HOLE)


def _finder(backwards: bool) -> Method[Arr]:
    def find(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        search = _search(m, this, given, node, backwards)
        if this.data.open is not None:
            return Unknown(this.data.open.reason, node)
        values = [value for _, value in search.found] + ([] if search.sure else [NOTHING])
        return join(m, values, search.undecided or CONDITION)

    return find


def _index_finder(backwards: bool) -> Method[Arr]:
    def find_index(
        m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
    ) -> AbstractValue:
        search = _search(m, this, given, node, backwards)
        if why_unclear(this.data) is not None:
            return Unknown(search.undecided or CONDITION, node)
        values: list[AbstractValue] = [Known(at) for at, _ in search.found]
        return join(m, values + ([] if search.sure else [Known(-1)]), search.undecided or CONDITION)

    return find_index


def _some(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    search = FirstMatch(this.data)
    search.run(m, this, given, node, _without_holes(m, this.data))
    if search.sure:
        return Known(True)
    if search.found or this.data.open is not None:
        return either(Unknown(search.undecided or CONDITION, node))
    return Known(False)


def _every(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    unclear = why_unclear(this.data)
    undecided = this.data.open.reason if this.data.open is not None else None
    for at, item in _without_holes(m, this.data):
        value = item.value if isinstance(item, OptionalItem) else item
        missing = item.reason if isinstance(item, OptionalItem) else None
        passed: list[AbstractValue] = [value, Unknown(unclear, node) if unclear else Known(at), this]
        answer = _tested(m, undecided or missing, given, passed, node)
        holds = truthy(answer)
        if holds is False and not missing:
            return Known(False)
        if not holds:
            undecided = undecided or missing or why(answer)
    if this.data.open is not None:
        call_for_unseen(m, first(given), this.data.open, this, node)
    undecided = undecided or why_unclear(this.data)
    return either(Unknown(undecided, node)) if undecided else Known(True)


@by_choice
def _includes(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    wanted = data_of(first(given))
    undecided = this.data.open.reason if this.data.open is not None else None
    found = False
    for item in this.data.items[_start(this.data, given, node) :]:
        value = value_of(item)
        data = value.data if isinstance(value, Known) else None
        stage_seen(m, wanted, data)
        equal = same_value_zero(data, wanted) if isinstance(value, Known) else None
        if equal and not isinstance(item, OptionalItem):
            found = True
        elif equal is not False:
            undecided = undecided or (item.reason if isinstance(item, OptionalItem) else why(value))
    return Known(True) if found else either(Unknown(undecided, node)) if undecided else Known(False)


@by_choice
def _index_of(m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    start = _start(this.data, given, node)
    return _position(m, this, first(given), node, range(start, len(this.data.items)))


@by_choice
def _last_index_of(
    m: Machine, this: Known[Arr], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    length = len(this.data.items)
    last = min(integer(data_of(given[1])), length - 1) if len(given) > 1 else length - 1
    return _position(m, this, first(given), node, range(last + length if last < 0 else last, -1, -1))


def _start(data: Arr, given: list[AbstractValue], node: Placed | None) -> int:
    at = integer(data_of(first(given, 1)))
    unclear = why_unclear(data)
    if at and unclear is not None:
        raise Undetermined(Unknown(unclear, node))
    return max(0, at + len(data.items)) if at < 0 else at


def _position(
    m: Machine, this: Known[Arr], value: AbstractValue, node: Placed | None, places: range
) -> AbstractValue:
    """The index of an element by strict equality; holes do not count as elements."""
    wanted = data_of(value)
    unclear = why_unclear(this.data)
    found: int | None = None
    undecided: AbstractValue | None = None
    for at in places:
        item = this.data.items[at]
        if item is HOLE:
            continue
        other = value_of(item)
        data = other.data if isinstance(other, Known) else None
        stage_seen(m, wanted, data)
        equal = strict_equal(data, wanted) if isinstance(other, Known) else None
        if equal and found is None and undecided is None:
            found = at
        elif equal is None and found is None:
            undecided = undecided or other
    if unclear is not None:
        return Unknown(unclear, node)
    if undecided is not None:
        return unseen(undecided, node)
    return Known(-1 if found is None else found)


ROWS: list[Builtin[Arr]] = [
    Builtin("find", _finder(backwards=False), 2),
    Builtin("findLast", _finder(backwards=True), 2),
    Builtin("findIndex", _index_finder(backwards=False), 2),
    Builtin("findLastIndex", _index_finder(backwards=True), 2),
    Builtin("some", _some, 2),
    Builtin("every", _every, 2),
    Builtin("includes", _includes, 2),
    Builtin("indexOf", _index_of, 2),
    Builtin("lastIndexOf", _last_index_of, 2),
]
