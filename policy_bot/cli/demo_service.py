"""The demo's service: `policy-bot serve` in a process of its own, at first without an App."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from policy_bot.cli.problem import Problem
from policy_bot.sandbox.sandbox import Sandbox

HOST = "127.0.0.1"
PATIENCE = 60.0  # seconds for the service to start, and to end


@dataclass(frozen=True)
class Service:
    """The process and its address."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    def setup_address(self) -> str:
        """The address of the set-up page, with its one-time token. Raises `Problem` if there is none."""
        return self._once(lambda: _setup_address(self.log.read_text(errors="replace")))

    def wait_until_ready(self) -> None:
        """Waits until the service accepts webhooks. Raises `Problem` if it ends first."""
        self._once(lambda: _is_ready(self.address) and self.address)

    def _once(self, there: Callable[[], str | bool]) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            if found := there():
                return str(found)
            time.sleep(0.05)
        last = self.log.read_text(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
        raise Problem(f"the service did not start: {last[0]}")


_SETUP_ADDRESS = re.compile(r"http://[^/\s]+/setup\?token=\S+")


def _setup_address(log: str) -> str:
    found = _SETUP_ADDRESS.search(log)
    return found[0] if found else ""


def _is_ready(address: str) -> bool:
    try:
        with urlopen(f"{address}/readyz", timeout=PATIENCE):  # noqa: S310 our own address on loopback
            return True
    except (URLError, OSError):
        return False


@contextmanager
def service(sandbox: Sandbox, folder: Path, *, registered: bool = False) -> Iterator[Service]:
    """Runs the real service, with its SQLite file and log in `folder`. It waits to be set up unless
    `registered` has the sandbox's App.
    """
    port = free_port()
    address = f"http://{HOST}:{port}"
    port_and_state = ["--port", str(port), "--state", str(folder)]
    words = [sys.executable, "-m", "policy_bot.cli.main", "serve", *port_and_state]
    with (folder / "service.log").open("wb") as log:
        resume = _hold_signals()  # a signal before the `try` would leave the service running
        process = subprocess.Popen(  # noqa: S603 our own words. A session of its own: Ctrl+C is for the demo, which then ends it
            words, env=_environment(sandbox, address, registered), stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            resume()
            ours = Service(address, process, folder / "service.log")
            if registered:
                ours.wait_until_ready()
            yield ours
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _hold_signals() -> Callable[[], None]:
    """Holds back signals that would end this process until the returned function is called."""
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


def _environment(sandbox: Sandbox, address: str, registered: bool) -> dict[str, str]:
    ours = ("GITHUB_", "DATABASE_URL", "POLICY_BOT_", "METRICS_TOKEN", "HOST", "PORT")
    app = sandbox.registration
    credentials = {
        "GITHUB_APP_ID": str(app.id),
        "GITHUB_PRIVATE_KEY": app.pem,
        "GITHUB_WEBHOOK_SECRET": app.webhook_secret,
    }
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
        **(credentials if registered else {}),
        "GITHUB_API_URL": sandbox.api_url,
        "PUBLIC_URL": address,
    }


def free_port() -> int:
    """A free port below the range from which the system assigns ports to connections, so that no connection
    takes it meanwhile.
    """
    while True:
        with suppress(OSError), socket.socket() as probe:
            port = random.randrange(20_000, 32_000)  # noqa: S311 no secret
            probe.bind((HOST, port))
            return port
