"""The form in which the facts of subjects are declared."""

from __future__ import annotations

from typing import Literal

from policy_bot.record import NamedTuple

FactType = Literal["string", "int", "bool", "list", "args"]
"""`list`: of strings. `args`: an object of any depth, asked by paths such as `args.server.timeout`."""


class Shape(NamedTuple):
    """A field of a subject: its type, and what it says (one sentence, shown in the authors' guide)."""

    type: FactType
    doc: str
