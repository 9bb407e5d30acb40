"""The reader of a local run: a fork, made as soon as the command is known."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_bot.isolation.launch import Child
    from policy_bot.isolation.reader import Reader

_early: list[Child] = []
"""The process that was started ahead and is not in use yet, if any."""


def get_ready() -> None:
    """Starts the reading process first, so that it loads the reader while the command loads the rest."""
    if hasattr(os, "fork") and not _has_threads() and not _early:
        from policy_bot.isolation.launch import fork
        from policy_bot.isolation.limits import Bounds

        _early.append(fork(Bounds()))


def let_go() -> None:
    """Ends an unused process, after a wrong command line for example."""
    while _early:
        _early.pop().end()


def may_fork() -> bool:
    """Whether this process may be forked: copied locks of other threads would never be released."""
    return hasattr(os, "fork") and not _has_threads()


def local_reader() -> Reader:
    """Chooses the cheapest reader that can be killed: a fork; with threads, a worker; else this process."""
    if not hasattr(os, "fork"):
        from policy_bot.isolation.reader import InProcess

        return InProcess()
    from policy_bot.isolation.kept import Forked, ReaderProcess

    if _has_threads():
        return ReaderProcess()
    return Forked(early=_early.pop() if _early else None)


def _has_threads() -> bool:
    threading = sys.modules.get("threading")  # loading the module just to check would cost more than the fork
    return threading is not None and threading.active_count() > 1
