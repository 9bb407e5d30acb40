"""T13: a setting has no effect -> an unknown key is an error, and every known key changes the settings in
force.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from policy_bot.policy.revision import Revision
from policy_bot.policy.schema import OrganisationFile, RepositoryFile
from tests.policy.layering import SHOP, standing

WAIVER = {
    "policy": "timeout/too-short",
    "repository": "web-shop",
    "path": "infra/**",
    "subject": "Chat",
    "reason": "because",
    "expires": "2027-01-31",
    "approved-by": "@acme/x",
}
SETTINGS: dict[str, Any] = {
    "extends": "guide",
    "mode": "evaluate",
    "unknown": "fail",
    "policies": {
        "timeout/too-short": {
            "severity": "warning",
            "enforce-from": "2026-12-01",
            "unknown": "pass",
            "parameters": {"minimum": 600, "kinds": ["url", "site"]},
        },
        "config/broken": "off",
    },
    "stages": ["staging"],
    "paths": {"ignore": ["examples/**"]},
    "release-branches": ["release/*"],
}
WHERE = {"repositories": ["web-*"], "topics": ["shop"], "visibility": "private"}
ORGANISATION = {
    **SETTINGS,
    "allow": ["waivers"],
    "lock": ["unknown"],
    "select": [{"where": WHERE, "stages": ["qa"], "allow": ["extends"]}],
    "approvers": ["@acme/x"],
    "waivers": [WAIVER],
}
REPOSITORY = {
    **SETTINGS,
    "waivers": [{key: each for key, each in WAIVER.items() if key != "repository"}],
    "inline": False,
}
FILES = {"policy-bot.yml": ORGANISATION, ".github/policy-bot.yml": REPOSITORY}


def places(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Place of every mapping of a file."""
    if isinstance(data, dict):
        yield at
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield from places(value, (*at, key))


def edited(data: dict[str, Any], at: tuple[Any, ...], key: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(data)
    inner = changed
    for step in at:
        inner = inner[step]
    if value is None:
        del inner[key]
    else:
        inner[key] = value
    return changed


def problems(path: str, data: dict[str, Any]) -> list[str]:
    revision = Revision.of({path: json.dumps(data).encode()}, path.rpartition("/")[0])
    found = standing(None, revision) if revision.folder else standing(revision)
    return [str(problem.reason) for problem in found.problems]


CASES = [(path, at) for path, data in FILES.items() for at in places(data)]


@pytest.mark.parametrize("path", FILES)
def test_the_files_of_this_test_are_good_and_have_every_key_there_is(path: str) -> None:
    assert problems(path, FILES[path]) == []
    model = RepositoryFile if path.startswith(".github") else OrganisationFile
    keys = {field.alias or name for name, field in model.model_fields.items()}
    assert keys - set(FILES[path]) == {"enforce-from"}, "which is set in a policy here"


@pytest.mark.parametrize(
    ("path", "at"), CASES, ids=lambda each: each if isinstance(each, str) else ".".join(map(str, each))
)
def test_an_unknown_key_anywhere_is_an_error(path: str, at: tuple[Any, ...]) -> None:
    assert problems(path, edited(FILES[path], at, "sevrity", "off"))


KEYS = (
    [(path, at, key) for path, at in CASES for key in FILES[path] if not at]
    + [
        ("policy-bot.yml", ("policies", "timeout/too-short"), key)
        for key in ("severity", "enforce-from", "unknown", "parameters")
    ]
    + [("policy-bot.yml", ("select", 0), key) for key in ("stages", "allow")]
)


@pytest.mark.parametrize(("path", "at", "key"), KEYS)
def test_every_key_matters(path: str, at: tuple[Any, ...], key: str) -> None:
    """Without the key something else is in force, or something else may be set."""
    assert effect(path, FILES[path]) != effect(path, edited(FILES[path], at, key, None))


@pytest.mark.parametrize(
    ("key", "value"), [("repositories", ["api-*"]), ("topics", ["other"]), ("visibility", "public")]
)
def test_every_condition_of_a_selection_matters(key: str, value: object) -> None:
    changed = edited(ORGANISATION, ("select", 0, "where"), key, value)
    assert effect("policy-bot.yml", ORGANISATION) != effect("policy-bot.yml", changed)


def effect(path: str, data: dict[str, Any]) -> object:
    """What is in force with the file; for an organisation's also what it then lets the two probes do."""
    revision = Revision.of({path: json.dumps(data).encode()}, path.rpartition("/")[0])
    if revision.folder:
        return standing(None, revision).settings.digest
    stranger = REPOSITORY["waivers"][0] | {"approved-by": "@acme/stranger"}
    probe = {"unknown": "neutral", "extends": "recommended", "waivers": [*REPOSITORY["waivers"], stranger]}
    below = Revision.of({".github/policy-bot.yml": json.dumps(probe).encode()}, ".github")
    wider = data | {"allow": [*data.get("allow", ()), "unknown"]}
    opened = Revision.of({path: json.dumps(wider).encode()})
    seen = [standing(each, low, SHOP).settings for each in (revision, opened) for low in (None, below)]
    return [(each.digest, [notice.message.partition(" (")[0] for notice in each.notices]) for each in seen]
