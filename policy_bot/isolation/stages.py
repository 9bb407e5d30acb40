"""Reads a project in the stages that settings name, besides those that its code distinguishes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.source import SourceTree

if TYPE_CHECKING:
    from policy_bot.review.fixes import Read


def read_in_stages(read: Read, tree: SourceTree, path: str, stages: Sequence[str] = ()) -> Project:
    """The project in its own contexts and in these stages. Reads twice only if a stage is missing."""
    project = read(tree, path, None)
    own = [deployment.context for deployment in project.contexts]
    missing = [Context(stage) for stage in stages if Context(stage) not in own]
    return read(tree, path, [*own, *missing]) if own and missing else project
