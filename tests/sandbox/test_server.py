"""Over real sockets: the pages, the API, a cut connection, and the thread that delivers webhooks."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests

from policy_bot.sandbox.faults import Fault
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.server import delivering, served
from tests.sandbox.clients import APP, ask, installed
from tests.waiting import LONG


def test_the_api_answers_on_loopback() -> None:
    sandbox = Sandbox(registration=APP)
    sandbox.repository("acme/shop")
    with served(sandbox):
        client = installed(sandbox, sandbox.install("acme"))
        assert ask(client, "")["full_name"] == "acme/shop"
        sandbox.faults.plan(Fault("GET /repos", status=0))
        with pytest.raises(requests.ConnectionError):
            ask(client, "")


def test_a_port_in_use_raises() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taking = served(Sandbox(registration=APP), port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"), taking:
            pass


def test_events_are_posted_as_they_happen() -> None:
    sandbox, arrived = Sandbox(registration=APP), threading.Event()
    sandbox.repository("acme/shop")

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(202)
            self.end_headers()
            arrived.set()

        def log_message(self, *words: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        with delivering(sandbox, f"http://127.0.0.1:{server.server_port}/webhook"):
            sandbox.install("acme")
            assert arrived.wait(LONG)
        server.shutdown()
    assert [(attempt.event.name, attempt.status) for attempt in sandbox.hook.attempts] == [
        ("installation", 202)
    ]


def test_a_closed_port_is_a_failed_delivery_and_other_machines_are_refused() -> None:
    sandbox = Sandbox(registration=APP)
    sandbox.repository("acme/shop")
    sandbox.install("acme")
    with socket.socket() as silent:  # it does not listen, and nobody else can
        silent.bind(("127.0.0.1", 0))
        with delivering(sandbox, f"http://127.0.0.1:{silent.getsockname()[1]}/webhook"):
            pass
    assert [attempt.status for attempt in sandbox.hook.attempts] in ([0], [])
    with (
        pytest.raises(ValueError, match="this machine only"),
        delivering(sandbox, "http://example.com/webhook"),
    ):
        pass
