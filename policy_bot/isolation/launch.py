"""Two ways to get a reading process: fork this one (the desk, 2 ms), or start a Python (the service, 100 ms,
kept).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import policy_bot
from policy_bot.isolation.limits import Bounds


@dataclass(frozen=True)
class Child:
    """A running reading process."""

    connection: socket.socket
    pid: int
    _wait: Callable[[], int]

    def end(self) -> int:
        """Kill it if it still runs. The number of the signal that ended it, 0 where it ended by itself."""
        self.connection.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)  # one that is dead already keeps the cause of its death
        return max(-self._wait(), 0)


def fork(bounds: Bounds) -> Child:
    """A copy of this process. Only where it has a single thread: a copy of the others' locks would never be
    released.
    """
    from policy_bot.isolation.child import serve  # before the fork, so that each child has it already

    ours, theirs = socket.socketpair()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            serve(theirs, bounds, forked=True)
        finally:
            os._exit(0)  # nothing of the parent's may run here: no exit handlers, no flushing of its buffers
    theirs.close()
    return Child(ours, pid, lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def start(bounds: Bounds) -> Child:
    """A new Python that holds nothing of this one: no environment (secrets), no open files, no memory."""
    import subprocess

    ours, theirs = socket.socketpair()
    home = str(Path(policy_bot.__file__).parents[1])
    with theirs:
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module; no shell, nothing from outside
            [sys.executable, "-s", "-P", "-m", "policy_bot.isolation.worker", json.dumps(asdict(bounds))],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env={"PYTHONPATH": home},
        )
    return Child(ours, process.pid, process.wait)
