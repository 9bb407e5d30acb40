"""The demo as a person runs it: one command, one story, an exit status that tells whether it came true."""

from __future__ import annotations

import socket
import subprocess
import sys


def demo(*more: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "policy_bot.cli.main", "demo", "--once", *more]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


def test_the_story_comes_true() -> None:
    done = demo()
    assert done.returncode == 0, done.stdout + done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stderr == ""
    said = [line.strip() for line in done.stdout.splitlines()]
    told = iter(said)
    for part in (
        "Pull request #1: Stream the answers of the chat",
        "sst.config.ts:10",
        "streaming/ignored-location",
        '-       timeout: "60 seconds",',
        '+       timeout: "300 seconds",',
        "Merging is blocked",
        "The fix is pushed",
        "all comments are gone",
        "Merging is open",
    ):
        assert any(part in line for line in told), (part, done.stdout)


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = demo("--port", port)
    assert done.returncode == 2
    why = f"port {port} cannot be used (Address already in use)"
    assert done.stderr == f"policy-bot: {why}: choose another one by --port\n"
