"""Conditions that cannot be seen: every way is run, and what they leave behind is merged.

Writes go through `put` and `touch`, which note what was there before in the journal of the innermost
undecided branch. A way that throws is dropped: a deploy that went through did not take it. A way that leaves
early (`return` in an `if`) stays *pending*: what follows runs in doubt, and the two are merged where the
function or loop ends.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.scope import Completion, Jumped, Live, Returned, Thrown
from policy_bot.sst.limits import LimitReached
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import UNDEFINED, Box, Known, OneOf, Perhaps, Unknown, alternatives

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine

_MISSING: Any = object()
_NOTHING = Known(UNDEFINED)
Place = tuple[int, Any]
Writes = dict[
    Place, tuple[Any, Any, Any]
]  # the container, its key (None for a list), the value (the items for a list)


class Journal:
    """What was there before the writes of one undecided branch."""

    __slots__ = ("before", "parent")

    def __init__(self, parent: Journal | None) -> None:
        self.parent = parent
        self.before: Writes = {}


class Pending:
    """A way that left early: how, and what it had written."""

    __slots__ = ("completion", "writes")

    def __init__(self, completion: Returned | Jumped, writes: Writes) -> None:
        self.completion = completion
        self.writes = writes


def put(m: Machine, container: dict[Any, Any], key: Any, value: Any) -> None:
    """Sets a key of any dict the program can see."""
    journal = m.journal
    if journal is not None:
        place = (id(container), key)
        if place not in journal.before:
            journal.before[place] = (container, key, container.get(key, _MISSING))
    container[key] = value


def drop(m: Machine, container: dict[Any, Any], key: Any) -> None:
    """Takes a key away."""
    if key in container:
        put(m, container, key, _MISSING)
        del container[key]


def touch(m: Machine, items: list[Any]) -> list[Any]:
    """To be called before a list the program can see is changed; gives the list."""
    journal = m.journal
    if journal is not None:
        place = (id(items), None)
        if place not in journal.before:
            m.spend(len(items))
            journal.before[place] = (items, None, list(items))
    return items


def _restore(container: Any, key: Any, value: Any) -> None:
    if isinstance(container, list):
        container[:] = value
    elif value is _MISSING:
        container.pop(key, None)
    else:
        container[key] = value


def _now(container: Any, key: Any) -> Any:
    return list(container) if isinstance(container, list) else container.get(key, _MISSING)


def _write(m: Machine, container: Any, key: Any, value: Any) -> None:
    if isinstance(container, list):
        touch(m, container)[:] = value
    elif value is _MISSING:
        drop(m, container, key)
    else:
        put(m, container, key, value)


def _undo(journal: Journal) -> Writes:
    """Takes back a branch's writes and gives them."""
    writes: Writes = {}
    for place, (container, key, old) in journal.before.items():
        writes[place] = (container, key, _now(container, key))
        _restore(container, key, old)
    return writes


Way = Callable[[], Completion]
_FORK = 10  # steps that an undecided condition costs, beside those of its ways


def fork(m: Machine, reason: Reason, ways: Sequence[Way], widen: bool = False) -> Completion:
    """Runs every way from the same state and merges what they leave. With `widen` what differs becomes
    unknown.

    Raises `Thrown` where every way throws.
    """
    if len(m.doubts) >= m.limits.branches:
        raise LimitReached(Why.BRANCHES(m.limits.branches))
    m.toil(_FORK)
    done: list[tuple[Completion, Writes]] = []
    thrown: Thrown | None = None
    start = m.mark()
    for way in ways:
        try:
            done += _run(m, reason, way)
        except Thrown as error:
            thrown = error
    if not done:
        assert thrown is not None
        raise thrown
    if thrown is not None:
        m.dropped += 1
    if thrown is not None and len(done) == 1:
        m.assure(start, reason)
    return _settle(m, reason, done, widen)


