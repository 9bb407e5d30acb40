"""Errors that end a command, with messages for its user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_bot.sst.deployment import BlindSpot


class Problem(Exception):
    """A usage or settings error and how to fix it. Shown on stderr without a traceback, exit status 2."""


class SettingsProblem(Problem):
    """Mistakes in settings or policy files, each with its place."""

    def __init__(self, mistakes: Sequence[BlindSpot]) -> None:
        self.mistakes = tuple(mistakes)
        self.lines = [f"{each.span}: {each.reason}" for each in mistakes]
        super().__init__("\npolicy-bot: ".join(self.lines))
