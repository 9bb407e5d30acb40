"""The front of the web server: receives a whole request, within limits of time and size, before a thread gets
it.

A slow sender or a large body occupies only a connection: threads and memory are reserved for whole requests.
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

# threads that answer requests; they only wait for the writer's next commit
THREADS = 32
# GitHub hangs up after 10 s; a slower sender is not GitHub
BODY_SECONDS = 10.0
# GitHub sends no payload over 25 MB
LARGEST_BODY = 25 * 1024 * 1024
# bytes of requests that are being received or wait for a thread, in one process
LARGEST_WAITING = 3 * LARGEST_BODY
_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]


class HttpScope(Protocol):
    """A request in granian: the part of its RSGI scope that we use."""

    http_version: str
    client: str
    server: str
    scheme: str
    method: str
    path: str
    query_string: str
    headers: Any


class Connection(Protocol):
    """Granian's RSGI protocol object: an asynchronous iterator over the body, and the response."""

    def __aiter__(self) -> Any:
        """The chunks of the body."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Sends the response."""


class RequestRefused(Exception):
    """A request that no thread gets: status and reason, in a line."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Front:
    """An RSGI application around a WSGI application."""

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
            answer = _plain(408, f"the request was incomplete after {self._seconds:.0f} seconds")
        except RequestRefused as refused:
            answer = _plain(refused.status, str(refused))
        finally:
            held.release()
        connection.response_bytes(*answer)

    def hold(self, size: int) -> None:
        """Reserves bytes, or (negative) releases them; refuses a request that would exceed the limit."""
        if size > 0 and self._waiting + size > LARGEST_WAITING:
            raise RequestRefused(503, "too many requests are waiting; send it again")
        self._waiting += size

    def _answered(self, scope: HttpScope, body: bytes) -> Answer:
        chunks, status, headers = run_wsgi_app(self._app, _environ(scope, body), buffered=True)
        return (
            int(status.split(" ", 1)[0]),
            [(name.lower(), value) for name, value in headers],
            b"".join(chunks),
        )


class _Held:
    """The memory that one request has reserved."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._size = 0

    async def read(self, scope: HttpScope, connection: Connection) -> bytes:
        """Receives the body; empty without a reader or a signature, since the application then refuses."""
        if "upgrade" in scope.headers:
            raise RequestRefused(400, "no other protocol is supported here")
        claimed = scope.headers.get("content-length", "")
        if claimed.isdecimal() and int(claimed[:20]) > LARGEST_BODY:
            raise RequestRefused(413, f"a body has at most {LARGEST_BODY} bytes")
        if not _may_be_signed(scope):
            return b""
        whole = io.BytesIO()  # grows in place and hands its memory over, so the body exists once
        async for chunk in connection:
            if self._size + len(chunk) > LARGEST_BODY:
                raise RequestRefused(413, f"a body has at most {LARGEST_BODY} bytes")
            self._front.hold(len(chunk))
            self._size += len(chunk)
            whole.write(chunk)
        return whole.getvalue()

    def release(self) -> None:
        """Releases the memory."""
        self._front.hold(-self._size)


def _may_be_signed(scope: HttpScope) -> bool:
    """Whether this is a delivery with a well-formed signature."""
    if scope.method != "POST" or scope.path != "/webhook":
        return False
    return _SIGNATURE.fullmatch(scope.headers.get("x-hub-signature-256", "")) is not None


def _plain(status: int, text: str) -> Answer:
    headers = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
    return status, headers, f"{text}\n".encode()


def _environ(scope: HttpScope, body: bytes) -> dict[str, Any]:
    """The request in the form of PEP 3333, with nothing from the process's own environment."""
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
        "wsgi.input_terminated": True,  # prevents werkzeug's limiting stream, which copies the body in parts
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
