"""The reading process: answers questions over a pair of pipes, and asks back for every file it needs.

It has no tree, no network and no secrets of its own: what it reads comes from the parent, and what it says
goes there.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from policy_bot.isolation import codec, wire
from policy_bot.isolation.limits import Bounds, confine, parsing, reading
from policy_bot.isolation.wire import Line
from policy_bot.sst.deployment import Context
from policy_bot.sst.limits import Limits
from policy_bot.sst.reading import read_project
from policy_bot.sst.record import dataclass
from policy_bot.sst.source import Unreadable


@dataclass(frozen=True)
class RemoteTree:
    """The parent's tree, asked file by file."""

    line: Line

    def read(self, path: str) -> bytes | None:
        """The file's bytes, or None. Raises `Unreadable`."""
        return self._ask(wire.READ, path)

    def list(self, folder: str) -> Sequence[str] | None:
        """The folder's entry names, or None. Raises `Unreadable`."""
        answer = self._ask(wire.LIST, folder)
        return None if answer is None else list(json.loads(answer))

    def _ask(self, kind: bytes, path: str) -> bytes | None:
        self.line.send(kind, path.encode("utf-8", "surrogatepass"))
        reply = self.line.receive()
        if reply.kind == wire.REFUSED:
            raise Unreadable(path, codec.decode(reply.content))
        return None if reply.kind == wire.NO_FILE else reply.content


def serve(line: Line, bounds: Bounds, *, forked: bool) -> None:
    """Answer questions until the parent hangs up."""
    confine(bounds, above_present=forked)
    gc.freeze()  # what is loaded stays
    gc.enable()  # what a program of theirs makes goes round in circles; the parent may search for none
    while True:
        try:
            _answer(line, bounds, json.loads(line.receive().content))
        except wire.Gone:
            return


def _answer(line: Line, bounds: Bounds, question: dict[str, object]) -> None:
    @contextmanager
    def watch(path: str) -> Iterator[None]:
        line.send(wire.PARSING, path.encode("utf-8", "surrogatepass"))
        with parsing(bounds):
            yield
        line.send(wire.PARSED)

    asked = question["contexts"]
    contexts = [Context(stage, dev) for stage, dev in asked] if isinstance(asked, list) else None
    try:
        with reading(bounds):
            project = read_project(RemoteTree(line), str(question["path"]), contexts, Limits(watch=watch))
            answer = codec.encode(project)
        line.send(wire.ANSWER, answer)
    except wire.Gone:
        raise
    except Exception as error:
        if not isinstance(error, MemoryError):
            sys.excepthook(*sys.exc_info())  # names lines of ours, never content of the project
        line.send(wire.FAILED, type(error).__name__.encode())
