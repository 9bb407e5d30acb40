"""Resolves imports to files of a `SourceTree`, as esbuild does for SST.

Handles relative paths (without extension, `.js` for `.ts`, folders), `paths` and `baseUrl` of tsconfig,
packages of the workspace, and `#imports`. Searches neither above the tree nor in `node_modules`.
"""

from __future__ import annotations

import posixpath

from policy_bot.record import dataclass
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.repository.jsonc import parse_jsonc
from policy_bot.sst.repository.paths import (
    NO_PATHS,
    CompilerPaths,
    exported,
    join,
    package_name,
    pnpm_packages,
)
from policy_bot.sst.source import SourceTree, Unreadable, readable

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


class Resolver:
    """Resolves imports; `files` collects all requested paths."""

    def __init__(self, tree: SourceTree) -> None:
        self.tree = tree
        self.files: set[str] = set()
        self._folders: dict[str, frozenset[str] | None] = {}
        self._json: dict[str, object] = {}
        self._configs: dict[str, CompilerPaths] = {}
        self._packages: dict[str, dict[str, str]] = {}
        self._resolved: dict[tuple[str, str], Resolved] = {}
        self._scopes: dict[str, str] = {}
        self._aliases: list[tuple[str, str, tuple[str, ...]]] = []

    # ---- the tree

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
            self._json[path] = None if data is None else parse_jsonc(data)
        return self._json[path]

    # ---- resolution

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
        manifest = self.json(f"{path}/package.json" if path else "package.json")
        for key in ("module", "main"):
            # `main` of the named folder is not read, as in Node; otherwise `"main": "."` would not end
            named = manifest.get(key) if isinstance(manifest, dict) else None
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
        config = self._config(folder)
        for pattern in sorted(config.paths, key=lambda p: ("*" in p, -len(p.partition("*")[0]))):
            start, star, end = pattern.partition("*")
            if specifier == pattern or (star and specifier.startswith(start) and specifier.endswith(end)):
                middle = specifier[len(start) : len(specifier) - len(end)] if star else ""
                for target in config.paths[pattern]:
                    path = join(config.root, target.replace("*", middle, 1))
                    found = self.file(path) if path is not None else None
                    if found is not None:
                        return found
        path = join(config.base, specifier) if config.base is not None else None
        return self.file(path) if path is not None else None

    def _config(self, folder: str) -> CompilerPaths:
        """The settings of the nearest tsconfig."""
        if folder not in self._configs:
            prefix = f"{folder}/" if folder else ""
            name = next((n for n in ("tsconfig.json", "jsconfig.json") if self.is_file(prefix + n)), None)
            if name is not None:
                found = self._read_config(prefix + name, 8)
            else:
                found = self._config(posixpath.dirname(folder)) if folder else NO_PATHS
            self._configs[folder] = found
        return self._configs[folder]

    def _read_config(self, path: str, depth: int) -> CompilerPaths:
        config = self.json(path)
        if not isinstance(config, dict) or depth == 0:
            return NO_PATHS
        folder = posixpath.dirname(path)
        paths: dict[str, list[str]] = {}
        root, base, verbatim = folder, None, False
        above = config.get("extends")
        for one in above if isinstance(above, list) else [above]:
            target = self._extended(one, folder) if isinstance(one, str) else None
            if target is not None:
                inherited = self._read_config(target, depth - 1)
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
            at = self.packages(folder).get(name)
            path = join(at, inner or "tsconfig.json") if at is not None else None
        if path is None:
            return None
        return path if self.is_file(path) else f"{path}.json" if self.is_file(f"{path}.json") else None

    # ---- packages

    def _by_workspace(self, specifier: str, folder: str) -> Resolved | None:
        name, inner = package_name(specifier)
        at = self.packages(folder).get(name)
        if at is None:
            return None
        manifest = self.json(f"{at}/package.json" if at else "package.json")
        manifest = manifest if isinstance(manifest, dict) else {}
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
        return self._config(posixpath.dirname(path)).verbatim

    def _by_imports(self, specifier: str, folder: str) -> Resolved:
        at = folder
        while True:
            manifest = self.json(f"{at}/package.json" if at else "package.json")
            if isinstance(manifest, dict) and isinstance(manifest.get("imports"), dict):
                target = exported(manifest["imports"], specifier)
                path = join(at, target) if target is not None else None
                found = self.file(path) if path is not None else None
                return found or NotFound(Why.NOT_IN_REPOSITORY(specifier))
            if not at:
                return NotFound(Why.NOT_IN_REPOSITORY(specifier))
            at = posixpath.dirname(at)

    def packages(self, folder: str) -> dict[str, str]:
        """Maps names to folders of the packages importable from a folder: those of the nearest workspace and
        those that contain the folder.
        """
        if folder not in self._packages:
            patterns = self._workspace(folder)
            named = self._named(folder)
            for pattern in patterns:
                for found in self._matching(folder, pattern):
                    named = {**self._named(found), **named}
            if folder and not patterns:
                named = {**self.packages(posixpath.dirname(folder)), **named}
            self._packages[folder] = named
        return self._packages[folder]

    def _named(self, folder: str) -> dict[str, str]:
        """Maps the name of the package in a folder to it; empty if there is none."""
        manifest = self.json(f"{folder}/package.json" if folder else "package.json")
        name = manifest.get("name") if isinstance(manifest, dict) else None
        return {name: folder} if isinstance(name, str) and name else {}

    def _workspace(self, folder: str) -> list[str]:
        prefix = f"{folder}/" if folder else ""
        manifest = self.json(f"{prefix}package.json")
        given = manifest.get("workspaces") if isinstance(manifest, dict) else None
        if isinstance(given, dict):
            given = given.get("packages")
        patterns = [p for p in given if isinstance(p, str)] if isinstance(given, list) else []
        if self.is_file(f"{prefix}pnpm-workspace.yaml"):
            data = readable(self.tree, f"{prefix}pnpm-workspace.yaml") or b""
            patterns += pnpm_packages(data.decode("utf-8", "replace"))
        return [p for p in patterns if not p.startswith("!")]

    def _matching(self, root: str, pattern: str) -> list[str]:
        """Folders that match a workspace pattern: `*` matches one part of a path, `**` any number of them."""
        at = [root]
        for part in [p for p in pattern.strip("/").split("/") if p not in {"", "."}]:
            below: list[str] = []
            for folder in at:
                if part == "**":
                    below += self._below(folder)
                elif "*" in part:
                    start, _, end = part.partition("*")
                    below += [f for f in self._inner(folder) if _fits(f.rpartition("/")[2], start, end)]
                else:
                    path = join(folder, part)
                    below += [path] if path is not None else []
            at = below[:_FOLDERS]
        return at

    def _inner(self, folder: str) -> list[str]:
        """The subfolders that may contain sources."""
        names = sorted(n for n in self.entries(folder) or () if n.endswith("/") and n not in _FOREIGN)
        return [f"{folder}/{name[:-1]}" if folder else name[:-1] for name in names]

    def _below(self, folder: str) -> list[str]:
        """The folder and all folders below it."""
        found, at = [folder], 0
        while at < len(found) < _FOLDERS:
            found += self._inner(found[at])
            at += 1
        return found


_FOLDERS = 400
_FOREIGN = {"node_modules/", ".git/", ".sst/", "dist/"}


def _fits(name: str, start: str, end: str) -> bool:
    return name.startswith(start) and name.endswith(end)
