"""Several kept workers for a service that judges in several threads, shared fairly between installations.

One installation gets all workers but one, so that nobody waits behind another's slow projects. Where others
hold all of them, one of an installation that holds two is ended after a moment and its question asked again
later: each installation has at least the turn that it is in.

Only one worker at a time may be heavy. If a second one becomes heavy, it is paused until the first one is
done: so the memory of all is bounded far below that of each times their number, and no work is done twice.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock

from policy_bot.isolation.answering import Question
from policy_bot.isolation.kept import ReaderProcess
from policy_bot.isolation.limits import Bounds
from policy_bot.isolation.reader import NOBODY, Asker, FindingReader
from policy_bot.record import dataclass, field
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.source import SourceTree

PATIENCE = 0.5
"""Seconds that an installation without a worker waits before one is taken from an installation with two."""
HEAVY = 80 * 1024 * 1024
"""Bytes of memory that make a worker heavy: the largest of 53 public projects takes 72 MiB."""
IDLE = 30.0
"""Seconds without work after which a worker is ended; the last one is kept."""
_TICK = 0.2


class _Ended(Exception):
    """The worker is wanted by another installation."""


@dataclass(eq=False)
class _Turn:
    """A worker in the hands of an installation; `wanted` by another one, it is given back at once."""

    worker: ReaderProcess
    who: int
    wanted: bool = False


@dataclass(eq=False)
class _Waiting:
    """Somebody who waits for a worker."""

    who: int
    given: SimpleQueue[_Turn] = field(default_factory=SimpleQueue)


class Workers(FindingReader):
    """At most `size` reading processes. Safe to share between threads."""

    def __init__(self, size: int = 3, bounds: Bounds = Bounds()) -> None:  # noqa: B008 -- frozen
        self._all = [ReaderProcess(bounds) for _ in range(size)]
        self._most = max(1, size - 1)
        self._lock = Lock()
        self._free = [(worker, 0.0) for worker in self._all]  # last used first: the rest need not be started
        self._waiting: list[_Waiting] = []
        self._turns: list[_Turn] = []
        self._heavy: list[_Turn] = []  # in the order in which they became heavy: the first one goes on

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """The project whose config is `path`."""
        turn = self._take(NOBODY)
        try:
            return turn.worker.read(tree, path, contexts)
        finally:
            self._hand_on(turn)

    def ask(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> object:
        """The answer to a question, when it is the asker's turn."""
        while True:
            turn = self._take(asker)
            with suppress(_Ended):
                try:
                    return turn.worker.ask(tree, question, Asker(asker.who, self._watch(turn, asker)))
                finally:
                    self._hand_on(turn)

    def rest(self) -> None:
        """End what has had no work for a while, but for one: it holds memory for nothing."""
        idle = time.monotonic() - IDLE
        with self._lock:
            for worker, since in self._free[:-1]:
                if since < idle:
                    worker.close()

    def close(self) -> None:
        """End all processes. Only when no thread reads any more."""
        for worker in self._all:
            worker.close()

    def _watch(self, turn: _Turn, asker: Asker) -> Callable[[], None]:
        def look() -> None:
            if turn.wanted:
                raise _Ended
            asker.meanwhile()

        def meanwhile() -> None:
            look()
            if self._has_to_pause(turn):
                with turn.worker.paused():
                    while self._has_to_pause(turn):
                        time.sleep(_TICK)
                        look()

        return meanwhile

    def _has_to_pause(self, turn: _Turn) -> bool:
        """Whether a turn is heavy while an earlier one is."""
        if turn not in self._heavy and turn.worker.resident() <= HEAVY:
            return False
        with self._lock:
            if turn not in self._heavy:
                self._heavy.append(turn)
            return self._heavy[0] is not turn

    def _take(self, asker: Asker) -> _Turn:
        waiting = _Waiting(asker.who)
        with self._lock:
            self._waiting.append(waiting)
            self._deal()
        began = time.monotonic()
        try:
            while True:
                try:
                    return waiting.given.get(timeout=_TICK)
                except Empty:
                    if time.monotonic() - began > PATIENCE:
                        self._claim(asker.who)
                    asker.meanwhile()
        except BaseException:
            self._leave(waiting)
            raise

    def _leave(self, waiting: _Waiting) -> None:
        """Waits no longer; what was given to it meanwhile goes to the next."""
        with self._lock:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
                return
        self._hand_on(waiting.given.get())

    def _claim(self, who: int) -> None:
        """Where an installation has no worker, wants one of another that has several."""
        with self._lock:
            held = Counter(turn.who for turn in self._turns)
            if held[who] or any(turn.wanted for turn in self._turns):
                return
            rich = next((turn for turn in reversed(self._turns) if held[turn.who] > 1), None)
            if rich is not None:
                rich.wanted = True

    def _hand_on(self, turn: _Turn) -> None:
        with self._lock:
            self._turns.remove(turn)
            if turn in self._heavy:
                self._heavy.remove(turn)
            self._free.append((turn.worker, time.monotonic()))
            self._deal()

    def _deal(self) -> None:
        """Gives free workers to those who may have one: who holds the fewest, then who waits longest."""
        while self._free:
            held = Counter(turn.who for turn in self._turns)
            ready = [each for each in self._waiting if held[each.who] < self._most]
            if not ready:
                return
            waiting = min(ready, key=lambda each: held[each.who])
            self._waiting.remove(waiting)
            turn = _Turn(self._free.pop()[0], waiting.who)
            self._turns.append(turn)
            waiting.given.put(turn)
