"""How a question about text of a repository is answered, in a reading process or, for tests, in this one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from policy_bot.record import dataclass
from policy_bot.sst.source import SourceTree

if TYPE_CHECKING:
    from policy_bot.review.fixes import Read

READING = "reading"
"""The step in which a project is read, as `limit` reasons know it."""


Step = Callable[[str], AbstractContextManager[object]]
"""Announces what begins: see `Answering`."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Where a question is answered: the tree, what reads a project of it, and what announces a step.

    Within `step("judging")` the CPU time of the process is bounded anew, and a process that dies there is
    reported with these words.
    """

    tree: SourceTree
    read: Read
    step: Step
    goes_on: Callable[[], bool] = lambda: True


class Question(Protocol):
    """What is asked of a reading process: one of the records of `isolation/questions`."""

    def answered(self, at: Answering) -> object:
        """The answer, in plain data."""
