"""T4: a malformed but signed payload crashes the process -> whatever a field contains, the answer is 2xx or
4xx.

Precedents: CVE-2025-59531, -59537, -59538 (Argo CD); octokit/webhooks' unauthenticated denial of service;
panics of palantir/policy-bot (its issues 345 and 379).
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_bot.service.store.store import Store
from tests.service.web import Site, opened

GROUP = {
    "action": "checks_requested",
    "merge_group": {
        "head_sha": "c" * 40,
        "head_ref": "refs/heads/gh-readonly-queue/main/pr-1",
        "base_sha": "b" * 40,
    },
    "repository": {"id": 7, "full_name": "acme/shop"},
    "installation": {"id": 11},
}
RERUN = {
    "action": "rerequested",
    "check_run": {
        "name": "sst-policy",
        "head_sha": "a" * 40,
        "external_id": "pull/1/x",
        "pull_requests": [{"number": 1}],
    },
    "repository": {"id": 7, "full_name": "acme/shop"},
    "installation": {"id": 11},
}
PUSH = {
    "ref": "refs/heads/main",
    "commits": [{"added": ["policy-bot.yml"], "removed": [], "modified": []}],
    "repository": {"id": 9, "full_name": "acme/.github", "name": ".github", "default_branch": "main"},
    "installation": {"id": 11},
}
INSTALLED = {
    "action": "created",
    "installation": {"id": 11},
    "repositories": [{"id": 7, "full_name": "acme/shop"}],
}
EVENTS = {
    "pull_request": opened(),
    "merge_group": GROUP,
    "check_run": RERUN,
    "push": PUSH,
    "installation": INSTALLED,
}
WRONG: list[Any] = [
    *[None, True, -1, 0, 2**63, 2**200, 1.5],
    *["", "x" * 5000, "\x00", "\ud800", "a\nb", "../.."],
    *[[], [None], {}, {"id": {}}],
]
NAMES = ["action", "number", "pull_request", "repository", "installation", "head", "sha", "id", "full_name"]


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a payload, itself included."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *[path for key, inner in inside for path in paths(inner, (*here, key))]]


def changed(payload: Any, path: tuple[Any, ...], wrong: Any) -> Any:
    if not path:
        return wrong
    payload = copy.deepcopy(payload)
    place = payload
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = wrong
    return payload


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_every_field_with_every_wrong_value(sqlite: Store, event: str) -> None:
    every_wrong_value(Site(sqlite), event)


def test_both_databases_accept_the_same(store: Store) -> None:
    every_wrong_value(Site(store), "merge_group")


def every_wrong_value(site: Site, event: str) -> None:
    client, statuses = site, set()
    number = 0
    for path in paths(EVENTS[event]):
        for wrong in WRONG:
            number += 1
            body = json.dumps(changed(EVENTS[event], path, wrong)).encode()
            answer = client.post(body, event=event, guid=f"{event.replace('_', '-')}-{number}")
            assert answer.status_code in {200, 202, 400}, (path, wrong, answer.text)
            statuses.add(answer.status_code)
    assert statuses == {202, 400}


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"7", b'"x"', b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000],
    ids=range(9),
)
def test_what_is_no_json_object_is_refused(sqlite: Store, body: bytes) -> None:
    assert Site(sqlite).post(body).status_code == 400


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    event=st.sampled_from(sorted(EVENTS)),
    payload=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
        ),
        max_leaves=20,
    ),
)
def test_any_json(sqlite: Store, event: str, payload: Any) -> None:
    assert Site(sqlite).post(payload, event=event).status_code in {200, 202, 400}
