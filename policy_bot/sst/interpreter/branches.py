"""Undecided conditions: every branch runs from the same state, and what the branches leave behind is joined.

`Path` is the stack of branches that the program is in. Each level keeps an undo log: what was in a container
before the branch wrote to it. A write goes through `put`, `drop` or `touch`, the write barrier. When a branch
ends, its writes are taken back and kept (`Writes`), so that the next branch starts from the same state; then
the writes of all branches are joined and applied.

A branch has several *ends*: it goes on, it returns or jumps early, it throws. An early end is *suspended*:
the program goes on in a level of its own, and the two are joined where the function or loop ends.

    if (process.env.A) { x = 2; return x }   // suspended: return 2, having written x = 2
    x = 3                                     // in a level of its own, under the condition "not A"
    return x                                  // the function's end: x is 2 or 3, the value is 2 or 3

An end that throws is left out: a deployment that happened did not take it. Inside a `try` with a handler it
is noted with its state, for the handler (`handlers`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from policy_bot.sst.domain import absent_or, equivalent, presence, same
from policy_bot.sst.domain import join as joined
from policy_bot.sst.interpreter.scope import Completion, Jumped, Live, Returned, Thrown
from policy_bot.sst.limits import LimitReached
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import UNDEFINED, Births, Box, Items, Known, Perhaps, Unknown

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine

__all__ = ["drop", "fork", "join", "put", "same", "touch"]

_MISSING: Any = object()
ORDER: Any = object()
_NOTHING = Known(UNDEFINED)
Place = tuple[int, Any]
Writes = dict[Place, tuple[Any, Any, Any]]
"""By place: the container, its key (None for an array, `ORDER` for the order of keys), and the content."""

Way = Callable[[], Completion]


class Raised:
    """An end that throws, where what comes last (`finally`) has to be run from it too."""

    __slots__ = ("node", "value")

    def __init__(self, value: Box, node: Any) -> None:
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
            level.log[place] = (container, key, container.get(key, _MISSING))
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
            items[:] = [item if isinstance(item, Perhaps) else Perhaps(item, Why.RACING()) for item in items]
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
            m.spend(len(items))
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
    return list(container) if key is ORDER else container.get(key, _MISSING)


def _restore(container: Any, key: Any, content: Any) -> None:
    if isinstance(container, list):
        container[:] = content
        if container.__class__ is Items:
            container.open = content.open
    elif content is _MISSING:
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
    m.toil(len(writes))
    for container, key, content in writes.values():
        if isinstance(container, list):
            touch(m, container)
            _restore(container, None, content)
        elif content is _MISSING:
            drop(m, container, key)
        else:
            put(m, container, key, content)


# --- branches -----------------------------------------------------------------------------------------------

_FORK = 10  # fuel that an undecided condition costs, besides that of its branches
_ROUNDS = 12  # how often a repeated branch runs until what it writes must have settled


def fork(m: Machine, reason: Reason, ways: Sequence[Way], widen: bool = False) -> Completion:
    """Runs every branch from the same state and joins what they leave behind.

    With `widen`, the first branch may run any number of times, none included. Raises `Thrown` if every branch
    throws.
    """
    m.toil(_FORK)
    if widen:
        return _repeat(m, reason, ways[0])
    ends: list[End] = []
    thrown: Thrown | None = None
    start = m.mark()
    for way in ways:
        some, error = _branch(m, reason, way)
        ends += some
        thrown = error or thrown
    if not ends:
        assert thrown is not None
        raise thrown
    if thrown is not None and len(ends) == 1 and not m.handlers:
        m.assure(start, reason)
    return settle(m, ends, reason)


def _branch(m: Machine, reason: Reason, way: Way) -> tuple[list[End], Thrown | None]:
    """Runs one branch and takes its writes back: its ends, and what it throws."""
    depth = m.path.depth
    m.path.push(reason)
    ends: list[End] = []
    thrown: Thrown | None = None
    try:
        ends.append(End(way(), {}, reason))
    except Thrown as error:
        m.note(error)
        thrown = error
    return collect(m, depth, ends), thrown


def _repeat(m: Machine, reason: Reason, way: Way) -> Completion:
    """Runs a branch from the state that covers any number of its runs.

    That state is found by running it again until it changes nothing any more. What differs between two runs
    becomes unknown at once, so that only chains (`y = x; x = 1`) need several rounds. What earlier rounds
    recorded is taken back: the last one saw the most general values.
    """
    depth = m.path.depth
    m.path.push(None)
    start = m.mark()
    for _ in range(_ROUNDS):
        m.rewind(start)
        ends, _ = _branch(m, reason, way)
        states = [end.writes for end in ends if end.completion is None]
        widened = merged(m, [{}, *states], reason, widen=True)
        changed = {place: write for place, write in widened.items() if _differs(write)}
        if not changed:
            break
        replay(m, changed)
    else:
        raise LimitReached(Why.UNSETTLED_LOOP(_ROUNDS))
    early = [end for end in ends if end.completion is not None]
    before = undo(m.path.pop().log)
    assert m.path.depth == depth
    kept = [End(end.completion, {**before, **end.writes}, reason) for end in early]
    return settle(m, [End(None, before, reason), *kept], reason, widen=True)


def _differs(write: tuple[Any, Any, Any]) -> bool:
    container, key, content = write
    now = content_of(container, key)
    if isinstance(container, list):
        alike = len(now) == len(content) and (now.open is None) == (content.open is None)
        return not (alike and all(_covered(a, b) for a, b in zip(now, content, strict=True)))
    return not _covered(now, content)


def _covered(now: Any, content: Any) -> bool:
    if now is content:
        return True
    if isinstance(now, Perhaps) and isinstance(content, Perhaps):
        return equivalent(now.box, content.box)
    if isinstance(now, tuple) and isinstance(content, tuple):
        return equivalent(now[1], content[1])
    if isinstance(now, (Perhaps, tuple, Live)) or isinstance(content, (Perhaps, tuple, Live)):
        return False
    return now is not _MISSING and content is not _MISSING and equivalent(now, content)


def collect(m: Machine, depth: int, ends: list[End]) -> list[End]:
    """All ends of what ran above `depth` levels, with what each wrote since; the state is as it was then."""
    while m.path.depth > depth:
        level = m.path.pop()
        before = undo(level.log)
        if before:
            m.toil((len(before) + 1) * len(ends))
            ends = [End(end.completion, {**before, **end.writes}, end.reason) for end in ends]
        if level.pending is not None:
            ends.append(level.pending)
    return ends


def settle(m: Machine, ends: list[End], reason: Reason, widen: bool = False) -> Completion:
    """Goes on from several ends: those of one kind are joined, those that go on come first, each other kind
    is suspended.
    """
    kinds: dict[tuple[str, str], list[End]] = {}
    for end in ends:
        kinds.setdefault(_kind(end.completion), []).append(end)
    ordered = sorted(kinds, key=lambda kind: kind != _GOES_ON)
    united = [_united(m, kinds[kind], reason, widen) for kind in ordered]
    first, *early = united
    for end in early:  # what each had written is relative to the state of now, so these levels come first
        m.path.push(reason, end)
    replay(m, first.writes)
    assert not isinstance(first.completion, Raised)
    return first.completion


def absorb(
    m: Machine, depth: int, completion: Completion, here: Callable[[Completion | Raised], bool]
) -> Completion:
    """The end of a function, a loop or a labelled statement: early ends that lead `here` go on from here."""
    if m.path.depth == depth:
        return None if completion is not None and here(completion) else completion
    reason = m.path.reason or Why.CONDITION()
    ends = collect(m, depth, [End(completion, {}, reason)])
    for end in ends:
        if end.completion is not None and here(end.completion):
            end.completion = None
    return settle(m, ends, reason)


def returned(m: Machine, depth: int, completion: Completion, threw: bool = False) -> Completion:
    """The end of a function: one value for all its returns. `threw`: what followed suspended ends throws."""
    reason = m.path.reason or Why.CONDITION()
    ends = collect(m, depth, [] if threw else [End(completion, {}, reason)])
    for end in ends:
        if not isinstance(end.completion, Returned):
            end.completion = Returned(_NOTHING)
    return settle(m, ends, reason)


_GOES_ON = ("", "")


def _kind(completion: Completion | Raised) -> tuple[str, str]:
    if completion is None:
        return _GOES_ON
    return (completion.kind, completion.label) if isinstance(completion, Jumped) else ("return", "")


def _united(m: Machine, ends: list[End], reason: Reason, widen: bool) -> End:
    """Ends of one kind as one."""
    if len(ends) == 1:
        return ends[0]
    writes = merged(m, [end.writes for end in ends], reason, widen)
    values = [end.completion.value for end in ends if isinstance(end.completion, Returned)]
    return End(Returned(join(m, values, reason)) if values else ends[0].completion, writes, reason)


# --- joining what branches wrote ----------------------------------------------------------------------------


def join(m: Machine, boxes: Sequence[Box], reason: Reason) -> Box:
    """One value for what may be any of these."""
    return joined(boxes, reason, m.limits.choices)


def merged(m: Machine, states: list[Writes], reason: Reason, widen: bool) -> Writes:
    """The writes of several states as one."""
    if len(states) == 1:
        return states[0]
    places: Writes = {}
    for state in states:
        places.update(state)
    m.toil(len(places) * len(states))
    for place, (container, key, _) in places.items():
        contents = [state[place][2] if place in state else content_of(container, key) for state in states]
        places[place] = (container, key, _content(m, container, contents, reason, widen))
    return places


def _content(m: Machine, container: Any, contents: list[Any], reason: Reason, widen: bool) -> Any:
    first = contents[0]
    if all(content is first for content in contents[1:]):
        return first
    if isinstance(container, list):
        return _lists(m, contents, reason, widen)
    there = [content for content in contents if content is not _MISSING]
    if isinstance(there[0], tuple):
        entry = [each[1] for each in there]
        return there[0][0], _slot(m, entry, len(there) < len(contents), reason, widen)
    if any(isinstance(content, Live) for content in there):
        return there[0]
    return _slot(m, there, len(there) < len(contents), reason, widen)


def _slot(m: Machine, boxes: list[Box], absent: bool, reason: Reason, widen: bool) -> Box:
    """The content of a key: what it holds in the states that have it, and whether one has it not."""
    absent = absent or any(presence(box) is not None for box in boxes)
    there = [presence(box) or box for box in boxes]
    if widen and not all(equivalent(there[0], box) for box in there[1:]):
        value: Box = Unknown(reason)
    else:
        value = join(m, there, reason)
    return absent_or(value, reason, m.limits.choices) if absent else value


def _lists(m: Machine, lists: list[Items], reason: Reason, widen: bool) -> Items:
    m.spend(sum(map(len, lists)))
    shortest = min(map(len, lists))
    more = next((items.open for items in lists if items.open is not None), None)
    if all(len(items) == shortest for items in lists):
        made = Items(_element(m, items, reason, widen) for items in zip(*lists, strict=True))
        made.open = more
        return made
    same_until = 0
    while same_until < shortest and all(_alike(items[same_until], lists[0][same_until]) for items in lists):
        same_until += 1
    if widen and same_until < len(lists[0]):
        same_until = 0  # it was not only added to: another round may take away what this one left
    made = Items(lists[0][:same_until])
    made.open = more or (Unknown(reason) if widen else None)
    if widen and lists[0].open is not None and same_until == len(lists[0]):
        return made  # what a further round adds is covered already
    for items in lists:
        for item in items[same_until:]:
            made.append(item if isinstance(item, Perhaps) else Perhaps(item, reason))
    return made


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
