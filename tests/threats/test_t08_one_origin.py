"""T8: a token is sent to a host that content or an answer names -> every request goes to the configured
origin, whatever GitHub's answers link or redirect to.

Precedents: CVE-2026-41323, CVE-2026-40868 (Kyverno), CVE-2026-40161 (Tekton), CVE-2024-35192 (Trivy).
"""

from __future__ import annotations

import io
import json
from unittest import mock
from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from policy_bot.github.app import App, Identity
from policy_bot.github.errors import Absent, Refused, RetryLater, Unsure
from policy_bot.sandbox.registration import Registration
from tests.toy import World

ELSEWHERE = "https://evil.example"
ORIGIN = "api.github.example"


def _answer(request: requests.PreparedRequest, status: int, headers: dict[str, str]) -> requests.Response:
    response = requests.Response()
    token = {"token": "ghs_canary", "expires_at": "2099-01-01T00:00:00Z"}
    is_token = "access_tokens" in (request.url or "")
    body = json.dumps(token if is_token else [{"id": 1, "suspended_at": None}] * 100).encode()
    response.status_code = 201 if is_token else status
    response.headers = CaseInsensitiveDict(headers)
    response.raw, response._content = io.BytesIO(body), body
    response.url, response.request = request.url or "", request
    return response


@pytest.mark.parametrize("status", [200, 301, 302, 307, 308])
def test_no_answer_makes_us_ask_another_host(status: int) -> None:
    asked: list[str] = []
    links = {"location": f"{ELSEWHERE}/x", "link": f'<{ELSEWHERE}/x?page=2>; rel="next"'}

    def send(_: HTTPAdapter, request: requests.PreparedRequest, **__: object) -> requests.Response:
        asked.append(request.url or "")
        return _answer(request, status, links)

    app = App(Identity(1, Registration().pem, f"https://{ORIGIN}"), sleep=lambda _: None)
    with mock.patch.object(HTTPAdapter, "send", send):
        for client in (app.itself(), app.client(7)):
            try:
                list(client.pages("/repos/acme/shop/pulls/1/files", {}, 300))
                client.write("POST", "/repos/acme/shop/check-runs", {})
            except (Absent, Refused, RetryLater, Unsure):
                continue
    assert asked
    assert {urlsplit(url).netloc for url in asked} == {f"{ORIGIN}:443"}


def test_a_whole_evaluation_asks_one_origin() -> None:
    world = World()
    pull = world.sandbox.open_pull(world.shop, {"sst.config.ts": "error https://evil.example/x\n"})
    world.evaluate(pull)  # the sandbox's wire refuses every other host
    assert len(pull.comments) == 1
