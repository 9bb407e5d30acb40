"""Every operation of the sandbox once, so that each answer has met GitHub's description of it."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from github import Auth, Github
from github.Requester import Requester

from policy_bot.sandbox.rest.route import ROUTES
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Repository
from tests.sandbox.clients import app
from tests.sandbox.conftest import BEFORE

SHOP = "/repos/acme/shop"
PULL = f"{SHOP}/pulls/1"
NOTE = {"path": "x", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "Hm"}
OUTPUT = {"title": "Fine", "summary": "All is well", "annotations": [NOTE]}
COMMENT = {"path": "sst.config.ts", "line": 5, "body": "here"}

# what is asked, in order; the names in braces are ids that came with earlier answers
AS_INSTALLATION: list[tuple[str, str, Any]] = [
    ("GET", "/installation/repositories", None),
    ("GET", SHOP, None),
    ("GET", f"{SHOP}/git/trees/main?recursive=1", None),
    ("GET", f"{SHOP}/git/blobs/{{blob}}", None),
    ("GET", f"{SHOP}/rules/branches/main", None),
    ("GET", f"{SHOP}/pulls?state=all", None),
    ("GET", f"{PULL}/files", None),
    ("POST", f"{SHOP}/check-runs", {"name": "sst-policy", "head_sha": "{head}", "status": "in_progress"}),
    (
        "PATCH",
        f"{SHOP}/check-runs/{{run}}",
        {"conclusion": "success", "completed_at": "2026-11-02T09:00:00Z", "output": OUTPUT},
    ),
    (
        "POST",
        f"{PULL}/reviews",
        {"event": "COMMENT", "body": "Look", "comments": [COMMENT]},
    ),
]  # fmt: skip
AS_APP: list[tuple[str, str, Any]] = [
    ("GET", "/app", None),
    ("GET", "/app/installations", None),
    ("GET", "/app/installations/{installation}", None),
    ("POST", "/app/installations/{installation}/access_tokens", {"repositories": ["shop"]}),
    ("GET", "/app/hook/config", None),
    ("GET", "/app/hook/deliveries?per_page=1", None),
    ("POST", "/app/hook/deliveries/{delivery}/attempts", None),
]
AS_PERSON: list[tuple[str, str, Any]] = [
    ("GET", "/user", None),
    ("GET", "/user/installations", None),
    ("GET", "/user/installations/{installation}/repositories", None),
]


def test_every_operation_answers_as_github_describes(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    sandbox.require(shop)
    pull = sandbox.open_pull(shop, {"sst.config.ts": BEFORE.replace("line 5\n", "LINE 5\n")})
    sandbox.hook.deliver(lambda headers, body: 202)
    known: dict[str, Any] = {
        "head": pull.head_sha,
        "blob": shop.store.files(pull.head_sha)["infra/api.ts"].sha,
        "installation": next(iter(sandbox.world.installations)),
        "delivery": sandbox.hook.attempts[0].id,
    }
    for verb, path, body in AS_INSTALLATION:
        ask(client.requester, verb, path, body, known)
        known["run"] = shop.checks[-1].id if shop.checks else 0
    for verb, path, body in AS_APP:
        ask(app(sandbox).requester, verb, path, body, known)
    sandbox.sign_in.tokens["ghu_ada"] = "ada"
    person = Github(auth=Auth.Token("ghu_ada"), base_url=sandbox.api_url, lazy=True)
    for verb, path, body in AS_PERSON:
        ask(person.requester, verb, path, body, known)
    sandbox.sign_in.manifest_codes.add("abc")
    assert requests.post(f"{sandbox.api_url}/app-manifests/abc/conversions", timeout=60).status_code == 201
    asked = {(request.verb, request.route) for request in sandbox.requests}
    assert {(route.verb, route.path) for route in ROUTES} - asked == set()


def ask(requester: Requester, verb: str, path: str, body: Any, known: dict[str, Any]) -> None:
    """One request; whatever it answers is judged by the fixture in tests/conftest.py."""
    path = path.format(**known)
    if isinstance(body, dict):
        body = {
            name: value.format(**known) if isinstance(value, str) else value for name, value in body.items()
        }
    status, _, said = requester.requestJson(verb, path, input=body)
    assert status < 300, (verb, path, said)


@pytest.mark.parametrize("path", ["/none", "/repos/acme/none", f"{SHOP}/pulls/9/files"])
def test_what_is_not_there(sandbox: Sandbox, client: Github, path: str) -> None:
    assert client.requester.requestJson("GET", path)[0] == 404


def test_nobody_in_particular_gets_nothing(sandbox: Sandbox, shop: Repository) -> None:
    assert requests.get(f"{sandbox.api_url}{SHOP}", timeout=60).status_code == 401
