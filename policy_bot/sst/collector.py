"""Python's garbage collector while a project is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS = 100_000
"""New objects before the collector looks again: some 10 MB. Three times as many take a little longer, because
memory that is new costs more than what was freed.
"""

GARBAGE = 3_000
"""New objects after an answer for which collecting pays: what some five small readings leave."""


@contextmanager
def patience() -> Iterator[None]:
    """Lets the collector wait: nearly all that a reading makes lives to its end, and looking through it again
    and again takes a fifth of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def stay_patient() -> None:
    """The same for the rest of a process that calls `tidy` after each answer."""
    gc.set_threshold(OBJECTS)


def tidy() -> None:
    """Collects what an answer left. Then hardly anything young is alive, and it is still in the processor's
    cache: if the collector waits for `OBJECTS`, it takes twice the time, an eighth of all.
    """
    if gc.get_count()[0] > GARBAGE:
        gc.collect(1)
