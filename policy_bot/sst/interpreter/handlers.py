"""Handlers of exceptions: `try`, and the promise of an async function.

A handler runs from every state in which its body can throw. While the body runs, each place that throws, or
may throw for an unknown value, notes its state (`note`). The handler then runs once, from the join of these
states.

    let x = 1;
    try { x = 5; if (process.env.A) throw 1; x = 2 } catch { x += 1 }
    // noted: x is 5. After: 2 or 6
"""

from __future__ import annotations

from collections.abc import Callable

from policy_bot.sst.interpreter.branches import collect, settle
from policy_bot.sst.interpreter.completions import Completion, Thrown
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.path import ORDER, End, Raised, Writes, content_of
from policy_bot.sst.interpreter.states import join, merged
from policy_bot.sst.interpreter.writes import replay
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import AbstractValue, Births

_STATES = 8  # number of noted states from which they are joined


class ThrowHandler:
    """Collects the throws of one body. Without `undecided`, only throws that are certain in their branch
    count.
    """

    def __init__(self, m: Machine, undecided: bool = True) -> None:
        self.depth = m.path.depth
        self.undecided = undecided
        self.level = m.path.push(None)
        self.states: list[Writes] = []
        self.values: list[AbstractValue] = []
        self.mark: tuple[int, int, int] | None = None
        m.handlers.append(self)

    def forget(self, birth: int) -> None:
        """Takes containers made since `birth` out of the noted states."""
        self.states = [
            {place: write for place, write in state.items() if getattr(write[0], "born", 0) < birth}
            for state in self.states
        ]

    def note(self, m: Machine, value: AbstractValue) -> None:
        """Notes the current state as one from which the handler may run."""
        state: Writes = {}
        for level in m.path.levels[self.depth :]:
            state.update(level.log)
        m.burn(len(state) + 1)
        self.states.append(
            {
                place: (container, key, content_of(container, key))
                for place, (container, key, _) in state.items()
                if key is not ORDER
            }
        )
        self.values.append(value)
        self.mark = self.mark or m.mark()
        Births.now += 1
        for level in m.path.levels[
            self.depth :
        ]:  # from now on a write to the containers that they made is logged
            level.epoch = Births.now
        if len(self.states) > _STATES:
            self.states = [merged(m, self.states, Why.MAY_THROW(), widen=False)]
            self.values = [join(m, self.values, Why.MAY_THROW())]


def attempt(
    m: Machine,
    body: Callable[[], Completion],
    handle: Callable[[AbstractValue], Completion] | None,
    final: Callable[[], Completion] | None = None,
    undecided: bool = True,
) -> Completion:
    """Runs a body, then its handler from the states in which the body throws, then `finally` in any case."""
    if handle is not None and final is not None:
        return attempt(m, lambda: attempt(m, body, handle, None, undecided), None, final)
    reason = Why.MAY_THROW()
    depth = m.path.depth
    handler = ThrowHandler(m, undecided) if handle is not None or m.handlers else None
    if handler is None:
        m.path.push(None)
    try:
        ends = [_end(m, body)]
    finally:
        if handler is not None:
            m.handlers.remove(handler)
    ends = collect(m, depth, ends)
    if handler is not None and handler.states:
        ends = [end for end in ends if not isinstance(end.completion, Raised)]
        ends += _handled(m, handler, handle, bool(ends))
    if final is not None:
        return _finally(m, ends, final)
    return _left(m, ends, reason)


def _end(m: Machine, run: Callable[[], Completion]) -> End:
    """The end of a part of a `try`; if it throws, its handler has noted the state."""
    try:
        return End(run(), {}, Why.MAY_THROW())
    except Thrown as error:
        m.note(error)
        return End(Raised(error.value, error.node), {}, Why.MAY_THROW())


def _handled(
    m: Machine, handler: ThrowHandler, handle: Callable[[AbstractValue], Completion] | None, others: bool
) -> list[End]:
    """The ends of the handler, which runs from the join of the noted states; without a handler, the exception
    propagates.
    """
    reason = Why.MAY_THROW()
    until = m.mark()
    m.path.push(reason if others else None)
    replay(m, merged(m, handler.states, reason, widen=False))
    value = join(m, handler.values, reason)
    unsure = m.make_uncertain(handler.mark, until, reason) if handler.mark is not None else []
    ends = [_end(m, lambda: handle(value)) if handle else End(Raised(value, None), {}, reason)]
    ends = collect(m, handler.depth, ends)
    if all(isinstance(end.completion, Raised) for end in ends):  # a program that continues did not throw
        for record in unsure:
            record.conditions -= 1
            if record.conditions == 0:
                record.certain, record.reason = True, None
    return ends


def _finally(m: Machine, ends: list[End], final: Callable[[], Completion]) -> Completion:
    """Runs `finally` once, from the join of all states before it; then the ends continue."""
    reason = Why.MAY_THROW()
    replay(m, merged(m, [end.writes for end in ends], reason, widen=False))
    last = final()
    if last is not None:
        return last
    return _left(m, [End(end.completion, {}, reason) for end in ends], reason)


def _left(m: Machine, ends: list[End], reason: Reason) -> Completion:
    """Continues from the ends that do not throw; the outer handler notes the others."""
    going = [end for end in ends if not isinstance(end.completion, Raised)]
    error: Thrown | None = None
    depth = m.path.depth
    for end in ends:
        if isinstance(end.completion, Raised):
            error = Thrown(end.completion.value, end.completion.node)
            m.path.push(None)
            replay(m, end.writes)
            m.note(error)
            collect(m, depth, [])
    if not going:
        assert error is not None
        raise error
    return settle(m, going, reason)
