"""Defaults of SST v2 functions: those of their construct, their stack and the app."""

from __future__ import annotations

from policy_bot.sst.catalog import v2 as catalog
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Closure, Instance, Obj
from policy_bot.sst.reasons import CONDITION, Why
from policy_bot.sst.recording import MethodCall, Recording
from policy_bot.sst.semantics.lambdas import Lambda, argument_at
from policy_bot.sst.semantics.lookup import joined, lookup, or_else
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Unknown, is_nullish


class Defaults:
    """Finds the settings of a function that its own definition lacks."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.machine = recording.machine
        self.calls = [each for each in recording.calls if each.method == catalog.SET_DEFAULTS]

    def over(self, source: Lambda, own: AbstractValue, key: str) -> AbstractValue:
        """The nearest of: the function's own, its construct's defaults, the stack's, the app's."""
        value = lookup(self.machine, own, key) if _may_be_object(own) else NOTHING
        value = or_else(value, self._of_construct(source, key))
        scope = _stack(argument_at(source.record, 0), source.owner)
        for call in reversed(self.calls):
            if call.order < source.record.order:
                value = or_else(value, self._given(call, scope, key))
        return value

    def _of_construct(self, source: Lambda, key: str) -> AbstractValue:
        position, _, path = catalog.DEFAULTS.partition(".")
        made = source.owner.construction if source.owner is not None else None
        props = argument_at(made, int(position)) if made is not None else NOTHING
        seconds = catalog.OWN_SECONDS.get(source.owner_type) if key == "timeout" else None
        return or_else(
            lookup(self.machine, props, f"{path}.{key}"), NOTHING if seconds is None else Known(seconds)
        )

    def _given(self, call: MethodCall, scope: Instance | None, key: str) -> AbstractValue:
        """The defaults that one call sets for a function of the stack `scope`; the app's apply to all."""
        if call.type != catalog.APP and scope is not None and call.receiver is not scope:
            return NOTHING
        value = lookup(self.machine, self._props(call, scope), key)
        if _is_given(value) and call.type != catalog.APP and scope is None:
            return Unknown(Why.STACK_DEFAULTS(), call.node)
        return value if call.certain else joined([value, NOTHING], call.reason or CONDITION)

    def _props(self, call: MethodCall, scope: Instance | None) -> AbstractValue:
        """The props, or the result of the callback that the app receives (Stack.ts:82-84)."""
        given = strip(argument_at(call, 0))
        if not (isinstance(given, Known) and isinstance(given.data, Closure)):
            return given
        stack = Unknown(Why.STACK(), call.node) if scope is None else Known(scope)
        return self.machine.call(given, [stack])


def _is_given(value: AbstractValue) -> bool:
    """Whether a value is given, or may be."""
    return not is_nullish(value)


def _stack(scope: AbstractValue, owner: Instance | None) -> Instance | None:
    """The stack of a construct; None if it is unknown."""
    value = strip(scope)
    data = value.data if isinstance(value, Known) else None
    instance = data if isinstance(data, Instance) else owner
    for _ in range(8):
        if instance is None or instance.type == catalog.STACK:
            break
        made = instance.construction
        outer = strip(argument_at(made, 0)) if made is not None else NOTHING
        instance = outer.data if isinstance(outer, Known) and isinstance(outer.data, Instance) else None
    return instance if instance is not None and instance.type == catalog.STACK else None


def _may_be_object(value: AbstractValue) -> bool:
    return isinstance(value, (Unknown, OneOf)) or isinstance(value.data, Obj)
