"""Finds the exact version of SST in a lockfile, in time linear in its length."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from policy_bot.record import NamedTuple
from policy_bot.regex import regex

_VERSION = r"([0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*)"


class Locked(NamedTuple):
    """A locked version and its position: line from 1, offset in the text."""

    version: str
    line: int
    start: int


Lookup = Callable[[str, str], Locked | None]
"""Finds the version of a project, by its folder relative to the lockfile and its range in package.json. Many
projects may share a lockfile, and searching it takes longer than reading a small project.
"""


def npm(text: str) -> Lookup:
    """`package-lock.json`, versions 1 to 3: the installation nearest to the project's folder."""
    found: dict[str, re.Match[str]] = {}
    for match in re.finditer(r'node_modules/sst": ?\{\s{0,40}"version": ?"' + _VERSION, text):
        quote = text.rfind('"', max(0, match.start() - 300), match.start())
        found.setdefault(text[quote + 1 : match.start()].rstrip("/"), match)
    first = cache(lambda: _first(text, r'"sst": ?\{\s{0,40}"version": ?"' + _VERSION))

    def lookup(home: str, _: str) -> Locked | None:
        match = next((found[folder] for folder in _upwards(home) if folder in found), None)
        return _at(text, match) if match else first()

    return lookup


def pnpm(text: str) -> Lookup:
    """`pnpm-lock.yaml`: the importer nearest to the project's folder, or else the first installed version."""
    found = _importers(text.split("\npackages:", 1)[0])
    first = cache(lambda: _first(text, r"^  ['\"]?/?sst[@/]" + _VERSION))

    def lookup(home: str, _: str) -> Locked | None:
        for folder in _upwards(home):
            if (folder or ".") in found:
                version, at = found[folder or "."]
                return Locked(version, text.count("\n", 0, at) + 1, at)
        return first()

    return lookup


def yarn(text: str) -> Lookup:
    """`yarn.lock`, classic and berry: the entry of the range in package.json, or else the first."""
    entries = list(re.finditer(r'^("?sst@[^\n]{0,500}):\r?\n\s{1,8}version:? "?' + _VERSION, text, re.M))

    def lookup(_: str, wanted: str) -> Locked | None:
        asked = rf"[@:]{re.escape(wanted)}(?:[\",]|$)"
        match = next(
            (m for m in entries if wanted and re.search(asked, m.group(1))), next(iter(entries), None)
        )
        if match is None:
            return None
        return Locked(match.group(2), text.count("\n", 0, match.start(2)) + 1, match.start())

    return lookup


def bun(text: str) -> Lookup:
    """`bun.lock`, the text format."""
    first = _first(text, r'"sst": ?\["sst@' + _VERSION)
    return lambda *_: first


def bun_binary(text: str) -> Lookup:
    """`bun.lockb`, the binary format, which contains the URL of each package's archive as text.

    Counts only if all URLs name the same release: if there are several, only the binary part says which one
    the project gets. A scope in front (`@acme/sst/-/sst-1.0.0.tgz`) is another package.
    """
    found = list(_ARCHIVE.finditer(text))
    is_clear = len({match.group(1) for match in found}) == 1
    locked = Locked(found[0].group(1), 1, found[0].start(1)) if is_clear else None
    return lambda *_: locked


_ARCHIVE = regex(
    r"(?<=/)[^/@\x00-\x20]{1,200}/sst/-/sst-([0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}(?:-[0-9A-Za-z.-]{1,40}?)?)\.tgz"
)
BINARY = "bun.lockb"

SCANNERS: Mapping[str, Callable[[str], Lookup]] = {
    "package-lock.json": npm,
    "npm-shrinkwrap.json": npm,
    "pnpm-lock.yaml": pnpm,
    "yarn.lock": yarn,
    "bun.lock": bun,
    BINARY: bun_binary,
}


def _importers(text: str) -> dict[str, tuple[str, int]]:
    """Maps each pnpm importer to (version of sst, offset). A file without importers is the importer `.`."""
    found: dict[str, tuple[str, int]] = {}
    importer, inside = ".", False
    offset = 0
    for line in text.splitlines(keepends=True):
        if "sst" in line or not line.startswith("      "):
            bare = line.strip()
            depth = len(line) - len(line.lstrip(" "))
            if depth == 2 and bare.endswith(":") and bare not in ("sst:", "'sst':"):
                importer = bare[:-1].strip("'\"")
            inside = bare.startswith(("sst:", "'sst':"))
            same_line = re.match(r"'?sst'?: " + _VERSION, bare)
            if same_line:
                found.setdefault(importer if depth > 2 else ".", (same_line.group(1), offset))
        elif inside:
            match = re.match(r"\s+version: ['\"]?" + _VERSION, line)
            if match:
                found.setdefault(importer, (match.group(1).partition("(")[0], offset))
                inside = False
        offset += len(line)
    return found


def _upwards(home: str) -> list[str]:
    parts = home.split("/") if home else []
    return ["/".join(parts[:n]) for n in range(len(parts), -1, -1)]


def _first(text: str, pattern: str) -> Locked | None:
    match = re.search(pattern, text, re.M)
    return _at(text, match) if match else None


def _at(text: str, match: re.Match[str]) -> Locked:
    return Locked(match.group(1), text.count("\n", 0, match.start(1)) + 1, match.start())
