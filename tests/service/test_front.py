"""The front: what reaches the application, and what never does."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, Response, request

from policy_bot.service.front import Front
from tests.service.front import SIGNATURE, Caller


@pytest.fixture
def seen() -> dict[str, Any]:
    return {}


@pytest.fixture
def front(seen: dict[str, Any]) -> Front:
    app = Flask("seen")

    @app.route("/<path:name>", methods=["GET", "POST"])
    def show(name: str) -> Response:
        seen.update(request.environ, name=name, body=request.get_data(), query=request.args.to_dict())
        return Response("there\n", 202, {"X-Odd": "1"})

    return Front(app)


def test_a_request_reaches_the_application_whole(front: Front, seen: dict[str, Any]) -> None:
    more = {"content-type": "application/json", "x-github-event": "push", **SIGNATURE}
    caller = Caller(b"{}", "/webhook", more=more, query_string="x=1&y=%26")
    assert caller.ask(front) == 202
    assert (caller.text, caller.answered["x-odd"]) == ("there\n", "1")
    assert (seen["name"], seen["body"], seen["query"]) == ("webhook", b"{}", {"x": "1", "y": "&"})
    assert (seen["CONTENT_TYPE"], seen["HTTP_X_GITHUB_EVENT"]) == ("application/json", "push")
    assert (seen["REMOTE_ADDR"], seen["SERVER_NAME"], seen["SERVER_PORT"]) == (
        "192.0.2.7",
        "127.0.0.1",
        "8080",
    )


def test_a_length_that_is_wrong_is_put_right(front: Front, seen: dict[str, Any]) -> None:
    assert Caller(b"four", length="4").ask(front) == 202
    assert Caller(b"four", length="2").ask(front) == 202
    assert seen["body"] == b"four"


def test_a_path_reaches_the_application_decoded(front: Front, seen: dict[str, Any]) -> None:
    assert Caller(b"", "/a%20b/%C3%A9", method="GET").ask(front) == 202
    assert seen["name"] == "a b/é"


@pytest.mark.parametrize(
    "more",
    [{}, {"x-hub-signature-256": ""}, {"x-hub-signature-256": "sha1=" + "0" * 64}, {"x-hub-signature": "x"}],
)
def test_a_body_without_the_form_of_a_signature_is_not_read(
    front: Front, seen: dict[str, Any], more: dict[str, str]
) -> None:
    caller = Caller(endless=True, more=more)
    assert caller.ask(front) == 202
    assert (seen["body"], caller.given) == (b"", 0)


def test_a_body_that_nothing_reads_is_not_read(front: Front, seen: dict[str, Any]) -> None:
    for path, method in (("/healthz", "POST"), ("/webhook", "GET"), ("/webhook", "PUT")):
        caller = Caller(endless=True, path=path, method=method)
        caller.ask(front)
        assert caller.given == 0


def test_another_protocol_is_refused(front: Front) -> None:
    upgrade = Caller(method="GET", more={"connection": "Upgrade", "upgrade": "websocket"})
    assert upgrade.ask(front) == 400
    assert upgrade.text == "no other protocol is supported here\n"


def test_nothing_of_the_environment_of_the_process_is_in_a_request(
    front: Front, seen: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_PRIVATE_KEY", "the key")
    Caller(path="/a", method="GET").ask(front)
    assert "the key" not in str(seen)


def test_a_slow_sender_gets_408(front: Front) -> None:
    slow = Caller(stuck_after=1)
    front = Front(lambda *_: pytest.fail("it was not whole"), seconds=0.05)
    assert slow.ask(front) == 408
    assert slow.text == "the request was incomplete after 0 seconds\n"
    assert slow.answered["connection"] == "close"
