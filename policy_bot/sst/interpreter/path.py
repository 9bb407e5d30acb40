"""The branches that a program is in, and the write barrier.

`Path` is a stack of levels. Each keeps an undo log: what was in a container before the level wrote to it. A
write goes through `put`, `drop` or `touch`. `undo` takes the writes of a level back and gives them
(`Writes`), `replay` applies them again.

What a level made itself nobody else can see, so that writes to it need no log: a container knows when it was
made (`born`), a level when it was begun (`epoch`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.scope import Completion
from policy_bot.sst.limits import LimitReached
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import AbstractValue, Births, Items, Unknown, optional

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine

MISSING: Any = object()
ORDER: Any = object()
Place = tuple[int, Any]
Writes = dict[Place, tuple[Any, Any, Any]]
"""By place: the container, its key (None for an array, `ORDER` for the order of keys), and the content."""


class Raised:
    """An end that throws, where what comes last (`finally`) has to be run from it too."""

    __slots__ = ("node", "value")

    def __init__(self, value: AbstractValue, node: Any) -> None:
        self.value = value
        self.node = node


class End:
    """One way a branch ends: how, and what it had written until then."""

    __slots__ = ("completion", "reason", "writes")

    def __init__(self, completion: Completion | Raised, writes: Writes, reason: Reason) -> None:
        self.completion = completion
        self.writes = writes
        self.reason = reason


class Level:
    """One undecided branch that the program is in, or what follows a suspended end.

    `reason` is the path condition; None for the body of a `try`, which is certain. `log` holds what was there
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


class Late:
    """What an async function writes after its first `await`, while its caller goes on."""

    __slots__ = ("epoch", "writes")

    def __init__(self) -> None:
        Births.now += 1
        self.epoch = Births.now
        self.writes: dict[Place, tuple[Any, Any]] = {}


class Path:
    """The branches that the program is in, outermost first."""

    __slots__ = ("late", "levels", "most", "racing", "top")

    def __init__(self, most: int) -> None:
        self.late: Late | None = None
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
        """The innermost path condition; None where what happens now surely happens."""
        return next((level.reason for level in reversed(self.levels) if level.reason is not None), None)

    @property
    def undecided(self) -> bool:
        """Whether it depends on a condition what happens now."""
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
        """What was made inside the levels until now can be seen outside of them."""
        Births.now += 1
        for level in self.levels:
            level.epoch = Births.now

    def clear(self) -> None:
        """Leaves all levels: the program was stopped in the middle of them."""
        self.levels.clear()
        self.top = None


# --- the write barrier --------------------------------------------------------------------------------------


def put(m: Machine, container: dict[Any, Any], key: Any, value: Any) -> None:
    """Sets a key of a mapping that the program can see."""
    level = m.path.top
    if level is not None:
        place = (id(container), key)
        if place not in level.log and getattr(container, "born", 0) < level.epoch:
            level.log[place] = (container, key, container.get(key, MISSING))
        if m.path.late is not None:
            _is_late(m.path.late, container, key)
    if m.path.racing and (id(container), key) in m.path.racing:
        value = Unknown(Why.RACING())
    container[key] = value


def _is_late(late: Late, container: Any, key: Any) -> None:
    if getattr(container, "born", 0) < late.epoch:
        late.writes[id(container), key] = (container, key)


def race(m: Machine, late: Late) -> None:
    """What was written late may be written at any time: it is unknown, whatever the caller writes."""
    for place, (container, key) in late.writes.items():
        if isinstance(container, list):
            items = touch(m, container)
            items[:] = optional(items, Why.RACING())
            if isinstance(items, Items):
                items.open = items.open or Unknown(Why.RACING())
        elif key in container and not isinstance(container[key], tuple):
            m.path.racing.add(place)
            put(m, container, key, container[key])


def drop(m: Machine, container: dict[Any, Any], key: Any) -> None:
    """Takes a key away."""
    if key not in container:
        return
    level = m.path.top
    if level is not None and getattr(container, "born", 0) < level.epoch:
        level.log.setdefault((id(container), ORDER), (container, ORDER, list(container)))
        level.log.setdefault((id(container), key), (container, key, container[key]))
    del container[key]


def touch(m: Machine, items: list[Any]) -> list[Any]:
    """To be called before a list that the program can see is changed; gives the list."""
    level = m.path.top
    if level is not None:
        place = (id(items), None)
        if place not in level.log and getattr(items, "born", 0) < level.epoch:
            m.allocate(len(items))
            level.log[place] = (items, None, _copy(items))
        if m.path.late is not None:
            _is_late(m.path.late, items, None)
    return items


def _copy(items: list[Any]) -> Items:
    copy = Items(items)
    copy.open = items.open if isinstance(items, Items) else None
    return copy


def content_of(container: Any, key: Any) -> Any:
    """What is at a place now."""
    if isinstance(container, list):
        return _copy(container)
    return list(container) if key is ORDER else container.get(key, MISSING)


def _restore(container: Any, key: Any, content: Any) -> None:
    if isinstance(container, list):
        container[:] = content
        if container.__class__ is Items:
            container.open = content.open
    elif content is MISSING:
        container.pop(key, None)
    else:
        container[key] = content


def undo(log: Writes) -> Writes:
    """Takes back the writes of a level and gives them."""
    writes: Writes = {}
    orders = []
    for place, (container, key, before) in log.items():
        if key is ORDER:
            orders.append((container, before))
            continue
        writes[place] = (container, key, content_of(container, key))
        _restore(container, key, before)
    for container, keys in orders:  # a key that was deleted and comes back goes where it was
        content = [(key, container[key]) for key in keys if key in container]
        container.clear()
        container.update(content)
    return writes


def replay(m: Machine, writes: Writes) -> None:
    """Applies the writes of a state."""
    m.burn(len(writes))
    for container, key, content in writes.values():
        if isinstance(container, list):
            touch(m, container)
            _restore(container, None, content)
        elif content is MISSING:
            drop(m, container, key)
        else:
            put(m, container, key, content)
