"""Reading processes for the threads of the service, shared fairly between installations.

One installation gets all workers but one, so that nobody waits for another's slow projects. If others hold
all workers, one of an installation that holds two is ended after a moment and its question repeated later:
each installation always gets one worker.

Only one worker may be heavy. A second one is paused until the first is done, which bounds the total memory
far below the sum of the limits, and no work is repeated.
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
"""Seconds after which an installation without a worker takes one from an installation with two."""
HEAVY = 80 * 1024 * 1024
"""Bytes of memory that make a worker heavy: the largest of 53 public projects takes 72 MiB."""
IDLE = 30.0
"""Idle seconds after which a worker is ended; the last one is kept."""
_TICK = 0.2


class _Ended(Exception):
    """Another installation needs the worker."""


@dataclass(eq=False)
class _Turn:
    """A worker in use by an installation; if it is `wanted` by another one, it is returned at once."""

    worker: ReaderProcess
    who: int
    wanted: bool = False


@dataclass(eq=False)
class _Waiting:
    """A thread that waits for a worker."""

    who: int
    given: SimpleQueue[_Turn] = field(default_factory=SimpleQueue)


class Workers(FindingReader):
    """At most `size` reading processes. Thread-safe."""

    def __init__(self, size: int = 3, bounds: Bounds = Bounds()) -> None:  # noqa: B008 -- frozen
        self._all = [ReaderProcess(bounds) for _ in range(size)]
        self._most = max(1, size - 1)
        self._lock = Lock()
        self._free = [(worker, 0.0) for worker in self._all]  # a stack, so that few processes start
        self._waiting: list[_Waiting] = []
        self._turns: list[_Turn] = []
        self._heavy: list[_Turn] = []  # in the order in which they became heavy; the first one continues

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """Reads the project of the config `path`."""
        turn = self._take(NOBODY)
        try:
            return turn.worker.read(tree, path, contexts)
        finally:
            self._hand_on(turn)

    def ask(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> object:
        """Answers a question when a worker is available."""
        while True:
            turn = self._take(asker)
            with suppress(_Ended):
                try:
                    return turn.worker.ask(tree, question, Asker(asker.who, self._watch(turn, asker)))
                finally:
                    self._hand_on(turn)

    def rest(self) -> None:
        """Ends all idle workers but one, which would hold memory for nothing."""
        idle = time.monotonic() - IDLE
        with self._lock:
            for worker, since in self._free[:-1]:
                if since < idle:
                    worker.close()

    def close(self) -> None:
        """Ends all processes, once no thread reads."""
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
        """Whether a worker is heavy while an earlier one is."""
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
        """Leaves the queue; a worker assigned meanwhile goes to the next one."""
        with self._lock:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
                return
        self._hand_on(waiting.given.get())

    def _claim(self, who: int) -> None:
        """If an installation has no worker, requests one from another that has several."""
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
        """Assigns free workers to the installations with the fewest, longest wait first."""
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
