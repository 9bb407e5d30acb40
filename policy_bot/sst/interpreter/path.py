"""The branches that a program is in, and their writes.

`Path` is a stack of levels. Each keeps an undo log: the content of a container before the level wrote to it.
`undo` takes the writes of a level back and returns them (`Writes`). The write barrier (`writes`) fills the
log.

Containers that a level made itself are not visible outside of it, so writes to them need no log: a container
knows when it was made (`born`), a level when it began (`epoch`).
"""

from __future__ import annotations

from typing import Any

from policy_bot.sst.interpreter.completions import Completion
from policy_bot.sst.limits import LimitReached
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import AbstractValue, Births, Items, Placed

MISSING: Any = object()
ORDER: Any = object()
Place = tuple[int, Any]
Writes = dict[Place, tuple[Any, Any, Any]]
"""By place: the container, its key (None for an array, `ORDER` for the order of keys), and the content."""


class Raised:
    """An end by a throw from which `finally` has to run too."""

    __slots__ = ("node", "value")

    def __init__(self, value: AbstractValue, node: Placed | None) -> None:
        self.value = value
        self.node = node


class End:
    """One end of a branch: its kind, and its writes until then."""

    __slots__ = ("completion", "reason", "writes")

    def __init__(self, completion: Completion | Raised, writes: Writes, reason: Reason) -> None:
        self.completion = completion
        self.writes = writes
        self.reason = reason


class Level:
    """One undecided branch that the program is in, or the code after a suspended end.

    `reason` is the path condition; None for the body of a `try`, which is certain. `log` holds the contents
    before the writes of this level. Containers born in `epoch` or later were made inside it: nobody outside
    sees them.
    """

    __slots__ = ("epoch", "log", "pending", "reason")

    def __init__(self, reason: Reason | None, pending: End | None = None) -> None:
        self.reason = reason
        self.pending = pending
        self.log: Writes = {}
        Births.now += 1
        self.epoch = Births.now


class LateWrites:
    """Writes of an async function after its first `await`, while its caller continues: the containers, the
    keys, and the contents before.
    """

    __slots__ = ("epoch", "writes")

    def __init__(self) -> None:
        Births.now += 1
        self.epoch = Births.now
        self.writes: Writes = {}


Raced = list[tuple[Any, Any, Any, Any]]
"""Places that were written late: the container, the key, its content after the writes, and what the caller
sees.
"""


class Path:
    """The branches that the program is in, outermost first."""

    __slots__ = ("late", "levels", "most", "racing", "top")

    def __init__(self, most: int) -> None:
        self.late: LateWrites | None = None
        self.racing: set[Place] = set()
        self.levels: list[Level] = []
        self.top: Level | None = None
        self.most = most

    @property
    def depth(self) -> int:
        """How many levels there are."""
        return len(self.levels)

    @property
    def reason(self) -> Reason | None:
        """The innermost path condition; None if the program certainly gets here."""
        return next((level.reason for level in reversed(self.levels) if level.reason is not None), None)

    @property
    def conditions(self) -> int:
        """The number of path conditions that the current place depends on."""
        return sum(level.reason is not None for level in self.levels)

    @property
    def undecided(self) -> bool:
        """Whether the current place depends on a condition."""
        return any(level.reason is not None for level in self.levels)

    def push(self, reason: Reason | None, pending: End | None = None) -> Level:
        """Begins a level."""
        if len(self.levels) >= self.most:
            raise LimitReached(Why.BRANCHES(self.most))
        level = self.top = Level(reason, pending)
        self.levels.append(level)
        return level

    def pop(self) -> Level:
        """Ends the innermost level. Its writes stay; `undo` takes them back."""
        level = self.levels.pop()
        self.top = self.levels[-1] if self.levels else None
        return level

    def publish(self) -> None:
        """Makes the containers that were made inside the levels visible outside of them."""
        Births.now += 1
        for level in self.levels:
            level.epoch = Births.now

    def forget(self, birth: int) -> None:
        """Takes writes to containers made since `birth` out of the undo logs: they stay for all branches."""
        for level in self.levels:
            level.log = {
                place: write for place, write in level.log.items() if getattr(write[0], "born", 0) < birth
            }

    def clear(self) -> None:
        """Leaves all levels, because the program was stopped inside them."""
        self.levels.clear()
        self.top = None


def copied(items: list[Any]) -> Items:
    """A copy of an array's elements, for the log."""
    copy = Items(items)
    copy.open = items.open if isinstance(items, Items) else None
    return copy


def content_of(container: Any, key: Any) -> Any:
    """The current content of a place."""
    if isinstance(container, list):
        return copied(container)
    return list(container) if key is ORDER else container.get(key, MISSING)


def restore(container: Any, key: Any, content: Any) -> None:
    """Restores the content of a place."""
    if isinstance(container, list):
        container[:] = content
        if container.__class__ is Items:
            container.open = content.open
    elif content is MISSING:
        container.pop(key, None)
    else:
        container[key] = content


def undo(log: Writes) -> Writes:
    """Takes back the writes of a level and returns them."""
    writes: Writes = {}
    orders = []
    for place, (container, key, before) in log.items():
        if key is ORDER:
            orders.append((container, before))
            continue
        writes[place] = (container, key, content_of(container, key))
        restore(container, key, before)
    for container, keys in orders:  # a key that was deleted and is restored keeps its position
        content = [(key, container[key]) for key in keys if key in container]
        container.clear()
        container.update(content)
    return writes
