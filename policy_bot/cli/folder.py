"""A folder on this machine (a git checkout, in CI) as a `SourceTree`. The folder is the boundary: nothing
above it is read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from policy_bot.cli.problem import Problem
from policy_bot.sst.record import dataclass, field
from policy_bot.sst.source import Unreadable

LARGEST = 4 * 1024 * 1024
"""Bytes. No source file comes near it; a lockfile may be larger, and then its version is not used as
evidence.
"""


@dataclass(frozen=True)
class FolderTree:
    """The files below `root`. A symlink is followed while it stays inside; links to folders are not listed as
    folders, so that a walk ends, as git sees them.
    """

    root: str | os.PathLike[str]
    _real: str = field(init=False, repr=False, compare=False)
    leaving: set[str] = field(default_factory=set, repr=False, compare=False)
    """Links to folders outside that a listing met. They are not followed, so whoever lists says so."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_real", os.path.realpath(self.root))

    def read(self, path: str) -> bytes | None:
        """The file's bytes; None where there is no such file. Raises `Unreadable`."""
        real = self._inside(path)
        if real is None:
            return None
        try:
            # non-blocking: opening a named pipe must not wait for its writer
            with open(os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
                kind = os.fstat(file.fileno())
                if not stat.S_ISREG(kind.st_mode):
                    raise Unreadable(path, "is not a regular file")
                if kind.st_size > LARGEST:
                    raise Unreadable(path, f"is larger than {LARGEST // 1024 // 1024} MiB")
                return file.read(LARGEST + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise Unreadable(path, (error.strerror or "cannot be read").lower()) from None

    def list(self, folder: str) -> Sequence[str] | None:
        """The names in a folder, sorted, folders with a trailing `/`; None where there is no such folder."""
        real = self._inside(folder)
        if real is None:
            return None
        try:
            with os.scandir(real) as entries:
                return sorted(self._named(folder, entry) for entry in entries)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise Unreadable(folder, (error.strerror or "cannot be read").lower()) from None

    def _named(self, folder: str, entry: os.DirEntry[str]) -> str:
        if entry.is_dir(follow_symlinks=False):
            return entry.name + "/"
        if entry.is_symlink() and entry.is_dir():
            path = f"{folder}/{entry.name}" if folder else entry.name
            try:
                self._inside(path)
            except Unreadable:
                self.leaving.add(path)
        return entry.name

    def _inside(self, path: str) -> str | None:
        """Where `path` really is; None where it cannot exist. Raises `Unreadable` where that is outside of
        the root.
        """
        try:
            real = os.path.realpath(os.path.join(self._real, path))
        except ValueError:  # a NUL, half a surrogate pair: no file is called so
            return None
        if real != self._real and not real.startswith(self._real.rstrip(os.sep) + os.sep):
            raise Unreadable(path, "leads out of the folder that is read")
        return real


@dataclass(frozen=True)
class Target:
    """What a command was asked to look at: a tree, and in it a folder to search or one config."""

    tree: FolderTree
    folder: str
    config: str | None


def target(path: str | None) -> Target:
    """The current folder as a tree, and where in it PATH points. Raises `Problem`."""
    here = os.getcwd()
    path = path or "."
    relative = os.path.relpath(os.path.join(here, path), here).replace(os.sep, "/")
    if relative == ".." or relative.startswith("../"):
        raise Problem(_outside(path))
    relative = "" if relative == "." else relative
    tree = FolderTree(here)
    try:
        if tree.list(relative) is not None:
            return Target(tree, relative, None)
        if tree.read(relative) is not None:
            return Target(tree, relative.rpartition("/")[0], relative)
    except Unreadable as error:
        raise Problem(str(error)) from None
    raise Problem(f"{path}: no such file or folder")


def _outside(path: str) -> str:
    """The current folder is the boundary, so whoever wants another one goes there."""
    import shlex

    there = shlex.quote(path if os.path.isdir(path) else os.path.dirname(path))
    return f"{path}: outside of the current folder, above which nothing is read; run it there: cd {there}"
