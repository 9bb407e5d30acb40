"""Resolves imports to files of a `SourceTree`, as esbuild does for SST.

Handles relative paths (without extension, `.js` for `.ts`, folders), `paths` and `baseUrl` of tsconfig,
packages of the workspace, and `#imports`. Searches neither above the tree nor in `node_modules`.
"""

from __future__ import annotations

import posixpath

from policy_bot.record import dataclass
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.repository.files import RepositoryFiles
from policy_bot.sst.repository.paths import exported, join, package_name
from policy_bot.sst.repository.tsconfig import CompilerConfigs
from policy_bot.sst.repository.workspaces import Workspaces
from policy_bot.sst.source import SourceTree

_EXTENSIONS = (".tsx", ".ts", ".jsx", ".js", ".json")


_REWRITES = {".js": (".ts", ".tsx"), ".jsx": (".tsx", ".ts"), ".mjs": (".mts",), ".cjs": (".cts",)}


_SCOPING = frozenset({"package.json", "tsconfig.json", "jsconfig.json", "pnpm-workspace.yaml"})
_BUILT = {"dist", "build", "lib", "out"}


@dataclass(frozen=True, slots=True)
class Package:
    """An import from outside the tree: an npm package or a module of Node."""

    name: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """An import that should be in the tree and is missing, and why."""

    reason: Reason


Resolved = str | Package | NotFound


