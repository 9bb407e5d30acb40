"""Frames over a pair of pipes: one letter for the kind, the length, the content."""

from __future__ import annotations

import os
import select
import struct
import time
from collections.abc import Callable, Iterable

from policy_bot.record import NamedTuple, dataclass, field

# parent -> child
QUESTION, ASKED, RULES, FILE, NO_FILE, REFUSED = b"Q", b"A", b"R", b"F", b"N", b"U"
GIVEN, LISTED = b"G", b"L"  # before a question: a file or listing that it will need; see `named`
SAME = b"s"  # in place of `FILE`: it is as it was sent before; see `LargeFiles`
SOON = b"S"  # before an `ASKED`, as soon as it is known to come; no answer
# child -> parent; `NEED` requests missing rules
READ_CODE, AHEAD = b"c", b"a"  # announced application code, and the announcement; no answer
READ, LIST, NEED, FAILED = b"r", b"l", b"n", b"!"
ANSWER, LAST_ANSWER = b"=", b"."  # after the last answer the process ends, since it has used much memory

LARGEST = 64 * 1024 * 1024
"""Maximum bytes of a frame; a child that sends more is faulty."""

MOST_LARGE = 2
"""Maximum number of large files that are kept."""

_HEAD = struct.Struct("!cI")
_CHUNK = 1 << 16
_TICK = 0.2  # seconds


class Frame(NamedTuple):
    """Kind and content of a message."""

    kind: bytes
    content: bytes


class LargeFiles:
    """The large files that were sent last in a local run. Its projects share a lockfile of a megabyte, which
    takes as long to send as a small project to read. Both sides keep the same ones.
    """

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def get(self, path: str) -> bytes | None:
        """The content that was sent last, if it is kept."""
        return self._files.get(path)

    def put(self, path: str, content: bytes) -> None:
        """Keeps what is sent now, if it is large, in place of the first."""
        if len(content) >= _CHUNK:
            self._files.pop(path, None)
            if len(self._files) == MOST_LARGE:
                del self._files[next(iter(self._files))]
            self._files[path] = content


class Disconnected(Exception):
    """The other side closed the line or sent an invalid frame."""


class Late(Exception):
    """The other side did not send or receive in time."""


def named(path: str, content: bytes) -> bytes:
    """Joins a path and its content in one frame; no path has a NUL."""
    return path.encode("utf-8", "surrogatepass") + b"\0" + content


def unnamed(frame: bytes) -> tuple[str, bytes]:
    """Splits what `named` joined."""
    path, _, content = frame.partition(b"\0")
    return path.decode("utf-8", "surrogatepass"), content


@dataclass(frozen=True)
class Line:
    """One end: descriptors for reading and writing, and the timeout in seconds."""

    source: int
    sink: int
    patience: float | None = None
    _ahead: bytearray = field(default_factory=bytearray, repr=False, compare=False)
    """Bytes received together with an earlier frame."""

    def __post_init__(self) -> None:
        if self.patience is not None:
            os.set_blocking(self.source, False)
            os.set_blocking(self.sink, False)

    @property
    def has_more(self) -> bool:
        """Whether a frame, or its beginning, was received together with another one."""
        return bool(self._ahead)

    def send(self, kind: bytes, content: bytes = b"") -> None:
        """Sends one frame. Raises `Disconnected`, `Late`."""
        self.send_all([Frame(kind, content)])

    def send_all(self, frames: Iterable[Frame]) -> None:
        """Sends frames at once, since waking the other side for each takes longer than all the rest."""
        parts = [part for kind, content in frames for part in (_HEAD.pack(kind, len(content)), content)]
        rest = memoryview(b"".join(parts))
        deadline = self._deadline()
        while rest:
            try:
                rest = rest[os.write(self.sink, rest[:_CHUNK]) :]
            except BlockingIOError:
                self._wait(self.sink, select.POLLOUT, deadline)
            except OSError as error:
                raise Disconnected from error

    def receive(self, meanwhile: Callable[[], None] | None = None) -> Frame:
        """Waits for a frame, calling `meanwhile` several times a second. Raises `Disconnected`, `Late`, and
        errors of `meanwhile`.
        """
        if meanwhile is not None and not self.has_more and not self._fill():
            self._wait_a_while(meanwhile)
        deadline = self._deadline()
        kind, length = _HEAD.unpack(self._exactly(_HEAD.size, deadline))
        if length > LARGEST:
            raise Disconnected
        return Frame(kind, self._exactly(length, deadline))

    def close(self) -> None:
        """Closes the line."""
        os.close(self.source)
        os.close(self.sink)

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        while len(self._ahead) < count:
            if not self._fill(count - len(self._ahead)):
                self._wait(self.source, select.POLLIN, deadline)
        found = bytes(self._ahead[:count])
        del self._ahead[:count]
        return found

    def _fill(self, most: int = _CHUNK) -> bool:
        """Reads what has arrived; False if nothing has. Without `patience` it waits for something."""
        try:
            part = os.read(self.source, max(_CHUNK, most))
        except BlockingIOError:
            return False
        except OSError as error:
            raise Disconnected from error
        if not part:
            raise Disconnected
        self._ahead.extend(part)
        return True

    def _deadline(self) -> float | None:
        return None if self.patience is None else time.monotonic() + self.patience

    def _wait_a_while(self, meanwhile: Callable[[], None]) -> None:
        """Waits for the first byte. Time spent in `meanwhile` does not count as silence of the other side."""
        poll = select.poll()
        poll.register(self.source, select.POLLIN)
        deadline = self._deadline()
        while not poll.poll(_TICK * 1000):
            before = time.monotonic()
            meanwhile()
            if deadline is not None:
                deadline += time.monotonic() - before
                if time.monotonic() > deadline:
                    raise Late

    def _wait(self, descriptor: int, event: int, deadline: float | None) -> None:
        if deadline is None:
            return
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(deadline - time.monotonic(), 0) * 1000):
            raise Late
