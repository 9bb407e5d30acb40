from typing import Any

import pytest
from github import Github, GithubException

from policy_bot.sandbox.sandbox import Blocked, Sandbox
from policy_bot.sandbox.state import Repository

OUTPUT = {"title": "Fine", "summary": "All is well"}
ANNOTATION = {"path": "x", "start_line": 1, "end_line": 1, "annotation_level": "failure", "message": "No"}


def post(client: Github, shop: Repository, **body: Any) -> dict[str, Any]:
    body = {"name": "sst-policy", "head_sha": shop.branches["main"], **body}
    _, answer = client.requester.requestJsonAndCheck("POST", "/repos/acme/shop/check-runs", input=body)
    return answer


def test_annotations_are_added_never_replaced(shop: Repository, client: Github) -> None:
    run = post(client, shop, conclusion="failure", output={**OUTPUT, "annotations": [ANNOTATION] * 50})
    later = {"output": {**OUTPUT, "annotations": [ANNOTATION] * 10}}
    client.requester.requestJsonAndCheck("PATCH", f"/repos/acme/shop/check-runs/{run['id']}", input=later)
    assert (run["status"], run["conclusion"]) == ("completed", "failure")
    assert len(shop.checks[0].annotations) == 60


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"output": {**OUTPUT, "annotations": [ANNOTATION] * 51}}, "No more than 50 items are allowed"),
        ({"output": {**OUTPUT, "summary": "x" * 65_536}}, "Only 65535 characters are allowed"),
        ({"output": {**OUTPUT, "text": "x" * 65_536}}, "Only 65535 characters are allowed"),
        ({"output": {"title": "Only this"}}, '"summary" wasn\'t supplied'),
        (
            {"output": {**OUTPUT, "annotations": [{**ANNOTATION, "end_line": 2, "start_column": 1}]}},
            "start_column",
        ),
        ({"output": {**OUTPUT, "annotations": [{**ANNOTATION, "title": "x" * 256}]}}, "Only 255 characters"),
        ({"output": {**OUTPUT, "annotations": [{**ANNOTATION, "message": "é" * 40_000}]}}, "65536 bytes"),
        ({"status": "completed"}, '"conclusion" wasn\'t supplied'),
        ({"conclusion": "stale"}, "stale is not a member"),
        ({"actions": [{"label": "x" * 21, "description": "d", "identifier": "i"}]}, "Only 20 characters"),
        ({"actions": [{"label": "l", "description": "d", "identifier": "i"}] * 4}, "No more than 3 items"),
        ({"head_sha": "f" * 40}, "No commit found for SHA"),
    ],
)
def test_githubs_limits(shop: Repository, client: Github, body: dict[str, Any], why: str) -> None:
    with pytest.raises(GithubException, match=why) as refusal:
        post(client, shop, **body)
    assert refusal.value.status == 422
    assert not shop.checks


def test_the_latest_run_of_a_name_counts(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    for conclusion in ("failure", "success"):
        post(client, shop, conclusion=conclusion)
    assert [run.conclusion for run in shop.checks] == ["failure", "success"]
    latest = sandbox.world.latest_runs(shop, shop.branches["main"])
    assert [run.conclusion for run in latest] == ["success"]


def test_the_gate_opens_by_the_required_check_only(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    sandbox.require(shop)
    pull = sandbox.open_pull(shop, {"x": "1"})
    with pytest.raises(Blocked, match="blocked"):
        sandbox.merge(pull)
    post(client, shop, head_sha=pull.head_sha, conclusion="failure")
    assert sandbox.world.mergeable_state(pull) == "blocked"
    post(client, shop, head_sha=pull.head_sha, conclusion="neutral")
    sandbox.push(pull, {"x": "2"})
    assert sandbox.world.missing(shop, pull.head_sha) == [("sst-policy", "expected")]
    post(client, shop, head_sha=pull.head_sha, conclusion="success")
    merged = sandbox.merge(pull)
    assert shop.branches["main"] == merged


def test_a_foreign_check_of_the_same_name_does_not_open_it(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    sandbox.require(shop)
    pull = sandbox.open_pull(shop, {"x": "1"})
    post(client, shop, head_sha=pull.head_sha, conclusion="success")
    shop.checks[-1].app = 15368
    assert sandbox.world.missing(shop, pull.head_sha) == [("sst-policy", "expected")]


def test_a_forks_check_run_names_no_pull_request(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    own = sandbox.open_pull(shop, {"x": "1"})
    foreign = sandbox.open_pull(shop, {"x": "2"}, source=sandbox.fork(shop, "eve"), by="eve")
    assert [one["number"] for one in post(client, shop, head_sha=own.head_sha)["pull_requests"]] == [1]
    assert post(client, shop, head_sha=foreign.head_sha)["pull_requests"] == []
