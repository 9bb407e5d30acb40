"""Calls into the program from outside, after it has run: its callbacks, as SST calls them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from policy_bot.sst.heap import Class, Closure, Obj
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.branches import collect
from policy_bot.sst.interpreter.callables import call
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.path import undo
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Known, Unknown

_Result = TypeVar("_Result")


class Reentry:
    """The `recording.RunProgram` of a machine: if something stops a callback, it records a blind spot."""

    def __init__(self, m: Machine) -> None:
        self.m = m

    @property
    def asked(self) -> bool:
        """See `recording.RunProgram`."""
        return self.m.asked

    @asked.setter
    def asked(self, asked: bool) -> None:
        self.m.asked = asked

    def call(
        self, function: AbstractValue, arguments: Sequence[AbstractValue], this: AbstractValue | None = None
    ) -> AbstractValue:
        """Calls a function of the program."""
        m = self.m
        m.asked = True
        data = function.data if isinstance(function, Known) else None
        node = data.node if isinstance(data, (Closure, Class, Obj)) else None
        result = m.guarded(lambda: call(m, function, list(arguments), this, node), node, "a callback")
        return Unknown(Why.NOT_FOLLOWED_TO_END("the callback"), node) if result is None else result

    def rehearse(self, run: Callable[[], _Result]) -> _Result:
        """Runs a part of the program and undoes everything that it did."""
        m = self.m
        start, spots, level = m.mark(), m.spots(), m.path.push(None)
        try:
            return run()
        finally:
            if level in m.path.levels:
                collect(m, m.path.levels.index(level), [])
            else:
                undo(level.log)
            m.rewind(start)
            m.restore_spots(spots)

    def get(self, value: AbstractValue, key: str) -> AbstractValue:
        """Reads a property."""
        m = self.m
        before = m.fuel
        result = m.guarded(lambda: get(m, value, key, None), None, "a property")
        m.asked = m.asked or m.fuel != before  # a getter has run
        return Unknown(Why.PROPERTY()) if result is None else result
