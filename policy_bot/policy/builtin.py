"""Loads the policies that ship with the product without YAML, from `builtin.json`, which `policy-bot docs`
generates from `policies/`.

A test fails when the file is stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from policy_bot.policy.policy import Change, Elsewhere, Policy, PolicyParameter, Remedy, Rule

FILE = "builtin.json"


@cache
def load() -> tuple[Policy, ...]:
    """Returns the built-in policies, ordered by id."""
    # through the module's own loader: importing importlib.resources would take longer than the rest of the
    # startup
    loader: Any = __spec__ and __spec__.loader
    data = json.loads(loader.get_data(__file__.removesuffix("builtin.py") + FILE))
    return tuple(_policy(each) for each in data["policies"])


def dump(policies: Iterable[Policy]) -> str:
    """Serialises policies as `builtin.json`: the same policies give the same bytes."""
    from dataclasses import asdict  # noqa: PLC0415 -- only where policies are compiled, never on a start

    ordered = sorted(policies, key=lambda policy: policy.id)
    rows = [json.dumps(_lean(asdict(policy)), ensure_ascii=False) for policy in ordered]
    return '{"policies": [\n' + ",\n".join(rows) + "\n]}\n"


def _lean(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None and key != "path"}


def _policy(data: Mapping[str, Any]) -> Policy:
    fields = dict(data)
    fields["rules"] = tuple(_rule(rule) for rule in data["rules"])
    fields["parameters"] = {name: PolicyParameter(**each) for name, each in data["parameters"].items()}
    return Policy(**fields, path=f"policies/{data['id']}.md")


def _rule(data: Mapping[str, Any]) -> Rule:
    return Rule(**{**data, "remedies": tuple(_remedy(remedy) for remedy in data["remedies"])})


def _remedy(data: Mapping[str, Any]) -> Remedy:
    other = data["elsewhere"]
    elsewhere = other and Elsewhere(other["subject"], other["where"], _changes(other["changes"]))
    return Remedy(data["title"], _changes(data["changes"]), elsewhere, data["when"])


def _changes(data: Iterable[Mapping[str, str]]) -> tuple[Change, ...]:
    return tuple(Change(each["op"], each["key"], each["text"]) for each in data)  # type: ignore[arg-type]
