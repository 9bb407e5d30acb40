"""Progress on stderr: one updated line, on a terminal only and after a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO, TypeVar

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds before progress is shown."""

INTERVAL = 0.1
"""Seconds between two updates."""


class ProgressLine:
    """Progress of a command. `noun` is the counted thing: projects, fixes."""

    def __init__(
        self,
        noun: str,
        total: int,
        stream: TextIO | None = None,
        *,
        quiet: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._noun, self._total, self._clock = noun, total, clock
        self._stream = sys.stderr if stream is None else stream
        self._is_shown = not quiet and self._stream.isatty()
        self._next = clock() + PATIENCE
        self._written = False

    def over(self, things: Iterable[T]) -> Iterator[T]:
        """Counts the items while they are iterated."""
        try:
            for number, thing in enumerate(things, 1):
                self.reached(number)
                yield thing
        finally:
            self.end()

    def reached(self, number: int) -> None:
        """Records the number of finished items."""
        if not self._is_shown or self._clock() < self._next:
            return
        self._next = self._clock() + INTERVAL
        self._written = True
        of = f" of {self._total}" if self._total else ""
        self._stream.write(f"\r\x1b[K{number}{of} {self._noun}")
        self._stream.flush()

    def end(self) -> None:
        """Clears the line before the result is written."""
        if self._written:
            self._written = False
            self._stream.write("\r\x1b[K")
            self._stream.flush()
