"""`Error` and its subclasses."""

from __future__ import annotations

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.heap import Data, Instance
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.builtins.arguments import first, text
from policy_bot.sst.interpreter.builtins.table import Builtin, function_row
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.values import AbstractValue, Known, Origin, Placed, slots

_KINDS = ("Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError")


def _error(kind: str) -> Builtin[Data]:
    def make(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        made = Instance(kind)
        message = first(given)
        if isinstance(message, Known):
            message = Known("" if message.data is UNDEFINED else text(message.data), message.origin)
        made.props = slots({"message": message, "name": Known(kind)})
        if len(given) > 1:
            made.props["cause"] = get(m, given[1], "cause", node)
        return Known(made, Origin(node, f"new {kind}"))

    return function_row(kind, make, 2)


ERRORS = {kind: _error(kind) for kind in _KINDS}
