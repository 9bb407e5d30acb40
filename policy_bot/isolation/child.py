"""The reading process: answers questions over a pair of pipes and requests every file it needs over them.

It has no tree, network or secrets of its own: the parent supplies all input and receives all output.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from policy_bot.isolation import codec, wire
from policy_bot.isolation.activity import Notes
from policy_bot.isolation.limits import Bounds, allow_memory, confine, parsing, reading, resident
from policy_bot.isolation.wire import LargeFiles, Line
from policy_bot.record import dataclass, field
from policy_bot.sst.collector import stay_patient, tidy
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.limits import Limits
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import SourceTree, Unreadable

if TYPE_CHECKING:
    from policy_bot.policy.engine import Judge

MOST_RULES = 8
"""Maximum number of repositories whose rules one process keeps."""


@dataclass(frozen=True)
class RemoteTree:
    """The parent's tree: the files sent with the question; others are requested one by one."""

    line: Line
    large: LargeFiles | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    folders: dict[str, _Names] = field(default_factory=dict)

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None. Raises `Unreadable`."""
        if path in self.files:
            return self.files[path]
        return self._ask(wire.READ, path) if self._may_be(path) else None

    def read_code(self, path: str) -> bytes | None:
        """Like `read`, for application code."""
        return self._ask(wire.READ_CODE, path)

    def announce(self, paths: Sequence[str]) -> None:
        """Announces application code that will be read next."""
        self.line.send(wire.AHEAD, json.dumps(list(paths)).encode())

    def list(self, folder: str) -> Sequence[str] | None:
        """The folder's entry names, or None. Raises `Unreadable`."""
        if folder in self.folders:
            return list(self.folders[folder])
        answer = self._ask(wire.LIST, folder) if self._may_be(folder) else None
        return None if answer is None else list(json.loads(answer))

    def _may_be(self, path: str) -> bool:
        """Whether the nearest parent folder whose listing came with the question has an entry for the
        path.
        """
        below = ""
        while path and path not in self.folders:
            path, _, below = path.rpartition("/")
        names = self.folders.get(path)
        return not below or names is None or below in names or f"{below}/" in names

    def _ask(self, kind: bytes, path: str) -> bytes | None:
        self.line.send(kind, path.encode("utf-8", "surrogatepass"))
        reply = self.line.receive()
        if reply.kind == wire.REFUSED:
            raise Unreadable(path, codec.decode(reply.content))
        if reply.kind == wire.SAME and self.large is not None:
            return self.large.get(path)
        if kind == wire.READ and reply.kind == wire.FILE and self.large is not None:
            self.large.put(path, reply.content)
        return None if reply.kind == wire.NO_FILE else reply.content


_Names = dict[str, None]
"""The names in a folder, in order."""


@lru_cache(maxsize=64)
def _names(listing: bytes) -> _Names:
    """Parses a listing that was sent with a question; many projects share those of parent folders."""
    return dict.fromkeys(json.loads(listing))


def serve(line: Line, notes: Notes, bounds: Bounds, large: LargeFiles | None = None) -> None:
    """Answers questions until the parent disconnects or much memory is in use."""
    confine(bounds)
    gc.freeze()  # loaded modules stay
    gc.enable()  # interpreted programs make reference cycles; the parent may have disabled the collector
    stay_patient()
    rules, most = _Rules(line), resident() + bounds.kept
    while True:
        try:
            (kind, content), tree = _question(line, large)
            answer = _asked if kind == wire.ASKED else _read
            notes.step("")
            allow_memory(bounds)
            if _answered(line, lambda: answer(tree, notes, bounds, content, rules), most):  # noqa: B023 -- called now
                return
            tidy()
        except wire.Disconnected:
            return
        except MemoryError:  # not even enough to report it: end like a failed allocation in C
            os.abort()


def _question(line: Line, large: LargeFiles | None) -> tuple[wire.Frame, RemoteTree]:
    """Receives the next question, and its tree with the files sent ahead."""
    tree = RemoteTree(line, large)
    while True:
        frame = line.receive()
        if frame.kind == wire.GIVEN:
            path, content = wire.unnamed(frame.content)
            tree.files[path] = content
        elif frame.kind == wire.LISTED:
            path, content = wire.unnamed(frame.content)
            tree.folders[path] = _names(content)
        elif frame.kind == wire.SOON:
            from policy_bot.isolation.questions import packing  # noqa: F401 -- loads the engine
        else:
            return frame, tree


def _answered(line: Line, answer: Callable[[], object], most: int) -> bool:
    """Sends the answer or the error's type. Returns True for the last answer: `most` bytes are exceeded."""
    try:
        content = codec.encode(answer())
    except wire.Disconnected:
        raise
    except Exception as error:
        # a C extension without memory may return NULL and set no error, which Python reports as SystemError
        kind = MemoryError if isinstance(error, SystemError) else type(error)
        if not issubclass(kind, (MemoryError, RecursionError)):
            sys.excepthook(*sys.exc_info())  # shows our source lines, never the project's content
        line.send(wire.FAILED, kind.__name__.encode())
        return False
    last = resident() > most
    line.send(wire.LAST_ANSWER if last else wire.ANSWER, content)
    return last


def _read(tree: RemoteTree, notes: Notes, bounds: Bounds, content: bytes, _rules: _Rules) -> object:
    """Reads the project of a local run."""
    question = json.loads(content)
    asked = question["contexts"]
    contexts = [Context(stage, dev) for stage, dev in asked] if isinstance(asked, list) else None
    with reading(bounds):
        return _project(notes, bounds, tree, str(question["path"]), contexts)


def _project(
    notes: Notes, bounds: Bounds, tree: SourceTree, path: str, contexts: Sequence[Context] | None
) -> Project:
    @contextmanager
    def watch(path: str) -> Iterator[None]:
        notes.parse(path)
        with parsing(bounds):
            yield
        notes.parse("")

    return read_project(tree, path, contexts, Limits(watch=watch))


def _asked(tree: RemoteTree, notes: Notes, bounds: Bounds, content: bytes, rules: _Rules) -> object:
    """Answers a question of the service."""
    from policy_bot.isolation.answering import Answering
    from policy_bot.isolation.questions.packing import unpacked

    @contextmanager
    def step(doing: str) -> Iterator[None]:
        notes.step(doing)
        with reading(bounds):
            yield

    def read(tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        return _project(notes, bounds, tree, path, contexts)

    end = time.process_time() + bounds.project / 2
    question = unpacked(content, rules.judge)
    return question.answered(Answering(tree, read, step, lambda: time.process_time() < end))


class _Rules:
    """The judges known to this process, by the digest of their rules; the parent sends missing ones."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._known: dict[str, Judge] = {}

    def judge(self, digest: str) -> Judge:
        from policy_bot.isolation.questions.packing import judge_of

        found = self._known.pop(digest, None)
        if found is None:
            self._line.send(wire.NEED)
            found = judge_of(self._line.receive().content)
        self._known[digest] = found
        while len(self._known) > MOST_RULES:
            del self._known[next(iter(self._known))]
        return found
