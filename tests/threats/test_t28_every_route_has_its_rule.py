"""T28: a route needs no authorisation -> every route is listed with its requirement; an unlisted one is an
error.

Precedents: CVE-2025-58445 (Atlantis' /status), reviewdog's doghouse that took /check without a token.
"""

from __future__ import annotations

from policy_bot import __version__
from policy_bot.service.store import evaluations
from policy_bot.service.store.evaluations import Evaluation
from policy_bot.service.store.store import Store
from tests.service.fixtures import Time
from tests.service.web import Site

TOKEN = "canary-metrics-token-0123456789"
MATRIX = {
    ("POST", "/webhook"): "a signature under one of the webhook's secrets",
    ("GET", "/"): "nothing: says only what this is, and its version",
    ("GET", "/healthz"): "nothing: says only that the process answers",
    ("GET", "/readyz"): "nothing: says only what kind of thing is missing",
    ("GET", "/metrics"): "METRICS_TOKEN, where it is set",
    ("GET", "/e/<token>"): "the unguessable token of that very page",
}


def test_every_route_is_in_the_matrix(sqlite: Store) -> None:
    routes = {
        (method, str(rule))
        for rule in Site(sqlite).app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(MATRIX)


def test_the_webhook_needs_a_signature(sqlite: Store) -> None:
    assert Site(sqlite).client.post("/webhook", json={"action": "opened"}).status_code == 401


def test_the_probes_say_nothing_about_anyone(sqlite: Store) -> None:
    client = Site(sqlite).client
    assert client.get("/").text == f"policy-bot {__version__}\n"
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"
    assert Site(sqlite, alive=False).client.get("/readyz").status_code == 503


def test_the_metrics_need_their_token_where_one_is_set(sqlite: Store) -> None:
    client = Site(sqlite, metrics_token=TOKEN).client
    for header in ({}, {"Authorization": "Bearer "}, {"Authorization": TOKEN}, {"Authorization": "Bearer x"}):
        assert client.get("/metrics", headers=header).status_code == 401
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_a_page_is_found_by_its_token_only_and_for_its_time(sqlite: Store, time: Time) -> None:
    token, other = evaluations.new_token(), evaluations.new_token()
    assert len(token) == 43, "256 bits"
    page = Evaluation(
        token,
        "11/7/pull/1",
        "acme/shop",
        "a" * 40,
        "success",
        '{"projects":[],"findings":[],"problems":[],"left_out":0}',
        time(),
    )
    sqlite.write(lambda connection: evaluations.keep(connection, page))
    client = Site(sqlite).client
    assert client.get(f"/e/{token}").status_code == 200
    for wrong in (other, token[:-1], token.swapcase(), "1", "11/7/pull/1", "%"):
        assert client.get(f"/e/{wrong}").status_code == 404
    time.pass_(evaluations.KEPT_SECONDS + 1)
    assert client.get(f"/e/{token}").status_code == 404


def test_answers_give_nothing_away(sqlite: Store) -> None:
    answer = Site(sqlite).client.get("/nowhere")
    assert (answer.status_code, answer.text) == (404, "not found\n")
    assert "python" not in str(answer.headers).lower()
