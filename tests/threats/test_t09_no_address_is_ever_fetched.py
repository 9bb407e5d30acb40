"""T9: an address in a file is fetched -> no setting is an address, and only GitHub is contacted."""

from __future__ import annotations

import json
import re
import socket
from typing import Any

import pytest

from policy_bot.policy import builtin
from policy_bot.policy.editorschema import settings_schema
from policy_bot.policy.settings import LayerName
from tests.policy.layering import standing
from tests.toy import CONFIG, World

METADATA = "http://169.254.169.254/latest/meta-data/"


@pytest.mark.parametrize(
    "text",
    [
        f"extends: {METADATA}",
        f"extends: [{METADATA}]",
        f"policies: {METADATA}",
        f"policies: {{'{METADATA}': off}}",
        f"include: {METADATA}",
        f"paths: {{ignore: ['{METADATA}']}}",
        f"policies: {{timeout/too-short: {{parameters: {{minimum: '{METADATA}'}}}}}}",
    ],
)
def test_an_address_where_a_setting_is_wanted_is_a_mistake(text: str) -> None:
    assert standing(text).problems


def test_no_setting_has_the_form_of_an_address() -> None:
    layers: tuple[LayerName, ...] = ("organisation", "repository")
    schemas = json.dumps([settings_schema(layer, builtin.load()) for layer in layers])
    assert not re.search('"format": "(?:uri|iri|url)', schemas)


def test_no_parameter_of_a_policy_is_an_address() -> None:
    names = {name for policy in builtin.load() for name in policy.parameters}
    assert not {name for name in names if "url" in name.split("_") or "webhook" in name or "endpoint" in name}


def test_whatever_is_in_policy_and_source_only_github_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*where: Any, **_: Any) -> None:
        raise AssertionError(f"a connection to {where}")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    waiver = f"{{policy: toy/warning, path: a, reason: '{METADATA}', expires: 2027-01-01, approved-by: x}}"
    settings = f"waivers: [{waiver}]\n"
    world = World({CONFIG: "", ".github/policy-bot.yml": settings})
    pull = world.sandbox.open_pull(world.shop, {CONFIG: f"error {METADATA}\n"}, title=METADATA)
    assert world.evaluate(pull).conclusion == "failure"
