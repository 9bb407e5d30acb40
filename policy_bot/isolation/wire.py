"""Frames over a pair of pipes: one letter that says what it is, the length, the content."""

from __future__ import annotations

import os
import select
import struct
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

from policy_bot.record import dataclass, field

# parent -> child
QUESTION, ASKED, RULES, FILE, NO_FILE, REFUSED = b"Q", b"A", b"R", b"F", b"N", b"U"
GIVEN, LISTED = b"G", b"L"  # before a question: a file, a listing that it will ask for; see `named`
# child -> parent; `DOING` names what it begins to do, `NEED` the rules that it does not know
READ_CODE, AHEAD = b"c", b"a"  # application code that was announced, and its announcement, without an answer
READ, LIST, PARSING, PARSED, DOING, NEED, FAILED = b"r", b"l", b"p", b"d", b"w", b"n", b"!"
ANSWER, LAST_ANSWER = b"=", b"."  # after the last one the process ends: it has used much memory

LARGEST = 64 * 1024 * 1024
"""Bytes of one frame. A larger one is a child that went wrong."""

_HEAD = struct.Struct("!cI")
_CHUNK = 1 << 16
_TICK = 0.2  # seconds


class Frame(NamedTuple):
    """What kind of message, and its content."""

    kind: bytes
    content: bytes


class Disconnected(Exception):
    """The other side closed the line or sent nonsense."""


class Late(Exception):
    """The other side did not speak, or did not listen, in time."""


def named(path: str, content: bytes) -> bytes:
    """A path and what is there, in one frame; no path has a NUL."""
    return path.encode("utf-8", "surrogatepass") + b"\0" + content


def unnamed(frame: bytes) -> tuple[str, bytes]:
    """What `named` was given."""
    path, _, content = frame.partition(b"\0")
    return path.decode("utf-8", "surrogatepass"), content


@dataclass(frozen=True)
class Line:
    """One end: the descriptors to read from and to write to, and how many seconds to wait at most."""

    source: int
    sink: int
    patience: float | None = None
    _ahead: bytearray = field(default_factory=bytearray, repr=False, compare=False)
    """Bytes that came along with a frame before."""

    def __post_init__(self) -> None:
        if self.patience is not None:
            os.set_blocking(self.source, False)
            os.set_blocking(self.sink, False)

    @property
    def has_more(self) -> bool:
        """Whether a frame, or the begin of one, was received together with another one."""
        return bool(self._ahead)

    def send(self, kind: bytes, content: bytes = b"") -> None:
        """Send one frame. Raises `Disconnected`, `Late`."""
        self.send_all([Frame(kind, content)])

    def send_all(self, frames: Iterable[Frame]) -> None:
        """Send frames at once: to wake the other side up for each takes longer than all the rest."""
        parts = [part for kind, content in frames for part in (_HEAD.pack(kind, len(content)), content)]
        rest = memoryview(b"".join(parts))
        deadline = self._deadline()
        while rest:
            self._wait(self.sink, select.POLLOUT, deadline)
            try:
                rest = rest[os.write(self.sink, rest[:_CHUNK]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise Disconnected from error

    def receive(self, meanwhile: Callable[[], None] | None = None) -> Frame:
        """Waits for one frame. Raises `Disconnected`, `Late`, and what `meanwhile` raises, which is called
        several times a second while the other side is silent.
        """
        if meanwhile is not None and not self.has_more:
            self._wait_a_while(meanwhile)
        deadline = self._deadline()
        kind, length = _HEAD.unpack(self._exactly(_HEAD.size, deadline))
        if length > LARGEST:
            raise Disconnected
        return Frame(kind, self._exactly(length, deadline))

    def close(self) -> None:
        """Hang up."""
        os.close(self.source)
        os.close(self.sink)

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        while len(self._ahead) < count:
            self._wait(self.source, select.POLLIN, deadline)
            try:
                part = os.read(self.source, max(_CHUNK, count - len(self._ahead)))
            except BlockingIOError:
                continue
            except OSError as error:
                raise Disconnected from error
            if not part:
                raise Disconnected
            self._ahead.extend(part)
        found = bytes(self._ahead[:count])
        del self._ahead[:count]
        return found

    def _deadline(self) -> float | None:
        return None if self.patience is None else time.monotonic() + self.patience

    def _wait_a_while(self, meanwhile: Callable[[], None]) -> None:
        """Wait for the first byte. The time that `meanwhile` takes is not silence of the other side."""
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
