"""The door of the web server: a request is read whole, within a time and a size, before a thread sees it.

Whoever sends slowly, or claims a large body, holds a connection and nothing else: the threads that answer and
the memory that waits for them are kept for whole requests.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from urllib.parse import unquote_to_bytes

from werkzeug.test import run_wsgi_app

# Threads that answer requests. All they do is wait for the writer's next commit.
THREADS = 32
# GitHub hangs up after 10 s; whoever needs longer for a body is not GitHub.
BODY_SECONDS = 10.0
# GitHub sends no payload over 25 MB.
LARGEST_BODY = 25 * 1024 * 1024
# Bytes of requests that are being read or wait for a thread, in one process.
LARGEST_WAITING = 3 * LARGEST_BODY
_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]


class HttpScope(Protocol):
    """What granian knows of a request: its RSGI scope, as far as we read it."""

    http_version: str
    client: str
    server: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Any


class Connection(Protocol):
    """Granian's RSGI protocol object: an asynchronous iterator over the body, and the way to answer."""

    def __aiter__(self) -> Any:
        """The chunks of the body."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answers."""


class RequestRefused(Exception):
    """A request that no thread will see: the status and why, in a line."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Front:
    """An RSGI application round a WSGI application."""

    def __init__(self, app: Callable[..., Any], seconds: float = BODY_SECONDS) -> None:
        self._app = app
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(THREADS, "web")
        self._waiting = 0

    async def __call__(self, scope: HttpScope, connection: Connection) -> None:
        """Answers one request."""
        held = _Held(self)
        try:
            async with asyncio.timeout(self._seconds):
                body = await held.read(scope, connection)
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._threads, self._answered, scope, body)
        except TimeoutError:
            answer = _plain(408, f"the request was not here after {self._seconds:.0f} seconds")
        except RequestRefused as refused:
            answer = _plain(refused.status, str(refused))
        finally:
            held.release()
        connection.response_bytes(*answer)

    def hold(self, size: int) -> None:
        """Counts bytes in, or (negative) out; refuses what would be too much in memory."""
        if size > 0 and self._waiting + size > LARGEST_WAITING:
            raise RequestRefused(503, "too much is waiting; send it again")
        self._waiting += size

    def _answered(self, scope: HttpScope, body: bytes) -> Answer:
        chunks, status, headers = run_wsgi_app(self._app, _environ(scope, body), buffered=True)
        return (
            int(status.split(" ", 1)[0]),
            [(name.lower(), value) for name, value in headers],
            b"".join(chunks),
        )


class _Held:
    """What one request holds of the memory for all."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._size = 0

    async def read(self, scope: HttpScope, connection: Connection) -> bytes:
        """The body; empty where nothing reads one, or no signature comes with it: then the application is
        asked at once, and refuses it.
        """
        if "upgrade" in scope.headers:
            raise RequestRefused(400, "no other protocol is spoken here")
        claimed = scope.headers.get("content-length", "")
        if claimed.isdecimal() and int(claimed[:20]) > LARGEST_BODY:
            raise RequestRefused(413, f"a body has at most {LARGEST_BODY} bytes")
        if not _may_be_signed(scope):
            return b""
        whole = io.BytesIO()  # grows in place and gives its own memory away: the body is held once
        async for chunk in connection:
            if self._size + len(chunk) > LARGEST_BODY:
                raise RequestRefused(413, f"a body has at most {LARGEST_BODY} bytes")
            self._front.hold(len(chunk))
            self._size += len(chunk)
            whole.write(chunk)
        return whole.getvalue()

    def release(self) -> None:
        """Gives it back."""
        self._front.hold(-self._size)


def _may_be_signed(scope: HttpScope) -> bool:
    """Whether this is a delivery that carries the form of a signature."""
    if scope.method != "POST" or scope.path != "/webhook":
        return False
    return _SIGNATURE.fullmatch(scope.headers.get("x-hub-signature-256", "")) is not None


def _plain(status: int, text: str) -> Answer:
    headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
    return status, headers, f"{text}\n".encode()


def _environ(scope: HttpScope, body: bytes) -> dict[str, Any]:
    """The request as PEP 3333 wants it. Nothing of the process' own environment is in it."""
    host, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),  # shares the memory of `body`
        "wsgi.input_terminated": True,  # so that no limiting stream copies it in parts
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ
