"""The demo as a person runs it: one command, one story, an exit status that tells whether it came true."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from policy_bot.cli.main import main
from tests.waiting import LONG, until


def demo(*more: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "policy_bot.cli.main", "demo", "--once", *more]
    return subprocess.run(words, capture_output=True, text=True, timeout=LONG, check=False)


def test_the_story_comes_true() -> None:
    done = demo()
    assert done.returncode == 0, done.stdout + done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert done.stderr == ""
    said = [line.strip() for line in done.stdout.splitlines()]
    told = iter(said)
    for part in (
        "App registered",
        "App installed",
        "Pull request #1: Stream the answers of the chat",
        "sst.config.ts:10",
        "streaming/ignored-location",
        '-       timeout: "60 seconds",',
        '+       timeout: "300 seconds",',
        "Merging is blocked",
        "s from a service without an App to a pull request that it gates",
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
    assert done.stderr == f"policy-bot: {why}: choose another with --port\n"


@pytest.mark.parametrize("port", ["99999", "-1", "x"])
def test_a_port_that_cannot_be_is_wrong_usage(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo", f"--port={port}"])
    assert ended.value.code == 2
    assert f"`{port}` is not a port: use 0 (any free port) to 65535" in capsys.readouterr().err


def _attended() -> None:
    """Begins as in a person's terminal: a shell lets its jobs in the background ignore signals."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def test_in_a_terminal_it_waits_for_the_person_and_stays_up() -> None:
    person, terminal = pty.openpty()
    words = [sys.executable, "-m", "policy_bot.cli.main", "demo"]
    shown = subprocess.Popen(
        words,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=_attended,  # noqa: PLW1509 -- sets signals only
    )
    os.close(terminal)
    try:
        said = read_until(person, "Ctrl+C ends the demo")
        assert "Press Enter to push the fix" in said
        address = re.search(r"http://127\.0\.0\.1:\d+/acme/shop/pull/1", said)
        assert address
        assert page(address[0]).count("Merging is blocked") == 1
        assert "press Enter in the terminal to push the fix" in page(address[0])
        os.write(person, b"\n")
        read_until(person, "stays available until you press Ctrl+C")
        assert "Merge the pull request if you like" in page(address[0])
        assert page(address[0]).count("All checks have passed") == 1
        shown.send_signal(signal.SIGINT)
        assert shown.wait(LONG) == 0
    finally:
        shown.kill()
        shown.wait()
        os.close(person)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_when_it_is_ended_from_outside(tmp_path: Path, number: int) -> None:
    words = [sys.executable, "-m", "policy_bot.cli.main", "demo", "--once"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    shown = subprocess.Popen(
        words,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_attended,  # noqa: PLW1509 -- sets signals only
    )
    try:
        children = Path(f"/proc/{shown.pid}/task/{shown.pid}/children")
        until(lambda: bool(children.read_text().strip()))
        service = children.read_text().strip()
        (folder,) = tmp_path.glob("policy-bot-demo-*")
        shown.send_signal(number)
        assert shown.wait(LONG) == 0
        assert not Path(f"/proc/{service}").exists()
        assert not folder.exists()
    finally:
        shown.kill()
        shown.wait()


def read_until(person: int, words: str) -> str:
    """What the terminal shows, up to some words."""
    said = b""
    while words.encode() not in said:
        said += os.read(person, 4096)
    return said.decode()


def page(address: str) -> str:
    """A page of the sandbox."""
    with urlopen(address, timeout=LONG) as answer:
        return str(answer.read().decode())
