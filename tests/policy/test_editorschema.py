"""Editors refuse by the published schemas what the engine refuses, and admit what it admits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_bot import HOMEPAGE
from policy_bot.policy import builtin
from policy_bot.policy.editorschema import FILES, address, policy_schema, settings_schema
from policy_bot.policy.inforce import understand
from policy_bot.policy.policyfile import parse
from policy_bot.policy.revision import Revision, join
from policy_bot.policy.settings import LayerName
from policy_bot.policy.yamltext import FileError, read

DOCS = Path(__file__).parents[2] / "docs"
SCHEMAS = {layer: json.loads((DOCS / name).read_text()) for layer, name in FILES.items()}
FOLDERS: dict[LayerName, str] = {"organisation": "", "repository": ".github"}
OWN = b"""---
title: A queue without an alarm
severity: warning
parameters:
  names: {type: list, default: [], doc: Names of alarms.}
subject: queue
when: name in parameters.names
at: name
message: "`{name}` has no alarm."
---
"""


def by_editor(text: str, layer: LayerName, schema: dict[str, Any] | None = None) -> list[str]:
    """What an editor underlines: the paths of all errors."""
    validator = jsonschema.Draft7Validator(
        schema or SCHEMAS[layer], format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )
    return [error.json_path for error in validator.iter_errors(read("f", text).data or {})]


def by_engine(text: str, layer: LayerName, policies: dict[str, bytes] | None = None) -> list[str]:
    folder = FOLDERS[layer]
    files = {"policy-bot.yml": text.encode(), **(policies or {})}
    revision = Revision.of({join(folder, name): content for name, content in files.items()}, folder)
    try:
        understand(revision, layer, builtin.load())
    except FileError as error:
        return [str(problem) for problem in error.problems]
    return []


WRONG = [
    "policies: {timeout/to-short: off}",
    "policies: {timeout/too-short: offf}",
    "policies: {timeout/too-short: {}}",
    "policies: {timeout/too-short: {sevrity: off}}",
    "policies: {timeout/too-short: {parameters: {leest: 600}}}",
    "policies: {timeout/too-short: {parameters: {least: ten}}}",
    "policies: {timeout/too-short: {parameters: {stages: production}}}",
    "policies: {ops/error-handling: {parameters: {least: 600}}}",
    "policies: {timeout/too-short: {mode: enforce, enforce-from: 2027-01-31}}",
    "policies: {Too-Short: off}",
    "enforce-from: 2027-02-30",
    "enforce-from: tomorrow",
    "stages: [pr_1]",
    "paths: {ignore: ['/apps/**']}",
    "paths: {ignore: ['apps/../x']}",
    "paths: {ignore: ['apps/x**']}",
    "paths: {ignore: ['apps\\\\x']}",
    "paths: {ignore: ['apps/']}",
    "waivers: [{policy: timeout/to-short, path: a, reason: r, expires: 2027-01-31, approved-by: '@a'}]",
    "waivers: [{policy: timeout/too-short, path: a, reason: ' ', expires: 2027-01-31, approved-by: '@a'}]",
    "waivers: [{policy: timeout/too-short, path: a, expires: 2027-01-31, approved-by: '@a'}]",
    "mod: enforce",
]
OF_AN_ORGANISATION = [
    "allow: [timeout/to-short]",
    "lock: [timeout/too-short.leest]",
    "lock: [timeouts]",
    "select: [{where: {topics: [x]}, policies: {timeout/to-short: off}}]",
    "select: [{policies: {timeout/too-short: off}}]",
]


@pytest.mark.parametrize("text", WRONG)
@pytest.mark.parametrize("layer", FILES)
def test_both_refuse(text: str, layer: LayerName) -> None:
    if text.startswith("waivers") and layer == "organisation":
        text = text.replace("path: a", "path: a, repository: web")
    assert by_engine(text, layer)
    assert by_editor(text, layer)


@pytest.mark.parametrize("text", OF_AN_ORGANISATION)
def test_both_refuse_what_only_an_organisation_may_write(text: str) -> None:
    assert by_engine(text, "organisation")
    assert by_editor(text, "organisation")
    assert by_engine("allow: [timeout/*]", "repository")
    assert by_editor("allow: [timeout/*]", "repository")


def test_the_misspelt_id_itself_is_underlined() -> None:
    assert by_editor("policies: {timeout/to-short: off}", "repository") == ["$.policies"]
    [error] = jsonschema.Draft7Validator(SCHEMAS["repository"]).iter_errors(
        {"policies": {"timeout/to-short": "off"}}
    )
    assert "timeout/to-short" in error.message


def test_a_policy_of_ones_own_is_admitted_in_a_group_of_its_own() -> None:
    text = "policies: {acme/no-alarm: {parameters: {names: [a]}}}"
    policies = {"policies/acme/no-alarm.md": OWN}
    for layer in FILES:
        assert by_engine(text, layer, policies) == []
        assert by_editor(text, layer) == []


def test_a_schema_made_for_a_checkout_knows_its_own_policies() -> None:
    own = parse("policies/acme/no-alarm.md", OWN.decode())
    schema = settings_schema("organisation", builtin.load(), [own], is_complete=True)
    assert by_editor("policies: {acme/no-alarm: {parameters: {names: [a]}}}", "organisation", schema) == []
    assert by_editor("policies: {acme/no-alarm: {parameters: {names: 1}}}", "organisation", schema)
    assert by_editor("policies: {acme/no-alarms: off}", "organisation", schema)
    assert by_editor("allow: [acme/no-alarm.names, acme/*]", "organisation", schema) == []
    assert by_editor("allow: [acme/no-alarm.name]", "organisation", schema)


IDS = st.sampled_from([*(policy.id for policy in builtin.load()), "timeout/to-short", "timeout", "X/y"])
VALUES = st.one_of(
    st.sampled_from(
        ["off", "error", "evaluate", "enforce", "fail", "2027-01-31", "", " ", "a", "a/**", "**a"]
    ),
    st.integers(-3, 1000),
    st.booleans(),
    st.none(),
    st.lists(st.sampled_from(["production", "a b", ""]), max_size=2),
)
ENTRY = st.one_of(
    VALUES,
    st.dictionaries(
        st.sampled_from(["severity", "mode", "unknown", "enforce-from", "more"]), VALUES, max_size=3
    ),
    st.builds(
        lambda parameters: {"parameters": parameters},
        st.dictionaries(
            st.sampled_from(sorted({name for each in builtin.load() for name in each.parameters})),
            VALUES,
            max_size=2,
        ),
    ),
)
FILE = st.fixed_dictionaries(
    {},
    optional={
        "policies": st.dictionaries(IDS, ENTRY, max_size=2),
        "mode": VALUES,
        "unknown": VALUES,
        "stages": VALUES,
        "paths": st.builds(lambda ignore: {"ignore": ignore}, VALUES),
        "release-branches": VALUES,
        "inline": VALUES,
        "enforce-from": VALUES,
    },
)


@given(FILE)
@settings(max_examples=150)
def test_editor_and_engine_agree_about_any_file(data: dict[str, object]) -> None:
    """JSON is YAML: the text means the same to both."""
    text = json.dumps(data)
    assert bool(by_editor(text, "repository")) == bool(by_engine(text, "repository"))


@pytest.mark.parametrize(
    ("front", "at"),
    [
        ({"subject": "function", "at": "timout"}, "$.at"),
        ({"subject": "config", "at": "timeout"}, "$.at"),
        ({"subject": "function", "at": "timeout", "better": {"tiemout": "higher"}}, "$.better"),
        ({"subject": "functions", "at": "timeout"}, "$.subject"),
        (
            {
                "subject": "function",
                "at": "timeout",
                "parameters": {"n": {"type": "int", "default": "1", "doc": "Units."}},
            },
            "$.parameters.n.default",
        ),
    ],
)
def test_front_matter_knows_facts_and_types(front: dict[str, object], at: str) -> None:
    good = {"title": "A bad pattern", "severity": "error", "message": "This is bad."}
    found = jsonschema.Draft7Validator(policy_schema()).iter_errors({**good, **front})
    assert at in [error.json_path for error in found]


def test_an_argument_of_a_component_is_a_place() -> None:
    front = {"title": "A bad pattern", "severity": "error", "message": "This is bad.", "subject": "component"}
    jsonschema.validate({**front, "at": "args.access"}, policy_schema())


@pytest.mark.parametrize("name", [*FILES.values(), "policy.schema.json"])
def test_a_schema_is_ready_for_a_catalogue_of_schemas(name: str) -> None:
    schema = json.loads((DOCS / name).read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["$id"] == address(name)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["title"]
    assert schema["description"]
    assert HOMEPAGE.removeprefix("https://github.com/") in schema["$id"]
