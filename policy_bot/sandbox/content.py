"""Contents of a git repository, in memory: blobs, trees and commits with git's own ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True)
class Symlink:
    """A file that links to another path."""

    target: str


@dataclass(frozen=True)
class Submodule:
    """Another repository's commit, mounted as a folder."""

    sha: str


Content = str | bytes | Symlink | Submodule
Files = Mapping[str, Content | None]  # None deletes a file


class TreeObject(NamedTuple):
    """An entry of a tree: name, git mode and object id."""

    mode: str
    sha: str

    @property
    def type(self) -> str:
        """`blob`, `tree` or `commit` (a submodule), as in git and GitHub's API."""
        return {"040000": "tree", "160000": "commit"}.get(self.mode, "blob")


FlatTree = Mapping[str, TreeObject]


@dataclass(frozen=True)
class Commit:
    """A commit with its tree and parents."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    message: str
    author: str
    date: str


def _id(kind: str, data: bytes) -> str:
    return hashlib.sha1(b"%s %d\0%s" % (kind.encode(), len(data), data), usedforsecurity=False).hexdigest()


@dataclass
class ObjectStore:
    """The objects of a repository and all its forks, which share them: as at GitHub, each can read all."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    folders: dict[str, dict[str, TreeObject]] = field(default_factory=dict)
    flat: dict[str, FlatTree] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)

    def put_blob(self, data: bytes) -> str:
        """Stores bytes; returns their id."""
        sha = _id("blob", data)
        self.blobs[sha] = data
        return sha

    def put_tree(self, files: FlatTree) -> str:
        """Stores a tree given as entries by path; returns the id of its root."""
        below: dict[str, dict[str, TreeObject]] = {}
        here: dict[str, TreeObject] = {}
        for path, entry in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                below.setdefault(name, {})[rest] = entry
            else:
                here[name] = entry
        for name, inner in below.items():
            here[name] = TreeObject("040000", self.put_tree(inner))
        order = sorted(here, key=lambda name: name + ("/" if here[name].type == "tree" else ""))
        raw = b"".join(
            b"%s %s\0%s"
            % (here[name].mode.lstrip("0").encode(), name.encode(), bytes.fromhex(here[name].sha))
            for name in order
        )
        sha = _id("tree", raw)
        self.folders[sha] = {name: here[name] for name in order}
        self.flat[sha] = dict(sorted(files.items()))
        return sha

    def changed(self, tree: str | None, files: Files) -> str:
        """Writes or (None) deletes files of a tree; returns the new root's id."""
        flat = dict(self.flat[tree]) if tree else {}
        for path, content in files.items():
            flat.pop(path, None)
            if content is not None:
                flat[path] = self._entry(content)
        return self.put_tree(flat)

    def _entry(self, content: Content) -> TreeObject:
        if isinstance(content, Submodule):
            return TreeObject("160000", content.sha)
        if isinstance(content, Symlink):
            return TreeObject("120000", self.put_blob(content.target.encode()))
        return TreeObject("100644", self.put_blob(content.encode() if isinstance(content, str) else content))

    def put_commit(self, tree: str, parents: tuple[str, ...], message: str, author: str, date: str) -> Commit:
        """Stores a commit. Equal arguments give equal ids."""
        raw = "".join(
            [
                f"tree {tree}\n",
                *(f"parent {sha}\n" for sha in parents),
                f"author {author} {date}\n\n{message}",
            ]
        )
        commit = Commit(_id("commit", raw.encode()), tree, parents, message, author, date)
        self.commits[commit.sha] = commit
        return commit

    def files(self, commit: str) -> FlatTree:
        """All files of a commit by path."""
        return self.flat[self.commits[commit].tree]

    def text(self, entry: TreeObject | None) -> bytes:
        """An entry's bytes; empty if it has none."""
        return self.blobs.get(entry.sha, b"") if entry else b""

    def at(self, tree: str, path: str) -> TreeObject | None:
        """The entry at a path below a tree; the tree itself for ""."""
        entry = TreeObject("040000", tree)
        for name in path.split("/") if path else ():
            found = self.folders.get(entry.sha, {}).get(name) if entry.type == "tree" else None
            if found is None:
                return None
            entry = found
        return entry

    def below(self, tree: str, prefix: str = "") -> list[tuple[str, TreeObject]]:
        """Everything below a tree, each folder before its contents."""
        rows = []
        for name, entry in self.folders[tree].items():
            rows.append((prefix + name, entry))
            if entry.type == "tree":
                rows += self.below(entry.sha, f"{prefix}{name}/")
        return rows

    def ancestors(self, sha: str) -> Iterator[str]:
        """The commit and its ancestors, nearest first."""
        queue, seen = [sha], set()
        while queue:
            here = queue.pop(0)
            if here not in seen and here in self.commits:
                seen.add(here)
                yield here
                queue.extend(self.commits[here].parents)

    def merge_base(self, one: str, other: str) -> str | None:
        """The nearest common ancestor."""
        of_one = set(self.ancestors(one))
        return next((sha for sha in self.ancestors(other) if sha in of_one), None)
