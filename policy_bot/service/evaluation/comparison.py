"""What a change is compared with, and which files it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from policy_bot.github.objects import SYMLINK, Objects
from policy_bot.github.source import GitHubTree
from policy_bot.policy.revision import REPOSITORY_FOLDER, policy_names
from policy_bot.review.diff import Diff
from policy_bot.sst.source import Unreadable


@dataclass(frozen=True)
class Comparison:
    """The judged tree, the trees to compare it with, and the changed paths (None: compare the trees).

    `bases` are the trees in which a finding must be no worse to count as old: first the target branch's, then
    the default branch's if it is another one. With `everything`, every project counts as affected. `renamed`
    maps new paths of the diff to old ones. `diff` lists the changed files with their patches, which may cost
    a request; None if the trees are compared. `diverged`: the base has commits that the head lacks, so the
    merge may change a file that the base has renamed, and `changed` names it by its old path.
    """

    judged: GitHubTree
    bases: tuple[GitHubTree, ...]
    changed: frozenset[str] | None
    everything: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    diff: Callable[[], Diff] | None = None
    diverged: bool = False

    def changes(self, files: Iterable[str]) -> bool:
        """Whether one of these files, or of these folders (with a trailing `/`), has changed."""
        if self.everything or (self.changed is None and not self.bases):
            return True
        paths = list(files)
        if self.changed is not None and (touches(self.changed, paths) or not self.diverged):
            return touches(self.changed, paths)
        return any(
            object_id(self.judged, path) != object_id(base, path) for path in paths for base in self.bases
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
    """The id of what is at a path (a folder's with a trailing `/`), or of the link or submodule that takes
    the place of one of its folders; None if there is nothing. A link to `a.ts` differs from a file that says
    `a.ts`, which has the same id in git.
    """
    at = path.rstrip("/")
    if not at:
        return tree.root
    entry = tree.entry(at)
    while entry is None and "/" in at:
        at = at.rpartition("/")[0]
        entry = tree.entry(at)
        if entry is not None and entry.folder:
            return None
    if entry is None:
        return None
    return f"link {entry.oid}" if entry.mode == SYMLINK else entry.oid


def touches(changed: frozenset[str], files: Iterable[str]) -> bool:
    """Whether changed paths concern one of these files or folders (with a trailing `/`): they name it, a
    folder on the way to it that is or was a link or submodule, or something in the folder.
    """
    folders = _folders(changed)
    return any(path in folders or not changed.isdisjoint(_on_the_way(path.rstrip("/"))) for path in files)


@lru_cache(maxsize=8)
def _folders(changed: frozenset[str]) -> frozenset[str]:
    """The folders that contain changed paths; `""` is the root."""
    return frozenset({"", *(f"{at}/" for path in changed for at in _on_the_way(path) if at != path)})


def _on_the_way(path: str) -> Iterator[str]:
    """`a`, `a/b` and `a/b/c.ts` for the last."""
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)
    yield path


def changed_policy(judged: GitHubTree, base: GitHubTree) -> frozenset[str]:
    """The policy files, and folders of them, in which two trees differ: for a change whose list of files is
    incomplete.
    """
    paths = (f"{folder}{name}" for folder in ("", f"{REPOSITORY_FOLDER}/") for name in policy_names())
    return frozenset(path for path in paths if object_id(judged, path) != object_id(base, path))


def unlisted(objects: Objects, judged: str, base: str, changed: frozenset[str]) -> bool:
    """Whether two trees (root ids) differ at a path that the list of changed files lacks, as far as their
    folders are in the store: GitHub's list may be older than the head, and names a file that the base has
    renamed by its old path.
    """
    folders = _folders(changed)
    return any(
        path not in changed and f"{path}/" not in folders for path in _differences(objects, judged, base)
    )


def _differences(objects: Objects, one: str, other: str) -> Iterator[str]:
    """The paths at which two trees differ; a folder's own path if its entries are not in the store."""
    todo = [(one, other, "")]
    while todo:
        one, other, inside = todo.pop()
        mine, theirs = objects.listing(one), objects.listing(other)
        if mine is None or theirs is None:
            yield from [inside.rstrip("/")] if inside else []
            continue
        for name in mine.keys() | theirs.keys():
            here, there = mine.get(name), theirs.get(name)
            if here is not None and there is not None and here.folder and there.folder:
                if here.oid != there.oid:
                    todo.append((here.oid, there.oid, f"{inside}{name}/"))
            elif here is None or there is None or (here.oid, here.mode) != (there.oid, there.mode):
                yield inside + name
