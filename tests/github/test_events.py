"""What webhooks mean, and that no payload makes reading them fail."""

from __future__ import annotations

import copy
import json as json_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_bot.github.events import Due, Gone, Malformed, Meaning, PullKey, Refresh, Removed, meaning
from policy_bot.sandbox.sandbox import Sandbox
from tests.github_api import packages
from tests.toy import CONFIG, World

WORLD = World()
PULL = WORLD.sandbox.open_pull(WORLD.shop, {CONFIG: "note\n"})
WORLD.evaluate(PULL)
WORLD.sandbox.rerun(WORLD.shop.checks[0])
WORLD.sandbox.rerun_all(PULL)
WORLD.sandbox.enqueue(PULL)
WORLD.sandbox.push_branch(WORLD.shop, "main", {".github/policy-bot.yml": "mode: evaluate\n"})
EVENTS: dict[str, Any] = {f"{e.name} {e.action}": e for e in WORLD.sandbox.hook.pending}
KEY = WORLD.key(PULL)
REPOSITORY = WORLD.shop.id
INSTALLATION = WORLD.installation.id


def _payload(name: str, **changes: object) -> dict[str, object]:
    payload = copy.deepcopy(EVENTS[name].payload)
    return {**payload, **changes}


def _meant(name: str, **changes: object) -> tuple[Meaning, ...]:
    return meaning(name.partition(" ")[0], _payload(name, **changes))


def test_a_pull_request() -> None:
    assert _meant("pull_request opened") == (Due(KEY, PULL.head_sha),)
    for action in ("reopened", "synchronize", "ready_for_review", "converted_to_draft"):
        assert _meant("pull_request opened", action=action) == (Due(KEY, PULL.head_sha),)
    assert _meant("pull_request opened", action="closed") == (Gone(KEY),)
    assert _meant("pull_request opened", action="edited", changes={"base": {}}) == (Due(KEY, PULL.head_sha),)
    assert _meant("pull_request opened", action="edited", changes={"body": {}}) == ()
    assert _meant("pull_request opened", action="labeled") == ()


def test_a_fork_that_is_gone() -> None:
    payload = _payload("pull_request opened")
    pull = payload["pull_request"]
    assert isinstance(pull, dict)
    pull["head"]["repo"] = None
    assert meaning("pull_request", payload) == (Due(KEY, PULL.head_sha),)


def test_a_merge_group() -> None:
    (due,) = _meant("merge_group checks_requested")
    assert isinstance(due, Due)
    assert due.key.number == 0
    assert due.key.ref.startswith("refs/heads/gh-readonly-queue/main/pr-1-")
    assert due.key.sha == due.head
    assert _meant("merge_group checks_requested", action="destroyed") == ()


def test_a_re_run_names_its_pull_request_even_from_a_fork() -> None:
    assert _meant("check_run rerequested") == (Due(KEY, PULL.head_sha, button=True),)
    payload = _payload("check_run rerequested")
    run = payload["check_run"]
    assert isinstance(run, dict)
    run["pull_requests"] = []  # as for forks
    assert meaning("check_run", payload) == (Due(KEY, PULL.head_sha, button=True),)
    run["external_id"] = ""
    nameless = PullKey(INSTALLATION, REPOSITORY, "acme/shop", sha=PULL.head_sha)
    assert meaning("check_run", payload) == (Due(nameless, PULL.head_sha, button=True),)


def test_all_checks_again() -> None:
    assert _meant("check_suite rerequested") == (Due(KEY, PULL.head_sha, button=True),)
    assert _meant("check_suite rerequested", action="requested") == ()


def test_an_installation_gets_first_checks_and_all_that_is_open() -> None:
    first = PullKey(INSTALLATION, REPOSITORY, "acme/shop", ref="HEAD")
    assert _meant("installation created") == (Due(first, urgent=False), Refresh(INSTALLATION))
    assert _meant("installation created", action="suspend") == ()
    assert _meant("installation created", action="deleted") == (Removed(INSTALLATION),)


