"""Reading a project in the stages that settings name, besides those that its code tells apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from policy_bot.isolation.reader import Reader
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.source import SourceTree


def read_in_stages(reader: Reader, tree: SourceTree, path: str, stages: Sequence[str] = ()) -> Project:
    """The project in its own contexts and in these stages. Reads twice only where a stage is missing."""
    return read_in_stages_by(reader.read, tree, path, stages)


def read_in_stages_by(
    read: Callable[[SourceTree, str, Sequence[Context] | None], Project],
    tree: SourceTree,
    path: str,
    stages: Sequence[str] = (),
) -> Project:
    """The same with what reads one project."""
    project = read(tree, path, None)
    own = [deployment.context for deployment in project.contexts]
    missing = [Context(stage) for stage in stages if Context(stage) not in own]
    return read(tree, path, [*own, *missing]) if own and missing else project
