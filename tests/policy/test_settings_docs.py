"""What is published about settings is true: the example and the guide are valid to editors and to us."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import jsonschema

from policy_bot.policy import builtin
from policy_bot.policy.inforce import in_force
from policy_bot.policy.layers import RepositoryTraits
from policy_bot.policy.revision import Revision
from policy_bot.policy.schema import OrganisationFile
from policy_bot.policy.settings import LayerName
from policy_bot.policy.yamltext import read

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = (DOCS / "policy-bot.example.yml").read_text()
SCHEMAS: dict[LayerName, Path] = {
    "organisation": DOCS / "settings.schema.json",
    "repository": DOCS / "settings.repository.schema.json",
}


def test_the_example_is_valid_for_editors_and_for_us() -> None:
    jsonschema.validate(read("example", EXAMPLE).data, json.loads(SCHEMAS["organisation"].read_text()))
    found = in_force(
        Revision.of({"policy-bot.yml": EXAMPLE.encode()}),
        None,
        RepositoryTraits("web-shop"),
        builtin.load(),
        date(2026, 11, 22),
    )
    assert (found.problems, found.settings.notices) == ((), ())
    assert found.settings.parameter("timeout/too-short", "least", 300)[0] == 900


def test_the_example_has_every_key() -> None:
    keys = {field.alias or name for name, field in OrganisationFile.model_fields.items()}
    data = read("example", EXAMPLE).data
    assert isinstance(data, dict)
    assert keys - set(data) == {"mode"}, "which is set in a policy and in a selection"


def test_the_guides_yaml_is_valid_too() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (DOCS / "settings.md").read_text(), re.DOTALL)
    for block in blocks:
        data = read("settings.md", block).data or {}
        layer: LayerName = "repository" if block.startswith("# .github/") else "organisation"
        jsonschema.validate(data, json.loads(SCHEMAS[layer].read_text()))
