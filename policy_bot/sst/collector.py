"""Python's garbage collector while a project is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS = 100_000
"""Number of new objects that start a collection: about 10 MB. Three times as many is slightly slower, because
fresh memory costs more than reused memory.
"""

GARBAGE = 3_000
"""Number of new objects from which collecting after an answer pays: what about five small readings leave."""


@contextmanager
def patience() -> Iterator[None]:
    """Delays the collector: nearly everything that a reading makes lives to its end, and scanning it again
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
    """Collects the garbage of an answer. At that time hardly any new object is alive, and all are still in
    the processor's cache: waiting for `OBJECTS` would double the cost, to an eighth of the total.
    """
    if gc.get_count()[0] > GARBAGE:
        gc.collect(1)
