"""Expressions whose value depends on an undecided condition."""

from __future__ import annotations

from collections.abc import Callable

from policy_bot.sst.interpreter.branches import fork
from policy_bot.sst.interpreter.completions import Completion
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.reasons import Reason
from policy_bot.sst.values import AbstractValue


def choose(m: Machine, reason: Reason, runs: list[Callable[[], AbstractValue]]) -> AbstractValue:
    """Evaluates every branch of an undecided expression and joins their values and effects."""
    values: list[AbstractValue] = []

    def branch(run: Callable[[], AbstractValue]) -> Callable[[], Completion]:
        def evaluate() -> Completion:
            values.append(run())
            return None

        return evaluate

    fork(m, reason, [branch(run) for run in runs])
    return join(m, values, reason)
