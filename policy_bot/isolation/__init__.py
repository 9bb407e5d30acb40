"""Reads untrusted source in a process that may be killed, so that a hostile file costs one pull request its
verdict.

The front door: `Reader` is what judges are given; `Workers` for the service, `desk_reader()` for a terminal,
`InProcess` for tests.
"""

from __future__ import annotations

import os
import threading

from policy_bot.isolation.kept import Forked, Worker
from policy_bot.isolation.limits import Bounds
from policy_bot.isolation.pool import Workers
from policy_bot.isolation.reader import InProcess, Reader
from policy_bot.isolation.stages import read_in_stages

__all__ = ["Bounds", "Forked", "InProcess", "Reader", "Worker", "Workers", "desk_reader", "read_in_stages"]


def desk_reader() -> Reader:
    """The cheapest reader that can be killed: a fork; a worker where there are threads; in this process as a
    last resort.
    """
    if not hasattr(os, "fork"):
        return InProcess()
    return Forked() if threading.active_count() == 1 else Worker()
