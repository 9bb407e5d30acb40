import time
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import requests
from github import BadCredentialsException, Github, GithubException, RateLimitExceededException

from policy_bot.sandbox.faults import Fault
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Repository
from tests.sandbox.clients import app, ask, installed


def test_installations_and_their_repositories(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    other = sandbox.repository("globex/site")
    sandbox.repository("globex/other")
    narrow = sandbox.install("globex", [other])
    assert [one.id for one in app(sandbox).get_installations()] == list(sandbox.world.installations)
    token = installed(sandbox, narrow)
    _, seen = token.requester.requestJsonAndCheck("GET", "/installation/repositories")
    assert [one["full_name"] for one in seen["repositories"]] == ["globex/site"]


def test_a_token_is_long_and_ends(sandbox: Sandbox, shop: Repository) -> None:
    installation = sandbox.install("acme")
    granted = app(sandbox).get_access_token(installation.id, permissions={"metadata": "read"})
    assert granted.token.startswith(f"ghs_{sandbox.registration.id}_")
    assert len(granted.token) == 520
    assert granted.token.count(".") == 2
    headers, shop_url = {"Authorization": f"token {granted.token}"}, f"{sandbox.api_url}/repos/acme/shop"
    assert requests.get(shop_url, headers=headers, timeout=60).status_code == 200
    assert requests.get(f"{shop_url}/pulls", headers=headers, timeout=60).status_code == 403
    sandbox.client_clock = lambda: datetime.now(UTC) + timedelta(hours=2)
    assert requests.get(shop_url, headers=headers, timeout=60).status_code == 401


def test_a_token_may_be_narrowed_not_widened(sandbox: Sandbox, shop: Repository) -> None:
    installation = sandbox.install("acme")
    with pytest.raises(GithubException, match="not granted"):
        app(sandbox).get_access_token(installation.id, permissions={"administration": "write"})


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"exp": 3600}, "too far in the future"),
        ({"exp": -10}, "in the future"),
        ({"iat": 30}, "in the past"),
        ({"iss": "somebody"}, "iss"),
    ],
)
def test_the_apps_own_token_must_be_right(sandbox: Sandbox, claims: dict[str, int | str], why: str) -> None:
    now = int(time.time())
    good: dict[str, int | str] = {"iat": now - 60, "exp": now + 300, "iss": str(sandbox.registration.id)}
    bad = good | {name: value + now if isinstance(value, int) else value for name, value in claims.items()}
    for body, status in ((good, 200), (bad, 401)):
        text = jwt.encode(body, sandbox.registration.pem, algorithm="RS256")
        answer = requests.get(
            f"{sandbox.api_url}/app", headers={"Authorization": f"Bearer {text}"}, timeout=1
        )
        assert answer.status_code == status
    assert why in answer.json()["message"]


def test_a_token_signed_by_another_key_is_refused(sandbox: Sandbox, client: Github) -> None:
    answer = requests.get(f"{sandbox.api_url}/app", headers={"Authorization": "Bearer a.b.c"}, timeout=60)
    assert answer.status_code == 401


def test_ended_tokens(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    assert client.get_repo("acme/shop").id == shop.id
    sandbox.expire_tokens()
    with pytest.raises(BadCredentialsException):
        ask(client, "")


def test_the_hours_requests_run_out(sandbox: Sandbox, shop: Repository) -> None:
    sandbox.limits.hourly = 2
    client = installed(sandbox, sandbox.install("acme"))
    answers = [client.requester.requestJson("GET", "/repos/acme/shop") for _ in range(2)]
    remaining = [headers["x-ratelimit-remaining"] for _, headers, _ in answers]
    assert remaining == ["1", "0"]
    with pytest.raises(RateLimitExceededException):
        ask(Github(auth=client.requester.auth, base_url=sandbox.api_url, retry=None), "")


def test_too_many_writes_a_minute(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    sandbox.limits.writes_a_minute = 1
    run = {"name": "sst-policy", "head_sha": shop.branches["main"]}
    answers = [
        client.requester.requestJson("POST", "/repos/acme/shop/check-runs", input=run) for _ in range(2)
    ]
    assert [status for status, _, _ in answers] == [201, 403]
    assert 1 <= int(answers[1][1]["retry-after"]) <= 60


def test_trouble_on_demand(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    run = {"name": "sst-policy", "head_sha": shop.branches["main"]}

    def post() -> object:
        return client.requester.requestJson("POST", "/repos/acme/shop/check-runs", input=run)[0]

    sandbox.faults.plan(Fault("POST .*/check-runs", when="before"))
    sandbox.faults.plan(Fault("POST .*/check-runs", when="after", status=504))
    sandbox.faults.plan(Fault("POST .*/check-runs", when="after", status=0))
    assert (post(), len(shop.checks)) == (502, 0)
    assert (post(), len(shop.checks)) == (504, 1)
    with pytest.raises(requests.ConnectionError):
        post()
    assert (len(shop.checks), post()) == (2, 201)


def test_requests_take_their_time(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    waited: list[float] = []
    sandbox.faults.sleep = waited.append
    sandbox.faults.latency = 0.2
    sandbox.faults.plan(Fault("GET", delay=3, only_delay=True))
    ask(client, "")
    assert waited == [0.2, 3.2]


def test_nothing_leaves_the_process(sandbox: Sandbox) -> None:
    with pytest.raises(requests.ConnectionError, match="nobody but the sandbox"):
        requests.get("http://example.com/", timeout=60)


def test_an_app_from_a_manifest(sandbox: Sandbox) -> None:
    sandbox.sign_in.manifest_codes.add("abc")
    made = requests.post(f"{sandbox.api_url}/app-manifests/abc/conversions", timeout=60)
    assert made.json()["pem"].startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert requests.post(f"{sandbox.api_url}/app-manifests/abc/conversions", timeout=60).status_code == 404
