"""Finds the SST projects of a tree: every config file that the SST CLI would find."""

from __future__ import annotations

from policy_bot.record import NamedTuple
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.source import SourceTree

# v3 and v4 read only the first name (`pkg/project/project.go`); v2 reads the first that exists
# (`packages/sst/src/project.ts` at v2.44.0).
CONFIG_NAMES = (
    "sst.config.ts",
    "sst.config.mts",
    "sst.config.cts",
    "sst.config.cjs",
    "sst.config.mjs",
    "sst.config.js",
)

# Folders made by tools or package managers, which contain no project of the repository.
SKIPPED = frozenset(
    {
        "node_modules", ".git", ".sst", ".pulumi", ".open-next", ".next", ".nuxt", ".output", ".svelte-kit",
        ".turbo", ".vercel", ".netlify", ".astro", ".cache", ".venv", "venv", "__pycache__", "dist",
        "bower_components", ".yarn", ".pnpm-store",
    }
)  # fmt: skip

MAX_FOLDERS = 50_000
MAX_DEPTH = 24


def find_projects(tree: SourceTree, folder: str = "") -> list[str]:
    """The sorted paths of all config files at or below `folder`, one per folder, within the limits of
    `search`.
    """
    return search(tree, folder).configs


class ConfigSearch(NamedTuple):
    """The configs found, sorted, and the limit that ended the search, if any."""

    configs: list[str]
    left: Reason | None = None


def search(tree: SourceTree, folder: str = "") -> ConfigSearch:
    """Searches at most `MAX_FOLDERS` folders, nearest first, and at most `MAX_DEPTH` levels below
    `folder`.
    """
    found: list[str] = []
    level = [folder]
    seen = 0
    for _ in range(MAX_DEPTH + 1):
        below: list[str] = []
        for place in level:
            seen += 1
            if seen > MAX_FOLDERS:
                return ConfigSearch(sorted(found), Why.FOLDERS(MAX_FOLDERS))
            names = tree.list(place) or ()
            config = next((name for name in CONFIG_NAMES if name in names), None)
            if config:
                found.append(_join(place, config))
            below += [_join(place, name[:-1]) for name in names if _is_open(name)]
        level = below
    return ConfigSearch(sorted(found), Why.FOLDER_DEPTH(MAX_DEPTH) if level else None)


def _is_open(name: str) -> bool:
    return name.endswith("/") and name[:-1] not in SKIPPED


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
