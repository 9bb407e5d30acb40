"""A reading process that is kept, killed when a file goes wrong, and replaced, so that the rest is still
judged.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Sequence

from policy_bot.isolation import codec, wire
from policy_bot.isolation.launch import Child, fork, start
from policy_bot.isolation.limits import Bounds
from policy_bot.isolation.reader import Finding
from policy_bot.isolation.wire import Line
from policy_bot.sst.deployment import Context, Hidden, Project, Version
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.record import dataclass, field, replace
from policy_bot.sst.source import SourceTree, Unreadable
from policy_bot.sst.span import Span

REPEATS = 5
"""How often one project is begun again: one with more hostile files than that is not read at all."""


class _Died(Exception):
    """The child is gone: why; the file it parsed; whether the source may be innocent of it."""

    def __init__(self, why: Reason, file: str | None, *, innocent: bool = False) -> None:
        super().__init__(str(why))
        self.why = why
        self.file = file
        self.innocent = innocent


@dataclass
class _Sources:
    """A tree for one reading: asks each file once, however often the reading is begun, and refuses what
    killed it.
    """

    tree: SourceTree
    poison: dict[str, Reason] = field(default_factory=dict)
    known: dict[str, bytes | None] = field(default_factory=dict)

    def read(self, path: str) -> bytes | None:
        if path in self.poison:
            raise Unreadable(path, self.poison[path])
        if path not in self.known:
            self.known[path] = self.tree.read(path)
        return self.known[path]


class Kept(Finding):
    """One reading process, begun when it is first needed. For one thread at a time."""

    def __init__(self, launch: Callable[[Bounds], Child], bounds: Bounds, child: Child | None = None) -> None:
        self._launch = launch
        self._bounds = bounds
        self._child = child
        self._answers = 0

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """The project whose config is `path`. A file that breaks a limit is not read, the others are."""
        sources = _Sources(tree)
        why = Why.TOO_MANY_FILES_OVER()
        forgiven = False
        for _ in range(REPEATS):
            try:
                return self._ask(sources, path, contexts)
            except _Died as death:
                if death.innocent and not forgiven:
                    forgiven = True
                elif death.file is None:
                    why = death.why
                    break
                else:
                    sources.poison[death.file] = death.why
        return _not_read(path, why, frozenset(sources.known))

    def close(self) -> None:
        """End the process."""
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _ask(self, sources: _Sources, path: str, contexts: Sequence[Context] | None) -> Project:
        asked = None if contexts is None else [(context.stage, context.dev) for context in contexts]
        if self._child is None:
            self._child, self._answers = self._launch(self._bounds), 0
        answered = False
        try:
            project = self._converse(self._child.line, sources, {"path": path, "contexts": asked})
            answered = True
            self._answers += 1
        finally:
            if not answered:  # it may be in the middle of something, and is not used again
                self.close()
        return project

    def _converse(self, line: Line, sources: _Sources, question: dict[str, object]) -> Project:
        """Ask, hand out files until there is an answer. Raises `_Died`, and what the tree raises."""
        parsing: str | None = None
        try:
            line.send(wire.QUESTION, json.dumps(question).encode())
            while True:
                kind, content = line.receive()
                if kind == wire.ANSWER:
                    return _project(content)
                if kind == wire.FAILED:
                    raise self._failed(content.decode("utf-8", "replace"), parsing)
                text = content.decode("utf-8", "surrogatepass")
                if kind == wire.PARSING:
                    parsing = text
                elif kind == wire.PARSED:
                    parsing = None
                else:
                    _hand_out(line, sources, kind, text)
        except wire.Late:
            raise _Died(Why.SILENCE(self._bounds.silence), parsing) from None
        except (wire.Gone, codec.Garbled, UnicodeDecodeError):
            raise self._post_mortem(parsing) from None

    def _post_mortem(self, parsing: str | None) -> _Died:
        child, self._child = self._child, None
        number = child.end() if child is not None else 0
        if number == signal.SIGPROF:
            return _Died(Why.PARSE_TIME(self._bounds.parse), parsing)
        if number == signal.SIGVTALRM:
            return _Died(Why.PROJECT_TIME(self._bounds.project), None)
        if number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS):
            return self._failed("MemoryError", parsing)
        if number == 0:
            return _Died(Why.PROCESS_ENDED(), None)
        # by the system or an operator, most likely
        return _Died(Why.PROCESS_KILLED(), parsing, innocent=True)

    def _failed(self, error: str, parsing: str | None) -> _Died:
        if error != "MemoryError":
            return _Died(Why.INTERNAL_ERROR(error), parsing)
        # a process that has read before may be short of memory because of what it read before
        why = Why.MEMORY(self._bounds.memory // 1024 // 1024)
        return _Died(why, parsing, innocent=self._answers > 0)


def _hand_out(line: Line, sources: _Sources, kind: bytes, path: str) -> None:
    try:
        path.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which a program can make: no file is called so
        line.send(wire.NO_FILE)
        return
    try:
        if kind == wire.READ:
            content = sources.read(path)
        else:
            names = sources.tree.list(path)
            content = None if names is None else json.dumps(list(names)).encode()
    except Unreadable as error:
        line.send(wire.REFUSED, codec.encode(error.why))
        return
    if content is None:
        line.send(wire.NO_FILE)
    else:
        line.send(wire.FILE, content)


def _project(content: bytes) -> Project:
    project = codec.decode(content)
    if not isinstance(project, Project):
        raise codec.Garbled
    return replace(project, weight=len(content))


def _not_read(path: str, why: Reason, files: frozenset[str]) -> Project:
    nowhere = Span(path, 1, 1, 1, 1, 0, 0)
    return Project(
        path,
        Version("2.0.0", "4.999.0", "the project was not read"),
        (),
        files | {path},
        Hidden(why, nowhere),
    )


class Forked(Kept):
    """For the desk: one fork of this process reads everything; `early` is one that was made ahead."""

    def __init__(self, bounds: Bounds = Bounds(), early: Child | None = None) -> None:  # noqa: B008 -- frozen
        super().__init__(fork, bounds, early)


class Worker(Kept):
    """A Python of its own that reads one project after the other."""

    def __init__(self, bounds: Bounds = Bounds()) -> None:  # noqa: B008 -- frozen
        super().__init__(start, bounds)
