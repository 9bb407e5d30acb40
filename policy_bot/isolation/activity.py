"""What a reading process is doing, so that its parent knows which file killed it.

The process notes it in memory that both share: with a message for each parse, the parent would wake four
times for a small project. The parent reads it as a file, and only after a death, so nothing that the process
does to that memory can harm the parent.
"""

from __future__ import annotations

import os

from policy_bot.record import NamedTuple

LARGEST = 1 << 14
"""Bytes of a note. A path that does not fit is cut, and then names no file."""


class Activity(NamedTuple):
    """The step of the question ("" before the first one), and the file that is being parsed, if any."""

    step: str = ""
    file: str | None = None


class Notes:
    """The process's own activity, written to the memory behind a descriptor of `shared`."""

    def __init__(self, descriptor: int) -> None:
        from mmap import mmap

        self._memory = mmap(descriptor, LARGEST)  # which keeps a descriptor of its own
        os.close(descriptor)
        self._step = b""

    def step(self, doing: str) -> None:
        """A step begins; before the first one of a question, ""."""
        self._step = doing.encode("utf-8", "surrogatepass")
        self.parse("")

    def parse(self, path: str) -> None:
        """The parse of a file begins; "" if it has ended."""
        note = b"%s\0%s\0" % (self._step, path.encode("utf-8", "surrogatepass"))
        self._memory[: min(len(note), LARGEST)] = note[:LARGEST]


def shared() -> int:
    """A descriptor of memory for the notes of one process."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("activity")
    else:
        from tempfile import TemporaryFile

        with TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, LARGEST)
    return descriptor


def noted(descriptor: int) -> Activity:
    """The last note of a process. A name that is not UTF-8 has lone surrogates, as in Python's paths."""
    note = os.pread(descriptor, LARGEST, 0) + b"\0\0"
    try:
        step, file, *_ = note.decode("utf-8", "surrogatepass").split("\0", 2)
    except UnicodeDecodeError:  # cut, or overwritten by a hostile file
        step, file, *_ = note.decode("utf-8", "replace").split("\0", 2)
    return Activity(step, file or None)
