"""The ways in which a statement ends."""

from __future__ import annotations

from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Known, Placed, Unknown

UNSET = Unknown(Why.UNSET())
"""The value of a `const`, `let` or `class` before its line has run."""


class Thrown(Exception):
    """The program throws `value` at `node`; `noted` is set once its handler knows the state."""

    def __init__(self, value: AbstractValue, node: Placed | None) -> None:
        super().__init__("thrown by the program")
        self.value = value
        self.node = node
        self.noted = False


class Returned:
    """A statement ended in `return`."""

    __slots__ = ("value",)

    def __init__(self, value: AbstractValue) -> None:
        self.value = value


class Jumped:
    """A statement ended in `break` or `continue`."""

    __slots__ = ("kind", "label")

    def __init__(self, kind: str, label: str) -> None:
        self.kind = kind
        self.label = label


Completion = Returned | Jumped | None

SHORT = Known("cut short by ?.")
"""The value of an optional chain that ended early, at null or undefined. It never leaves the chain."""


class Enough(Exception):
    """A generator has yielded more elements than its caller may take."""
