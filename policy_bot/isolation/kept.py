"""A persistent reading process, killed and replaced if a file exceeds a limit, so that the rest is judged."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from policy_bot.isolation import codec, wire
from policy_bot.isolation.activity import Activity, noted
from policy_bot.isolation.answering import READING, Question
from policy_bot.isolation.launch import Child, fork, start
from policy_bot.isolation.limits import Bounds, resident
from policy_bot.isolation.reader import NOBODY, Asker, FindingReader, Unanswered, not_read
from policy_bot.isolation.sources import AskedFiles, hand_out, sent_ahead
from policy_bot.isolation.wire import Line
from policy_bot.record import NamedTuple, dataclass, replace
from policy_bot.sst.deployment import Context, Project
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.source import AtHand, SourceTree

if TYPE_CHECKING:
    from policy_bot.policy.engine import Judge

T = TypeVar("T")
Asking = Generator[Line, None, T]
"""A running question: yields the line that it waits for, returns the answer. Resumed without data, it
waits.
"""

LOOK = 0.15
"""Seconds between two checks whether the answer is still wanted."""
REPEATS = 5
"""Maximum number of attempts for a project; one with more hostile files is not read at all."""


class _Died(Exception):
    """The child ended: the reason, the file it was parsing, and whether the source may be innocent."""

    def __init__(self, why: Reason, file: str | None, *, innocent: bool = False) -> None:
        super().__init__(str(why))
        self.why = why
        self.file = file
        self.innocent = innocent


@dataclass
class _Message:
    """A question on the wire, with its config (if any), its rules, and a callback while waiting."""

    kind: bytes
    content: bytes
    config: str = ""
    rules: bytes = b""
    meanwhile: Callable[[], None] = lambda: None
    looked: float = 0.0

    def look(self) -> None:
        """Calls `meanwhile` a few times a second, even if the process requests file after file."""
        if time.monotonic() > self.looked + LOOK:
            self.meanwhile()
            self.looked = time.monotonic()


class _Expected(NamedTuple):
    """A reading that was started ahead: the arguments that `read` will be called with, and the running
    question.
    """

    of: tuple[SourceTree, str, Sequence[Context] | None]
    asking: Asking[Project]


class Kept(FindingReader):
    """One reading process, started on first use. Not thread-safe."""

    def __init__(self, launch: Callable[[Bounds], Child], bounds: Bounds, child: Child | None = None) -> None:
        self._launch = launch
        self._bounds = bounds
        self._child = child
        self._rules: tuple[Judge | None, bytes, str] | None = None
        self._expected: _Expected | None = None

    def expect(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> None:
        """Asks for the project that `read` reads first, so that it is read while this process goes on."""
        asking = self._reading(tree, path, contexts)
        if next(asking, None) is not None:
            self._expected = _Expected((tree, path, contexts), asking)

    def read(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None = None) -> Project:
        """Reads the project of the config `path`, without files that exceed a limit."""
        expected = self._expected
        if expected is None or expected.of != (tree, path, contexts):
            return _finished(self._reading(tree, path, contexts))
        self._expected = None
        return _finished(expected.asking)

    def _reading(self, tree: SourceTree, path: str, contexts: Sequence[Context] | None) -> Asking[Project]:
        asked = None if contexts is None else [(context.stage, context.dev) for context in contexts]
        question = json.dumps({"path": path, "contexts": asked}).encode()
        try:
            message = _Message(wire.QUESTION, question, path)
            project, size = yield from self._answered(AskedFiles(tree), message)
        except Unanswered as unanswered:
            return not_read(path, unanswered.why, unanswered.files)
        if not isinstance(project, Project):
            raise TypeError("the reading process sent no project")
        return replace(project, weight=size)

    def _drop_expected(self) -> None:
        """Ends the process if it is reading a project that was announced and then not requested."""
        expected, self._expected = self._expected, None
        if expected is not None:
            expected.asking.close()

    def ask(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> object:
        """Answers a question. Raises `Unanswered`, and what the asker raises."""
        return _finished(self.asking(tree, question, asker))

    def asking(self, tree: SourceTree, question: Question, asker: Asker = NOBODY) -> Asking[object]:
        """Like `ask`, for one thread that asks several processes at once."""
        from policy_bot.isolation.questions.packing import config_of, judge_in, packed
        from policy_bot.isolation.questions.projects import ProjectJudged

        rules, digest = self._rules_of(judge_in(question))
        message = _Message(wire.ASKED, packed(question, digest), config_of(question), rules, asker.meanwhile)
        answer, size = yield from self._answered(AskedFiles(tree), message)
        if isinstance(answer, ProjectJudged):
            return replace(answer, project=replace(answer.project, weight=size))
        return answer

    def _rules_of(self, judge: Judge | None) -> tuple[bytes, str]:
        """A judge on the wire and its digest, cached since most questions repeat the judge."""
        from hashlib import sha256

        from policy_bot.isolation.questions.packing import as_rules

        if self._rules is None or self._rules[0] is not judge:
            rules = as_rules(judge) if judge is not None else b""
            self._rules = judge, rules, sha256(rules).hexdigest()
        return self._rules[1:]

    def _answered(self, sources: AskedFiles, message: _Message) -> Asking[tuple[object, int]]:
        """The answer and its size in bytes. Asks again without a file that killed the process when parsed."""
        self._drop_expected()
        why = Why.TOO_MANY_FILES_OVER()
        forgiven = False
        for _ in range(REPEATS):
            try:
                return (yield from self._asked_once(sources, message))
            except _Died as death:
                if death.innocent and not forgiven:
                    forgiven = True
                elif death.file is None:
                    why = death.why
                    break
                else:
                    sources.poison[death.file] = death.why
        raise Unanswered(why, frozenset(sources.known))

    def resident(self) -> int:
        """Bytes of memory in use by the process; 0 without one."""
        child = self._child
        return resident(child.pid) if child is not None else 0

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stops the process meanwhile: it keeps its memory but uses no CPU time."""
        assert self._child is not None, "only within a question"
        os.kill(self._child.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._child.pid, signal.SIGCONT)

    def get_ready(self) -> None:
        """Starts the process ahead of the first question."""
        if self._child is None:
            self._child = self._launch(self._bounds)

    def get_ready_to_ask(self) -> None:
        """The same ahead of the first `ask`, whose process loads the engine besides the reader."""
        self.get_ready()
        if self._child is not None:
            with suppress(wire.Disconnected, wire.Late):  # the question then finds that it has died
                self._child.line.send(wire.SOON)

    def close(self) -> None:
        """Ends the process."""
        self._drop_expected()
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def _asked_once(self, sources: AskedFiles, message: _Message) -> Asking[tuple[object, int]]:
        self.get_ready()
        assert self._child is not None, "it was started just now"
        answered = False
        try:
            kind, content = yield from self._converse(self._child, sources, message)
            answered = kind == wire.ANSWER
            return codec.decode(content), len(content)
        except codec.Garbled:
            raise _Died(Why.PROCESS_ENDED(), None) from None
        finally:
            if not answered:  # it may be busy, or has used much memory
                self.close()

    def _converse(self, child: Child, sources: AskedFiles, message: _Message) -> Asking[wire.Frame]:
        """Sends the question and serves files until the answer. Raises `_Died`, and what the tree raises."""
        line = child.line
        try:
            given = sent_ahead(sources.at_hand(message.config) if message.config else AtHand())
            line.send_all([*given, wire.Frame(message.kind, message.content)])
            while True:
                message.look()
                if not line.has_more:
                    yield line
                kind, content = line.receive(message.look)
                if kind in (wire.ANSWER, wire.LAST_ANSWER):
                    return wire.Frame(kind, content)
                if kind == wire.FAILED:
                    raise self._failed(content.decode("utf-8", "replace"), self._activity())
                text = content.decode("utf-8", "surrogatepass")
                if kind == wire.NEED:
                    line.send(wire.RULES, message.rules)
                elif kind == wire.AHEAD:
                    sources.announce(text)
                else:
                    hand_out(line, sources, kind, text, child.large)
        except wire.Late:
            raise _Died(Why.SILENCE(self._bounds.silence), self._activity().file) from None
        except (wire.Disconnected, UnicodeDecodeError):
            raise self._post_mortem() from None

    def _activity(self) -> Activity:
        return noted(self._child.notes) if self._child is not None else Activity()

    def _post_mortem(self) -> _Died:
        at = self._activity()
        child, self._child = self._child, None
        number = child.end() if child is not None else 0
        if number == signal.SIGPROF:
            return _Died(Why.PARSE_TIME(self._bounds.parse), at.file)
        if number == signal.SIGVTALRM:
            return _Died(self._over_time(at.step), None)
        if number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS):
            return self._failed("MemoryError", at)
        if number == 0:
            return _Died(Why.PROCESS_ENDED(), None)
        # killed by the system or an operator, most likely
        return _Died(Why.PROCESS_KILLED(), at.file, innocent=True)

    def _over_time(self, step: str) -> Reason:
        seconds = self._bounds.project
        return Why.ANSWER_TIME(step, seconds) if step not in ("", READING) else Why.PROJECT_TIME(seconds)

    def _failed(self, error: str, at: Activity) -> _Died:
        if error == "RecursionError":
            return _Died(Why.NESTED_TOO_DEEPLY(), at.file)
        if error != "MemoryError":
            return _Died(Why.INTERNAL_ERROR(error), at.file)
        size = self._bounds.memory // 1024 // 1024
        why = Why.ANSWER_MEMORY(at.step, size) if at.step not in ("", READING) else Why.MEMORY(size)
        return _Died(why, at.file)


def _finished(asking: Asking[T]) -> T:
    """Waits for the answer."""
    while True:
        try:
            next(asking)
        except StopIteration as end:
            answer: T = end.value
            return answer


class Forked(Kept):
    """For the CLI: one fork of this process reads everything; `early` is a fork made ahead."""

    def __init__(self, bounds: Bounds = Bounds(), early: Child | None = None) -> None:  # noqa: B008 -- frozen
        super().__init__(fork, bounds, early)


class ReaderProcess(Kept):
    """A separate Python process that reads one project after the other."""

    def __init__(self, bounds: Bounds = Bounds()) -> None:  # noqa: B008 -- frozen
        super().__init__(start, bounds)
