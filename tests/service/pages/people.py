"""Somebody with a browser in front of the service, across from a sandbox that signs them in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient

from policy_bot.github.people import People
from policy_bot.isolation import InProcess
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.service.counting import Counting
from policy_bot.service.hooks import Intake
from policy_bot.service.pages import access
from policy_bot.service.pages.access import Access
from policy_bot.service.pages.site import Pages
from policy_bot.service.pages.what_if import WhatIf
from policy_bot.service.store import audits
from policy_bot.service.store.audits import Audited, AuditedFinding, AuditedFunction
from policy_bot.service.store.store import Store
from policy_bot.service.web import create_app
from tests.sandbox.wire import wired
from tests.service.keys import SECRET
from tests.service.web import Woken

PUBLIC = "http://localhost"
TODAY = date(2026, 11, 28)


@dataclass
class Office:
    """The service with its pages, two organisations, and the audits of their repositories."""

    store: Store
    sandbox: Sandbox = field(default_factory=Sandbox)

    def __post_init__(self) -> None:
        self.shop = self.sandbox.repository("acme/shop", {"README.md": "x"})
        self.web = self.sandbox.repository("acme/web", {"README.md": "x"})
        self.other = self.sandbox.repository("globex/api", {"README.md": "x"})
        self.acme = self.sandbox.install("acme")
        self.globex = self.sandbox.install("globex")
        audits.keep(self.store, self.acme.id, self.shop.id, "acme/shop", audited(gates=True))
        audits.keep(self.store, self.acme.id, self.web.id, "acme/web", audited(gates=False))
        audits.keep(self.store, self.globex.id, self.other.id, "globex/api", audited(gates=True))
        # ada reads one repository of acme, bob all of acme, eve nothing; olga operates
        self.sandbox.sign_in.reads = {
            "ada": frozenset({self.shop.id}),
            "bob": frozenset({self.shop.id, self.web.id}),
            "eve": frozenset(),
            "olga": frozenset(),
        }

    @cached_property
    def app(self) -> Flask:
        registration = self.sandbox.registration
        people = People(
            registration.client_id,
            registration.client_secret,
            self.sandbox.url,
            self.sandbox.api_url,
            self.store.now,
            lambda seconds: None,
        )
        key = access.derived("secret", "tokens")
        entry = Access(self.store, people, PUBLIC, frozenset({"olga"}), key)
        pages = Pages("key of cookies", False, entry, WhatIf(InProcess, lambda: TODAY))
        intake = Intake(self.store, (SECRET,), Woken(), Counting())
        return create_app(intake, lambda: True, self.sandbox.api_url, "", pages)

    def nobody(self) -> FlaskClient:
        """A browser in which nobody is signed in."""
        return self.app.test_client()

    def signed_in(self, login: str) -> FlaskClient:
        """A browser in which somebody went through the whole sign-in."""
        browser = self.nobody()
        back = browser.get(self.agreed(browser, login))
        assert back.status_code == 302, back.text
        return browser

    def agreed(self, browser: FlaskClient, login: str) -> str:
        """Where GitHub sends somebody who began to sign in here and agreed there."""
        away = browser.get("/login").headers["Location"]
        self.sandbox.sign_in.person = login
        return self.sandbox.sign_in.authorize(dict(parse_qsl(urlsplit(away).query))).removeprefix(PUBLIC)


@contextmanager
def office(store: Store) -> Iterator[Office]:
    place = Office(store)
    with wired(place.sandbox):
        yield place


FINDING = AuditedFinding(
    project="sst.config.ts",
    policy="timeout/too-short",
    title="Stream that is cut off",
    verdict="fail",
    severity="error",
    subject='function "Chat"',
    path="infra/api.ts",
    line=7,
    column=3,
    message="`Chat` is cut off after 60 seconds",
    fingerprint="f1",
    gates=True,
    excused="",
    since="2026-10-01",
)
EXCUSED = replace(FINDING, policy="ops/logging", gates=False, excused="cheap", excused_until="2027-01-01")
CHAT = AuditedFunction(
    "sst.config.ts",
    "Chat",
    "component",
    "sst.aws.Function Chat",
    "infra/api.ts",
    3,
    (("production", "60 s", "yes", "yes"), ("sst dev", "300 s", "yes", "yes")),
)


def audited(*, gates: bool) -> Audited:
    findings = (FINDING, EXCUSED) if gates else (EXCUSED,)
    return Audited("a" * 40, "0.1.0 none 2026-11-28", ("sst.config.ts",), findings, functions=(CHAT,))
