"""Limits, stumbles and credentials: what each answer of GitHub makes of a request."""

from __future__ import annotations

from json import JSONDecodeError
from socket import gaierror
from typing import Any
from unittest import mock

import pytest
import requests
from github.Requester import Requester
from urllib3.exceptions import MaxRetryError

from policy_bot.github.app import App, Identity
from policy_bot.github.client import Client
from policy_bot.github.errors import Absent, Refused, RetryLater, Unreachable, Unsure
from policy_bot.github.pace import AT_EASE, WRITES_A_MINUTE, WRITES_AN_HOUR, Pace
from policy_bot.github.queries import Request
from policy_bot.sandbox.faults import Fault
from tests.sandbox.wire import wired
from tests.toy import Clock, World

FILES = "/repos/acme/shop/pulls/1/files"
RUNS = "/repos/acme/shop/check-runs"
POOL: Any = None  # of connections, which nobody looks at


class Ground:
    """A world with an open pull request and a client of its installation."""

    def __init__(self) -> None:
        self.world = World()
        self.pull = self.world.sandbox.open_pull(self.world.shop, {"README.md": "x\n"})
        self.told: list[tuple[int, int | None, int | None, str]] = []
        registration = self.world.sandbox.registration
        identity = Identity(registration.id, registration.pem, self.world.sandbox.api_url)
        clock = self.world.clock
        self.app = App(identity, lambda *told: self.told.append(told), clock, clock.sleep)

    @property
    def client(self) -> Client:
        return self.app.client(self.world.installation.id)

    def fail(self, status: int, when: str = "before", times: int | None = 1, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.world.sandbox.faults.plan(Fault("acme", when, status, times, headers=named, message="Sorry"))

    def asked(self) -> int:
        return len([r for r in self.world.sandbox.requests if "acme" in r.path])

    def read(self) -> Any:
        with wired(self.world.sandbox):
            return self.client.get(FILES)

    def write(self) -> Any:
        body = {"name": "x", "head_sha": self.pull.head_sha, "status": "queued"}
        with wired(self.world.sandbox):
            return self.client.write("POST", RUNS, body)


@pytest.fixture
def ground() -> Ground:
    return Ground()


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (403, {"retry_after": "7"}, 7),
        (429, {"retry_after": "90"}, 90),
        (429, {}, 60),
        (403, {"x_ratelimit_remaining": "0", "x_ratelimit_reset": "1"}, 1),
        (403, {"retry_after": "999999"}, 3600),
    ],
)
def test_limits_hold_the_whole_installation(
    ground: Ground, status: int, headers: dict[str, str], seconds: float
) -> None:
    ground.fail(status, **headers)
    with pytest.raises(RetryLater) as held:
        ground.read()
    assert held.value.seconds == seconds
    asked = ground.asked()
    with pytest.raises(RetryLater):
        ground.write()
    assert ground.asked() == asked
    ground.world.clock.sleep(seconds)
    ground.read()


