"""T3: senders that never finish block every thread before verification -> each occupies a connection only,
and complete requests are answered as usual.

Precedent: CVE-2007-6750 (Apache httpd).
"""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

from policy_bot.service.front import THREADS
from tests.service.test_processes import fleet, get
from tests.service.web import GUID

UNFINISHED = b"POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"


def test_a_delivery_is_accepted_despite_more_slow_senders_than_threads(tmp_path: Path) -> None:
    with fleet(tmp_path) as (service, sender), ExitStack() as stack:
        for _ in range(3 * THREADS):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            slow.sendall(UNFINISHED)
        assert get(service.port, "/healthz") == (200, "ok\n")
        assert sender.post(1, GUID)  # the others are given five times as long as the answer
