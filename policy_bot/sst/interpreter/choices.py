"""Expressions whose value depends on an undecided condition."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from policy_bot.sst.interpreter.branches import fork, join
from policy_bot.sst.interpreter.scope import Completion
from policy_bot.sst.reasons import Reason
from policy_bot.sst.values import AbstractValue

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


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
