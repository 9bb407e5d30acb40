"""The write barrier: every write to a container that the program can see goes through `put`, `drop` or
`touch`, which log the previous content in the innermost level.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from policy_bot.sst.domain import absent_or, objects, presence
from policy_bot.sst.heap import Live
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.path import (
    MISSING,
    ORDER,
    LateWrites,
    Raced,
    Writes,
    content_of,
    copied,
    restore,
)
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import AbstractValue, Items, Unknown, optional


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
        value = _unclear(container.get(key, MISSING), value)
    container[key] = value


def _is_late(late: LateWrites, container: Any, key: Any) -> None:
    place = (id(container), key)
    if place not in late.writes and getattr(container, "born", 0) < late.epoch:
        late.writes[place] = (container, key, content_of(container, key))


def _unclear(before: Any, now: Any) -> Any:
    """The content of a place that changes from one to the other at an unknown time."""
    contents = [content for content in (before, now) if content is not MISSING]
    values = [content[1] if isinstance(content, tuple) else content for content in contents]
    reason = Why.RACING()
    unclear: AbstractValue = Unknown(reason, among=objects(values))
    if len(values) < 2 or any(presence(value) is not None for value in values):
        unclear = absent_or(unclear, reason)
    return (contents[0][0], unclear) if isinstance(contents[0], tuple) else unclear


def race(m: Machine, late: LateWrites) -> Raced:
    """A late write may happen at any time: the key is unknown, whatever the caller writes."""
    raced: Raced = []
    for place, (container, key, before) in late.writes.items():
        content = content_of(container, key)
        if isinstance(container, list):
            items = touch(m, container)
            items[:] = optional(items, Why.RACING())
            if isinstance(items, Items):
                items.open = items.open or Unknown(Why.RACING())
        elif (content is MISSING and before is MISSING) or isinstance(content, Live):
            continue
        else:
            raced_before = place in m.path.racing
            put(m, container, key, _unclear(before, content))
            m.path.racing.add(place)
            if raced_before:
                continue
        raced.append((container, key, content, content_of(container, key)))
    return raced


def rejoin(m: Machine, raced: Raced) -> None:
    """The functions whose writes raced have ended: what only one of them wrote is known from now on, unless
    somebody else wrote there meanwhile.
    """
    writers = Counter((id(container), key) for container, key, *_ in raced)
    for container, key, content, seen in raced:
        now = content_of(container, key)
        if writers[id(container), key] > 1 or (now != seen if isinstance(now, list) else now is not seen):
            continue
        m.path.racing.discard((id(container), key))
        replay(m, {(id(container), key): (container, key, content)})


def drop(m: Machine, container: dict[Any, Any], key: Any) -> None:
    """Deletes a key."""
    if key not in container:
        return
    level = m.path.top
    if level is not None and getattr(container, "born", 0) < level.epoch:
        level.log.setdefault((id(container), ORDER), (container, ORDER, list(container)))
        level.log.setdefault((id(container), key), (container, key, container[key]))
    if m.path.late is not None:
        _is_late(m.path.late, container, key)
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
