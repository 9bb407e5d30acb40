"""Paths inside the tree, and subpaths of packages."""

from __future__ import annotations

import posixpath

_CONDITIONS = ("import", "module", "node", "default", "require")


def join(folder: str | None, path: str) -> str | None:
    """Joins and normalises a path; None if it leaves the tree."""
    joined = posixpath.normpath(posixpath.join(folder or "", path.lstrip("/") if not folder else path))
    if joined.startswith(("../", "/")) or joined == "..":
        return None
    return "" if joined == "." else joined


def package_name(specifier: str) -> tuple[str, str]:
    """Splits a bare specifier into the package and the path inside it."""
    parts = specifier.split("/")
    count = 2 if specifier.startswith("@") else 1
    return "/".join(parts[:count]), "/".join(parts[count:])


def exported(exports: object, wanted: str) -> str | None:
    """Resolves a subpath by a package's `exports` or `imports`, with a bundler's conditions for Node."""
    if not isinstance(exports, dict) or not any(key.startswith((".", "#")) for key in exports):
        return _condition(exports) if wanted == "." else None
    if wanted in exports:
        return _condition(exports[wanted])
    best: tuple[int, str] | None = None
    for key, target in exports.items():
        start, star, end = key.partition("*")
        if (
            star
            and wanted.startswith(start)
            and wanted.endswith(end)
            and len(wanted) >= len(start) + len(end)
        ):
            found = _condition(target)
            if found is not None and (best is None or len(start) > best[0]):
                best = (len(start), found.replace("*", wanted[len(start) : len(wanted) - len(end)]))
    return best[1] if best is not None else None


def _condition(target: object, depth: int = 8) -> str | None:
    if isinstance(target, str):
        return target
    if isinstance(target, list):
        return (
            next((found for one in target if (found := _condition(one, depth - 1)) is not None), None)
            if depth
            else None
        )
    if isinstance(target, dict) and depth:
        for key, inner in target.items():
            if key in _CONDITIONS:
                found = _condition(inner, depth - 1)
                if found is not None:
                    return found
    return None
