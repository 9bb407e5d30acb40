"""Two ways to start a reading process: fork (CLI, 2 ms), or start a Python (service, 100 ms, reused)."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from signal import SIGKILL

from policy_bot.isolation.activity import Notes, shared
from policy_bot.isolation.limits import Bounds
from policy_bot.isolation.wire import LargeFiles, Line
from policy_bot.record import dataclass

MOST_OPEN = 1 << 20
"""Descriptors that a fork closes: the system's limit may be 2^63, and not every system closes all at once."""


@dataclass(frozen=True)
class Child:
    """A running reading process, its line, and the descriptor of its notes (`activity`)."""

    line: Line
    notes: int
    pid: int
    _wait: Callable[[], int]
    large: LargeFiles | None = None

    def end(self) -> int:
        """Kills it if it still runs. Returns the number of the signal that ended it, 0 if it exited."""
        self.line.close()
        os.close(self.notes)
        with suppress(ProcessLookupError):
            os.kill(self.pid, SIGKILL)  # kill() must not replace the cause of an earlier death
        return max(-self._wait(), 0)


def fork(bounds: Bounds) -> Child:
    """Forks this process, which must have a single thread: another one's locks would never be released."""
    source, their_sink = os.pipe()
    their_source, sink = os.pipe()
    notes = shared()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        try:
            _close_all_but(their_source, their_sink, notes)
            # only now: the child loads the reader while the parent loads the judge
            from policy_bot.isolation.child import serve

            serve(Line(their_source, their_sink), Notes(notes), bounds, LargeFiles())
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(0)  # skips the parent's exit handlers and buffers
    os.close(their_source)
    os.close(their_sink)
    line = Line(source, sink, bounds.silence)
    return Child(line, notes, pid, lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), LargeFiles())


def _close_all_but(*kept: int) -> None:
    """Closes inherited descriptors except the standard streams, above all the lines of other reading
    processes.
    """
    ends = sorted(kept)
    end = min(os.sysconf("SC_OPEN_MAX"), MOST_OPEN)
    for below, above in zip([2, *ends], [*ends, end], strict=True):
        os.closerange(below + 1, above)


def start(bounds: Bounds) -> Child:
    """Starts a new Python without this one's environment (secrets), open files and memory."""
    import json
    import subprocess
    from dataclasses import asdict

    source, their_sink = os.pipe()
    their_source, sink = os.pipe()
    notes = shared()
    arguments = [json.dumps(asdict(bounds)), str(notes)]
    try:
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module; no shell, nothing from outside
            # -P: do not import from the current folder
            [sys.executable, "-s", "-P", "-m", "policy_bot.isolation.worker", *arguments],
            pass_fds=[notes],
            stdin=their_source,
            stdout=their_sink,
            env={"PYTHONPATH": os.path.dirname(os.path.dirname(os.path.dirname(__file__)))},
        )
    except OSError:  # too little memory, for example, which the service may meet again and again
        for descriptor in (source, sink, notes):
            os.close(descriptor)
        raise
    finally:
        os.close(their_source)
        os.close(their_sink)
    return Child(Line(source, sink, bounds.silence), notes, process.pid, process.wait)
