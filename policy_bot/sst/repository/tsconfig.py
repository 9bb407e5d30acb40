"""The import settings of tsconfig files, with those that they extend."""

from __future__ import annotations

import posixpath

from policy_bot.record import dataclass
from policy_bot.sst.repository.files import RepositoryFiles
from policy_bot.sst.repository.paths import join, package_name
from policy_bot.sst.repository.workspaces import Workspaces


@dataclass(frozen=True, slots=True)
class CompilerPaths:
    """Import settings of a tsconfig: `paths` relative to `root`; `base` for bare names, None if unset."""

    paths: dict[str, list[str]]
    root: str
    base: str | None
    verbatim: bool = False


NO_PATHS = CompilerPaths({}, "", None)
MOST_CONFIGS = 200
"""Maximum number of tsconfig files that are read, which also bounds a chain of `extends`."""


class CompilerConfigs:
    """Reads the tsconfig that applies to a folder."""

    def __init__(self, repository: RepositoryFiles, workspaces: Workspaces) -> None:
        self.repository = repository
        self.workspaces = workspaces
        self._configs: dict[str, CompilerPaths] = {}
        self._files: dict[str, CompilerPaths] = {}
        self._reading: set[str] = set()
        self._read = 0
        self._circular = False

    def config(self, folder: str) -> CompilerPaths:
        """The settings of the nearest tsconfig."""
        if folder not in self._configs:
            prefix = f"{folder}/" if folder else ""
            name = next(
                (n for n in ("tsconfig.json", "jsconfig.json") if self.repository.is_file(prefix + n)), None
            )
            if name is not None:
                found = self._read_config(prefix + name)
            else:
                found = self.config(posixpath.dirname(folder)) if folder else NO_PATHS
            self._configs[folder] = found
            if self._circular:  # what is in a circle depends on where it was entered
                self._files.clear()
                self._circular = False
        return self._configs[folder]

    def _read_config(self, path: str) -> CompilerPaths:
        """The settings of a file, read once however many others extend it; one that extends itself adds
        nothing.
        """
        self._circular |= path in self._reading
        if path not in self._files and path not in self._reading and self._read < MOST_CONFIGS:
            self._read += 1
            self._reading.add(path)
            self._files[path] = self._from_file(path)
            self._reading.remove(path)
        return self._files.get(path, NO_PATHS)

    def _from_file(self, path: str) -> CompilerPaths:
        config = self.repository.json(path)
        if not isinstance(config, dict):
            return NO_PATHS
        folder = posixpath.dirname(path)
        paths: dict[str, list[str]] = {}
        root, base, verbatim = folder, None, False
        above = config.get("extends")
        for one in above if isinstance(above, list) else [above]:
            target = self._extended(one, folder) if isinstance(one, str) else None
            if target is not None:
                inherited = self._read_config(target)
                paths, root, base = inherited.paths or paths, inherited.root, inherited.base or base
                verbatim = verbatim or inherited.verbatim
        options = config.get("compilerOptions")
        options = options if isinstance(options, dict) else {}
        if isinstance(options.get("baseUrl"), str):
            base = join(folder, options["baseUrl"])
            root = base if base is not None else folder
        if isinstance(options.get("paths"), dict):
            root = base if base is not None else folder
            given = options["paths"].items()
            paths = {
                key: [t for t in some if isinstance(t, str)] for key, some in given if isinstance(some, list)
            }
        return CompilerPaths(paths, root, base, options.get("verbatimModuleSyntax", verbatim) is True)

    def _extended(self, specifier: str, folder: str) -> str | None:
        if specifier.startswith("."):
            path = join(folder, specifier)
        else:
            name, inner = package_name(specifier)
            at = self.workspaces.packages(folder).get(name)
            path = join(at, inner or "tsconfig.json") if at is not None else None
        if path is None:
            return None
        return (
            path
            if self.repository.is_file(path)
            else f"{path}.json"
            if self.repository.is_file(f"{path}.json")
            else None
        )
