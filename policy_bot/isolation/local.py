"""The reader of a local run: a fork, made as early as there is a command to make it for."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_bot.isolation.launch import Child
    from policy_bot.isolation.reader import Reader

_early: list[Child] = []
"""The process that was started ahead and is not taken yet, if any."""


def get_ready() -> None:
    """Start the reading process first of all: it loads its half while the command loads its own."""
    if hasattr(os, "fork") and not _has_threads() and not _early:
        from policy_bot.isolation.launch import fork
        from policy_bot.isolation.limits import Bounds

        _early.append(fork(Bounds()))


def let_go() -> None:
    """End what was started ahead and never taken: the command line was wrong, say."""
    while _early:
        _early.pop().end()


def may_fork() -> bool:
    """Whether this process may be copied: a copy of other threads' locks would never be released."""
    return hasattr(os, "fork") and not _has_threads()


def local_reader() -> Reader:
    """The cheapest reader that can be killed: a fork; where there are threads, a worker; at last, this
    process.
    """
    if not hasattr(os, "fork"):
        from policy_bot.isolation.reader import InProcess

        return InProcess()
    from policy_bot.isolation.kept import Forked, ReaderProcess

    if _has_threads():
        return ReaderProcess()
    return Forked(early=_early.pop() if _early else None)


def _has_threads() -> bool:
    threading = sys.modules.get("threading")  # loading it only to ask would cost more than the fork
    return threading is not None and threading.active_count() > 1
