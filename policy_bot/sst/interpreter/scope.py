"""Where names live: scopes, frames of function calls, and what statements end with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policy_bot.sst.nodes import Source
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Arr, Class, Known, Slots, Unknown, slots


class Live:
    """An imported name: read through to the module that exports it, each time."""

    __slots__ = ("read",)

    def __init__(self, read: Callable[[], AbstractValue]) -> None:
        self.read = read


class CallFrame:
    """One call of a function (or the top of a module): `this`, the class it belongs to, where `var` goes.

    `running`: an async function that its caller does not wait for. An arrow function's frame has `outer`, the
    frame it was written in, whose `this` it has.
    """

    __slots__ = ("home", "outer", "running", "source", "this", "top", "yields")

    def __init__(
        self,
        source: Source,
        this: AbstractValue | None = None,
        home: Class | None = None,
        outer: CallFrame | None = None,
    ) -> None:
        self.source = source
        self.this = this
        self.home = home
        self.outer = outer
        self.top: Scope | None = None
        self.yields: Arr | None = None
        self.running = False

    def lexical(self) -> CallFrame:
        """The frame whose `this` and `super` are meant: that of the nearest function that is no arrow."""
        frame = self
        while frame.outer is not None:
            frame = frame.outer
        return frame


class Scope:
    """Names of one block, some of them `constants`; looked up outwards through `parent`."""

    __slots__ = ("constants", "frame", "parent", "vars")

    def __init__(
        self,
        names: dict[str, Any],
        parent: Scope | None,
        frame: CallFrame,
        constants: frozenset[str] = frozenset(),
    ) -> None:
        self.constants = constants
        self.vars: dict[str, Any] = names if names.__class__ is Slots else slots(names)
        self.parent = parent
        self.frame = frame


UNSET = Unknown(Why.UNSET())
"""What a `const`, `let` or `class` holds before its line has run."""


class Thrown(Exception):
    """The program throws. `value` is what, `node` where; `noted` once its handler knows the state."""

    def __init__(self, value: AbstractValue, node: Any) -> None:
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
"""What an optional chain passes on after it was cut short; never leaves the chain."""
