"""The parent's side of a reading process's file requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

from policy_bot.isolation import codec, wire
from policy_bot.isolation.wire import LargeFiles, Line
from policy_bot.record import dataclass, field
from policy_bot.sst.reasons import Reason
from policy_bot.sst.source import AtHand, SourceTree, Unreadable, announce, at_hand, read_code


@dataclass
class AskedFiles:
    """A tree for one reading: requests each file once, over all attempts; refuses files that killed a
    process.
    """

    tree: SourceTree
    poison: dict[str, Reason] = field(default_factory=dict)
    known: dict[str, bytes | None] = field(default_factory=dict)

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None. Raises `Unreadable` for a file that killed a process."""
        if path in self.poison:
            raise Unreadable(path, self.poison[path])
        if path not in self.known:
            self.known[path] = self.tree.read(path)
        return self.known[path]

    def read_code(self, path: str) -> bytes | None:
        """Like `read`, for application code, which is not cached."""
        if path in self.poison or path in self.known:
            return self.read(path)
        return read_code(self.tree, path)

    def at_hand(self, config: str) -> AtHand:
        """Files that the tree has without waiting, except those that killed a process."""
        found = at_hand(self.tree, config)
        files = {path: content for path, content in found.files.items() if path not in self.poison}
        self.known.update(files)
        return AtHand(files, found.folders)

    def announce(self, listed: str) -> None:
        """Passes on a list of paths; raises `wire.Disconnected` for an invalid one."""
        try:
            paths = json.loads(listed)
        except (ValueError, RecursionError):
            raise wire.Disconnected from None
        if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
            raise wire.Disconnected
        announce(self.tree, paths)


def sent_ahead(ahead: AtHand) -> Iterator[wire.Frame]:
    """The files to send with the question, which saves 20 requests for a small project, 1/4 of its time."""
    for path, content in ahead.files.items():
        yield wire.Frame(wire.GIVEN, wire.named(path, content))
    for path, names in ahead.folders.items():
        yield wire.Frame(wire.LISTED, wire.named(path, _listing(tuple(names))))


@lru_cache(maxsize=64)
def _listing(names: tuple[str, ...]) -> bytes:
    """A listing on the wire; many projects share those of parent folders."""
    return json.dumps(names).encode()


def hand_out(
    line: Line, sources: AskedFiles, kind: bytes, path: str, large: LargeFiles | None = None
) -> None:
    """Answers a file request: a file's content or a folder's names, or why there is none. What is in `large`
    is not sent again.
    """
    try:
        path.encode()
    except UnicodeEncodeError:  # a lone surrogate, which a program can make: no file has such a name
        line.send(wire.NO_FILE)
        return
    try:
        if kind == wire.READ:
            content = sources.read(path)
        elif kind == wire.READ_CODE:
            content = sources.read_code(path)
        else:
            names = sources.tree.list(path)
            content = None if names is None else _listing(tuple(names))
    except Unreadable as error:
        line.send(wire.REFUSED, codec.encode(error.why))
        return
    if content is None:
        line.send(wire.NO_FILE)
    elif kind == wire.READ and large is not None and large.get(path) == content:
        line.send(wire.SAME)
    else:
        line.send(wire.FILE, content)
        if kind == wire.READ and large is not None:
            large.put(path, content)
