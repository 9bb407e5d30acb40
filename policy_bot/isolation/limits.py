"""What a reading process may use, and how it is made to keep to it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from policy_bot.record import dataclass


@dataclass(frozen=True)
class Bounds:
    """CPU seconds for one parse and for one project, bytes of memory above what the process has when a
    question comes, and seconds of silence before the parent gives up.

    CPU time, not time on the clock: on a busy machine a good file must not look hostile. Measured: a real
    config parses in 0.1 ms and the slowest 4 MiB of valid source in about 250 ms; 8 KiB of hostile source
    takes 10 s and 4.6 GiB. Memory: the policies take 20 MiB of it, the largest of 53 public projects 41 MiB
    more, the median 3 MiB; the bound is twice the largest need.
    """

    parse: float = 0.25
    project: float = 10.0
    memory: int = 128 * 1024 * 1024
    silence: float = 60.0
    kept: int = 40 * 1024 * 1024
    """Bytes by which a process may have grown and still be kept: freed memory is seldom given back."""


def confine(bounds: Bounds) -> None:
    """Limit this process for the rest of its life: memory, no core dump, no file written, no process started.

    Memory counts from what is mapped already: a forked process inherits its parent's. Where the system knows
    no such limits (Windows) only the parent's patience is left.
    """
    most = _mapped() + bounds.memory + bounds.kept
    for name, bound in (("AS", most), ("CORE", 0), ("FSIZE", 0), ("NPROC", 0)):
        _limit(name, bound, for_good=True)
    for alarm in (signal.SIGPROF, signal.SIGVTALRM):
        signal.signal(alarm, signal.SIG_DFL)  # the default ends the process, also in the middle of C code


def allow_memory(bounds: Bounds) -> None:
    """Limit the memory of the next answer, whatever earlier answers left behind: a process that answered
    before is no shorter of memory than a fresh one, so that no answer has to be tried again in a fresh one.
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
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1024 * 1024 * 1024


def resident(pid: int) -> int:
    """Bytes of memory that a process of ours uses now; 0 if it is gone or the system does not tell."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def most_used() -> int:
    """Bytes of memory that this process has used at once; 0 where the system does not tell.

    Not `getrusage`: what it tells begins with the memory of the parent that started this process.
    """
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            line = next((line for line in file if line.startswith("VmHWM:")), "VmHWM: 0")
            return int(line.split()[1]) * 1024
    except OSError:
        return 0


@contextmanager
def parsing(bounds: Bounds) -> Iterator[None]:
    """Within, this process dies of SIGPROF after `bounds.parse` CPU seconds."""
    signal.setitimer(signal.ITIMER_PROF, bounds.parse)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def reading(bounds: Bounds) -> Iterator[None]:
    """Within, this process dies of SIGVTALRM after `bounds.project` CPU seconds."""
    signal.setitimer(signal.ITIMER_VIRTUAL, bounds.project)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
