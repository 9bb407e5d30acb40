"""The files of a repository at one commit for the reader, with few requests and without a disk.

Everything is read through the base repository, where the head of a fork is readable too. Listings and
contents are stored by git's object ids, so that head, base and merge result share what they have in common.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from policy_bot.github.fetching import Fetcher
from policy_bot.github.guesses import imports
from policy_bot.github.objects import SUBMODULE, SYMLINK, Objects, TreeEntry
from policy_bot.github.snapshot import Side
from policy_bot.sst.source import Unreadable
from policy_bot.sst.streams.files import SCRIPTS

LARGEST = 5 * 1024 * 1024
"""The size limit of a file in bytes: lockfiles reach it, configs never do."""
NEIGHBOURS, NEIGHBOUR_BYTES = 60, 400_000
"""How many files of the same folder are fetched together with one, and their total bytes."""
AT_ONCE, ANSWER_BYTES, IMPORT_LEVELS = 100, 2_000_000, 5
"""How many files, and about how many bytes, one request fetches in advance, and how far imports are followed
for that.
"""
CODE = (".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx", ".json")
LOCKFILES = ("package-lock.json", "npm-shrinkwrap.json")
"""Files with an extension of code that are requested by name only."""
MOST_CODE, CODE_FILES, CODE_BYTES = 2, 100, 64 * 1024
"""Limits for application code of one commit: requests, files per request, and bytes of the largest file."""


@dataclass
class GitHubTree:
    """A `SourceTree` at one commit. `root` is the id of its root tree.

    `known` are paths that a query has already answered (None: no such file), which saves walking to them.
    `wanted` and `listed` collect what was read, to be requested at once next time.
    """

    fetcher: Fetcher
    root: str
    known: dict[str, TreeEntry | None] = field(default_factory=dict)
    commit: str = ""
    wanted: set[str] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)
    asks_for_code: bool = True
    """Whether application code is fetched; `withheld` says that some was wanted and not fetched."""
    withheld: bool = False
    compared: tuple[GitHubTree, ...] = ()
    """Trees of the same repository that are read next: their folders and code are fetched in the same
    requests.
    """

    changed: tuple[str, ...] = ()
    """Paths of the change that is judged: their code comes with the first request for code."""

    @staticmethod
    def of(fetcher: Fetcher, side: Side) -> GitHubTree:
        """The files of one side."""
        root = side.root
        if root.endswith(":"):
            root = fetcher.fetch([root], "the root folder")[0] or ""
        return GitHubTree(fetcher, root, dict(side.known), side.oid)

    def anew(self, asks_for_code: bool = True) -> GitHubTree:
        """The same files, with nothing collected yet."""
        fresh = GitHubTree(self.fetcher, self.root, self.known, self.commit, compared=self.compared)
        fresh.changed = self.changed
        fresh.asks_for_code = asks_for_code
        return fresh

    def read(self, path: str) -> bytes | None:
        """The file's bytes; None if it does not exist. Raises `Unreadable` for links, submodules and files
        that are too large.
        """
        entry = self.entry(path)
        if entry is None or entry.folder:
            return None
        if entry.mode == SYMLINK:
            raise Unreadable(path, "a symbolic link, which is not followed")
        if entry.mode == SUBMODULE:
            raise Unreadable(path, "a submodule, which is another repository")
        if entry.size > LARGEST:
            raise Unreadable(path, f"{entry.size:,} bytes, more than the {LARGEST:,} that are read")
        self.wanted.add(path)
        return self._content(path, entry)

    def list(self, folder: str) -> Sequence[str] | None:
        """The folder's names, folders with a trailing `/`."""
        self.listed.add(folder)
        listing = self._listing(folder.split("/") if folder else [])
        if listing is None:
            return None
        return sorted(entry.name + ("/" if entry.folder else "") for entry in listing.values())

    def entry(self, path: str) -> TreeEntry | None:
        """The entry at a path."""
        if path in self.known:
            return self.known[path]
        *folders, name = path.split("/")
        listing = self._listing(folders)
        return listing.get(name) if listing else None

    def read_code(self, path: str) -> bytes | None:
        """The bytes of application code that was announced. Raises `Unreadable` for the rest."""
        entry = self.entry(path)
        content = self.fetcher.objects.content(entry.oid) if entry is not None and not entry.folder else None
        if entry is None or entry.folder or content is not None:
            return content
        self.withheld = self.withheld or not self.asks_for_code
        raise Unreadable(path, f"beyond the {MOST_CODE} requests for application code of one commit")

    def announce(self, paths: Sequence[str]) -> None:
        """Fetches application code in one request, within the limits of one commit: `CODE_FILES` files
        each.
        """
        asked = self.fetcher.code_requests
        if not self.asks_for_code or asked.get(self.root, 0) >= MOST_CODE:
            return
        wanted = [oid for path in paths if (oid := self._missing_code(self.entry(path)))]
        if wanted:
            asked[self.root] = asked.get(self.root, 0) + 1
            paths = [*(path for path in self.changed if path.endswith(SCRIPTS)), *paths]
            wanted = [oid for path in paths if (oid := self._missing_code(self.entry_at_hand(path)))]
            for tree in self.compared:
                wanted += [oid for path in paths if (oid := self._missing_code(tree.entry_at_hand(path)))]
            self.fetcher.fetch(list(dict.fromkeys(wanted))[:CODE_FILES], "application code")

    def _missing_code(self, entry: TreeEntry | None) -> str:
        """The object id of a file that is small enough and not in the store, else ""."""
        if entry is None or entry.folder or entry.mode in (SYMLINK, SUBMODULE) or entry.size > CODE_BYTES:
            return ""
        return entry.oid if self.fetcher.objects.content(entry.oid) is None else ""

    def prefetch(self, paths: Iterable[str]) -> None:
        """Fetches the contents of these files, if they exist and are small, in as few requests as have short
        answers: an answer is held several times while it is parsed.
        """
        content = self.fetcher.objects.content
        entries = [entry for path in paths if (entry := self.entry(path)) is not None]
        sizes = {e.oid: e.size for e in entries if not e.folder and e.size <= NEIGHBOUR_BYTES}
        asked: list[str] = []
        for oid in [oid for oid in sizes if content(oid) is None]:
            if len(asked) == AT_ONCE or sum(map(sizes.__getitem__, asked)) > ANSWER_BYTES:
                self.fetcher.fetch(asked, "the configs")
                asked = []
            asked.append(oid)
        if asked:
            self.fetcher.fetch(asked, "the configs")

    def prefetch_imports(self, paths: Iterable[str]) -> None:
        """Fetches what these files import, and what those import, as far as it can be guessed from their text
        and without listing folders: a request for each of many projects would be too many.
        """
        seen: set[str] = set()
        found = set(paths)
        for _ in range(IMPORT_LEVELS):
            seen |= found
            contents = ((path, self.known_content(path)) for path in sorted(found))
            guesses = {guess for path, content in contents if content for guess in imports(path, content)}
            found = {path for path in guesses - seen if self.entry_at_hand(path) is not None}
            self.prefetch(sorted(found))

    def list_all(self, skipped: frozenset[str]) -> bool:
        """Fetches every folder except the skipped ones: three more levels, then the rest at once. False if
        GitHub does not list them all.
        """
        unknown = self._unlisted(skipped)
        if 0 < len(unknown) <= NEIGHBOURS:
            compared = [oid for tree in self.compared for oid in tree._unlisted(skipped)]
            asked = list(dict.fromkeys((*unknown, *compared)))[:NEIGHBOURS]
            self.fetcher.fetch(asked, "the list of all folders")
            unknown = self._unlisted(skipped)
        return not unknown or self._all_below(self.root, skipped)

    def _all_below(self, oid: str, skipped: frozenset[str]) -> bool:
        """Fetches every folder below one; a tree that GitHub truncates, by its folders."""
        if self.fetcher.whole(oid):
            return True
        if self.fetcher.objects.listing(oid) is None:
            self.fetcher.fetch([oid], "the list of all folders")
        listing = self.fetcher.objects.listing(oid) or {}
        below = [e.oid for e in listing.values() if e.folder and e.name not in skipped]
        return bool(below) and all(
            self._all_below(each, skipped) for each in below if self._unlisted(skipped, each)
        )

    def _unlisted(self, skipped: frozenset[str], below: str = "") -> Sequence[str]:
        """The ids of the folders, of all or of those below one, whose entries are not in the store. Visits
        each once: with forty trees, each of which has the next one twice, a walk of all paths never ends.
        """
        todo, unknown = [below or self.root], []
        seen = set(todo)
        while todo:
            oid = todo.pop()
            listing = self.fetcher.objects.listing(oid)
            if listing is None:
                unknown.append(oid)
                continue
            folders = {e.oid for e in listing.values() if e.folder and e.name not in skipped}
            todo += sorted(folders - seen)
            seen |= folders
        return unknown

    def _listing(self, parts: Sequence[str]) -> Mapping[str, TreeEntry] | None:
        """The entries of a folder; walks down, and fetches everything unknown on the way at once."""
        oid = self.root
        for depth in range(len(parts) + 1):
            listing = self.fetcher.objects.listing(oid)
            if listing is None:
                rest = parts[depth:]
                deeper = [f"{oid}:{'/'.join(rest[: i + 1])}" for i in range(len(rest))]
                self.fetcher.fetch([oid, *deeper], "/".join(parts) or "the root folder")
                listing = self.fetcher.objects.listing(oid)
            if listing is None or depth == len(parts):
                return listing
            entry = listing.get(parts[depth])
            if entry is None or not entry.folder:
                return None
            oid = entry.oid
        return None

    def _content(self, path: str, entry: TreeEntry) -> bytes:
        objects = self.fetcher.objects
        content = objects.content(entry.oid)
        if content is None:
            neighbours = self._known_listing(path.split("/")[:-1]) or {}
            likely = (*self._imported(), *self._siblings(path), *neighbours.values())
            self.fetcher.fetch([entry.oid, *_wanted_soon(likely, entry, objects)], path)
            content = objects.content(entry.oid)
        return self.fetcher.blob(entry.oid, path) if content is None else content

    def _imported(self) -> Iterator[TreeEntry]:
        """The imports of the files read so far, as far as they are known without a request."""
        for path in sorted(self.wanted):
            content = self.known_content(path)
            for guess in imports(path, content) if content else ():
                *folders, name = guess.split("/")
                entry = (self._known_listing(folders) or {}).get(name)
                if entry is not None:
                    yield entry

    def _siblings(self, path: str) -> Iterator[TreeEntry]:
        """The known manifests of neighbouring packages: whoever reads one of a workspace reads all."""
        *folders, name = path.split("/")
        around = self._known_listing(folders[:-1]) if name == "package.json" else None
        for each in (around or {}).values():
            entry = (self.fetcher.objects.listing(each.oid) or {}).get(name) if each.folder else None
            if entry is not None:
                yield entry

    def known_content(self, path: str) -> bytes | None:
        """A file's bytes, if they are in the store."""
        entry = self.entry_at_hand(path)
        return self.fetcher.objects.content(entry.oid) if entry else None

    def entry_at_hand(self, path: str) -> TreeEntry | None:
        """The entry at a path, as far as its folder is known."""
        *folders, name = path.split("/")
        return self.known.get(path) or (self._known_listing(folders) or {}).get(name)

    def _known_listing(self, parts: Sequence[str]) -> Mapping[str, TreeEntry] | None:
        """A listing, without a request."""
        oid = self.root
        for part in parts:
            entry = (self.fetcher.objects.listing(oid) or {}).get(part)
            if entry is None:
                return None
            oid = entry.oid
        return self.fetcher.objects.listing(oid)


def _wanted_soon(likely: Iterable[TreeEntry], wanted: TreeEntry, objects: Objects) -> list[str]:
    """Code that will be needed next: imported files, then their neighbours (code that imports one file of a
    folder usually imports the others). Bounded.
    """
    found: list[str] = []
    room = NEIGHBOUR_BYTES
    for entry in likely:
        code = entry.name.endswith(CODE) and entry.name not in LOCKFILES and entry.mode != SYMLINK
        if not code or entry.folder or entry.oid == wanted.oid or objects.content(entry.oid) is not None:
            continue
        if entry.size <= room and len(found) < NEIGHBOURS:
            found.append(entry.oid)
            room -= entry.size
    return list(dict.fromkeys(found))
