"""Decides which paths `.gitignore` files exclude (https://git-scm.com/docs/gitignore)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from policy_bot.sst.source import SourceTree, readable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class GitIgnore:
    """The `.gitignore` files of a tree. Each is read and compiled once for all paths below it, which takes
    longer than all else that is done to find a project.
    """

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._patterns = cache(self._read)

    def excludes(self, path: str, within: str = "") -> bool:
        """Whether a file, or a folder below `within` that contains it, is ignored."""
        return any(map(self._is_excluded, _steps(path, within)))

    def _is_excluded(self, place: str) -> bool:
        """Whether the nearest .gitignore with a matching pattern excludes the path."""
        folder = place.rstrip("/").rpartition("/")[0]
        while True:
            patterns = self._patterns(folder)
            if patterns is not None:
                relative = place[len(folder) + 1 :] if folder else place
                said = patterns.check_file(relative).include
                if said is not None:
                    return said
            if not folder:
                return False
            folder = folder.rpartition("/")[0]

    def _read(self, folder: str) -> GitIgnoreSpec | None:
        content = readable(self._tree, f"{folder}/.gitignore" if folder else ".gitignore")
        if content is None:
            return None
        from pathspec import GitIgnoreSpec  # only if there is such a file: it loads 30 modules

        return GitIgnoreSpec.from_lines(content.decode("utf-8", "replace").splitlines())


def _steps(path: str, within: str) -> Iterator[str]:
    """The folders of a path below `within`, outermost first with a trailing `/`, then the path."""
    at = path.find("/", len(within) + 1 if within else 0)
    while at >= 0:
        yield path[: at + 1]
        at = path.find("/", at + 1)
    if not path.endswith("/"):
        yield path
