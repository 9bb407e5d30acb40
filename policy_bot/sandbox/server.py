"""Serves the sandbox at a local address: its API and pages; a thread delivers its webhooks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request as Post
from urllib.request import urlopen

from werkzeug.serving import WSGIRequestHandler, make_server

from policy_bot.sandbox.pages.web import application
from policy_bot.sandbox.sandbox import Sandbox

DELIVERY_TIMEOUT = 10  # GitHub's timeout for a webhook, in seconds


class _QuietHandler(WSGIRequestHandler):
    """Logs no requests: the terminal belongs to the demo."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Logs nothing."""

    def connection_dropped(self, error: BaseException, environ: object = None) -> None:
        """Handles a planned cut: the socket closes without an answer."""
        self.close_connection = True


@contextmanager
def served(sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """While active, the sandbox answers at the returned address. Raises OSError for a port in use."""
    listening = socket.create_server((host, port))  # werkzeug would end the process if the port is in use
    app, fd = application(sandbox), listening.fileno()
    server = make_server(host, port, app, threaded=True, request_handler=_QuietHandler, fd=fd)
    sandbox.at(f"http://{host}:{listening.getsockname()[1]}")
    thread = threading.Thread(target=server.serve_forever, name="sandbox", daemon=True)
    thread.start()
    try:
        yield sandbox.url
    finally:
        server.shutdown()
        server.server_close()
        listening.close()
        thread.join()


@contextmanager
def delivering(sandbox: Sandbox, target: str) -> Iterator[None]:
    """While active, events are posted to `target` as they happen, one after the other."""
    if urlsplit(target).hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ValueError(f"the sandbox delivers to this machine only, not to {target}")
    waiting, ended = threading.Event(), threading.Event()
    waiting.set()

    def work() -> None:
        while not ended.is_set():
            waiting.wait()
            waiting.clear()
            sandbox.hook.deliver(lambda headers, body: _post(target, headers, body))

    sandbox.hook.noticed = waiting.set
    thread = threading.Thread(target=work, name="sandbox-hook", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        waiting.set()
        thread.join()
        sandbox.hook.noticed = lambda: None


def _post(target: str, headers: dict[str, str], body: bytes) -> int:
    try:
        with urlopen(Post(target, body, headers), timeout=DELIVERY_TIMEOUT) as answer:  # noqa: S310 loopback only
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code
    except (URLError, OSError):
        return 0
