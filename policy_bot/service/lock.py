"""One process per state folder: a lock that the operating system releases whenever its holder ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

# on a reload the new process waits for the old one: its grace period and a little more
LONGEST_WAIT_SECONDS = 120.0


class InUse(Exception):
    """Another process uses this state folder, and did not end in time."""


class StateLock:
    """Held from `take` until every process that inherited it has ended."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._file: IO[str] | None = None

    def take(self, waiting: Callable[[str], None], seconds: float = LONGEST_WAIT_SECONDS) -> None:
        """Takes the lock; if it has to wait, calls `waiting` once with the holder. Raises `InUse`."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._path.open("a+")
        end, announced = time.monotonic() + seconds, False
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = self._holder()
                if time.monotonic() > end:
                    file.close()
                    raise InUse(f"{self._path.parent} is in use by process {holder}") from None
                if not announced:
                    waiting(holder)
                    announced = True
                time.sleep(0.05)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Releases it for this process."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _holder(self) -> str:
        try:
            return self._path.read_text().strip() or "unknown"
        except OSError:
            return "unknown"
