"""SST 2: the app, its stacks, and the values that one stack returns to the others.

Source: `packages/sst/src/constructs/FunctionalStack.ts` at v2.44.0.
"""

from __future__ import annotations

from policy_bot.sst.catalog import v2 as catalog
from policy_bot.sst.heap import Instance, Native, Obj
from policy_bot.sst.interpreter.callables import Function, call
from policy_bot.sst.interpreter.conversions import why
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.sst import stage
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.interpreter.writes import put
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import CONDITION, Why
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Placed, Unknown, alternatives


def app(m: Machine, name: AbstractValue, top: Node) -> AbstractValue:
    """The app that is passed to `stacks(app)`."""
    made = Instance(catalog.APP)
    value = Known(made)

    def stack(machine: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        if given:
            _run_stack(machine, given[0], value, top)
        return value  # :36; a promise for an async stack (:32-35), which has no `.stack`

    made.props = {
        "stage": stage(m, None),
        "name": name,
        "stack": Known(Native("stack", stack)),
        "mode": Unknown(Why.DIFFERS_BY_COMMAND("app.mode")),
    }
    return value


def _run_stack(m: Machine, function: AbstractValue, owner: AbstractValue, top: Node) -> None:
    """`app.stack(function)`: runs it with a stack of its own (:25-30), kept for the stacks after it."""
    made = Instance(catalog.STACK)
    made.props = {"stage": stage(m, None), "app": owner}
    value = Known(made)
    if isinstance(function, Known):
        put(m, m.stacks, function.data, value)
    returned = call(m, function, [Known(Obj({"stack": value, "app": owner}))], value, top)
    if isinstance(function, Known):
        put(m, m.returned, function.data, returned)


def _use(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`use(Stack)`: the result of that stack (:54-63); of an async one its resolved value (:31-34)."""
    return _kept(m, m.returned, given, node)


def _get_stack(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`getStack(Stack)`: the stack itself (:71-81)."""
    return _kept(m, m.stacks, given, node)


def _kept(
    m: Machine, kept: dict[object, AbstractValue], given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    """The result of a stack; unknown if the stack has not run: SST throws unless it runs before this one."""
    function = given[0] if given else NOTHING
    found = [kept.get(choice.data) for choice in alternatives(function)]
    values = [value for value in found if value is not None]
    if not values or len(values) < len(found):
        reason = why(function) if not isinstance(function, Known) else Why.NO_EARLIER_STACK()
        return Unknown(Why.UNKNOWN_STACK(reason), node)
    return join(m, values, function.reason if isinstance(function, OneOf) else CONDITION)


FUNCTIONS: dict[str, Function] = {
    "sst2.use": _use,
    "sst2.getStack": _get_stack,
    "sst2.dependsOn": lambda m, given, node: NOTHING,
}
"""The exports of `sst/constructs` other than constructs (index.ts:32)."""
