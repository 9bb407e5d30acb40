"""`policy-bot serve` as a process: it starts, answers, waits for its turn, and ends within its bound."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from policy_bot import __version__
from policy_bot.cli.demo_service import free_port
from tests.service.crashing import ROOT, Fleet, Sender, prepare
from tests.service.keys import SECRET, pem
from tests.waiting import LONG, until

ENVIRONMENT = {
    "GITHUB_APP_ID": "4242",
    "GITHUB_WEBHOOK_SECRET": SECRET,
    "GITHUB_API_URL": "http://127.0.0.1:9",
}


def command(
    *words: str, environment: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.Popen[str]:
    given = ENVIRONMENT | {"GITHUB_PRIVATE_KEY": pem(), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "policy_bot.cli.main", *words],
        env=given | (environment or {}),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def is_ready(port: int) -> bool:
    try:
        return get(port, "/readyz")[0] == 200
    except OSError:
        return False


@contextmanager
def fleet(folder: Path) -> Iterator[tuple[Fleet, Sender]]:
    github, port = prepare(folder), free_port()
    one = Fleet(folder, "", port, ("serve",))
    with one.up():
        until(lambda: is_ready(port))
        yield one, Sender(github, port, 5)


def test_serve_starts_answers_and_ends(tmp_path: Path) -> None:
    port = free_port()
    process = command("serve", "--state", str(tmp_path / "state"), "--port", str(port))
    try:
        until(lambda: is_ready(port))
        assert get(port, "/healthz") == (200, "ok\n")
        assert get(port, "/")[1].startswith("policy-bot ")
        assert "policy_bot_due_rows" in get(port, "/metrics")[1]
    finally:
        process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=LONG)
    assert (process.returncode, out) == (0, "")
    assert pem().splitlines()[1] not in err
    assert SECRET not in err
    (serving,) = [line for line in map(json.loads, err.splitlines()) if line["event"] == "serving"]
    assert serving["address"] == f"http://127.0.0.1:{port}"
    assert serving["database"] == str(tmp_path / "state" / "policy-bot.sqlite3")
    assert (serving["version"], serving["app"]) == (__version__, 4242)
    assert serving["process"] == process.pid, "the one to end, which the lock names as well"
    assert os.stat(tmp_path / "state").st_mode & 0o077 == 0, "what is private is private on the disk as well"


def test_a_mistake_in_the_environment_is_one_line_each_and_exit_2() -> None:
    process = command(
        "serve", environment={"GITHUB_APP_ID": "x", "PORT": "99999", "GITHUB_WEBHOOK_SECRET": ""}
    )
    out, err = process.communicate(timeout=LONG)
    assert (process.returncode, out) == (2, "")
    assert [line.split()[0] for line in err.splitlines()] == [
        "policy-bot:", "GITHUB_APP_ID", "GITHUB_WEBHOOK_SECRET", "PORT",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["web", "worker"])
def test_web_and_worker_say_that_they_need_postgres(name: str, tmp_path: Path) -> None:
    process = command(name, cwd=tmp_path)
    assert "needs DATABASE_URL=postgresql://" in process.communicate(timeout=LONG)[1]
    assert process.returncode == 2


def test_a_reload_while_busy_loses_nothing_and_waits_for_its_turn(tmp_path: Path) -> None:
    import random  # noqa: PLC0415

    chance = random.Random(1)
    with fleet(tmp_path) as (running, sender):
        for _ in range(40):
            sender.send(chance)
        old = running.running[0]
        old.terminate()
        running.running[0] = running.start("serve")  # while the old one still ends
        assert old.wait(LONG) == 0
        for _ in range(20):
            sender.send(chance)
        database = sqlite3.connect(tmp_path / "state" / "policy-bot.sqlite3")
        until(lambda: not database.execute("select count(*) from due where wanted > done").fetchone()[0])
        database.close()
    journal = sender.github.journal()
    assert not [line for line in journal if line[0] == "overlap"]
    latest = {number: version for _, number, version in journal}
    assert latest == {str(number): str(version) for number, version in sender.versions.items()}


def test_serve_lives_without_the_packages_for_postgres() -> None:
    code = "import sys, policy_bot.service.assembly, policy_bot.service.server; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert not {"psycopg", "procrastinate", "asgiref"} & set(modules.split())
