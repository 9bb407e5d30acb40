"""Limits of a reading process, and how they are enforced."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from policy_bot.record import dataclass


@dataclass(frozen=True)
class Bounds:
    """CPU seconds for one parse and for one project, bytes of memory beyond what is in use when a question
    arrives, and seconds of silence before the parent gives up.

    CPU time rather than wall-clock time: on a busy machine a good file must not look hostile. Measured: a
    real config parses in 0.1 ms and the slowest 4 MiB of valid source in about 250 ms; 8 KiB of hostile
    source take 10 s and 4.6 GiB. Memory: the policies take 20 MiB, the largest of 53 public projects 41 MiB
    more, the median 3 MiB; the limit is twice the largest need.
    """

    parse: float = 0.25
    project: float = 10.0
    memory: int = 128 * 1024 * 1024
    silence: float = 60.0
    kept: int = 40 * 1024 * 1024
    """Bytes of growth up to which a process is reused: freed memory is seldom returned to the system."""


def confine(bounds: Bounds) -> None:
    """Limits this process permanently: memory, no core dump, no file written, no process started.

    Memory counts from what is mapped already, since a fork inherits its parent's. Without such limits
    (Windows), only the parent's timeout remains.
    """
    most = _mapped() + bounds.memory + bounds.kept
    for name, bound in (("AS", most), ("CORE", 0), ("FSIZE", 0), ("NPROC", 0)):
        _limit(name, bound, for_good=True)
    for alarm in (signal.SIGPROF, signal.SIGVTALRM):
        signal.signal(alarm, signal.SIG_DFL)  # the default action ends the process, even within C code


def allow_memory(bounds: Bounds) -> None:
    """Limits the memory of the next answer relative to what is mapped now, so that a reused process has as
    much as a fresh one and no answer has to be repeated.
    """
    _limit("AS", _mapped() + bounds.memory)


def _limit(name: str, most: int, *, for_good: bool = False) -> None:
    try:
        import resource
    except ImportError:
        return
    number = getattr(resource, f"RLIMIT_{name}", None)
    if number is None:
        return
    _, ceiling = resource.getrlimit(number)
    bound = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
    resource.setrlimit(number, (bound, bound if for_good else ceiling))


def _mapped() -> int:
    return _memory("self")[0] or 1024 * 1024 * 1024


def resident(pid: int | str = "self") -> int:
    """Resident bytes of one of our processes; 0 if it has ended or the system cannot say."""
    return _memory(pid)[1]


def _memory(pid: int | str) -> tuple[int, int]:
    """The bytes of a process that are mapped, and those that are resident."""
    try:
        file = os.open(f"/proc/{pid}/statm", os.O_RDONLY)  # `open` takes twice the time, for each question
        try:
            mapped, in_use, *_ = map(int, os.read(file, 256).split())
        finally:
            os.close(file)
    except (OSError, ValueError):
        return 0, 0
    return mapped * _PAGE, in_use * _PAGE


_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@contextmanager
def parsing(bounds: Bounds) -> Iterator[None]:
    """While active, SIGPROF kills this process after `bounds.parse` CPU seconds."""
    signal.setitimer(signal.ITIMER_PROF, bounds.parse)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def reading(bounds: Bounds) -> Iterator[None]:
    """While active, SIGVTALRM kills this process after `bounds.project` CPU seconds."""
    signal.setitimer(signal.ITIMER_VIRTUAL, bounds.project)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
