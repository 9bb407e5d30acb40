"""`POST /webhook`: what is answered, what is stored, who is woken."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.exc import OperationalError

from policy_bot.service import logs
from policy_bot.service.refusals import Refusals
from policy_bot.service.store.store import Store
from policy_bot.service.store.writer import Overloaded
from tests.service.keys import SECRET
from tests.service.pulls import maybe_take, row, take
from tests.service.web import Site, opened

NEXT = "next-webhook-secret-9876543210"


def test_an_event_that_matters_is_stored_and_answered_202(store: Store) -> None:
    site = Site(store)
    answer = site.post(opened())
    assert (answer.status_code, answer.text) == (202, "accepted\n")
    assert site.woken.times == 1
    taken = take(store)
    assert (taken.row, taken.urgent) == ("11/7/pull/1", True)
    assert row(store)["head"] == "a" * 40


def test_the_same_delivery_again_is_answered_200_and_wakes_nobody(sqlite: Store) -> None:
    site = Site(sqlite)
    site.post(opened())
    answer = site.post(opened())
    assert (answer.status_code, answer.text) == (200, "known\n")
    assert site.woken.times == 1
    assert row(sqlite)["wanted"] == 1


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("ping", {"zen": "Keep it logically awesome."}),
        ("pull_request", opened() | {"action": "stacked"}),
        ("watch", {}),
    ],
)
def test_what_does_not_matter_is_answered_2xx_and_left(sqlite: Store, event: str, payload: object) -> None:
    assert Site(sqlite).post(payload, event=event).status_code == 202
    assert maybe_take(sqlite) is None


def test_either_of_two_secrets_is_good_while_one_replaces_the_other(sqlite: Store) -> None:
    site = Site(sqlite, secrets=(NEXT, SECRET))
    assert site.post(opened(1), guid="11111111-1", secret=SECRET).status_code == 202
    assert site.post(opened(2), guid="22222222-2", secret=NEXT).status_code == 202
    assert site.post(opened(3), guid="33333333-3", secret="neither of the two secrets").status_code == 401


def test_what_is_not_signed_is_refused_and_not_stored(sqlite: Store) -> None:
    site = Site(sqlite)
    body = b'{"action": "opened"}'
    assert site.client.post("/webhook", data=body).status_code == 401
    bad = {
        "X-Hub-Signature-256": "sha256=" + "0" * 64,
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Delivery": "12345678",
    }
    assert site.client.post("/webhook", data=body, headers=bad).status_code == 401
    assert maybe_take(sqlite) is None


def test_the_answer_and_the_log_tell_no_signature_from_one_that_does_not_fit(
    sqlite: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up((SECRET,))
    named = {"X-GitHub-Event": "pull_request", "X-GitHub-Delivery": "12345678"}
    answer = Site(sqlite).client.post("/webhook", data=b"{}", headers=named)
    assert answer.text == "no X-Hub-Signature-256 header: does the App's webhook have a secret?\n"
    assert Site(sqlite).post(opened(), secret="another").text == "the signature matches none of our secrets\n"
    without, unfit = map(json.loads, capsys.readouterr().err.splitlines())
    assert (without["event"], without["why"]) == ("refused", answer.text.strip())
    assert (without["delivery"], without["github_event"]) == ("12345678", "pull_request")
    assert unfit["why"] == "the signature matches none of our secrets"


def test_whoever_knocks_often_gets_one_line_in_ten_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(())
    time = [0.0]
    refusals = Refusals(lambda: time[0])
    for second in (0.0, 1.0, 9.9, 10.0):
        time[0] = second
        refusals.tell("why", "12345678", "push")
    assert [json.loads(line)["left_out"] for line in capsys.readouterr().err.splitlines()] == [0, 2]


def test_what_a_stranger_says_of_himself_is_logged_only_in_githubs_form(
    sqlite: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(())
    forged = {"X-GitHub-Event": "pull request", "X-GitHub-Delivery": "'" * 5000}
    Site(sqlite).client.post("/webhook", data=b"{}", headers=forged)
    line = json.loads(capsys.readouterr().err)
    assert (line["delivery"], line["github_event"]) == ("", "")


@pytest.mark.parametrize(
    "problem", [Overloaded("busy"), OperationalError("insert", {}, Exception("disk full"))]
)
def test_what_cannot_be_stored_is_refused_with_a_time_to_come_again(
    sqlite: Store, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def refuse(*_: object) -> bool:
        raise problem

    monkeypatch.setattr(sqlite, "accept", refuse)
    site = Site(sqlite)
    answer = site.post(opened())
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert site.woken.times == 0


def test_a_push_of_policy_makes_all_open_pull_requests_due_in_bulk(sqlite: Store) -> None:
    push = {
        "ref": "refs/heads/main",
        "commits": [{"added": [], "removed": [], "modified": ["policy-bot.yml"]}],
        "repository": {"id": 9, "full_name": "acme/.github", "name": ".github", "default_branch": "main"},
        "installation": {"id": 11},
    }
    assert Site(sqlite).post(push, event="push").status_code == 202
    taken = take(sqlite)
    assert (taken.kind, taken.row, taken.urgent) == ("refresh", "11/0/refresh", False)


def test_a_closed_pull_request_is_not_looked_at(sqlite: Store) -> None:
    site = Site(sqlite)
    site.post(opened(), guid="11111111-1")
    assert site.post(opened() | {"action": "closed"}, guid="22222222-2").status_code == 202
    assert maybe_take(sqlite) is None


def test_the_guid_and_event_must_look_like_what_github_sends(sqlite: Store) -> None:
    assert Site(sqlite).post(opened(), guid="x' or 1=1 --").status_code == 400
    assert Site(sqlite).post(opened(), event="pull request").status_code == 400
