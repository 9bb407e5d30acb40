"""The environment: what is taken, and what each mistake is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot.service.settings import Misconfigured, load
from tests.service.keys import SECRET, elliptic, pem, settings


def test_the_least_that_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_APP_ID", "4242")
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", pem())
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", SECRET)
    found = load()
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
        ({"github_app_id": "Iv1.abc"}, "GITHUB_APP_ID input should be a valid integer"),
        ({"github_webhook_secret": "short"}, "GITHUB_WEBHOOK_SECRET is empty, shorter than 8 characters"),
        (
            {"github_private_key": "not a key"},
            "GITHUB_PRIVATE_KEY is missing or not an RSA key in PEM: paste the file",
        ),
        ({"github_private_key": elliptic()}, "GITHUB_PRIVATE_KEY is missing or not an RSA key in PEM"),
        ({"github_private_key_file": "/nowhere.pem"}, "GITHUB_PRIVATE_KEY_FILE cannot be read: No such file"),
        ({"github_api_url": "api.github.com"}, "GITHUB_API_URL is not a web address such as https://"),
        ({"public_url": "ftp://x"}, "PUBLIC_URL is not a web address"),
        ({"database_url": "mysql://x"}, "DATABASE_URL is neither sqlite:///path nor postgresql://"),
        ({"database_url": "postgresql://bot:a@b:c@db/bot"}, "DATABASE_URL is not a database address; write"),
        ({"port": 70000}, "PORT input should be less than or equal to 65535"),
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
        load(port=-1)
    assert [line.split()[0] for line in refused.value.lines] == [
        "GITHUB_APP_ID",
        "GITHUB_WEBHOOK_SECRET",
        "PORT",
    ]
