"""Decides which paths `.gitignore` files exclude (https://git-scm.com/docs/gitignore)."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.source import SourceTree, readable


def is_ignored(tree: SourceTree, path: str, within: str = "") -> bool:
    """Whether a file, or a folder below `within` that contains it, is ignored."""
    return any(_is_excluded(tree, place) for place in _steps(path, within))


def _steps(path: str, within: str) -> Iterator[str]:
    """The folders of a path below `within`, outermost first with a trailing `/`, then the path."""
    at = path.find("/", len(within) + 1 if within else 0)
    while at >= 0:
        yield path[: at + 1]
        at = path.find("/", at + 1)
    if not path.endswith("/"):
        yield path


def _is_excluded(tree: SourceTree, place: str) -> bool:
    """Whether the nearest .gitignore with a matching pattern excludes the path."""
    folder = place.rstrip("/").rpartition("/")[0]
    while True:
        content = readable(tree, f"{folder}/.gitignore" if folder else ".gitignore")
        if content is not None:
            from pathspec import GitIgnoreSpec  # only if there is such a file: it loads 30 modules

            lines = content.decode("utf-8", "replace").splitlines()
            relative = place[len(folder) + 1 :] if folder else place
            said = GitIgnoreSpec.from_lines(lines).check_file(relative).include
            if said is not None:
                return said
        if not folder:
            return False
        folder = folder.rpartition("/")[0]