def test_pygithub_never_waits_by_itself(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(seconds: float) -> None:
        raise AssertionError(f"it slept for {seconds} s")

    monkeypatch.setattr("github.Requester.time.sleep", sleep)
    for _ in range(3):
        ground.read()
        ground.write()


def _asked(ground: Ground, answer: dict[str, Any]) -> Any:
    client = ground.client
    client._once = lambda *_: answer  # type: ignore[method-assign]
    with wired(ground.world.sandbox):
        return client.ask(Request("query { viewer { login } }", {}))


def test_a_graphql_limit_comes_with_status_200(ground: Ground) -> None:
    with pytest.raises(RetryLater, match="GraphQL limit"):
        _asked(ground, {"errors": [{"type": "RATE_LIMITED", "message": "x"}]})


def test_what_graphql_does_not_find_is_none(ground: Ground) -> None:
    errors = [{"type": "NOT_FOUND", "path": ["organisation"], "message": "x"}]
    assert _asked(ground, {"data": {"a": 1, "organisation": None}, "errors": errors})["organisation"] is None
    with pytest.raises(Absent):
        _asked(ground, {"data": None, "errors": errors})


def test_a_graphql_timeout_is_retried_later(ground: Ground) -> None:
    with pytest.raises(RetryLater, match="does not answer"):
        _asked(ground, {"data": None, "errors": [{"message": "Something went wrong"}]})


@pytest.mark.parametrize("answer", [{"data": "<html>Sign in</html>"}, {"data": None}, {}, None, [1]])
def test_a_proxys_answer_is_retried_later(ground: Ground, answer: Any) -> None:
    with pytest.raises(RetryLater, match="does not answer"):
        _asked(ground, answer)


def test_json_that_is_cut_off_is_retried_later(ground: Ground) -> None:
    def cut(*_: object, **__: object) -> None:
        raise JSONDecodeError("Unterminated string", '{"a', 1)

    client = ground.client
    with wired(ground.world.sandbox), mock.patch.object(Requester, "requestJsonAndCheck", cut):
        with pytest.raises(RetryLater, match="does not answer"):
            client.get(FILES)
        with pytest.raises(Unsure):
            client.write("POST", RUNS, {})


@pytest.mark.parametrize(
    ("failure", "cause"),
    [
        (
            requests.ConnectionError(MaxRetryError(POOL, "/", OSError(111, "Connection refused"))),
            "Connection refused",
        ),
        (
            requests.ConnectionError(MaxRetryError(POOL, "/", gaierror(-2, "Name or service not known"))),
            "Name or",
        ),
        (requests.exceptions.ProxyError("http://user:secret@proxy"), "the proxy does not let us through"),
        (requests.ReadTimeout("secret"), "no answer in time"),
        (requests.ConnectionError("secret"), "ConnectionError"),
    ],
)
def test_a_connection_that_fails_says_why_and_quotes_nothing(
    ground: Ground, failure: Exception, cause: str
) -> None:
    client = ground.client
    with mock.patch.object(Requester, "requestJsonAndCheck", side_effect=failure):
        with pytest.raises(Unreachable) as gone:
            client.get(FILES)
        with pytest.raises(Unsure):
            client.write("POST", RUNS, {})
    assert gone.value.cause.startswith(cause)
    assert gone.value.why == f"GitHub cannot be reached: {gone.value.cause}"
    assert "secret" not in str(gone.value)


def test_other_graphql_errors_are_refusals(ground: Ground) -> None:
    with pytest.raises(Refused, match="no such field"):
        _asked(ground, {"errors": [{"message": "no such field", "extensions": {"code": "undefinedField"}}]})
    with pytest.raises(Refused, match="not yours"):
        _asked(ground, {"data": {}, "errors": [{"type": "FORBIDDEN", "path": ["x"], "message": "not yours"}]})


def test_a_policy_repository_that_the_app_cannot_read_is_reported(ground: Ground) -> None:
    errors = [{"type": "FORBIDDEN", "path": ["organisation"], "message": "single sign-on"}]
    answer = _asked(ground, {"data": {"organisation": None}, "errors": errors})
    assert answer["organisation"] == {"refused": "single sign-on"}


def test_a_plain_403_is_a_refusal(ground: Ground) -> None:
    ground.fail(403)
    with pytest.raises(Refused, match="403: Sorry"):
        ground.read()


def test_404_and_410_mean_that_it_is_not_there(ground: Ground) -> None:
    for status in (404, 410):
        ground.fail(status)
        with pytest.raises(Absent):
            ground.read()


def test_a_read_is_tried_three_times_and_then_left_for_later(ground: Ground) -> None:
    ground.fail(502, times=2)
    assert ground.read()[0]["filename"] == "README.md"
    assert ground.asked() == 3
    ground.fail(0, times=3)
    with pytest.raises(RetryLater):
        ground.read()


def test_a_write_is_sent_once(ground: Ground) -> None:
    ground.fail(502, when="after")
    with pytest.raises(Unsure):
        ground.write()
    assert ground.asked() == 1
    assert len(ground.world.shop.checks) == 1


def test_a_401_gets_one_more_try_with_a_new_token(ground: Ground) -> None:
    ground.read()
    ground.world.sandbox.expire_tokens()
    ground.write()
    assert len(ground.world.shop.checks) == 1
    ground.fail(401, times=2)
    with pytest.raises(RetryLater, match="credentials"):
        ground.read()


def test_the_token_is_kept(ground: Ground) -> None:
    for _ in range(3):
        ground.read()
    tokens = [r for r in ground.world.sandbox.requests if "access_tokens" in r.path]
    assert len(tokens) == 1


def test_pages_are_requested_by_number(ground: Ground) -> None:
    files = {f"docs/{i:03}.md": "x\n" for i in range(230)}
    pull = ground.world.sandbox.open_pull(ground.world.shop, files)
    with wired(ground.world.sandbox):
        path = f"/repos/acme/shop/pulls/{pull.number}/files"
        assert len(list(ground.client.pages(path, {}, 3000))) == 230
        assert len(list(ground.client.pages(path, {}, 150))) == 150
    pages = [r.query.get("page") for r in ground.world.sandbox.requests if r.path.endswith("files")]
    assert pages == ["1", "2", "3", "1", "2"]


def test_what_is_polled_costs_nothing_while_nothing_changed(ground: Ground) -> None:
    with wired(ground.world.sandbox):
        first = list(ground.client.polled("/repos/acme/shop/pulls", {"state": "open"}, 1000))
        again = list(ground.client.polled("/repos/acme/shop/pulls", {"state": "open"}, 1000))
        assert again == first
        assert ground.world.sandbox.requests[-1].status == 304
        ground.world.sandbox.open_pull(ground.world.shop, {"README.md": "y\n"})
        assert len(list(ground.client.polled("/repos/acme/shop/pulls", {"state": "open"}, 1000))) == 2


def test_every_answer_is_reported(ground: Ground) -> None:
    ground.read()
    installation, remaining, limit, resource = ground.told[-1]
    assert installation == ground.world.installation.id
    assert limit is not None
    assert remaining is not None
    assert (remaining < limit, resource) == (True, "core")


def test_each_request_names_version_and_agent(ground: Ground) -> None:
    ground.read()
    headers = {k.lower(): v for k, v in ground.world.sandbox.requests[-1].headers.items()}
    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["user-agent"] == "policy-bot"


def test_few_writes_go_at_once_and_many_a_second_apart() -> None:
    clock = Clock(at=0.0)
    pace = Pace(clock, clock.sleep)
    for _ in range(AT_EASE):
        pace.before(write=True)
    assert clock.at == 0
    pace.before(write=True)
    pace.before(write=True)
    assert clock.at == 2
    pace.before(write=False)
    assert clock.at == 2


def test_writes_stay_below_githubs_limits() -> None:
    clock = Clock(at=0.0)
    pace = Pace(clock, clock.sleep)
    times = []
    for _ in range(2_000):
        try:
            pace.before(write=True)
        except RetryLater as later:
            clock.sleep(later.seconds)
        else:
            times.append(clock.at)
    for i, at in enumerate(times):
        assert len([t for t in times[i : i + 200] if t < at + 60]) <= WRITES_A_MINUTE
        assert len([t for t in times[i : i + 800] if t < at + 3600]) <= WRITES_AN_HOUR
