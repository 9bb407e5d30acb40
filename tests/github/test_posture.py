"""Points of `doctor`: one for each possible mistake, with its fix."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from policy_bot.github import posture
from policy_bot.github.app import App, Identity
from policy_bot.github.posture import Point
from policy_bot.sandbox.sandbox import Sandbox
from tests.sandbox.wire import wired


class Setup:
    """An App that is installed on acme, with one repository that requires its check."""

    def __init__(self) -> None:
        self.sandbox = Sandbox()
        self.shop = self.sandbox.repository("acme/shop", {"README.md": "x"})
        self.installation = self.sandbox.install("acme")
        self.sandbox.require(self.shop)

    def app(self, key: str = "") -> App:
        registration = self.sandbox.registration
        identity = Identity(registration.id, key or registration.pem, self.sandbox.api_url)
        return App(identity, sleep=lambda seconds: None)

    def points(self) -> list[Point]:
        app = self.app()
        with wired(self.sandbox):
            return [
                *posture.of_app(app.itself()),
                *posture.of_installation(app.itself(), self.installation.id),
                *posture.of_gates(app.client(self.installation.id), self.sandbox.registration.id, 10),
            ]

    def wrong(self) -> list[str]:
        return [point.what for point in self.points() if not point.ok and "no webhook" not in point.what]


@pytest.fixture
def setup() -> Setup:
    return Setup()


def test_a_good_setup_has_nothing_to_fix(setup: Setup) -> None:
    assert setup.wrong() == []


def test_whatever_is_wrong_has_a_fix(setup: Setup) -> None:
    setup.sandbox.registration.permissions["statuses"] = "read"
    setup.shop.required.clear()
    assert [point.what for point in setup.points() if not point.ok and not point.fix] == []


def test_a_permission_that_is_missing_is_named(setup: Setup) -> None:
    del setup.sandbox.registration.permissions["statuses"]
    setup.installation.permissions.pop("merge_queues")
    assert setup.wrong() == [
        "the App requests too few permissions; missing: statuses: write",
        "acme has granted too few permissions; missing: merge_queues: read",
    ]


def test_more_than_is_needed_is_named(setup: Setup) -> None:
    setup.sandbox.registration.permissions["contents"] = "write"
    setup.sandbox.registration.permissions["members"] = "read"
    assert "the App requests unneeded permissions: contents, members" in setup.wrong()


def test_an_event_that_is_missing_is_named(setup: Setup) -> None:
    setup.sandbox.registration.events = ("pull_request", "push")
    assert "the App is not subscribed to merge_group" in setup.wrong()


def test_a_check_that_nothing_requires(setup: Setup) -> None:
    setup.shop.required.clear()
    assert setup.wrong() == ["nothing requires `sst-policy` on the default branch"]


def test_t21_a_check_that_anybody_may_set(setup: Setup) -> None:
    setup.shop.required.clear()
    setup.sandbox.require(setup.shop, from_app=False)
    (what,) = setup.wrong()
    assert what == "`sst-policy` is required from anybody: whoever may write statuses can set it"


def test_a_key_that_github_does_not_take_ends_the_look(setup: Setup) -> None:
    other = Sandbox().registration.pem
    with wired(setup.sandbox):
        (point,) = posture.of_app(setup.app(other).itself())
    assert not point.ok
    assert "GITHUB_PRIVATE_KEY" in point.fix


class Settings:
    """Answers for the App's webhook, whose last delivery arrived."""

    def __init__(self, **config: str) -> None:
        self.config = {
            "content_type": "json",
            "insecure_ssl": "0",
            "secret": "***",
            "url": "https://bot",
        } | config

    def get(self, path: str, parameters: object = None) -> object:
        return self.config if path == "/app/hook/config" else [{"status_code": 202}]


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        ({}, []),
        ({"secret": ""}, ["GitHub does not sign webhooks: the App has no webhook secret"]),
        ({"content_type": "form"}, ["the webhook is not sent as JSON"]),
        ({"insecure_ssl": "1"}, ["GitHub does not check the webhook's certificate"]),
    ],
)
def test_the_settings_of_the_webhook(config: dict[str, str], wrong: list[str]) -> None:
    *points, arrived = posture._webhook(Settings(**config))  # type: ignore[arg-type]
    assert [point.what for point in points] == wrong
    assert all(point.fix and not point.ok for point in points)
    assert arrived.what == "webhooks arrive at https://bot (1 of the last 1)"


@pytest.mark.parametrize(
    ("latest", "ok", "said"),
    [
        ([], False, "no webhook was sent"),
        ([{"status_code": 202}], True, "webhooks arrive"),
        ([{"status_code": 202}, {"status_code": 500}], True, "1 of the last 2"),
        ([{"status_code": 401}, {"status_code": 202}], False, "refuses GitHub's signature (401)"),
        ([{"status_code": 0}], False, "failed (no answer; 1 of the last 1)"),
        ([{"status_code": 503}], False, "failed (503"),
    ],
)
def test_deliveries(latest: list[dict[str, int]], ok: bool, said: str) -> None:
    point = posture._deliveries(latest, "https://bot.example.com/webhook")
    assert point.ok is ok
    assert said in point.what


def test_what_is_needed_is_what_the_manifest_asks_for() -> None:
    manifest = yaml.safe_load((Path(__file__).parents[2] / "app.yaml").read_text())
    assert manifest["default_permissions"] == posture.PERMISSIONS
    assert set(manifest["default_events"]) == posture.EVENTS
