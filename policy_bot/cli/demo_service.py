"""The service of the demo: `policy-bot serve` as a process of its own, set up for the sandbox."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from policy_bot.cli.problem import Problem
from policy_bot.sandbox.sandbox import Sandbox

HOST = "127.0.0.1"
PATIENCE = 30.0  # seconds for the service to come up, and to end


@contextmanager
def service(sandbox: Sandbox, folder: Path) -> Iterator[str]:
    """The real service, with its SQLite file and its log in `folder`; gives its address."""
    port = _free_port()
    address = f"http://{HOST}:{port}"
    port_and_state = ["--port", str(port), "--state", str(folder)]
    words = [sys.executable, "-m", "policy_bot.cli.main", "serve", *port_and_state]
    with (folder / "service.log").open("wb") as log:
        resume = _hold_signals()  # one before the `try` would leave the service running
        process = subprocess.Popen(  # noqa: S603 our own words. A session of its own: Ctrl+C is for the demo, which then ends it
            words, env=_environment(sandbox, address), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        try:
            resume()
            _wait_for(process, address, folder / "service.log")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _hold_signals() -> Callable[[], None]:
    """Keeps signals that would end this process until the function that it gives is called."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    came: list[int] = []
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda got, _: came.append(got)) for number in numbers}

    def resume() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)

    return resume


def _environment(sandbox: Sandbox, address: str) -> dict[str, str]:
    ours = ("GITHUB_", "DATABASE_URL", "POLICY_BOT_", "METRICS_TOKEN", "HOST", "PORT")
    app = sandbox.registration
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
        "GITHUB_APP_ID": str(app.id),
        "GITHUB_PRIVATE_KEY": app.pem,
        "GITHUB_WEBHOOK_SECRET": app.webhook_secret,
        "GITHUB_API_URL": sandbox.api_url,
        "PUBLIC_URL": address,
    }


def _wait_for(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{address}/readyz", timeout=1):  # noqa: S310 our own address on loopback
                return
        except (URLError, OSError):
            time.sleep(0.05)
    last = log.read_text(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
    raise Problem(f"the service did not start: {last[0]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
