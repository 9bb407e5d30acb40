"""A repository's git objects: listings and contents by object id, which are immutable."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SYMLINK, SUBMODULE = 0o120000, 0o160000
KEPT_BYTES = 8 * 1024 * 1024
"""How many contents of one repository are kept; older ones are requested again."""
KEPT_ENTRIES = 300_000
"""How many names in listings of one repository are kept: more than both sides of the largest tree that GitHub
lists completely.
"""
ENTRY_BYTES = 250
"""Memory of a name in a listing, measured."""


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A name in a folder. `mode` is git's; `size` is in bytes (0 for folders)."""

    name: str
    mode: int
    oid: str
    size: int

    @property
    def folder(self) -> bool:
        """Whether it is a folder."""
        return self.mode == 0o040000


@dataclass
class Objects:
    """A store of immutable objects; safe to share between the trees of a repository and between threads."""

    _trees: OrderedDict[str, Mapping[str, TreeEntry]] = field(default_factory=OrderedDict)
    _blobs: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _entries: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def weight(self) -> int:
        """Approximate memory in bytes."""
        return self._bytes + self._entries * ENTRY_BYTES

    def listing(self, oid: str) -> Mapping[str, TreeEntry] | None:
        """The entries of a tree by name; None if it is not in the store."""
        with self._lock:
            if oid in self._trees:
                self._trees.move_to_end(oid)
            return self._trees.get(oid)

    def content(self, oid: str) -> bytes | None:
        """The bytes of a blob; None if it is not in the store."""
        with self._lock:
            if oid in self._blobs:
                self._blobs.move_to_end(oid)
            return self._blobs.get(oid)

    def add_listing(self, oid: str, entries: Sequence[TreeEntry]) -> None:
        """Stores a tree."""
        with self._lock:
            if oid not in self._trees:
                self._trees[oid] = {entry.name: entry for entry in entries}
                self._entries += len(self._trees[oid]) + 1
            while self._entries > KEPT_ENTRIES and len(self._trees) > 1:
                self._entries -= len(self._trees.popitem(last=False)[1]) + 1

    def add_content(self, oid: str, content: bytes) -> bool:
        """Stores a blob if its content matches its id: GitHub's text is not always the file's bytes."""
        if not _is(oid, content):
            return False
        with self._lock:
            if oid not in self._blobs:
                self._blobs[oid] = content
                self._bytes += len(content)
            while self._bytes > KEPT_BYTES and len(self._blobs) > 1:
                self._bytes -= len(self._blobs.popitem(last=False)[1])
        return True

    def learn(self, node: Any) -> None:
        """Stores the content of a GraphQL answer: a tree with its entries (and theirs), or a blob with its
        text.
        """
        if not isinstance(node, Mapping):
            return
        if isinstance(node.get("entries"), list):
            self._learn_tree(node)
        elif isinstance(node.get("text"), str) and not node.get("isTruncated"):
            self.add_content(str(node.get("oid")), node["text"].encode("utf-8", "surrogatepass"))

    def _learn_tree(self, node: Mapping[str, Any]) -> None:
        self.add_listing(str(node["oid"]), [entry_of(raw) for raw in node["entries"]])
        for raw in node["entries"]:
            self.learn(raw.get("object"))


def entry_of(raw: Mapping[str, Any]) -> TreeEntry:
    """A GraphQL TreeEntry. GitHub gives the mode as a decimal number."""
    return TreeEntry(str(raw["name"]), int(raw["mode"]), str(raw["oid"]), int(raw.get("size") or 0))


def _is(oid: str, content: bytes) -> bool:
    """Whether git would give this content that id (SHA-1, or SHA-256 in repositories that use it)."""
    data = b"blob %d\0" % len(content) + content
    if len(oid) == 64:
        return hashlib.sha256(data).hexdigest() == oid
    return hashlib.sha1(data, usedforsecurity=False).hexdigest() == oid
