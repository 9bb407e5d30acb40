"""The judge itself: GitHub's description is really held against what goes over the wire."""

from typing import Any

import pytest

from policy_bot.sandbox.faults import FaultyRequest
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Repository
from tests.github_api import contract

REPOSITORY = "/repos/{owner}/{repo}"


def request(verb: str, below: str, **more: Any) -> FaultyRequest:
    route = REPOSITORY + below
    return FaultyRequest(verb, route, more.pop("query", {}), more.pop("body", None), route=route, **more)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (request("GET", "/pulls", query={"colour": "red"}, status=200, answer=[]), "no parameter .'colour'"),
        (
            request("POST", "/check-runs", body={"name": "x", "oops": 1}, status=201),
            "no .'oops'.",
        ),
        (request("POST", "/check-runs", body={"head_sha": "x"}, status=201), "'name' is a required property"),
        (
            request("GET", "/pulls/{pull_number}/files", status=200, answer=[{"sha": "1"}]),
            "is a required property",
        ),
        (request("GET", "/pulls", status=299), "describes no answer 299"),
        (request("GET", "/pulls", body={"x": 1}, status=200), "expects no body"),
    ],
)
def test_what_does_not_fit_is_found(sent: FaultyRequest, why: str) -> None:
    with pytest.raises(contract.Misfit, match=why):
        contract.check(sent)


def test_an_event_that_lacks_something_is_found(sandbox: Sandbox, shop: Repository) -> None:
    sandbox.install("acme")
    sandbox.open_pull(shop, {"x": "1"})
    payload = sandbox.hook.pending[-1].payload
    contract.check_event("pull_request", payload)
    del payload["pull_request"]["head"]
    with pytest.raises(contract.Misfit, match="'head' is a required property"):
        contract.check_event("pull_request", payload)
