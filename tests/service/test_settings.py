"""The environment: what is taken, and what each mistake is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot.service.settings import (
    AppSettings,
    AuditSettings,
    DatabaseSettings,
    Misconfigured,
    ServiceSettings,
    load,
)
from tests.service.keys import SECRET, elliptic, encrypted, pem, public, settings


def test_the_least_that_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_APP_ID", "4242")
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", pem())
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", SECRET)
    found = load(ServiceSettings)
    assert (found.host, found.port, found.github_api_url) == ("127.0.0.1", 8080, "https://api.github.com")
    assert found.database() == "sqlite:///state/policy-bot.sqlite3"
    assert not found.on_postgres()


def test_several_secrets_a_key_on_one_line_or_in_a_file(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        github_webhook_secret=f" {SECRET} , {SECRET}2 ",
        github_private_key=pem().replace("\n", "\\n"),
    )
    assert found.webhook_secrets() == (SECRET, f"{SECRET}2")
    assert found.private_key() == pem()
    file = tmp_path / "key.pem"
    file.write_text(pem())
    assert settings(tmp_path, github_private_key="", github_private_key_file=str(file)).private_key() == pem()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgres(tmp_path: Path, scheme: str) -> None:
    found = settings(tmp_path, database_url=f"{scheme}://bot:pw@db/bot")
    assert found.database() == "postgresql+psycopg://bot:pw@db/bot"
    assert found.on_postgres()


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"github_app_id": "Iv1.abc"}, "GITHUB_APP_ID is not a number: it is the “App ID” on the App's page"),
        ({"github_app_id": 0}, "GITHUB_APP_ID is not a number"),
        ({"github_webhook_secret": "short"}, "GITHUB_WEBHOOK_SECRET is empty, shorter than 8 characters"),
        ({"github_private_key": ""}, "GITHUB_PRIVATE_KEY is not set: paste the file that GitHub gave"),
        ({"github_private_key": "not a key"}, "GITHUB_PRIVATE_KEY is not a PEM key"),
        ({"github_private_key": elliptic()}, "GITHUB_PRIVATE_KEY is a key of another kind than RSA"),
        ({"github_private_key": encrypted()}, "GITHUB_PRIVATE_KEY is an encrypted key"),
        ({"github_private_key": public()}, "GITHUB_PRIVATE_KEY is a public key or a certificate"),
        ({"github_private_key": pem()[:500]}, "GITHUB_PRIVATE_KEY is a key whose end is cut off"),
        ({"github_private_key": pem().replace("M", "")}, "GITHUB_PRIVATE_KEY is a damaged key"),
        (
            {"github_private_key_file": "/nowhere.pem"},
            "GITHUB_PRIVATE_KEY_FILE names /nowhere.pem, which cannot be read: No such file",
        ),
        (
            {"github_api_url": "api.github.com"},
            "GITHUB_API_URL is not a web address such as https://api.github",
        ),
        ({"public_url": "ftp://x"}, "PUBLIC_URL is not a web address such as https://policy-bot.ex"),
        ({"database_url": "mysql://x"}, "DATABASE_URL must be sqlite:///path or postgresql://"),
        ({"database_url": "postgresql://bot:a@b:c@db/bot"}, "DATABASE_URL is not a database address; write"),
        ({"port": 70000}, "PORT is not a port: a number from 0 to 65535"),
        ({"port": "http"}, "PORT is not a port"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_variable(
    tmp_path: Path, given: dict[str, object], line: str
) -> None:
    with pytest.raises(Misconfigured) as refused:
        settings(tmp_path, **given)
    (said,) = refused.value.lines
    assert said.startswith(line)


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(Misconfigured) as refused:
        load(ServiceSettings, port=-1)
    assert [line.split()[0] for line in refused.value.lines] == [
        "GITHUB_APP_ID",
        "GITHUB_PRIVATE_KEY",
        "GITHUB_WEBHOOK_SECRET",
        "PORT",
    ]


def test_a_file_that_is_no_key_is_named_and_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "app.pem"
    for content, what in ((public().encode(), "is a public key"), (b"\xff\xfe", "is not text")):
        file.write_bytes(content)
        with pytest.raises(Misconfigured) as refused:
            settings(tmp_path, github_private_key="", github_private_key_file=str(file))
        (said,) = refused.value.lines
        assert said.startswith(f"GITHUB_PRIVATE_KEY_FILE names {file}, which {what}")


def test_of_a_key_and_a_file_the_file_wins(tmp_path: Path) -> None:
    file = tmp_path / "app.pem"
    file.write_text(pem())
    found = settings(tmp_path, github_private_key="an old one", github_private_key_file=str(file))
    assert found.private_key() == pem()


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_APP_ID", "DATABASE_URL", "POLICY_BOT_STATE", "GITHUB_PRIVATE_KEY_FILE"):
        monkeypatch.setenv(name, "")
    with pytest.raises(Misconfigured) as refused:
        load(AppSettings)
    assert refused.value.lines[0].startswith("GITHUB_APP_ID is not set")
    assert load(DatabaseSettings).database() == "sqlite:///state/policy-bot.sqlite3"


def test_each_reads_what_it_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_APP_ID", "no number")
    load(DatabaseSettings)
    monkeypatch.setenv("GITHUB_APP_ID", "4242")
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", pem())
    monkeypatch.setenv("PORT", "no number")
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:canary-password@db/bot")
    assert set(load(AuditSettings).secrets()) == {pem(), "canary-password"}
