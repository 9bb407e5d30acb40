"""The web application over a store, and somebody who posts to it as GitHub does."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from policy_bot.github.signature import sign
from policy_bot.service.counting import Counting
from policy_bot.service.hooks import Intake
from policy_bot.service.store.store import Store
from policy_bot.service.web import create_app
from tests.service.keys import SECRET

GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958"


@dataclass
class Woken:
    """Counts wake-ups."""

    times: int = 0

    def wake(self) -> None:
        self.times += 1


@dataclass
class Site:
    """An application under test."""

    store: Store
    secrets: tuple[str, ...] = (SECRET,)
    metrics_token: str = ""
    alive: bool = True
    woken: Woken = field(default_factory=Woken)
    counting: Counting = field(default_factory=Counting)
    refused: str = ""

    @cached_property
    def app(self) -> Flask:
        intake = Intake(self.store, self.secrets, self.woken, self.counting)
        api = "https://api.github.com"
        return create_app(intake, lambda: self.alive, api, self.metrics_token, refused=lambda: self.refused)

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def post(
        self, payload: Any, *, event: str = "pull_request", guid: str = GUID, secret: str = SECRET
    ) -> TestResponse:
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        headers = {
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": guid,
            "X-Hub-Signature-256": sign(body, secret),
            "Content-Type": "application/json",
        }
        return self.client.post("/webhook", data=body, headers=headers)


def opened(number: int = 1, installation: int = 11) -> dict[str, Any]:
    """What GitHub sends when a pull request is opened, as far as anyone reads it."""
    return {
        "action": "opened",
        "number": number,
        "pull_request": {
            "number": number,
            "head": {"sha": "a" * 40},
            "base": {"ref": "main", "sha": "b" * 40},
        },
        "repository": {"id": 7, "full_name": "acme/shop", "default_branch": "main", "name": "shop"},
        "installation": {"id": installation},
        "sender": {"id": 1, "login": "eve"},
    }