def test_added_repositories() -> None:
    payload = {
        "action": "added",
        "installation": {"id": 7},
        "repositories_added": [{"id": 8, "full_name": "acme/new"}],
    }
    first = Due(PullKey(7, 8, "acme/new", ref="HEAD"), urgent=False)
    assert meaning("installation_repositories", payload) == (first, Refresh(7, 8, "acme/new"))
    away = {**payload, "action": "removed", "repositories_removed": payload["repositories_added"]}
    assert meaning("installation_repositories", away) == (Removed(7, 8),)


def test_a_push_counts_where_it_changes_policy_on_a_default_branch() -> None:
    pushed = Refresh(INSTALLATION, REPOSITORY, "acme/shop")
    assert _meant("push None") == (pushed,)
    assert _meant("push None", ref="refs/heads/other") == ()
    assert _meant("push None", commits=[{"modified": ["README.md", "src/policy-bot.ts"]}]) == ()
    assert _meant("push None", commits=[]) == (pushed,)  # too many to list: assume that it does


def test_policy_of_an_organisation_concerns_all_its_repositories() -> None:
    sandbox = Sandbox(registration=WORLD.sandbox.registration)
    home = sandbox.repository("acme/.github")
    installation = sandbox.install("acme")
    sandbox.hook.pending.clear()
    sandbox.push_branch(home, "main", {"policies/ops/tagged.md": "..."})
    (event,) = [e for e in sandbox.hook.pending if e.name == "push"]
    assert meaning("push", event.payload) == (Refresh(installation.id),)


@pytest.mark.parametrize("event", ["issue_comment", "release", "", "pull_request_review", "🦄"])
def test_other_events_are_left(event: str) -> None:
    assert meaning(event, {"anything": 1}) == ()


@pytest.mark.parametrize("payload", [None, [], "x", 7])
def test_anything_but_a_payload_is_malformed(payload: object) -> None:
    for event in ("pull_request", "merge_group", "check_run", "check_suite", "installation", "push"):
        with pytest.raises(Malformed, match="is not an object"):
            meaning(event, payload)


def test_the_published_examples() -> None:
    examples = packages.module("@octokit/webhooks-examples") / "api.github.com" / "index.json"
    seen: dict[str, int] = {}
    for family in json_module.loads(examples.read_text()):
        for example in family["examples"]:
            try:
                found = meaning(family["name"], example)
            except Malformed:
                assert "installation" not in example  # sent to a repository's own webhook, not to an App
                continue
            seen[family["name"]] = seen.get(family["name"], 0) + bool(found)
    assert seen["pull_request"] >= 6
    assert seen["merge_group"] >= 1
    assert {name for name, count in seen.items() if count} <= {
        "pull_request", "merge_group", "check_run", "check_suite", "installation",
        "installation_repositories", "push",
    }  # fmt: skip


def test_what_is_malformed_is_not_quoted() -> None:
    payload = _payload("pull_request opened", repository={"id": 1, "full_name": "canary canary"})
    with pytest.raises(Malformed) as said:
        meaning("pull_request", payload)
    assert "canary" not in str(said.value)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def _paths(value: object, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items: list[tuple[Any, object]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [at, *(path for key, inner in items for path in _paths(inner, (*at, key)))]


@given(st.sampled_from(sorted(EVENTS)), st.data(), json)
def test_any_field_may_be_anything(name: str, data: st.DataObject, value: object) -> None:
    payload: Any = {"root": _payload(name)}
    path = ("root", *data.draw(st.sampled_from(_paths(payload["root"]))))
    inner = payload
    for step in path[:-1]:
        inner = inner[step]
    if data.draw(st.booleans()):
        inner[path[-1]] = value
    elif isinstance(inner, dict):
        del inner[path[-1]]
    try:
        found = meaning(name.partition(" ")[0], payload.get("root"))
    except Malformed:
        return
    assert all(isinstance(each, Due | Gone | Refresh) for each in found)
