"""T7: logs and errors contain tokens, keys and passwords -> canaries sent through every path appear nowhere.

Precedents: CVE-2024-52009 (Atlantis), CVE-2022-39304 (ghinstallation), zizmor GHSA-f42p-wjw5-97qh.
"""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from policy_bot.service import logs
from policy_bot.service.counting import Counting
from policy_bot.service.settings import Misconfigured
from policy_bot.service.store import engine
from policy_bot.service.store.store import Store
from policy_bot.service.worker import Worker
from tests.service.keys import SECRET, pem, settings
from tests.service.pulls import Judge, want
from tests.service.web import Site, opened

PASSWORD = "canary-database-password"
CLIENT = "canary-client-secret-012345"
DATABASE = f"postgresql://bot:{PASSWORD}@db.example.com/bot"
# Of GitHub's two forms of an installation token, and a JWT of the App.
TOKENS = [
    "ghs_" + "A1b2C3d4" * 4 + "abcd",
    "ghs_4242_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI0MjQyIn0." + "s" * 440,
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI0MjQyIn0.c2lnbmF0dXJl",
]
CANARIES = [SECRET, PASSWORD, CLIENT, *TOKENS, pem().splitlines()[3]]


@pytest.fixture
def shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> object:
    given = settings(tmp_path, database_url=DATABASE, github_client_secret=CLIENT)
    logs.set_up(given.secrets())
    yield lambda: "".join(capfd.readouterr())
    logging.basicConfig(handlers=[], force=True)


def clean(text: str) -> bool:
    assert [canary for canary in CANARIES if canary in text] == []
    return bool(text)


def test_in_our_lines_and_in_those_of_libraries(shown) -> None:  # type: ignore[no-untyped-def]
    for canary in CANARIES:
        logs.logger().info(
            "took", token=canary, deep={"list": [f"Bearer {canary}"]}, url=DATABASE, pair=(canary,)
        )
        logging.getLogger("urllib3").error("retrying with %s", canary)
    try:
        raise RuntimeError(f"could not use {pem()} with {TOKENS[1]}")
    except RuntimeError as error:
        logs.logger().error("failed", exc_info=error)
        logging.getLogger("x").exception("failed")
    text = shown()
    assert clean(text)
    lines = [json.loads(line) for line in text.splitlines()]
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    assert "RuntimeError" in lines[-1]["exception"]


def test_in_what_is_printed_of_the_settings_and_their_mistakes(tmp_path: Path) -> None:
    given = settings(tmp_path, database_url=DATABASE, github_client_secret=CLIENT)
    assert clean(repr(given) + str(given) + repr(given.model_dump()))
    with pytest.raises(Misconfigured) as refused:
        settings(
            tmp_path,
            github_private_key=pem()[:300],
            database_url="mysql://bot:" + PASSWORD,
            github_client_secret=CLIENT,
        )
    assert clean(str(refused.value))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://bot:canary%2Fdatabase%23password@db/bot",
        "postgresql://bot:canary/database#password@db/bot",
        "postgresql://bot:canary[database]password@db/bot",
        "postgresql://db/bot?user=bot&password=canary-database-password",
    ],
)
def test_a_password_however_it_is_written_in_the_address(tmp_path: Path, address: str) -> None:
    given = settings(tmp_path, database_url=address)
    hide = logs.Redaction(given.secrets()).text
    password = str(make_url(given.database()).password or PASSWORD)
    for text in (address, given.database(), f"no {password} here", f"no {quote(password, safe='')} here"):
        assert not re.search("canary.*password", hide(text))


def test_no_part_of_an_address_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        settings(tmp_path, database_url=f"postgresql://bot:x@y:{PASSWORD}@db/bot")
    assert clean(str(refused.value))


def test_in_an_error_of_the_database(shown) -> None:  # type: ignore[no-untyped-def]
    database = engine.connect(f"postgresql+psycopg://bot:{PASSWORD}@127.0.0.1:1/bot")
    with pytest.raises(SQLAlchemyError) as failed, database.connect():
        pass
    logs.logger().error("could not", error=str(failed.value), exc_info=failed.value)
    assert clean(shown())
    assert clean(repr(database) + str(failed.value))


def test_in_a_failed_evaluation_and_what_is_kept_of_it(sqlite: Store, shown) -> None:  # type: ignore[no-untyped-def]
    def leak(*_: object) -> None:
        raise RuntimeError(f"401 for {TOKENS[0]} and {TOKENS[1]} with {SECRET}")

    want(sqlite)
    Worker(sqlite, Judge(leak), Counting(), 1).work(lambda: None)  # type: ignore[arg-type]
    assert clean(shown())
    from policy_bot.service.store import overview  # noqa: PLC0415

    (job,) = sqlite.read(lambda connection: overview.jobs(connection, sqlite.now()))
    assert clean(job.last_error)
    assert "RuntimeError: 401 for [hidden]" in job.last_error


def test_in_an_answer_of_the_web(sqlite: Store, monkeypatch: pytest.MonkeyPatch, shown) -> None:  # type: ignore[no-untyped-def]
    def leak(*_: object) -> None:
        raise RuntimeError(f"no {SECRET} {TOKENS[1]}")

    monkeypatch.setattr(sqlite, "accept", leak)
    monkeypatch.setattr(sqlite, "read", leak)
    site = Site(sqlite)
    answers = [
        site.post(opened()),
        site.client.get("/e/x"),
        site.client.get("/readyz"),
        site.client.get("/metrics"),
    ]
    assert [answer.status_code for answer in answers] == [500] * 4
    assert clean("".join(answer.text for answer in answers))
    assert clean(shown())


def test_the_forms_of_secrets_are_known_by_sight() -> None:
    hide = logs.Redaction([]).text
    for token in TOKENS:
        assert (
            hide(f"Authorization: Bearer {token}, and so on") == "Authorization: Bearer [hidden], and so on"
        )
    assert hide(f"key={pem()} end") == "key=[hidden]\n end"
    assert hide(DATABASE) == "postgresql://bot:[hidden]@db.example.com/bot"
    assert not re.search(r"hidden", hide("acme/shop#1 at 0123456789abcdef0123456789abcdef01234567"))


def test_a_traceback_shows_no_values_even_before_logs_are_set_up(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.configure(processors=logs.UNTIL_SET_UP)
    try:
        token = TOKENS[0]
        raise ValueError(len(token))
    except ValueError as error:
        logs.logger().error("failed", exc_info=error)
    shown = "".join(capsys.readouterr())
    assert "ValueError: 40" in shown
    assert token not in shown
