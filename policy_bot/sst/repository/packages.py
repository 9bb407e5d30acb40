"""Dependencies declared in `package.json` files and workspace catalogs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from policy_bot.record import NamedTuple
from policy_bot.sst.source import SourceTree, readable
from policy_bot.sst.span import Span

_GROUPS = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_MAX_BYTES = 1_000_000


class Dependency(NamedTuple):
    """A dependency declared in a package.json; a `catalog:` range is resolved."""

    path: str
    range: str
    span: Span


def declared(tree: SourceTree, config: str, package: str) -> Dependency | None:
    """The dependency in the nearest package.json at or above the config that declares it."""
    folder = config.rpartition("/")[0]
    while True:
        path = f"{folder}/package.json" if folder else "package.json"
        found = _in_manifest(tree, path, package)
        if found or not folder:
            return found
        folder = folder.rpartition("/")[0]


def overriding(tree: SourceTree, config: str, package: str) -> Dependency | None:
    """The version that a package.json at or above the config forces on all packages: `resolutions`,
    `overrides` or `pnpm.overrides`, also in pnpm-workspace.yaml. The outermost counts, since package managers
    read the root's alone.
    """
    folders = config.split("/")[:-1]
    for folder in ("/".join(folders[:depth]) for depth in range(len(folders) + 1)):
        path = f"{folder}/package.json" if folder else "package.json"
        overrides, resolutions, of_pnpm = forced(manifest(tree, path))
        found = (table.get(package) for table in (resolutions, overrides, of_pnpm))
        for asked in (*found, _pnpm_entry(tree, folder, ["overrides", package])):
            if isinstance(asked, str) and asked and not asked.startswith("$"):  # `$sst`: as declared
                return Dependency(path, asked, _where(readable(tree, path) or b"", path, package))
    return None


def forced(content: Mapping[str, object]) -> list[dict[str, object]]:
    """The tables of a package.json that replace dependencies of all packages: `overrides`, `resolutions` and
    `pnpm.overrides`; empty ones for those that are missing.
    """
    pnpm = content.get("pnpm")
    of_pnpm = pnpm.get("overrides") if isinstance(pnpm, dict) else None
    tables = (content.get("overrides"), content.get("resolutions"), of_pnpm)
    return [table if isinstance(table, dict) else {} for table in tables]


def manifest(tree: SourceTree, path: str) -> dict[str, object]:
    """Reads a package.json; empty if it is missing, too large or invalid."""
    content = readable(tree, path)
    if content is None or len(content) > _MAX_BYTES:
        return {}
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _in_manifest(tree: SourceTree, path: str, package: str) -> Dependency | None:
    content = manifest(tree, path)
    for group in _GROUPS:
        wanted = content.get(group)
        asked = wanted.get(package) if isinstance(wanted, dict) else None
        if isinstance(asked, str):
            span = _where(tree.read(path) or b"", path, package)
            if asked.startswith("catalog:"):
                asked = _from_catalog(tree, path, package, asked.removeprefix("catalog:").strip())
            return Dependency(path, asked, span)
    return None


def _where(content: bytes, path: str, package: str) -> Span:
    at = max(content.find(b'"%s":' % package.encode()), 0)
    line = content.count(b"\n", 0, at) + 1
    start = content.rfind(b"\n", 0, at) + 1
    end = content.find(b"\n", at)
    end = len(content) if end < 0 else end
    return Span(path, line, at - start + 1, line, end - start + 1, at, end)


def _from_catalog(tree: SourceTree, path: str, package: str, name: str) -> str:
    """The range in a workspace catalog: pnpm-workspace.yaml or Bun's `workspaces`, here or above; "" if
    none.
    """
    folder = path.rpartition("/")[0]
    while True:
        usual = name in ("", "default")
        listed = [["catalog", package]] if usual else []
        listed.append(["catalogs", name or "default", package])
        found = _pnpm_entry(tree, folder, *listed) or _bun_catalog(tree, folder, package, name)
        if found or not folder:
            return found
        folder = folder.rpartition("/")[0]


def _pnpm_entry(tree: SourceTree, folder: str, *wanted: list[str]) -> str:
    """The first value at one of these paths of keys in pnpm-workspace.yaml."""
    content = readable(tree, f"{folder}/pnpm-workspace.yaml" if folder else "pnpm-workspace.yaml")
    if content is None or len(content) > _MAX_BYTES:
        return ""
    section: list[str] = []
    for line in content.decode("utf-8", "replace").splitlines():
        found = re.match(r"( *)([\"']?)([^\s:\"']+)\2:\s*(?:[\"']?([^\s\"'#]+))?", line)
        if found is None:
            continue
        depth = min(len(found.group(1)) // 2, len(section))
        section = [*section[:depth], found.group(3)]
        if section in wanted:
            return found.group(4) or ""
    return ""


def _bun_catalog(tree: SourceTree, folder: str, package: str, name: str) -> str:
    content = manifest(tree, f"{folder}/package.json" if folder else "package.json")
    for holder in (content.get("workspaces"), content):
        if not isinstance(holder, dict):
            continue
        catalogs = holder.get("catalogs")
        catalog = catalogs.get(name) if name and isinstance(catalogs, dict) else holder.get("catalog")
        asked = catalog.get(package) if isinstance(catalog, dict) else None
        if isinstance(asked, str):
            return asked
    return ""
