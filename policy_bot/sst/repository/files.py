"""The files that the reading of a project requests."""

from __future__ import annotations

from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.source import SourceTree, Unreadable


class RepositoryFiles:
    """A tree whose folders and JSON files are read once; `files` collects all requested paths. `unread` is
    why a file that may name packages was not read: an import that is not found may lead to one of those.
    """

    def __init__(self, tree: SourceTree) -> None:
        self.tree = tree
        self.unread: Reason | None = None
        self.files: set[str] = set()
        self._folders: dict[str, frozenset[str] | None] = {}
        self._json: dict[str, object] = {}

    def read(self, path: str) -> bytes | None:
        """A file's bytes, or None. Raises `Unreadable`."""
        self.files.add(path)
        return self.tree.read(path)

    def entries(self, folder: str) -> frozenset[str] | None:
        """A folder's entries, folders with a trailing `/`; None if there is no such folder."""
        if folder not in self._folders:
            names = self.tree.list(folder)
            self._folders[folder] = None if names is None else frozenset(names)
        return self._folders[folder]

    def is_file(self, path: str) -> bool:
        """Whether the file exists."""
        self.files.add(path)
        folder, _, name = path.rpartition("/")
        names = self.entries(folder)
        return names is not None and name in names

    def json(self, path: str) -> object:
        """Parses a JSON file with comments; None if it is missing or invalid."""
        if path not in self._json:
            data = self.described(path)
            found = self._json[path] = None if data is None else _parsed(data)
            if data is not None and found is None:
                self.unread = self.unread or Why.NOT_JSON(path)
        return self._json[path]

    def described(self, path: str) -> bytes | None:
        """The bytes of a file that may name packages; None if it is missing or not read."""
        try:
            return self.read(path) if self.is_file(path) else None
        except Unreadable as error:
            self.unread = self.unread or error.reason
            return None

    def note_links(self, path: str) -> None:
        """Notes a link or submodule in the place of a folder of `path`, which leads nowhere then."""
        folder = path.rpartition("/")[0]
        while folder and self.entries(folder) is None:
            self.described(folder)
            folder = folder.rpartition("/")[0]

    def manifest(self, folder: str) -> dict[str, object]:
        """The package.json of a folder; empty if it is missing or invalid."""
        found = self.json(f"{folder}/package.json" if folder else "package.json")
        return found if isinstance(found, dict) else {}


def _parsed(data: bytes) -> object:
    from policy_bot.sst.repository.jsonc import parse_jsonc

    return parse_jsonc(data)
