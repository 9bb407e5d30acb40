"""What evaluations remember in order to make fewer requests. Only hints: losing them costs requests, never
correctness.

Everything is kept by installation and repository, so that nothing passes from one customer to another.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from policy_bot.github.events import PullKey
from policy_bot.github.objects import Objects
from policy_bot.github.queries import Wanted
from policy_bot.sst.repository.lockfiles import SCANNERS
from policy_bot.sst.repository.projects import CONFIG_NAMES

REPOSITORIES = 30
"""How many repositories one process remembers."""
REMEMBERED_BYTES = 128 * 1024 * 1024
"""Memory for all of them: one with a hundred thousand files takes half of it."""
MOST_PATHS = 40
"""How many files the first query includes."""
MOST_FILES = 100_000
"""How many files the remembered readings of one repository name; those of the oldest are forgotten first."""
FILE_BYTES = 200
"""Memory of a file's name with its object id, measured."""
MOST_PENDING = 6
"""How often a pull request is looked at again because GitHub does not show its newest state; each wait is
three times as long as the one before.
"""

# Files of nearly every SST app, requested before anything is known about a repository.
_LIKELY = (CONFIG_NAMES[0], "package.json", "tsconfig.json", *SCANNERS)
_FOLDERS = ("infra", "stacks")


@dataclass(frozen=True)
class Reading:
    """What a project's reading depended on: files with their object ids (None: absent), folders with their
    names.

    If all of it is the same in another tree, so is the project. `whole` is False if the project was not read
    completely: then it depends on unknown files.
    """

    files: Mapping[str, str | None]
    folders: Mapping[str, tuple[str, ...] | None]
    whole: bool = True


@dataclass
class Remembered:
    """One repository: its objects, the paths that readings wanted, and the dependencies of each reading."""

    objects: Objects = field(default_factory=Objects)
    paths: frozenset[str] = frozenset()
    readings: dict[str, Reading] = field(default_factory=dict)
    pending: dict[int, tuple[str, int]] = field(default_factory=dict)
    _files: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def weight(self) -> int:
        """Approximate memory in bytes."""
        return self.objects.weight + self._files * FILE_BYTES

    def wanted(self) -> Wanted:
        """The files that the next query should include."""
        found = sorted(self.paths, key=lambda path: (path.count("/"), path)) or list(_LIKELY)
        texts = found[:MOST_PATHS]
        heavy = frozenset(path for path in texts if path.rpartition("/")[2] in SCANNERS)
        return Wanted(texts, heavy, _FOLDERS)

    def learn(self, read: Iterable[str]) -> None:
        """Stores what was read just now, for the next query."""
        fresh = frozenset(read)
        if fresh:
            self.paths = fresh if len(self.paths) > 4 * MOST_PATHS else self.paths | fresh

    def keep(self, config: str, reading: Reading) -> None:
        """Remembers a project's reading: any pull request may bring new projects, so their number is
        bounded.
        """
        with self._lock:
            self._forget(config)
            self.readings[config] = reading
            self._files += len(reading.files)
            while self._files > MOST_FILES and len(self.readings) > 1:
                self._forget(next(iter(self.readings)))

    def _forget(self, config: str) -> None:
        before = self.readings.pop(config, None)
        self._files -= len(before.files) if before else 0

    def wait(self, number: int, head: str, seconds: float) -> float | None:
        """Seconds until the next look at a head of which GitHub does not show everything; None after a few.
        `seconds` is the first wait.
        """
        before, times = self.pending.pop(number, ("", 0))
        times = times + 1 if before == head else 1
        while len(self.pending) >= MOST_PATHS:
            self.pending.pop(next(iter(self.pending)), None)
        self.pending[number] = (head, times)
        return seconds * 3.0 ** (times - 1) if times <= MOST_PENDING else None


@dataclass
class Memory:
    """All repositories; the least recently used are forgotten first. Thread-safe."""

    _kept: OrderedDict[tuple[int, int], Remembered] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, key: PullKey) -> Remembered:
        """The memory of a key's repository."""
        with self._lock:
            found = self._kept.setdefault((key.installation, key.repository), Remembered())
            self._kept.move_to_end((key.installation, key.repository))
            while len(self._kept) > REPOSITORIES or (
                len(self._kept) > 1 and self._weight() > REMEMBERED_BYTES
            ):
                self._kept.popitem(last=False)
            return found

    def _weight(self) -> int:
        return sum(remembered.weight for remembered in self._kept.values())
