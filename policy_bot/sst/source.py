"""The reader's access to files: a small interface that a folder, a git checkout, GitHub and a dict
implement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from policy_bot.record import dataclass, field
from policy_bot.sst.reasons import Reason, Why, said


class Unreadable(Exception):
    """A file exists but cannot or may not be read: a symlink out of the tree, a submodule, a file over the
    size limit.

    The reader turns it into "cannot tell" at the place that needs the file.
    """

    def __init__(self, path: str, why: Reason | str) -> None:
        self.path = path
        self.why = said(why) if isinstance(why, str) else why
        self.reason = Why.UNREADABLE_FILE(path, self.why)
        super().__init__(str(self.reason))


class SourceTree(Protocol):
    """Files by path: relative to the tree's root, `/` between the parts, no `.` or `..`; `""` is the root
    folder.
    """

    def read(self, path: str) -> bytes | None:
        """The file's bytes; None if there is no such file. Raises `Unreadable`."""

    def list(self, folder: str) -> Sequence[str] | None:
        """The folder's entry names, sorted, folders with a trailing `/`; None if there is no such folder."""


def readable(tree: SourceTree, path: str) -> bytes | None:
    """The file's bytes; None also if it may not be read."""
    try:
        return tree.read(path)
    except Unreadable:
        return None


def read_code(tree: SourceTree, path: str) -> bytes | None:
    """The bytes of application code. A remote tree has only the files that were announced, and raises
    `Unreadable` for others: application code is not worth a request for each file.
    """
    read: Callable[[str], bytes | None] = getattr(tree, "read_code", tree.read)
    return read(path)


def announce(tree: SourceTree, paths: Sequence[str]) -> None:
    """Announces the application code that will be read next, so that a remote tree fetches it in one
    request.
    """
    ahead: Callable[[Sequence[str]], None] | None = getattr(tree, "announce", None)
    if ahead is not None and paths:
        ahead(paths)


@dataclass(frozen=True)
class AtHand:
    """Files and folder listings by path, as `SourceTree` returns them: an entry that no listing has does not
    exist.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    folders: Mapping[str, Sequence[str]] = field(default_factory=dict)


def at_hand(tree: SourceTree, config: str) -> AtHand:
    """The files that reading this config will request first, if the tree has them without waiting."""
    found: Callable[[str], AtHand] | None = getattr(tree, "at_hand", None)
    return found(config) if found is not None else AtHand()


@dataclass(frozen=True)
class MemoryTree:
    """A tree from a mapping of paths to contents, for tests, policy cases and prefetched sources."""

    files: Mapping[str, bytes]

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None."""
        return self.files.get(path)

    def list(self, folder: str) -> Sequence[str] | None:
        """The names below `folder`, or None if there are none."""
        prefix = f"{folder}/" if folder else ""
        names = set()
        for path in self.files:
            if path.startswith(prefix):
                head, slash, _ = path[len(prefix) :].partition("/")
                names.add(head + slash)
        return sorted(names) if names or not folder else None


@dataclass(frozen=True)
class Overlay:
    """A tree with some files replaced (removed, if None): fixes are tried on it before they are offered."""

    below: SourceTree
    changes: Mapping[str, bytes | None]

    def read(self, path: str) -> bytes | None:
        """The changed bytes, else those below."""
        return self.changes[path] if path in self.changes else self.below.read(path)

    def read_code(self, path: str) -> bytes | None:
        """The same for application code."""
        return self.changes[path] if path in self.changes else read_code(self.below, path)

    def announce(self, paths: Sequence[str]) -> None:
        """Announces paths that will be read."""
        announce(self.below, paths)

    def at_hand(self, config: str) -> AtHand:
        """The files of the tree below, with the changes applied."""
        below = at_hand(self.below, config)
        files = {path: content for path in below.files if (content := self.read(path)) is not None}
        folders = {path: names for path in below.folders if (names := self.list(path)) is not None}
        return AtHand(files, folders)

    def list(self, folder: str) -> Sequence[str] | None:
        """The folder's names with the changes applied."""
        names = set(self.below.list(folder) or ())
        prefix = f"{folder}/" if folder else ""
        for path, content in self.changes.items():
            if path.startswith(prefix):
                head, slash, _ = path[len(prefix) :].partition("/")
                if content is not None:
                    names.add(head + slash)
                elif not slash:
                    names.discard(head)
        return sorted(names) if names or not folder else None