def _run(m: Machine, reason: Reason, way: Way) -> list[tuple[Completion, Writes]]:
    """Runs one way; gives how it may end (early exits inside it are ends of their own) with what it wrote
    until there.
    """
    outer, depth = m.journal, len(m.pending)
    journal = m.journal = Journal(outer)
    m.doubts.append(reason)
    ends: list[tuple[Completion, Writes]] = []
    try:
        ends.append((way(), {}))
    except Thrown:
        if len(m.pending) == depth:
            _undo(journal)
            raise
    finally:
        if len(m.pending) == depth:
            m.journal = outer
            m.doubts.pop()
    while len(m.pending) > depth:
        pending, inner = m.pending.pop(), m.journal
        assert inner is not None
        before = _undo(inner)
        m.toil((len(before) + 1) * len(ends))
        ends = [(end, {**before, **writes}) for end, writes in ends]
        ends.append((pending.completion, pending.writes))
        m.journal = inner.parent
        m.doubts.pop()
    if m.journal is journal:
        m.journal = outer
        m.doubts.pop()
    before = _undo(journal)
    return [(end, {**before, **writes}) for end, writes in ends]


def _settle(m: Machine, reason: Reason, done: list[tuple[Completion, Writes]], widen: bool) -> Completion:
    """Goes on with what the normal ends agree on; each kind of early end stays pending."""
    ends: dict[tuple[str, str], list[tuple[Completion, Writes]]] = {}
    for end in done:
        ends.setdefault(_kind(end[0]), []).append(end)
    kinds = sorted(ends, key=lambda kind: kind != _NORMAL)
    going = kinds.pop(0)
    early = [_united(m, ends[kind], reason, widen) for kind in kinds]
    completion, writes = _united(m, ends[going], reason, widen)
    _apply(m, writes)
    for other, written in early:
        assert other is not None
        _suspend(m, other, written, reason)
    return completion


def _united(
    m: Machine, ends: list[tuple[Completion, Writes]], reason: Reason, widen: bool
) -> tuple[Completion, Writes]:
    """Ends of one kind as one, with their values and writes joined."""
    writes = _merged(m, [writes for _, writes in ends], reason, widen)
    values = [end.value for end, _ in ends if isinstance(end, Returned)]
    return (Returned(join(m, values, reason)) if values else ends[0][0]), writes


def _suspend(m: Machine, completion: Returned | Jumped, writes: Writes, reason: Reason) -> None:
    """From now on everything is in doubt, until the pending way is closed."""
    if len(m.doubts) >= m.limits.branches:
        raise LimitReached(Why.BRANCHES(m.limits.branches))
    m.pending.append(Pending(completion, writes))
    m.journal = Journal(m.journal)
    m.doubts.append(reason)


_NORMAL = ("", "")


def _kind(completion: Completion) -> tuple[str, str]:
    if completion is None:
        return _NORMAL
    return (completion.kind, completion.label) if isinstance(completion, Jumped) else ("return", "")


def _resume(m: Machine) -> tuple[Pending, Writes, Reason]:
    """Takes the innermost pending way back, and what was written after it."""
    pending = m.pending.pop()
    journal, reason = m.journal, m.doubts.pop()
    assert journal is not None
    m.journal = journal.parent
    return pending, _undo(journal), reason


def close(m: Machine, completion: Completion) -> Completion:
    """Ends the innermost pending way where the function ends: merges its state with that of what followed."""
    pending, following, reason = _resume(m)
    _apply(m, _merged(m, [following, pending.writes], reason, widen=False))
    early = pending.completion
    if isinstance(early, Returned):
        other = completion.value if isinstance(completion, Returned) else _NOTHING
        return Returned(join(m, [other, early.value], reason))
    return completion


def close_jump(m: Machine, completion: Completion) -> Completion:
    """Ends a pending `break` or `continue` where it leads to.

    What followed it may have left further: then that stays pending, and the program goes on here.
    """
    pending, following, reason = _resume(m)
    if completion is None or _kind(completion) == _kind(pending.completion):
        _apply(m, _merged(m, [following, pending.writes], reason, widen=False))
        return None
    _suspend(m, completion, following, reason)
    _apply(m, pending.writes)
    return None


