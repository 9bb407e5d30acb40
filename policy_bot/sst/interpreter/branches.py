"""Undecided conditions: every branch runs from the same state, and their results are joined.

`Path` (in `path`) is the stack of branches that the program is in. Each level keeps an undo log: the content
of a container before the branch wrote to it (`writes`). When a branch ends, its writes are taken back and
kept (`Writes`), so that the next branch starts from the same state; then the writes of all branches are
joined and applied.

A branch has several *ends*: it continues, it returns or jumps early, it throws. An early end is *suspended*:
the program continues in a level of its own, and the two are joined where the function or loop ends.

    if (process.env.A) { x = 2; return x }   // suspended: return 2, having written x = 2
    x = 3                                    // in a level of its own, under the condition "not A"
    return x                                 // the function's end: x is 2 or 3, the value is 2 or 3

An end that throws is left out: a deployment that happened did not take it. Inside a `try` with a handler it
is noted with its state, for the handler (`handlers`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from policy_bot.sst.interpreter.completions import Completion, Jumped, Returned, Thrown
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.path import End, LateWrites, Raised, undo
from policy_bot.sst.interpreter.states import differs, join, merged
from policy_bot.sst.interpreter.writes import race, replay
from policy_bot.sst.limits import LimitReached
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import NOTHING, AbstractValue

Branch = Callable[[], Completion]

_FORK = 10  # the fuel that an undecided condition costs besides that of its branches
_ROUNDS = 12  # runs of a repeated branch after which its writes must have settled


def fork(m: Machine, reason: Reason, branches: Sequence[Branch], widen: bool = False) -> Completion:
    """Runs every branch from the same state and joins the results. With `widen`, the first branch may run any
    number of times, including none. Raises `Thrown` if every branch throws.
    """
    m.burn(_FORK)
    if widen:
        return _repeat(m, reason, branches[0])
    ends: list[End] = []
    thrown: Thrown | None = None
    start = m.mark()
    for branch in branches:
        some, error = _branch(m, reason, branch)
        ends += some
        thrown = error or thrown
    if not ends:
        assert thrown is not None
        raise thrown
    if thrown is not None and len(ends) == 1 and not m.handlers:
        m.assure(start, reason)
    return settle(m, ends, reason)


def _branch(m: Machine, reason: Reason, branch: Branch) -> tuple[list[End], Thrown | None]:
    """Runs one branch and takes its writes back; returns its ends, and what it throws."""
    depth = m.path.depth
    m.path.push(reason)
    ends: list[End] = []
    thrown: Thrown | None = None
    try:
        ends.append(End(branch(), {}, reason))
    except Thrown as error:
        m.note(error)
        thrown = error
    return collect(m, depth, ends), thrown


def _repeat(m: Machine, reason: Reason, branch: Branch) -> Completion:
    """Runs a branch from a state that covers any number of its runs.

    The state is found by running the branch again until nothing changes any more. A value that differs
    between two runs becomes unknown at once, so that only chains (`y = x; x = 1`) need several rounds. The
    records of earlier rounds are taken back, because the last round ran on the most general values.
    """
    depth = m.path.depth
    m.path.push(None)
    start = m.mark()
    for _ in range(_ROUNDS):
        m.rewind(start)
        ends, _ = _branch(m, reason, branch)
        states = [end.writes for end in ends if end.completion is None]
        widened = merged(m, [{}, *states], reason, widen=True)
        changed = {place: write for place, write in widened.items() if differs(write)}
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


def collect(m: Machine, depth: int, ends: list[End]) -> list[End]:
    """Leaves all levels above `depth`: returns the ends of their code, each with its writes, and restores the
    state before them.
    """
    while m.path.depth > depth:
        level = m.path.pop()
        before = undo(level.log)
        if before:
            m.burn((len(before) + 1) * len(ends))
            ends = [End(end.completion, {**before, **end.writes}, end.reason) for end in ends]
        if level.pending is not None:
            ends.append(level.pending)
    return ends


def settle(m: Machine, ends: list[End], reason: Reason, widen: bool = False) -> Completion:
    """Continues from several ends. Ends of one kind are joined; the program goes on from those that continue,
    and each other kind is suspended.
    """
    kinds: dict[tuple[str, str], list[End]] = {}
    for end in ends:
        kinds.setdefault(_kind(end.completion), []).append(end)
    ordered = sorted(kinds, key=lambda kind: kind != _GOES_ON)
    united = [_united(m, kinds[kind], reason, widen) for kind in ordered]
    first, *early = united
    for end in early:  # the writes of each are relative to the current state, so these levels come first
        m.path.push(reason, end)
    replay(m, first.writes)
    assert not isinstance(first.completion, Raised)
    return first.completion


def absorb(
    m: Machine, depth: int, completion: Completion, here: Callable[[Completion | Raised], bool]
) -> Completion:
    """The end of a function, loop or labelled statement: early ends whose target is `here` continue."""
    if m.path.depth == depth:
        return None if completion is not None and here(completion) else completion
    reason = m.path.reason or Why.CONDITION()
    ends = collect(m, depth, [End(completion, {}, reason)])
    for end in ends:
        if end.completion is not None and here(end.completion):
            end.completion = None
    return settle(m, ends, reason)


def surviving(
    m: Machine, depth: int, error: Thrown, here: Callable[[Completion | Raised], bool]
) -> Completion:
    """The end of a loop or switch that throws. If ends were suspended in it, the program continues from them;
    otherwise raises `error`.
    """
    if m.path.depth == depth:
        raise error
    m.note(error)
    reason = m.path.reason or Why.CONDITION()
    ends = collect(m, depth, [])
    for end in ends:
        if end.completion is not None and here(end.completion):
            end.completion = None
    return settle(m, ends, reason)


def returned(m: Machine, depth: int, completion: Completion, threw: bool = False) -> Completion:
    """The end of a function: joins the values of all its returns. `threw`: the code after suspended ends
    throws.
    """
    reason = m.path.reason or Why.CONDITION()
    ends = collect(m, depth, [] if threw else [End(completion, {}, reason)])
    for end in ends:
        if not isinstance(end.completion, Returned):
            end.completion = Returned(NOTHING)
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


def later(m: Machine, run: Callable[[], AbstractValue]) -> AbstractValue:
    """Runs code that happens after the caller has continued: its writes may happen at any time. If it throws,
    the program ends.
    """
    outer, depth = m.path.late, m.path.depth
    m.path.push(None)
    late = m.path.late = LateWrites()
    try:
        value = run()
    except Thrown as error:
        m.note(error)
        collect(m, depth, [])
        raise
    finally:
        m.path.late = outer
    settle(m, collect(m, depth, [End(None, {}, Why.RACING())]), Why.RACING())
    race(m, late)
    return value
