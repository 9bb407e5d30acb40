"""Rate of accepted deliveries, compared with a bare Flask application that stores nothing.

    python -m tests.bench.intake [DELIVERIES]

Both check the signature and run on granian, in turns, under the same sender: 16 connections, 22 KB each.
Where PROBOT names a folder (with `npm install probot` done there), Probot takes its turn as well.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from policy_bot.cli.demo_service import free_port
from policy_bot.github.signature import sign
from policy_bot.service import assembly
from policy_bot.service.store.store import Store
from tests.service.crashing import Nothing
from tests.service.keys import SECRET, pem, settings
from tests.service.pulls import Judge, request, want
from tests.service.web import opened

ROOT = Path(__file__).parents[2]
CONNECTIONS = 16
PADDING = "x" * 22_000

BARE = """
import hashlib, hmac, multiprocessing, sys
from flask import Flask, request
from granian import Granian
from granian.constants import Interfaces

app = Flask("bare")

@app.post("/webhook")
def webhook():
    right = "sha256=" + hmac.new(sys.argv[2].encode(), request.get_data(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right, request.headers.get("X-Hub-Signature-256", "")):
        return "", 401
    return "", 202

@app.get("/readyz")
def ready():
    return ""

multiprocessing.set_start_method("fork", force=True)
port = int(sys.argv[1])
server = Granian("bare", port=port, interface=Interfaces.WSGI, blocking_threads=32, log_enabled=False)
server.serve(target_loader=lambda: app, wrap_loader=False)
"""

PROBOT = """
(async () => {
  const { createNodeMiddleware, createProbot } = await import("probot");
  const http = require("http");
  const [port, secret, privateKey] = process.argv.slice(1);
  const probot = createProbot({ overrides: { appId: 1, privateKey, secret, logLevel: "fatal" } });
  const app = (app) => { app.onAny(() => {}); };
  const handle = await createNodeMiddleware(app, { probot, webhooksPath: "/webhook" });
  http.createServer((request, response) =>
    request.url === "/readyz" ? response.end() : handle(request, response)).listen(+port, "127.0.0.1");
})();
"""


@contextmanager
def server(command: list[str], port: int, cwd: str | Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=nowhere, stderr=nowhere)
    try:
        end = time.monotonic() + 20
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port)) as one:
                    one.sendall(b"GET /readyz HTTP/1.0\r\nHost: x\r\n\r\n")
                    if b" 200" in one.recv(100):
                        break
            except OSError:
                pass
            assert time.monotonic() < end, "did not start"
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(30)


def requests() -> list[tuple[bytes, bytes]]:
    """Heads and bodies of deliveries for 500 pull requests; the id goes between them."""
    made = []
    for number in range(1, 501):
        body = json.dumps(opened(number) | {"padding": PADDING}).encode()
        head = (
            "POST /webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"X-GitHub-Event: pull_request\r\nContent-Length: {len(body)}\r\n"
            f"X-Hub-Signature-256: {sign(body, SECRET)}\r\nX-GitHub-Delivery: "
        )
        made.append((head.encode(), b"\r\n\r\n" + body))
    return made


def answered(connection: socket.socket) -> bool:
    """Reads one whole answer; whether it is 2xx."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(65536)
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head.split(b" ", 2)[1].startswith(b"2")


def load(port: int, count: int) -> tuple[float, float, float]:
    """Sends `count` deliveries; deliveries a second, p50 and p99 in milliseconds."""
    made, waiting, times = requests(), selectors.DefaultSelector(), []
    began: dict[socket.socket, float] = {}
    sent = 0

    def send(connection: socket.socket) -> None:
        nonlocal sent
        head, rest = made[sent % len(made)]
        sent += 1
        began[connection] = time.perf_counter()
        connection.sendall(head + uuid.uuid4().hex.encode() + rest)

    start = time.perf_counter()
    for _ in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting.register(connection, selectors.EVENT_READ)
        send(connection)
    while len(times) < count:
        for ready, _ in waiting.select():
            connection = ready.fileobj
            assert isinstance(connection, socket.socket)
            assert answered(connection)
            times.append(time.perf_counter() - began[connection])
            if sent < count:
                send(connection)
    seconds = time.perf_counter() - start
    for connection in began:
        connection.close()
    times.sort()
    return count / seconds, times[count // 2] * 1000, times[int(count * 0.99)] * 1000


def resident(process: int) -> float:
    """Memory in MB of a process and those below it; what they share counts once."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    own = int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) / 1024
    return own + sum(
        resident(int(child)) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    )


def ours(folder: str, work: str) -> tuple[list[str], int]:
    port = free_port()
    for name in ("truth", "locks", "state"):
        (Path(folder) / name).mkdir()
    for number in range(1, 501):
        (Path(folder) / "truth" / str(number)).write_text("1")
    return [sys.executable, "-m", "tests.bench.serving", folder, str(port), work], port


def show(name: str, figures: tuple[float, float, float], more: str = "") -> None:
    rate, half, most = figures
    print(f"{name:46} {rate:6.0f}/s  p50 {half:5.1f} ms  p99 {most:5.1f} ms  {more}", flush=True)


def measure_ours(name: str, count: int, work: str) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command, port = ours(folder, work)
        with server(command, port) as process:
            rest = resident(process.pid)
            load(port, 500)
            show(
                name, load(port, count), f"memory at rest {rest:.0f} MB, after {resident(process.pid):.0f} MB"
            )


def measure_other(name: str, command: list[str], port: int, count: int, cwd: str | Path = ROOT) -> None:
    with server(command, port, cwd) as _:
        load(port, 500)
        show(name, load(port, count))


def measure_drain(count: int) -> None:
    """Rows that are due and cost nothing but being taken and done."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        given = settings(Path(folder))
        assembly.migrate(given)
        judge = Judge()
        outside = assembly.Outside(judge, judge, Nothing())  # type: ignore[arg-type]
        _, running = assembly.serving(given, outside)
        store = Store(given.database())
        want(store, *[request(number) for number in range(1, count + 1)])
        began = time.perf_counter()
        running.start()
        while len(judge.asked) < count:
            time.sleep(0.01)
        print(f"drain on SQLite: {count / (time.perf_counter() - began):.0f} rows a second")
        running.stop()
        store.close()


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    for _ in range(2):
        port = free_port()
        measure_other(
            "bare Flask, stores nothing", [sys.executable, "-c", BARE, str(port), SECRET], port, count
        )
        if folder := os.environ.get("PROBOT"):
            port = free_port()
            command = ["node", "-e", PROBOT, "--", str(port), SECRET, pem()]
            measure_other("Probot, stores nothing", command, port, count, folder)
        measure_ours("serve on SQLite, work of 2 s", count, "2")
        measure_ours("serve on SQLite, no work to speak of", count, "0")
    measure_drain(2_000)


if __name__ == "__main__":
    main()
