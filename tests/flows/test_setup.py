"""From nothing to an App: the page of `policy-bot setup`, GitHub's manifest flow, the file `serve` reads."""

from __future__ import annotations

import re
import stat
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from queue import Queue

import pytest
import requests

from policy_bot.github.signature import sign
from policy_bot.sandbox.registration import Registration
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.server import served
from policy_bot.sandbox.state import wall_clock
from policy_bot.service import setup as setting_up
from policy_bot.service.settings import ServiceSettings, load
from policy_bot.service.setup import Setup
from tests.waiting import LONG

FIELD = re.compile(r'name="(manifest|csrf_token)" value="([^"]*)"')


class Person:
    """Somebody with a browser, who was shown the address in the terminal."""

    def __init__(self, address: str) -> None:
        self.browser = requests.Session()
        self.site, _, _ = address.partition("/setup")
        self.page = self.get(address)

    def get(self, address: str) -> requests.Response:
        url = address if address.startswith("http") else self.site + address
        self.page = self.browser.get(url, timeout=LONG)
        return self.page

    def choose(self, **fields: str) -> None:
        """Another owner, address or place for the secrets."""
        token = dict(FIELD.findall(self.page.text))["csrf_token"]
        self.page = self.browser.post(
            f"{self.site}/setup", data={"csrf_token": token, **fields}, timeout=LONG
        )

    def press(self) -> requests.Response:
        """The page's button."""
        form = re.search(r'<form method="post"[^>]*action="([^"]*)"', self.page.text)
        assert form, self.page.text
        where = unescape(form[1])
        fields = {name: unescape(value) for name, value in FIELD.findall(self.page.text)}
        self.page = self.browser.post(
            where if "://" in where else self.site + where, data=fields, timeout=LONG
        )
        return self.page


@pytest.fixture
def github() -> Iterator[Sandbox]:
    sandbox = Sandbox(clock=wall_clock, registration=Registration())
    sandbox.repository("acme/shop", {"README.md": "x"})
    with served(sandbox):
        yield sandbox


@pytest.fixture
def begun(github: Sandbox, tmp_path: Path) -> Iterator[tuple[Setup, str]]:
    """A setting up that is being served, and the address that the terminal showed."""
    setup, told = Setup(tmp_path / "state", github.api_url), Queue[str]()
    thread = threading.Thread(target=setting_up.run, args=(setup, "127.0.0.1", 0, told.put))
    thread.start()
    yield setup, told.get(timeout=LONG)
    setup.done.set()
    thread.join()


def test_from_nothing_to_an_app_that_is_ready(begun: tuple[Setup, str], github: Sandbox) -> None:
    setup, address = begun
    person = Person(address)
    assert "Register the App at GitHub" in person.page.text
    person.press()  # to GitHub, which sends the browser back
    assert "sst-policy is registered" in person.page.text
    assert "not installed anywhere yet" in person.page.text

    # the secrets are in a file of this user alone, and serve reads it
    assert stat.S_IMODE(setup.file.stat().st_mode) == 0o600
    settings = load(ServiceSettings, policy_bot_state=setup.state)
    assert settings.github_app_id == github.registration.id
    assert settings.private_key().strip() == github.registration.pem.strip()
    assert settings.webhook_secrets() == (github.registration.webhook_secret,)
    assert settings.signs_people_in()

    # GitHub's first delivery shows that the address is right
    body = b'{"zen": "Keep it logically awesome."}'
    signed = {"X-Hub-Signature-256": sign(body, github.registration.webhook_secret)}
    assert requests.post(f"{person.site}/webhook", data=body, headers=signed, timeout=LONG).status_code == 503

    person.get(f"{github.url}/apps/sst-policy/installations/new")
    person.get("/setup/checks")
    assert "the App is installed on acme" in person.page.text
    assert "a webhook from GitHub has arrived" in person.page.text
    person.press()
    assert "The service is starting" in person.page.text
    assert setup.done.is_set()


def test_secrets_can_be_shown_once_and_not_kept(begun: tuple[Setup, str], github: Sandbox) -> None:
    setup, address = begun
    person = Person(address)
    person.choose(keep="show", organisation="acme")
    assert "/organizations/acme/settings/apps/new" in person.page.text
    person.press()
    assert f"GITHUB_APP_ID=&#39;{github.registration.id}&#39;" in person.page.text
    assert not setup.file.exists()
    person.get("/setup/checks")
    assert "Start the service" not in person.page.text


def test_a_link_of_another_site_changes_no_address(begun: tuple[Setup, str]) -> None:
    setup, address = begun
    person = Person(address)
    person.get("/setup?address=https://evil.example&organisation=evil&keep=show")
    assert "evil" not in person.page.text
    assert requests.post(f"{person.site}/setup", data={"address": "x"}, timeout=LONG).status_code == 400
    person.choose(address="https://bot.example.com/")
    assert "https://bot.example.com/webhook" in person.page.text
    assert setup.public_url == "https://bot.example.com"


def test_nobody_comes_in_without_the_token(begun: tuple[Setup, str]) -> None:
    setup, address = begun
    site = address.partition("/setup")[0]
    for path in ("/", "/setup", "/setup?token=wrong", "/setup/checks", "/setup/registered?code=x&state=y"):
        assert requests.get(site + path, timeout=LONG).status_code == 403
    assert requests.post(f"{site}/setup/start", timeout=LONG).status_code == 400  # a form of another site
    assert not setup.done.is_set()
    assert setup.token not in repr(setup)


def test_a_registration_that_was_begun_elsewhere_is_refused(
    begun: tuple[Setup, str], github: Sandbox
) -> None:
    setup, address = begun
    person = Person(address)
    github.sign_in.manifest_codes.add("code-of-somebody-else")
    person.get("/setup/registered?code=code-of-somebody-else&state=guessed")
    assert person.page.status_code == 400
    assert setup.registered is None


def test_a_code_that_was_used_is_reported_as_such(begun: tuple[Setup, str], github: Sandbox) -> None:
    setup, address = begun
    person = Person(address)
    state = re.search(r"state=([\w-]+)", person.page.text)
    assert state
    person.get(f"/setup/registered?code=used&state={state[1]}")
    assert (person.page.status_code, setup.registered) == (400, None)
