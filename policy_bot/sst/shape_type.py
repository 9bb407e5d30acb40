"""The form in which the facts of subjects are declared."""

from __future__ import annotations

from typing import Literal

from policy_bot.record import NamedTuple

FactType = Literal["string", "int", "bool", "list", "args"]
"""`list`: of strings. `args`: an object of any depth, read by paths such as `args.server.timeout`."""


class Shape(NamedTuple):
    """A field of a subject: its type, and its meaning in one sentence, which the authors' guide shows."""

    type: FactType
    doc: str
