"""A folder on this machine (a git checkout, in CI) as a `SourceTree`. Nothing above the folder is read."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from itertools import accumulate

from policy_bot.record import dataclass, field
from policy_bot.sst.source import AtHand, Unreadable, readable

LARGEST = 4 * 1024 * 1024
"""Maximum bytes of a file. Source files are far smaller; a larger lockfile is ignored."""

PACKAGE = "package.json"

MOST_NAMES = 5_000
"""Maximum number of names in a folder listing that is sent along with a question."""

_LEAST = 1 << 16  # minimum number of bytes to read, because the file may grow meanwhile

# non-blocking: opening a named pipe must not wait for its writer
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class FolderTree:
    """The files below `root`. Each folder is listed once, when it is first needed.

    A symlink to a file inside the root is followed; as in git, a link to a folder is not listed as a folder.
    """

    root: str | os.PathLike[str]
    leaving: set[str] = field(default_factory=set, repr=False, compare=False)
    """Links to outside folders that a listing met. They are not followed, so the command reports them."""
    _real: str = field(init=False, repr=False, compare=False)
    _folders: dict[str, _Folder | None] = field(default_factory=dict, repr=False, compare=False)
    _listings: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_real", os.path.realpath(self.root))

    def read(self, path: str) -> bytes | None:
        """The file's bytes; None if there is no such file. Raises `Unreadable`."""
        above, _, name = path.rpartition("/")
        folder = self._folder(above) if name not in {"", ".", ".."} else None
        if folder is None or (folder.names is not None and name not in folder.names):
            return None
        real = os.path.join(folder.real, name)
        if not folder.real or folder.names is None or folder.names[name].is_symlink():
            found = self._inside(path)
            if found is None:
                return None
            real = found
        return _content(path, real)

    def list(self, folder: str) -> Sequence[str] | None:
        """The names in a folder, sorted, folders with a trailing `/`; None if there is no such folder."""
        found = self._folder(folder)
        if found is None:
            return None
        if found.names is None:
            raise Unreadable(folder, found.why)
        if folder not in self._listings:
            self._listings[folder] = sorted(self._named(folder, entry) for entry in found.names.values())
        return self._listings[folder]

    def at_hand(self, config: str) -> AtHand:
        """The config, its package.json, and the listings of its folder and its parents, for lockfiles."""
        folder = config.rpartition("/")[0]
        above = ["", *accumulate(folder.split("/"), "{}/{}".format)] if folder else [""]
        package = f"{folder}/{PACKAGE}" if folder else PACKAGE
        files = {path: content for path in (config, package) if (content := readable(self, path)) is not None}
        folders = {path: names for path in above if (names := self._few(path)) is not None}
        return AtHand(files, folders)

    def _few(self, folder: str) -> Sequence[str] | None:
        """The names in a folder; None if they are too many to send with every question."""
        try:
            names = self.list(folder)
        except Unreadable:
            return None
        return names if names is not None and len(names) <= MOST_NAMES else None

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

    def _folder(self, path: str) -> _Folder | None:
        """A folder with its entries; None if there is none. Raises `Unreadable` if it is outside the root."""
        if path not in self._folders:
            real = self._inside(path)
            self._folders[path] = None if real is None else _listed(real)
        return self._folders[path]

    def _inside(self, path: str) -> str | None:
        """The real path; None if it cannot exist. Raises `Unreadable` if it is outside the root."""
        parent, _, name = path.rpartition("/")
        above = self._folders.get(parent)
        if above is not None and above.names and name in above.names and not above.names[name].is_symlink():
            return os.path.join(above.real, name)
        try:
            real = os.path.realpath(os.path.join(self._real, path))
        except ValueError:  # no file name has a NUL or a lone surrogate
            return None
        if real != self._real and not real.startswith(self._real.rstrip(os.sep) + os.sep):
            raise Unreadable(path, "leads outside the folder that is read")
        return real


@dataclass(frozen=True)
class _Folder:
    """A real folder and its entries by name; None if it cannot be listed, for the reason `why`."""

    real: str
    names: dict[str, os.DirEntry[str]] | None
    why: str = ""


def _listed(real: str) -> _Folder | None:
    try:
        with os.scandir(real) as entries:
            return _Folder(real, {entry.name: entry for entry in entries})
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:  # its files may still be readable by name
        return _Folder(real, None, (error.strerror or "cannot be read").lower())


def _content(path: str, real: str) -> bytes | None:
    try:
        with open(os.open(real, _OPEN), "rb") as file:
            kind = os.fstat(file.fileno())
            if not stat.S_ISREG(kind.st_mode):
                raise Unreadable(path, "is not a regular file")
            if kind.st_size > LARGEST:
                raise Unreadable(path, f"is larger than {LARGEST // 1024 // 1024} MiB")
            return file.read(max(kind.st_size, _LEAST) + 1)  # not more, which would be allocated first
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Unreadable(path, "is a symbolic link that cannot be followed") from None
        raise Unreadable(path, (error.strerror or "cannot be read").lower()) from None
