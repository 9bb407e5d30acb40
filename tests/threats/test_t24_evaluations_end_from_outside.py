"""T24: an evaluation of many slow projects continues although its verdict is obsolete -> a newer push and
SIGTERM end it, even during a reading.

Precedent: CVE-2026-44937 (Fleet).
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from policy_bot.cli.demo_service import Service, service
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.server import delivering, served
from policy_bot.sandbox.state import Pull, wall_clock
from tests.bench.attacks import MANY, STAGES
from tests.flows.configs import CLEAN
from tests.waiting import LONG, until

SLOW = {f"app{number}/sst.config.ts": MANY % (STAGES, "") for number in range(40)}
"""Forty projects of some 3 s of CPU time each."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Sandbox, Service]]:
    sandbox = Sandbox(clock=wall_clock)
    with ExitStack() as stack:
        stack.enter_context(served(sandbox))
        ours = stack.enter_context(service(sandbox, tmp_path, registered=True))
        stack.enter_context(delivering(sandbox, f"{ours.address}/webhook"))
        yield sandbox, ours


def slow_pull(sandbox: Sandbox, ours: Service) -> Pull:
    """A pull request whose evaluation is in the middle of reading."""
    shop = sandbox.repository("acme/shop", CLEAN)
    sandbox.install("acme")
    pull = sandbox.open_pull(shop, SLOW)
    until(lambda: reading(ours.process.pid))
    return pull


def test_a_newer_push_ends_it(running: tuple[Sandbox, Service]) -> None:
    sandbox, ours = running
    pull = slow_pull(sandbox, ours)
    old = pull.head_sha
    new = sandbox.push(pull, dict.fromkeys(SLOW, CLEAN["sst.config.ts"]))
    until(lambda: bool(sandbox.world.latest_runs(pull.repository, new)))
    assert not sandbox.world.latest_runs(pull.repository, old)


def test_sigterm_ends_it(running: tuple[Sandbox, Service]) -> None:
    sandbox, ours = running
    pull = slow_pull(sandbox, ours)
    ours.process.send_signal(signal.SIGTERM)
    assert ours.process.wait(LONG) == 0
    (stopped,) = [line for line in map(json.loads, ours.log.read_text().splitlines()) if "ended" in line]
    assert stopped["ended"] is True  # by itself, not by the end of the process
    assert not sandbox.world.latest_runs(pull.repository, pull.head_sha)


def reading(parent: int) -> bool:
    """Whether a reading process below this one has taken CPU time of a second."""
    with suppress(OSError):  # one that ends meanwhile
        for task in Path(f"/proc/{parent}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                words = Path(f"/proc/{child}/cmdline").read_bytes()
                used = int(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[11])
                if b"isolation.worker" in words and used > os.sysconf("SC_CLK_TCK"):
                    return True
                if reading(child):
                    return True
    return False
