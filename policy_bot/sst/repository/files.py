"""The files that the reading of a project requests."""

from __future__ import annotations

from policy_bot.sst.source import SourceTree, Unreadable


class RepositoryFiles:
    """A tree whose folders and JSON files are read once; `files` collects all requested paths."""

    def __init__(self, tree: SourceTree) -> None:
        self.tree = tree
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
            try:
                data = self.read(path) if self.is_file(path) else None
            except Unreadable:
                data = None
            self._json[path] = None if data is None else _parsed(data)
        return self._json[path]

    def manifest(self, folder: str) -> dict[str, object]:
        """The package.json of a folder; empty if it is missing or invalid."""
        found = self.json(f"{folder}/package.json" if folder else "package.json")
        return found if isinstance(found, dict) else {}


def _parsed(data: bytes) -> object:
    from policy_bot.sst.repository.jsonc import parse_jsonc

    return parse_jsonc(data)
