"""Errors of JavaScript's own that the program meets."""

from __future__ import annotations

from typing import NoReturn

from policy_bot.sst.heap import Arr, Instance, Obj
from policy_bot.sst.interpreter.completions import Thrown
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import Known, Placed, Unknown, slots


def error_of(kind: str, node: Placed | None, message: str | None = None) -> Thrown:
    """An error object of JavaScript. Without `message` its text is unknown, because it differs by engine."""
    text = Unknown(Why.ERROR_MESSAGE(kind), node) if message is None else Known(message)
    made = Instance(kind)
    made.props = slots({"message": text, "name": Known(kind)})
    return Thrown(Known(made), node)


def throw(kind: str, node: Placed | None) -> NoReturn:
    """The program certainly throws here."""
    raise error_of(kind, node)


def check_writable(m: Machine, data: Obj | Arr, node: Placed | None) -> None:
    """Throws if the array or object is frozen, as modules do (they are in strict mode)."""
    if data.frozen:
        throw("TypeError", node)
    if data.frozen is None:
        m.may_throw(node)
