"""Frames over a socket: one letter that says what it is, the length, the content."""

from __future__ import annotations

import socket
import struct
import time
from typing import NamedTuple

# parent -> child
QUESTION, FILE, NO_FILE, REFUSED, ENTRIES = b"Q", b"F", b"N", b"U", b"E"
# child -> parent
READ, LIST, PARSING, PARSED, ANSWER, FAILED = b"r", b"l", b"p", b"d", b"=", b"!"

LARGEST = 64 * 1024 * 1024
"""Bytes of one frame. A larger one is a child that went wrong."""

_HEAD = struct.Struct("!cI")


class Frame(NamedTuple):
    """What kind of message, and its content."""

    kind: bytes
    content: bytes


class Gone(Exception):
    """The other side closed the connection or sent nonsense."""


class Late(Exception):
    """The other side did not speak in time."""


def send(connection: socket.socket, kind: bytes, content: bytes = b"") -> None:
    """Send one frame. Raises `Gone`."""
    try:
        connection.settimeout(None)
        connection.sendall(_HEAD.pack(kind, len(content)) + content)
    except OSError as error:
        raise Gone from error


def receive(connection: socket.socket, seconds: float | None = None) -> Frame:
    """Wait for one frame. Raises `Gone`, or `Late` after `seconds`."""
    deadline = None if seconds is None else time.monotonic() + seconds
    kind, length = _HEAD.unpack(_exactly(connection, _HEAD.size, deadline))
    if length > LARGEST:
        raise Gone
    return Frame(kind, _exactly(connection, length, deadline))


def _exactly(connection: socket.socket, count: int, deadline: float | None) -> bytes:
    parts = []
    while count:
        try:
            connection.settimeout(None if deadline is None else max(deadline - time.monotonic(), 0.001))
            part = connection.recv(min(count, 1 << 20))
        except TimeoutError:
            raise Late from None
        except OSError as error:
            raise Gone from error
        if not part:
            raise Gone
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
