"""An App that GitHub does not accept: the service says so at `/readyz` within a second, and why."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from policy_bot.cli.demo_service import free_port
from policy_bot.github.app import App, Identity
from policy_bot.github.errors import RetryLater
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.server import served
from policy_bot.service.credentials import PATIENCE, Credentials
from policy_bot.service.store.store import Store
from tests.sandbox.wire import wired
from tests.service.fixtures import Time
from tests.service.keys import pem
from tests.service.test_processes import command, get
from tests.service.web import Site
from tests.waiting import LONG, until


def credentials(
    sandbox: Sandbox, clock: Callable[[], float] = lambda: 0.0, **wrong: str | int
) -> Credentials:
    registration = sandbox.registration
    right = {"app_id": registration.id, "private_key": registration.pem, "api_url": sandbox.api_url}
    identity = Identity(**(right | wrong))  # type: ignore[arg-type] -- of one identity
    return Credentials(App(identity, sleep=lambda _: None).itself, identity.api_url, clock)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"private_key": pem()}, "GitHub rejects the App: GitHub does not accept our credentials"),
        ({"app_id": 4711}, "GitHub has no App with this id. Check GITHUB_APP_ID"),
        ({"api_url": "{api}/v4"}, "there is no GitHub API at this address (404). GITHUB_API_URL is"),
    ],
)
def test_it_says_what_is_wrong_and_how_to_fix_it(wrong: dict[str, str | int], said: str) -> None:
    sandbox = Sandbox()
    given = {
        name: value.format(api=sandbox.api_url) if name == "api_url" and isinstance(value, str) else value
        for name, value in wrong.items()
    }
    with wired(sandbox):
        asked = credentials(sandbox, **given)
        asked.check()
    assert asked.trouble().startswith(said)


def test_a_key_that_is_accepted_later_makes_the_service_ready() -> None:
    sandbox = Sandbox()
    with wired(sandbox):
        asked = credentials(sandbox, private_key=pem())
        asked.check()
        assert asked.trouble()
        asked.app = credentials(sandbox).app
        asked.check()
    assert asked.trouble() == ""


def test_a_github_that_does_not_answer_keeps_the_service_from_being_ready_for_a_second_only(
    time: Time,
) -> None:
    sandbox = Sandbox()
    asked = credentials(sandbox, time, api_url="http://127.0.0.1:9")
    assert asked.trouble() == "GitHub has not yet confirmed the App's key"
    with pytest.raises(RetryLater):
        asked.check()
    time.pass_(PATIENCE + 0.1)
    assert asked.trouble() == ""


def test_readyz_says_it(sqlite: Store) -> None:
    site = Site(sqlite, refused="GitHub has no App with this id")
    answer = site.client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "GitHub has no App with this id\n")


def test_serve_with_a_key_of_another_app_is_never_ready(tmp_path: Path) -> None:
    sandbox, port = Sandbox(), free_port()
    seen: list[tuple[int, str]] = []
    with served(sandbox):
        environment = {"GITHUB_APP_ID": str(sandbox.registration.id), "GITHUB_API_URL": sandbox.api_url}
        process = command("serve", "--state", str(tmp_path), "--port", str(port), environment=environment)

        def is_refused() -> bool:
            with suppress(OSError):
                seen.append(get(port, "/readyz"))
            return any("credentials" in text for _, text in seen)

        until(is_refused)
        process.terminate()
    _, err = process.communicate(timeout=LONG)
    assert {status for status, _ in seen} == {503}
    assert "GitHub does not accept our credentials. Check GITHUB_APP_ID" in seen[-1][1]
    assert "GitHub does not accept the App" in err
