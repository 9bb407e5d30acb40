"""Automatic imports of Nitro: the exports of `server/utils` and `shared/utils` are names everywhere in the
server (https://nitro.build/guide/utils,
https://nuxt.com/docs/guide/directory-structure/server#server-utilities).
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.streams.files import Files
from policy_bot.sst.streams.scopes import File, Imported

FOLDERS = ("server/utils", "src/server/utils", "shared/utils")
MOST_FILES = 100
_INSIDE = "/repository/"
"""The resolver's prefix for a path from the root of the repository."""


class AutoImports:
    """Names that a project's servers use without importing them, from the files given to `add`."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._names: dict[str, list[tuple[str, str]]] = {}

    def add(self, site: str, path: str) -> None:
        """Makes the exports of a file available to the site in a folder."""
        file = self.files.get(path)
        for name in file.exports if isinstance(file, File) else ():
            self._names.setdefault(name, []).append((f"{site}/" if site else "", path))

    def find(self, name: str, importer: str) -> Imported | None:
        """Resolves a name that a file does not declare."""
        for site, path in self._names.get(name, ()):
            if importer.startswith(site) and importer != path:
                return Imported(_INSIDE + path, name, importer)
        return None

    def used_in(self, content: bytes, importer: str) -> Iterator[str]:
        """Files whose exports a file may use, according to the names in its bytes."""
        for name, places in self._names.items():
            if name.encode() in content:
                yield from (path for site, path in places if importer.startswith(site) and importer != path)
