"""The reader at a desk."""

from __future__ import annotations

import os
import sys

from policy_bot.isolation.reader import InProcess, Reader


def desk_reader() -> Reader:
    """The cheapest reader that can be killed: a fork; a worker where there are threads; at last, this
    process.

    It gets ready at once, while the caller loads what it needs itself.
    """
    if not hasattr(os, "fork"):
        return InProcess()
    from policy_bot.isolation.kept import Forked, Worker

    reader = Worker() if _has_threads() else Forked()
    reader.begin()
    return reader


def _has_threads() -> bool:
    threading = sys.modules.get("threading")  # loading it only to ask would cost more than the fork
    return threading is not None and threading.active_count() > 1
