"""The packages of the repository's own workspaces (npm, Yarn, pnpm, Bun)."""

from __future__ import annotations

import posixpath

from policy_bot.sst.reasons import Why
from policy_bot.sst.repository.files import RepositoryFiles
from policy_bot.sst.repository.packages import forced
from policy_bot.sst.repository.paths import join

_FOLDERS = 400
_GROUPS = ("dependencies", "devDependencies", "optionalDependencies")
_BY_PATH = {"file", "link", "portal"}
_FOREIGN = {"node_modules/", ".git/", ".sst/", "dist/"}


class Workspaces:
    """Finds the packages that a folder can import."""

    def __init__(self, repository: RepositoryFiles) -> None:
        self.repository = repository
        self._packages: dict[str, dict[str, str]] = {}

    def packages(self, folder: str) -> dict[str, str]:
        """Maps names to folders of the packages importable from a folder: those of the nearest workspace,
        those that a package.json gives by path, and those that contain the folder.
        """
        if folder not in self._packages:
            patterns = self._workspace(folder)
            named = {**self._linked(folder), **self._named(folder)}
            without = {f for p in patterns if p[:1] == "!" for f in self._matching(folder, p[1:])}
            for pattern in (p for p in patterns if p[:1] != "!"):
                for found in self._matching(folder, pattern):
                    named = named if found in without else {**self._named(found), **named}
            if folder and not patterns:
                named = {**self.packages(posixpath.dirname(folder)), **named}
            self._packages[folder] = named
        return self._packages[folder]

    def _named(self, folder: str) -> dict[str, str]:
        """Maps the name of the package in a folder to it; empty if there is none."""
        self.repository.note_links(f"{folder}/package.json")
        name = self.repository.manifest(folder).get("name")
        return {name: folder} if isinstance(name, str) and name else {}

    def _linked(self, folder: str) -> dict[str, str]:
        """The dependencies that a package.json gives by path: `"infra": "link:../infra"`."""
        manifest = self.repository.manifest(folder)
        groups = [*map(manifest.get, _GROUPS), *forced(manifest)]
        found = {}
        for name, at in (pair for each in groups if isinstance(each, dict) for pair in each.items()):
            kind, _, path = at.partition(":") if isinstance(at, str) else ("", "", "")
            target = join(folder, path) if kind in _BY_PATH else None
            if target is not None and self.repository.entries(target) is not None:
                found[name] = target
        return found

    def _workspace(self, folder: str) -> list[str]:
        prefix = f"{folder}/" if folder else ""
        given = self.repository.manifest(folder).get("workspaces")
        if isinstance(given, dict):
            given = given.get("packages")
        patterns = [p for p in given if isinstance(p, str)] if isinstance(given, list) else []
        data = self.repository.described(f"{prefix}pnpm-workspace.yaml") or b""
        patterns += pnpm_packages(data.decode("utf-8", "replace"))
        return patterns

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
                    inner = self._inner(folder, or_links=True)
                    below += [f for f in inner if _fits(f.rpartition("/")[2], start, end)]
                else:
                    path = join(folder, part)
                    below += [path] if path is not None else []
            at = below[:_FOLDERS]
            if len(below) > _FOLDERS:
                self.repository.unread = Why.FOLDERS(_FOLDERS)
        return at

    def _inner(self, folder: str, or_links: bool = False) -> list[str]:
        """The subfolders that may contain sources, and with `or_links` what may be a link to one: a name
        without an extension.
        """
        self.repository.note_links(f"{folder}/")
        names = [n for n in self.repository.entries(folder) or () if n not in _FOREIGN]
        found = sorted(n.rstrip("/") for n in names if n.endswith("/") or (or_links and "." not in n))
        return [f"{folder}/{name}" if folder else name for name in found]

    def _below(self, folder: str) -> list[str]:
        """The folder and all folders below it."""
        found, at = [folder], 0
        while at < len(found) < _FOLDERS:
            found += self._inner(found[at])
            at += 1
        return found


def _fits(name: str, start: str, end: str) -> bool:
    return name.startswith(start) and name.endswith(end)


def pnpm_packages(text: str) -> list[str]:
    """The `packages` of a pnpm-workspace.yaml, one string per line, as in every known file."""
    patterns: list[str] = []
    inside = False
    for line in text.splitlines():
        bare = line.split(" #")[0].rstrip()
        if not bare.strip() or bare.strip().startswith("#"):
            continue
        if not bare.startswith((" ", "-", "\t")):
            inside = bare.startswith("packages:")
        elif inside and bare.strip().startswith("-"):
            patterns.append(bare.strip()[1:].strip().strip("'\""))
    return patterns
