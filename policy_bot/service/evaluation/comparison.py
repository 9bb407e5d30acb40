"""What a change is compared with, and which files it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from policy_bot.github.source import CODE, GitHubTree
from policy_bot.review.diff import Diff
from policy_bot.sst.repository.lockfiles import SCANNERS
from policy_bot.sst.source import Unreadable


@dataclass(frozen=True)
class Comparison:
    """The judged tree, the trees to compare it with, and the changed paths (None: compare the trees).

    `bases` are the trees in which a finding must be no worse to count as old: first the target branch's, then
    the default branch's if it is another one. With `everything`, every project counts as affected. `renamed`
    maps new paths of the diff to old ones. `diff` lists the changed files with their patches, which may cost
    a request; None if the trees are compared.
    """

    judged: GitHubTree
    bases: tuple[GitHubTree, ...]
    changed: frozenset[str] | None
    everything: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    diff: Callable[[], Diff] | None = None

    def changes(self, files: Iterable[str]) -> bool:
        """Whether one of these files has changed."""
        if self.everything:
            return True
        if self.changed is not None:
            return any(path in self.changed for path in files)
        if not self.bases:
            return True
        return any(
            object_id(self.judged, path) != object_id(base, path) for path in files for base in self.bases
        )

    def former(self, config: str, base: GitHubTree) -> str:
        """The path that a project had in a base: its own, or the one that it was moved from; "" if it is
        new.
        """
        was = self.renamed.get(config, "")
        return next((path for path in (config, was) if path and _is_there(base, path)), "")


def _is_there(tree: GitHubTree, path: str) -> bool:
    try:
        return tree.entry(path) is not None
    except Unreadable:
        return False


def object_id(tree: GitHubTree, path: str) -> str | None:
    """The id of what is at a path, None if there is nothing."""
    entry = tree.entry(path)
    return entry.oid if entry else None


def may_concern(path: str) -> bool:
    """Whether a reading can depend on a file of this name: code, JSON, lockfiles, YAML of workspaces, and
    names without an extension (links, submodules). False only for files that the reader never opens.
    """
    name = path.rpartition("/")[2]
    return name.endswith((*CODE, ".yaml", ".yml")) or name in SCANNERS or "." not in name[1:]
