"""Methods of Pulumi outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter import sst
from policy_bot.sst.interpreter.builtins.table import Method
from policy_bot.sst.values import AbstractValue, Known

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


def _apply(m: Machine, this: Known, given: list[AbstractValue], node: Any) -> AbstractValue:
    return sst.apply(m, this, given, node)


def _same(m: Machine, this: Known, given: list[AbstractValue], node: Any) -> AbstractValue:
    return this


METHODS: dict[str, Method] = {"apply": _apply}
PROPERTY_METHODS: dict[str, Method] = {"apply": _apply, "then": _apply, "catch": _same, "finally": _same}
