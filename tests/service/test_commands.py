"""`policy-bot migrate` and `policy-bot jobs` as an operator runs them."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from policy_bot.cli.main import main
from policy_bot.service.store import due, schema
from policy_bot.service.store.store import Store
from tests.service import postgres
from tests.service.keys import SECRET, pem
from tests.service.pulls import request, take, want


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GITHUB_APP_ID", "4242")
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", pem())
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("POLICY_BOT_STATE", str(tmp_path))
    return tmp_path


def failed(state: Path) -> None:
    """One failed row, one waiting."""
    store = Store(f"sqlite:///{state / 'policy-bot.sqlite3'}")
    want(store, request(1))
    taken = replace(take(store), attempts=due.MOST_ATTEMPTS)
    store.write(lambda connection: due.fail(connection, taken, store.now(), "ab12: RuntimeError: boom"))
    want(store, request(2, urgent=False))
    store.close()


def test_serve_says_in_one_line_that_its_address_is_taken(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = somebody.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 2
    assert capsys.readouterr().err.endswith(
        f"cannot listen on 127.0.0.1:{port}: Address already in use; choose others with --host and --port\n"
    )


def test_a_worker_on_a_database_that_nobody_migrated_says_so_and_ends(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    address = postgres.make(empty=True)
    monkeypatch.setenv("DATABASE_URL", address.replace("postgresql+psycopg:", "postgresql:"))
    try:
        assert main(["worker"]) == 2
    finally:
        postgres.drop(address)
    assert capsys.readouterr().err.endswith(
        "the database cannot be used: its schema is older than this version: run `policy-bot migrate` first\n"
    )


def test_serve_says_in_one_line_that_its_folder_is_none(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (state / "file").write_text("")
    assert main(["serve", "--state", str(state / "file")]) == 2
    assert "file cannot be used: File exists" in capsys.readouterr().err


def test_migrate_brings_any_database_to_this_version(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["migrate"]) == 0
        assert capsys.readouterr().out == f"The database is at version {schema.newest()}.\n"


def test_jobs_shows_what_failed_and_takes_it_up_again(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["migrate"])
    capsys.readouterr()
    assert main(["jobs"]) == 0
    assert capsys.readouterr().out == "Nothing is due.\n"
    failed(state)
    assert main(["jobs"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("failed   person acme/shop#1  due for ")
    assert shown[1].strip() == "ab12: RuntimeError: boom"
    assert shown[2].startswith("waiting  bulk   acme/shop#2")
    assert main(["jobs", "--failed", "--format", "json"]) == 1
    (job,) = json.loads(capsys.readouterr().out)
    assert (job["row"], job["state"]) == ("11/7/pull/1", "failed")
    assert (job["age_seconds"], job["again_in_seconds"]) == (round(job["age_seconds"], 1), 0)
    assert main(["jobs", "retry"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 queued again."
    assert main(["jobs"]) == 0
    assert main(["jobs", "retry"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Nothing has failed."


def test_a_row_that_cannot_be_retried_says_why(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["migrate"])
    failed(state)
    assert main(["jobs", "retry", "99", "11/7/pull/2", "11/7/pull/1"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "1 queued again."
    assert err.splitlines() == [
        "policy-bot: there is no row 99; `policy-bot jobs` shows each row at the end of its line",
        "policy-bot: 11/7/pull/2 has not failed: it is waiting",
    ]
    assert main(["jobs", "list", "99"]) == 2


def test_jobs_makes_no_database_where_there_is_none(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("GITHUB_APP_ID", "GITHUB_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET"):
        monkeypatch.delenv(name)
    nowhere = state / "nowhere"
    assert main(["jobs", "--state", str(nowhere)]) == 2
    assert capsys.readouterr().err == (
        f"policy-bot: there is no database {nowhere / 'policy-bot.sqlite3'}: "
        "is this the state folder of `serve` (--state, POLICY_BOT_STATE)?\n"
    )
    assert not nowhere.exists()
    (state / "policy-bot.sqlite3").touch()
    assert main(["jobs"]) == 2
    assert "older than this version: run policy-bot migrate\n" in capsys.readouterr().err


def test_a_database_that_cannot_be_used_is_one_line(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (state / "policy-bot.sqlite3").write_bytes(b"this is no database " * 100)
    for command in ("migrate", "jobs"):
        assert main([command]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert "file is not a database" in line
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:canary-password@127.0.0.1:1/bot")
    assert main(["migrate"]) == 2
    said = capsys.readouterr().err
    assert "refused" in said
    assert "canary-password" not in said
