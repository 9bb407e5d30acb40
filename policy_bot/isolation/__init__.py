"""Reads untrusted source in a process that may be killed, so that a hostile file affects only its own pull
request.

`Reader` is the interface; the service uses `Workers`, local runs `local_reader()`, tests `InProcess`. Each is
loaded on first use, since the CLI does not need the service's half.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_bot.isolation.kept import Forked, ReaderProcess
    from policy_bot.isolation.limits import Bounds
    from policy_bot.isolation.local import local_reader
    from policy_bot.isolation.pool import Workers
    from policy_bot.isolation.reader import InProcess, Reader
    from policy_bot.isolation.stages import read_in_stages

__all__ = [
    "Bounds",
    "Forked",
    "InProcess",
    "Reader",
    "ReaderProcess",
    "Workers",
    "local_reader",
    "read_in_stages",
]

_ROOMS = {
    "Bounds": "limits",
    "Forked": "kept",
    "InProcess": "reader",
    "Reader": "reader",
    "ReaderProcess": "kept",
    "Workers": "pool",
    "local_reader": "local",
    "read_in_stages": "stages",
}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(name)
    return getattr(import_module(f"policy_bot.isolation.{_ROOMS[name]}"), name)
