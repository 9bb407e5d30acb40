"""SST 2: the app, its stacks, and what one stack gives to the others.

Source: `packages/sst/src/constructs/FunctionalStack.ts` at v2.44.0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy_bot.sst.catalog import v2 as catalog
from policy_bot.sst.interpreter.branches import join, put
from policy_bot.sst.interpreter.conversions import why
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.sst import stage
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import CONDITION, Why
from policy_bot.sst.values import Box, Instance, Known, Native, Obj, OneOf, Unknown, alternatives

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


def app(m: Machine, name: Box, top: Node) -> Box:
    """The app that `stacks(app)` is given."""
    made = Instance(catalog.APP)
    box = Known(made)

    def stack(machine: Machine, given: list[Box], node: Any) -> Box:
        if given:
            _run_stack(machine, given[0], box, top)
        return box  # :36; a promise for an async stack (:32-35), on which nobody can go on with `.stack`

    made.props = {
        "stage": stage(m, None),
        "name": name,
        "stack": Known(Native("stack", stack)),
        "mode": Unknown(Why.DIFFERS_BY_COMMAND("app.mode")),
    }
    return box


def _run_stack(m: Machine, function: Box, owner: Box, top: Node) -> None:
    """`app.stack(function)`: runs it with a stack of its own (:25-30), kept for the stacks after it."""
    from policy_bot.sst.interpreter.calls import call  # noqa: PLC0415 -- the two need each other

    made = Instance(catalog.STACK)
    made.props = {"stage": stage(m, None), "app": owner}
    box = Known(made)
    if isinstance(function, Known):
        put(m, m.stacks, function.data, box)
    returned = call(m, function, [Known(Obj({"stack": box, "app": owner}))], box, top)
    if isinstance(function, Known):
        put(m, m.returned, function.data, returned)


def _use(m: Machine, given: list[Box], node: Any) -> Box:
    """`use(Stack)`: what that stack returned (:54-63); of an async one what it resolved to (:31-34)."""
    return _kept(m, m.returned, given, node)


def _get_stack(m: Machine, given: list[Box], node: Any) -> Box:
    """`getStack(Stack)`: the stack itself (:71-81)."""
    return _kept(m, m.stacks, given, node)


def _kept(m: Machine, kept: dict[Any, Box], given: list[Box], node: Any) -> Box:
    """SST throws where that stack does not stand before this one; so one that is not seen is unknown."""
    function = given[0] if given else NOTHING
    found = [kept.get(choice.data) for choice in alternatives(function)]
    boxes = [box for box in found if box is not None]
    if not boxes or len(boxes) < len(found):
        reason = why(function) if not isinstance(function, Known) else Why.NO_EARLIER_STACK()
        return Unknown(Why.STACK_UNSEEN(reason), node)
    return join(m, boxes, function.reason if isinstance(function, OneOf) else CONDITION)


FUNCTIONS: dict[str, Callable[[Machine, list[Box], Any], Box]] = {
    "sst2.use": _use,
    "sst2.getStack": _get_stack,
    "sst2.dependsOn": lambda m, given, node: NOTHING,
}
"""What `sst/constructs` gives beside constructs (index.ts:32)."""
