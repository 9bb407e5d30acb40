"""Trees from git: a commit or the index, and the files that differ from a base.

Git only lists names and prints contents; the checkout's hooks and monitors are disabled.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

from policy_bot.cli.folder import LARGEST
from policy_bot.cli.problem import Problem
from policy_bot.record import NamedTuple, dataclass, field
from policy_bot.sst.source import SourceTree, Unreadable

_LINK, _SUBMODULE = "120000", "160000"
_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class GitChange(NamedTuple):
    """The judged tree (None: the folder on disk), the tree it is compared with, and the paths that differ."""

    tree: SourceTree | None
    base: SourceTree
    paths: frozenset[str]


@dataclass(frozen=True)
class GitTree:
    """The files of a commit or of the index, read by their object ids."""

    root: str
    objects: Mapping[str, tuple[str, str]]
    """Path -> mode and object id."""
    _folders: dict[str, set[str]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._folders[""] = set()
        for path in self.objects:
            folder, _, name = path.rpartition("/")
            self._folders.setdefault(folder, set()).add(name)
            while folder:
                above, _, own = folder.rpartition("/")
                self._folders.setdefault(above, set()).add(f"{own}/")
                folder = above

    def read(self, path: str) -> bytes | None:
        """The file's bytes; None if there is no such file. Raises `Unreadable`."""
        mode, name = self.objects.get(path, ("", ""))
        if not name or mode == _SUBMODULE:
            return None
        if mode == _LINK:
            raise Unreadable(path, "is a symbolic link, which is not followed in git")
        content = _git(self.root, "cat-file", "blob", name)
        if len(content) > LARGEST:
            raise Unreadable(path, f"is larger than {LARGEST // 1024 // 1024} MiB")
        return content

    def list(self, folder: str) -> Sequence[str] | None:
        """The names in a folder, sorted, folders with a trailing `/`; None if there is no such folder."""
        names = self._folders.get(folder)
        return None if names is None else sorted(names)


def changed(root: str, base: str) -> GitChange:
    """The folder, compared with its merge base with `base` ("" for the default branch)."""
    start = _start(root, base)
    differing = _names(_git(root, "diff", "--name-only", "--no-renames", "-z", start, "--"))
    new = _names(_git(root, "ls-files", "--others", "--exclude-standard", "-z"))
    return GitChange(None, _commit(root, start), frozenset((*differing, *new)))


def staged(root: str) -> GitChange:
    """The index, compared with the last commit, or with nothing before the first one."""
    index = GitTree(root, _objects(_git(root, "ls-files", "--stage", "-z"), 2))
    base = _commit(root, "HEAD") if _is_there(root, "HEAD") else GitTree(root, {})
    paths = {
        path for path in {*index.objects, *base.objects} if index.objects.get(path) != base.objects.get(path)
    }
    return GitChange(index, base, frozenset(paths))


def _start(root: str, base: str) -> str:
    for name in [base] if base else _BRANCHES:
        if _is_there(root, name):
            try:
                return _git(root, "merge-base", name, "HEAD").decode().strip()
            except Problem:  # no common history, in a shallow clone for example
                return name
    named = f"`{base}`" if base else f"any of {', '.join(_BRANCHES)}"
    raise Problem(f"--changed: git does not know {named} here; name a commit or fetch more history")


def _is_there(root: str, name: str) -> bool:
    try:
        _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except Problem:
        return False
    return True


def _commit(root: str, name: str) -> GitTree:
    return GitTree(root, _objects(_git(root, "ls-tree", "-r", "-z", name), 3))


def _objects(listing: bytes, last: int) -> dict[str, tuple[str, str]]:
    """`ls-tree` prints mode, kind, id and path; `ls-files --stage` mode, id, stage and path."""
    found = {}
    for line in _names(listing):
        facts, _, path = line.partition("\t")
        words = facts.split()
        found[path] = (words[0], words[2 if last == 3 else 1])
    return found


def _names(listing: bytes) -> list[str]:
    return [name for name in listing.decode("utf-8", "surrogateescape").split("\0") if name]


def _git(root: str, *words: str) -> bytes:
    """Runs git and returns its output. Raises `Problem`."""
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", *words]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)  # noqa: S603 -- no shell, and names from users stand after `--end-of-options` or `--`
    except OSError as error:
        raise Problem(f"git cannot be run: {(error.strerror or '').lower()}") from None
    if done.returncode:
        why = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Problem(f"git {words[0]}: {why[-1] if why else 'failed'}")
    return done.stdout
