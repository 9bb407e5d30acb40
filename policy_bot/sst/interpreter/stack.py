"""Makes Python's recursion limit high enough for the deepest program that the limits allow."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

FRAMES = 30_000
"""Frames that the deepest nesting in the deepest calls takes, with a margin; they take no machine stack."""


@contextmanager
def headroom() -> Iterator[None]:
    """Raises the recursion limit while a program is interpreted. Overrunning it ends in a limit too."""
    before = sys.getrecursionlimit()
    if before < FRAMES:
        sys.setrecursionlimit(FRAMES)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
