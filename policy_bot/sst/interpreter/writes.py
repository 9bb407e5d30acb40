"""The write barrier: every write to a container that the program can see goes through `put`, `drop` or
`touch`, which log the previous content in the innermost level.
"""

from __future__ import annotations

from typing import Any

from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.path import MISSING, ORDER, LateWrites, Writes, copied, restore
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import Items, Unknown, optional


def put(m: Machine, container: dict[Any, Any], key: Any, value: Any) -> None:
    """Sets a key of a mapping of the program."""
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


def _is_late(late: LateWrites, container: Any, key: Any) -> None:
    if getattr(container, "born", 0) < late.epoch:
        late.writes[id(container), key] = (container, key)


def race(m: Machine, late: LateWrites) -> None:
    """A late write may happen at any time, so the key is unknown whatever the caller writes."""
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
    """Deletes a key."""
    if key not in container:
        return
    level = m.path.top
    if level is not None and getattr(container, "born", 0) < level.epoch:
        level.log.setdefault((id(container), ORDER), (container, ORDER, list(container)))
        level.log.setdefault((id(container), key), (container, key, container[key]))
    del container[key]


def touch(m: Machine, items: list[Any]) -> list[Any]:
    """Logs a list of the program before it is changed, and returns it."""
    level = m.path.top
    if level is not None:
        place = (id(items), None)
        if place not in level.log and getattr(items, "born", 0) < level.epoch:
            m.allocate(len(items))
            level.log[place] = (items, None, copied(items))
        if m.path.late is not None:
            _is_late(m.path.late, items, None)
    return items


def replay(m: Machine, writes: Writes) -> None:
    """Applies the writes of a state."""
    m.burn(len(writes))
    for container, key, content in writes.values():
        if isinstance(container, list):
            touch(m, container)
            restore(container, None, content)
        elif content is MISSING:
            drop(m, container, key)
        else:
            put(m, container, key, content)
