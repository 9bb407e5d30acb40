"""Resolves PATH arguments to a tree, and finds the boundary above which nothing is read.

The boundary is the root of the git checkout that PATH is in. Without a checkout it is the given folder; for a
config, the current folder if the config is below it. So in a checkout the verdict on a project does not
depend on the current folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from policy_bot.cli.folder import FolderTree
from policy_bot.cli.problem import Problem
from policy_bot.record import dataclass
from policy_bot.sst.repository.projects import CONFIG_NAMES
from policy_bot.sst.source import SourceTree, Unreadable

SOURCES = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs")
"""Extensions of a config, whatever its name: `sst --config` accepts any."""


@dataclass(frozen=True)
class Target:
    """A tree, the folders to search in it, and the configs to read."""

    tree: FolderTree
    folders: tuple[str, ...]
    configs: tuple[str, ...] = ()
    is_checkout: bool = False
    """Whether the boundary is the root of a git checkout."""

    @property
    def is_whole(self) -> bool:
        """Whether everything below the boundary is searched."""
        return "" in self.folders


def target(paths: Sequence[str]) -> Target:
    """Resolves PATHs, by default the current folder. Raises `Problem`."""
    places = {os.path.abspath(path): path for path in paths or ["."]}
    for place, path in places.items():
        if not os.path.lexists(place):
            raise Problem(f"{path}: no such file or folder")
    roots = {place: _checkout(place) for place in places}
    found = sorted(set(filter(None, roots.values())))
    if len(found) > 1 or (found and None in roots.values()):
        raise Problem(f"{', '.join(paths)}: not in one git checkout; run the command once for each")
    root = found[0] if found else _together([_folder(place) for place in places])
    tree = FolderTree(root)
    return _classified(tree, {_below(root, place): path for place, path in places.items()}, bool(found))


def root_of(path: str) -> str:
    """The boundary for a folder: the root of its git checkout, else the folder itself."""
    place = os.path.abspath(path)
    return _checkout(place) or place


def config_above(tree: SourceTree, folder: str) -> str | None:
    """Finds the nearest config in a parent folder, as the SST CLI does."""
    while folder:
        folder = folder.rpartition("/")[0]
        names = tree.list(folder) or ()
        config = next((name for name in CONFIG_NAMES if name in names), None)
        if config is not None:
            return f"{folder}/{config}" if folder else config
    return None


def _classified(tree: FolderTree, places: dict[str, str], is_checkout: bool) -> Target:
    folders, configs = [], []
    for place, path in places.items():
        try:
            if tree.list(place) is not None:
                folders.append(place)
                continue
            is_file = tree.read(place) is not None
        except Unreadable as error:
            raise Problem(str(error)) from None
        if not is_file:
            raise Problem(f"{path}: no such file or folder")
        if not place.endswith(SOURCES):
            raise Problem(f"{path}: not an SST config; give the sst.config.ts or its folder")
        configs.append(place)
    return Target(tree, tuple(folders), tuple(configs), is_checkout)


def _checkout(place: str) -> str | None:
    """Finds the nearest folder at or above `place` that has a `.git` (a file in worktrees and submodules)."""
    return next((folder for folder in _upwards(place) if os.path.lexists(os.path.join(folder, ".git"))), None)


def _upwards(place: str) -> Iterator[str]:
    while True:
        yield place
        above = os.path.dirname(place)
        if above == place:
            return
        place = above


def _together(folders: Sequence[str]) -> str:
    try:
        return os.path.commonpath(folders)
    except ValueError:
        raise Problem("the paths are on different drives; run the command once for each") from None


def _folder(place: str) -> str:
    """Returns the boundary without a checkout: the given folder; for a config the current folder if the
    config is below it (the root of a monorepo), else the config's folder.
    """
    if os.path.isdir(place):
        return place
    here, folder = os.getcwd(), os.path.dirname(place)
    return here if folder == here or folder.startswith(here.rstrip(os.sep) + os.sep) else folder


def _below(root: str, place: str) -> str:
    relative = os.path.relpath(place, root).replace(os.sep, "/")
    return "" if relative == "." else relative