class Resolver(RepositoryFiles):
    """Resolves imports."""

    def __init__(self, tree: SourceTree) -> None:
        super().__init__(tree)
        self.workspaces = Workspaces(self)
        self.configs = CompilerConfigs(self, self.workspaces)
        self._resolved: dict[tuple[str, str], Resolved] = {}
        self._scopes: dict[str, str] = {}
        self._aliases: list[tuple[str, str, tuple[str, ...]]] = []

    def alias(self, below: str, prefix: str, folders: tuple[str, ...]) -> None:
        """Maps `prefix` and `prefix/...` to the first of `folders` that matches, in files below a folder,
        unless a tsconfig maps them.
        """
        if (below, prefix, folders) not in self._aliases:
            self._aliases.append((below, prefix, folders))
            self._resolved.clear()
            self._scopes.clear()

    def resolve(self, specifier: str, importer: str) -> Resolved:
        """Resolves `specifier` in the file `importer`."""
        folder = posixpath.dirname(importer)
        key = (specifier, folder if specifier[:1] in (".", "/", "#") else self._package_scope(folder))
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = self._resolve(specifier, folder)
        return found

    def _package_scope(self, folder: str) -> str:
        """The nearest folder with a package.json or a tsconfig: bare names resolve the same everywhere
        in it.
        """
        scope = self._scopes.get(folder)
        if scope is None:
            names = self.entries(folder) or ()
            ends = (
                not folder
                or not _SCOPING.isdisjoint(names)
                or any(folder == each[0] for each in self._aliases)
            )
            scope = self._scopes[folder] = folder if ends else self._package_scope(posixpath.dirname(folder))
        return scope

    def _resolve(self, specifier: str, folder: str) -> Resolved:
        if "\0" in specifier or not specifier:
            return NotFound(Why.EMPTY_IMPORT())
        if specifier.startswith(("./", "../", "/")) or specifier in {".", ".."}:
            return self._relative(specifier, folder)
        if specifier.startswith("node:"):
            return Package(specifier)
        mapped = self._by_tsconfig(specifier, folder)
        mapped = mapped or self._by_alias(specifier, folder)
        if mapped is not None:
            return mapped
        if specifier.startswith("#"):
            return self._by_imports(specifier, folder)
        return self._by_workspace(specifier, folder) or Package(specifier)

    def _relative(self, specifier: str, folder: str) -> Resolved:
        if specifier.startswith("/"):
            inside = specifier.removeprefix("/repository/")
            if inside == specifier:
                return NotFound(Why.OUTSIDE_OF_REPOSITORY(specifier))
            path: str | None = join("", inside)
        else:
            path = join(folder, specifier)
        if path is None:
            return NotFound(Why.OUTSIDE_OF_REPOSITORY(specifier))
        return self.file(path) or NotFound(Why.NOT_IN_REPOSITORY(specifier))

    def file(self, path: str) -> str | None:
        """Resolves a path that may lack its extension or name a folder."""
        return self._exact(path) or self._folder(path)

    def _exact(self, path: str) -> str | None:
        if path and self.is_file(path):
            return path
        for extension in _EXTENSIONS if path else ():
            if self.is_file(path + extension):
                return path + extension
        stem, extension = posixpath.splitext(path)
        return next((stem + e for e in _REWRITES.get(extension, ()) if self.is_file(stem + e)), None)

    def _folder(self, path: str) -> str | None:
        if self.entries(path) is None:
            return None
        manifest = self.manifest(path)
        for key in ("module", "main"):
            # `main` of the named folder is not read, as in Node; otherwise `"main": "."` would not end
            named = manifest.get(key)
            target = join(path, named) if isinstance(named, str) else None
            found = None if target is None else self._exact(target) or self._index(target)
            if found is not None:
                return found
        return self._index(path)

    def _index(self, path: str) -> str | None:
        prefix = f"{path}/index" if path else "index"
        return next((prefix + e for e in _EXTENSIONS if self.is_file(prefix + e)), None)

    def _by_alias(self, specifier: str, folder: str) -> Resolved | None:
        for below, prefix, folders in self._aliases:
            start, slash, inner = specifier.partition("/")
            if start != prefix or not f"{folder}/".startswith(f"{below}/" if below else ""):
                continue
            for each in folders:
                path = join(each, inner) if slash else each
                found = self.file(path) if path else None
                if found is not None:
                    return found
        return None

    # ---- tsconfig

    def _by_tsconfig(self, specifier: str, folder: str) -> Resolved | None:
        config = self.configs.config(folder)
        for pattern in sorted(config.paths, key=lambda p: ("*" in p, -len(p.partition("*")[0]))):
            start, star, end = pattern.partition("*")
            if specifier == pattern or (star and specifier.startswith(start) and specifier.endswith(end)):
                middle = specifier[len(start) : len(specifier) - len(end)] if star else ""
                for target in config.paths[pattern]:
                    path = join(config.root, target.replace("*", middle, 1))
                    found = self.file(path) if path is not None else None
                    if found is not None:
                        return found
                    self.note_links(path or "")
        path = join(config.base, specifier) if config.base is not None else None
        return self.file(path) if path is not None else None

    # ---- packages

    def _by_workspace(self, specifier: str, folder: str) -> Resolved | None:
        name, inner = package_name(specifier)
        at = self.workspaces.packages(folder).get(name)
        if at is None:
            return None
        manifest = self.manifest(at)
        exports = manifest.get("exports")
        if exports is not None:
            target = exported(exports, f"./{inner}" if inner else ".")
            path = join(at, target) if target is not None else None
        elif inner:
            path = join(at, inner)
        else:
            found = self._folder(at) or self._main_source(manifest, at)
            return found or NotFound(Why.NO_FILE_IN_REPOSITORY(specifier))
        found = (self.file(path) or self._source_of(at, path)) if path is not None else None
        return found or NotFound(Why.NO_FILE_IN_REPOSITORY(specifier))

    def _main_source(self, manifest: dict[str, object], at: str) -> str | None:
        for key in ("module", "main"):
            target = manifest.get(key)
            path = join(at, target) if isinstance(target, str) else None
            found = self._source_of(at, path) if path else None
            if found is not None:
                return found
        return None

    def _source_of(self, package: str, path: str) -> str | None:
        """Maps a built file that is not in the repository to its source: `dist/x.js` to `src/x.ts`."""
        inner = path[len(package) + 1 :] if package else path
        built, _, rest = inner.partition("/")
        if built not in _BUILT or not rest:
            return None
        stem = posixpath.splitext(rest)[0]
        prefix = f"{package}/src" if package else "src"
        return next((p for e in (".ts", ".tsx", ".mts") if self.is_file(p := f"{prefix}/{stem}{e}")), None)

    def keeps_imports(self, path: str) -> bool:
        """Whether a file's tsconfig sets `verbatimModuleSyntax`, which keeps imports of types only."""
        return self.configs.config(posixpath.dirname(path)).verbatim

    def _by_imports(self, specifier: str, folder: str) -> Resolved:
        at = folder
        while True:
            imports = self.manifest(at).get("imports")
            if isinstance(imports, dict):
                target = exported(imports, specifier)
                path = join(at, target) if target is not None else None
                found = self.file(path) if path is not None else None
                return found or NotFound(Why.NOT_IN_REPOSITORY(specifier))
            if not at:
                return NotFound(Why.NOT_IN_REPOSITORY(specifier))
            at = posixpath.dirname(at)
