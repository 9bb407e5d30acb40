"""What Nitro imports by itself: the exports of `server/utils` and `shared/utils` are names everywhere in the
server (https://nitro.build/guide/utils, https://nuxt.com/docs/guide/directory-structure/server#server-utilities).
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.streams.files import Files
from policy_bot.sst.streams.scopes import File, Imported

FOLDERS = ("server/utils", "src/server/utils", "shared/utils")
MOST_FILES = 100
_INSIDE = "/repository/"
"""How the resolver is given a path from the root of the repository."""


class AutoImports:
    """The names that one project's servers use without an import; only those of files given to `add`."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._names: dict[str, list[tuple[str, str]]] = {}

    def add(self, site: str, path: str) -> None:
        """Makes the exports of a file known to the files of the site in a folder."""
        file = self.files.get(path)
        for name in file.exports if isinstance(file, File) else ():
            self._names.setdefault(name, []).append((f"{site}/" if site else "", path))

    def find(self, name: str, importer: str) -> Imported | None:
        """What a name that nothing declares stands for in a file."""
        for site, path in self._names.get(name, ()):
            if importer.startswith(site) and importer != path:
                return Imported(_INSIDE + path, name, importer)
        return None

    def used_in(self, content: bytes, importer: str) -> Iterator[str]:
        """The files whose exports a file may use, by the names in its bytes."""
        for name, places in self._names.items():
            if name.encode() in content:
                yield from (path for site, path in places if importer.startswith(site) and importer != path)
