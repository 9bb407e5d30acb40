"""Answering questions about a repository's text, in a reading process or, in tests, in this one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from policy_bot.record import dataclass
from policy_bot.sst.source import SourceTree

if TYPE_CHECKING:
    from policy_bot.review.fixes import Read

READING = "reading"
"""Name of the step that reads a project, in `limit` reasons."""


Step = Callable[[str], AbstractContextManager[object]]
"""Announces a step: see `Answering`."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Context of a question: its tree, the reader of its projects, and the announcement of steps.

    `step("judging")` starts a new limit of CPU time; a process that dies in the step is reported with its
    name.
    """

    tree: SourceTree
    read: Read
    step: Step
    goes_on: Callable[[], bool] = lambda: True


class Question(Protocol):
    """A question to a reading process: one of the records of `isolation/questions`."""

    def answered(self, at: Answering) -> object:
        """Returns the answer as plain data."""
