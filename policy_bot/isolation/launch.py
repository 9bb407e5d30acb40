"""Two ways to get a reading process: fork this one (the CLI, 2 ms), or start a Python (the service, 100 ms,
kept).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from signal import SIGKILL

from policy_bot.isolation.limits import Bounds
from policy_bot.isolation.wire import Line
from policy_bot.record import dataclass


@dataclass(frozen=True)
class Child:
    """A running reading process, and the line to it."""

    line: Line
    pid: int
    _wait: Callable[[], int]

    def end(self) -> int:
        """Kill it if it still runs. The number of the signal that ended it, 0 where it ended by itself."""
        self.line.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, SIGKILL)  # one that is dead already keeps the cause of its death
        return max(-self._wait(), 0)


def fork(bounds: Bounds) -> Child:
    """A copy of this process. Only where it has one thread: a copy of the others' locks would never be
    released.
    """
    source, their_sink = os.pipe()
    their_source, sink = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(source)
            os.close(sink)
            # only now: while the child loads what reads source, its parent loads what judges
            from policy_bot.isolation.child import serve
            from policy_bot.sst.collector import stay_patient

            stay_patient()
            serve(Line(their_source, their_sink), bounds)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(0)  # nothing of the parent's may run here: no exit handlers, no flushing of its buffers
    os.close(their_source)
    os.close(their_sink)
    line = Line(source, sink, bounds.silence)
    return Child(line, pid, lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def start(bounds: Bounds) -> Child:
    """A new Python that holds nothing of this one: no environment (secrets), no open files, no memory."""
    import json
    import subprocess
    from dataclasses import asdict

    source, their_sink = os.pipe()
    their_source, sink = os.pipe()
    process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module; no shell, nothing from outside
        # -P: never import from the current folder, wherever the service was started
        [sys.executable, "-s", "-P", "-m", "policy_bot.isolation.worker", json.dumps(asdict(bounds))],
        stdin=their_source,
        stdout=their_sink,
        env={"PYTHONPATH": os.path.dirname(os.path.dirname(os.path.dirname(__file__)))},
    )
    os.close(their_source)
    os.close(their_sink)
    return Child(Line(source, sink, bounds.silence), process.pid, process.wait)