def abandon(m: Machine) -> Returned | Jumped:
    """What followed a pending way has thrown: only the pending way is left, and its state."""
    pending, _, _ = _resume(m)
    _apply(m, pending.writes)
    return pending.completion


def _merged(m: Machine, states: list[Writes], reason: Reason, widen: bool) -> Writes:
    """One state for several: what they wrote, joined."""
    if len(states) == 1:
        return states[0]
    places: Writes = {}
    for state in states:
        places.update(state)
    m.toil(len(places) * len(states))
    for place, (container, key, _) in places.items():
        values = [state[place][2] if place in state else _now(container, key) for state in states]
        places[place] = (container, key, _joined(m, container, values, reason, widen))
    return places


def _apply(m: Machine, writes: Writes) -> None:
    m.toil(len(writes))
    for container, key, value in writes.values():
        _write(m, container, key, value)


def _joined(m: Machine, container: Any, values: list[Any], reason: Reason, widen: bool) -> Any:
    first = values[0]
    if all(value is first for value in values[1:]):
        return first
    if isinstance(container, list):
        return _lists(m, values, reason, widen)
    if any(isinstance(value, tuple) for value in values):
        return _entries(m, values, reason)
    if any(isinstance(value, Live) for value in values):
        return first
    boxes = [_NOTHING if value is _MISSING else value for value in values]
    if widen and not all(same(boxes[0], box) for box in boxes[1:]):
        return Unknown(reason)
    return join(m, boxes, reason)


def _entries(m: Machine, values: list[Any], reason: Reason) -> Any:
    """An entry of a Map or Set that differs, or is there in one state only: its value is unknown."""
    present = [value for value in values if value is not _MISSING]
    if len(present) == len(values):
        return present[0][0], join(m, [value for _, value in present], reason)
    return present[0][0], Unknown(reason)


def _lists(m: Machine, lists: list[list[Any]], reason: Reason, widen: bool) -> list[Any]:
    m.spend(sum(map(len, lists)))
    shortest = min(map(len, lists))
    if all(len(items) == shortest for items in lists):
        return [_element(m, items, reason, widen) for items in zip(*lists, strict=True)]
    same_until = 0
    while same_until < shortest and all(_alike(items[same_until], lists[0][same_until]) for items in lists):
        same_until += 1
    merged = lists[0][:same_until]
    for items in lists:
        for item in items[same_until:]:
            merged.append(item if isinstance(item, Perhaps) else Perhaps(item, reason))
    return merged


def _alike(a: Any, b: Any) -> bool:
    return a is b or (not isinstance(a, Perhaps) and not isinstance(b, Perhaps) and same(a, b))


def _element(m: Machine, items: tuple[Any, ...], reason: Reason, widen: bool) -> Any:
    if all(item is items[0] for item in items):
        return items[0]
    if any(isinstance(item, Perhaps) for item in items):
        return Perhaps(Unknown(reason), reason)
    if widen and not all(same(items[0], item) for item in items):
        return Unknown(reason)
    return join(m, list(items), reason)


def same(a: Box, b: Box) -> bool:
    """Whether two boxes hold the same known value."""
    if a is b:
        return True
    if a.__class__ is not Known or b.__class__ is not Known:
        return False
    x, y = a.data, b.data
    if x is y:
        return True
    return x.__class__ is y.__class__ and isinstance(x, (str, int, float, bool)) and x == y


def join(m: Machine, boxes: Sequence[Box], reason: Reason) -> Box:
    """One box for a value that may be any of these."""
    first = boxes[0]
    if all(same(first, box) for box in boxes[1:]):
        return first
    choices: list[Known] = []
    for box in boxes:
        if isinstance(box, Unknown):
            return box
        for choice in alternatives(box):
            if not any(same(choice, other) for other in choices):
                choices.append(choice)
    if len(choices) == 1:
        return choices[0]
    if len(choices) > m.limits.choices:
        return Unknown(reason)
    return OneOf(tuple(choices), reason)
