"""What reads a project for those who judge it, and the reader that simply does so in this process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, Self

from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.source import SourceTree


class Reader(Protocol):
    """Reads the projects of a tree. A context manager: what it holds (a process) is given back at the end."""

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """The project whose config is `path`; by default in every context that its code tells apart.

        What cannot be read is said in the project, never raised; what `tree` raises (a network that fails)
        goes through.
        """

    def find(self, tree: SourceTree, folder: str = "") -> list[str]:
        """Paths of the configs below `folder`."""

    def close(self) -> None:
        """Give back what it holds."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Finding:
    """What all readers share: finding needs names only, so no file is parsed for it."""

    def find(self, tree: SourceTree, folder: str = "") -> list[str]:
        """Paths of the configs below `folder`."""
        from policy_bot.sst.projects import find_projects

        return find_projects(tree, folder)

    def close(self) -> None:
        """Give back what it holds."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class InProcess(Finding):
    """Reads here: for tests, and where no process can be forked. A hostile file can take as long and as much
    as it likes.
    """

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """The project whose config is `path`."""
        from policy_bot.sst.reading import read_project

        return read_project(tree, path, contexts)
