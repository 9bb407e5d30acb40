"""`Promise`. A promise is held as the value it is fulfilled with: waiting for it changes nothing. One that is
rejected is a `Rejected`, which throws when it is waited for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.branches import join
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, first
from policy_bot.sst.interpreter.builtins.callbacks import call
from policy_bot.sst.interpreter.builtins.table import function_row, functions, throw
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.scope import Thrown
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import Arr, Box, Known, Native, Obj, OneOf, Perhaps, Rejected, Unknown

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


def is_rejected(box: Box) -> bool:
    """Whether it is surely a rejected promise."""
    return isinstance(box, Known) and isinstance(box.data, Rejected)


def _may_reject(box: Box) -> bool:
    """Whether it may be a promise that is rejected."""
    return isinstance(box, Unknown) or (isinstance(box, OneOf) and any(map(is_rejected, box.choices)))


def waited(m: Machine, box: Box, node: Any) -> Box:
    """What waiting for a promise gives. Throws if it is rejected, and may throw if it may be."""
    if isinstance(box, Known) and isinstance(box.data, Rejected):
        raise Thrown(box.data.reason, node)
    if isinstance(box, OneOf) and _may_reject(box):
        kept = []
        for choice in box.choices:
            if isinstance(choice.data, Rejected):
                m.may_throw(node, choice.data.reason)
            else:
                kept.append(choice)
        return join(m, kept, box.reason) if kept else Unknown(box.reason, node)
    return box


def _all(m: Machine, given: list[Box], node: Any) -> Box:
    items, more = elements(m, first(given), node)
    boxes = [item.box if isinstance(item, Perhaps) else item for item in items]
    rejected = next((at for at, box in enumerate(boxes) if is_rejected(box)), None)
    if rejected is not None:
        if (
            more is not None
            or any(isinstance(item, Perhaps) for item in items)
            or _any_pending(boxes[:rejected])
        ):
            raise Undetermined
        return boxes[rejected]
    if more is not None or _any_pending(boxes):
        m.may_throw(node)
    return Known(Arr(items, node, more))


def _any_pending(boxes: list[Box]) -> bool:
    return any(map(_may_reject, boxes))


def _all_settled(m: Machine, given: list[Box], node: Any) -> Box:
    items, more = elements(m, first(given), node)
    settled = [
        Perhaps(_outcome(item.box), item.reason) if isinstance(item, Perhaps) else _outcome(item)
        for item in items
    ]
    return Known(Arr(settled, node, more))


def _outcome(box: Box) -> Box:
    if isinstance(box, Known) and isinstance(box.data, Rejected):
        return Known(Obj({"status": Known("rejected"), "reason": box.data.reason}))
    if _may_reject(box):
        return Unknown(Why.PROMISE_OUTCOME())
    return Known(Obj({"status": Known("fulfilled"), "value": box}))


def _resolve(m: Machine, given: list[Box], node: Any) -> Box:
    return first(given)


def _reject(m: Machine, given: list[Box], node: Any) -> Box:
    return Known(Rejected(first(given)))


def new_promise(m: Machine, given: list[Box], node: Any) -> Box:
    """`new Promise(run)`: runs it; its value is what is given to `resolve`, if that happens at once."""
    results: list[Box] = []
    depth, sure = m.path.depth, True

    def settle(wrap: bool) -> Native:
        def run(machine: Machine, values: list[Box], at: Any) -> Box:
            nonlocal sure
            sure = sure and machine.path.depth == depth
            value = first(values)
            results.append(Known(Rejected(value)) if wrap else value)
            return NOTHING

        return Native("reject" if wrap else "resolve", run)

    if not given:
        throw("TypeError", node)
    call(m, given[0], [Known(settle(False)), Known(settle(True))], node)
    if results and sure and not m.path.undecided:
        return results[0]  # only the first call settles it
    m.may_throw(node)
    return Unknown(Why.LATER_PROMISE(), node)


def promise_space() -> dict[str, Box]:
    """What `Promise` holds."""
    rows = [
        function_row("all", _all, 1),
        function_row("allSettled", _all_settled, 1),
        function_row("resolve", _resolve, 1),
        function_row("reject", _reject, 1),
    ]
    return functions("Promise", rows)
