"""Checks our requests and the sandbox's answers against GitHub's published API description.

The description has 13 MB; the operations in use are cut out of it once and kept next to the package. Where
GitHub is known to answer otherwise than it describes, `AS_ANSWERED` says so with the reason.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from jsonschema import Draft4Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from policy_bot.sandbox.faults import FaultyRequest
from policy_bot.sandbox.rest.dispatch import GRAPHQL
from policy_bot.sandbox.rest.route import ROUTES
from tests.github_api import packages

Json = dict[str, Any]

AS_ANSWERED = {
    # the repository of a deleted fork
    "pull-request": ("head.repo",),
    "pull-request-simple": ("head.repo",),
    # a pull request without a milestone, an assignee, somebody who merged it
    "nullable-milestone": ("",),
}
# here the description wants an account to be a person *and* an enterprise; elsewhere it says either
INSTALLATIONS = {"type": "array", "items": {"$ref": "#/components/schemas/installation"}}
DOCUMENT = "urn:github"  # what a slice is called where it refers to its own parts
EVENTS = {
    "check_run",
    "check_suite",
    "installation",
    "installation_repositories",
    "merge_group",
    "pull_request",
    "push",
}


class Misfit(AssertionError):
    """Something does not fit GitHub's description."""


def check(request: FaultyRequest) -> None:
    """Judge one request to the sandbox and its answer. Raises `Misfit`."""
    if request.fault or request.route in {"", GRAPHQL}:
        return
    operation = api()["paths"][request.route][request.verb.lower()]
    if request.status < 400:
        _check_query(request, operation)
        _check_body(request, operation)
    _check_answer(request, operation)


def check_event(name: str, payload: Json) -> None:
    """Judge a webhook's payload."""
    kind = "-".join(
        [name.replace("_", "-"), *([payload["action"].replace("_", "-")] if "action" in payload else [])]
    )
    schema = f"webhook-{kind}"
    _judge(webhooks, {"$ref": f"{DOCUMENT}#/components/schemas/{schema}"}, payload, f"webhook {kind}")


def _check_query(request: FaultyRequest, operation: Json) -> None:
    parameters = [_resolved(one) for one in operation.get("parameters", ())]
    known = {one["name"] for one in parameters if one["in"] == "query"}
    unknown = set(request.query) - known
    if unknown:
        raise Misfit(f"{request}: GitHub knows no parameter {sorted(unknown)}")


def _resolved(shape: Json) -> Json:
    while "$ref" in shape:
        _, _, kind, name = shape["$ref"].split("/", 3)
        shape = api()["components"][kind][name]
    return shape


def _check_body(request: FaultyRequest, operation: Json) -> None:
    if request.body is None:
        return
    if "requestBody" not in operation:
        raise Misfit(f"{request}: GitHub expects no body here")
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    known = schema.get("properties")
    unknown = set(request.body) - set(known) if known and isinstance(request.body, dict) else None
    if unknown:
        raise Misfit(f"{request}: GitHub knows no {sorted(unknown)} in the body")
    _judge(api, schema, request.body, f"body of {request}")


def _check_answer(request: FaultyRequest, operation: Json) -> None:
    described = _resolved(operation["responses"].get(str(request.status), {}))
    if not described:
        if request.status in {
            304,
            401,
            403,
            404,
            422,
            429,
        }:  # GitHub answers these everywhere, described or not
            return
        raise Misfit(f"{request}: GitHub describes no answer {request.status}")
    content = described.get("content", {}).get("application/json")
    if content and not isinstance(request.answer, bytes):
        _judge(api, content["schema"], request.answer, f"answer to {request}")


def _judge(document: Callable[[], Json], schema: Json, value: object, what: str) -> None:
    if _compiled(document, json.dumps(schema)).is_valid(value):
        return
    registry = Registry().with_resource(DOCUMENT, DRAFT4.create_resource(document()))
    deepest = _deepest(next(Draft4Validator(schema, registry=registry).iter_errors(value)))
    place = "/".join(str(part) for part in deepest.absolute_path)
    raise Misfit(f"{what}: at {place or 'the top'}: {deepest.message[:300]}")


@cache
def _compiled(document: Callable[[], Json], schema: str) -> jsonschema_rs.Draft4Validator:
    """Checks a list of 30 repositories in 0.1 ms. `jsonschema`, which words the errors, takes 19 ms."""
    registry = jsonschema_rs.Registry([(DOCUMENT, document())], draft=jsonschema_rs.Draft4)
    return jsonschema_rs.Draft4Validator(json.loads(schema), registry=registry, validate_formats=False)


def _deepest(error: Any) -> Any:
    while error.context:
        error = max(error.context, key=lambda one: len(one.absolute_path))
    return error


@cache
def api() -> Json:
    """The operations that the sandbox has, out of GitHub's REST description."""
    wanted = sorted({(route.path, route.verb.lower()) for route in ROUTES})

    def cut(whole: Json) -> Json:
        paths: Json = {}
        for path, verb in wanted:
            if path not in whole["paths"] and path.rstrip("/") + "/{path}" in whole["paths"]:
                paths.setdefault(path, {})[verb] = whole["paths"][path.rstrip("/") + "/{path}"][verb]
                continue
            if verb not in whole["paths"].get(path, {}):
                raise Misfit(f"GitHub has no {verb.upper()} {path}")
            paths.setdefault(path, {})[verb] = whole["paths"][path][verb]
        listed = paths["/app/installations"]["get"]["responses"]["200"]["content"]["application/json"]
        listed["schema"] = INSTALLATIONS
        return {"paths": paths}

    return _sliced("@octokit/openapi", "api.github.com.json", "rest", repr(wanted), cut)


@cache
def webhooks() -> Json:
    """The webhooks that the sandbox sends, out of GitHub's description."""

    def cut(whole: Json) -> Json:
        names = {f"webhook-{event.replace('_', '-')}" for event in EVENTS}
        schemas = whole["components"]["schemas"]
        return {"schemas": [{"$ref": f"#/components/schemas/{name}"} for name in schemas
                            if any(name == one or name.startswith(one + "-") for one in names)]}  # fmt: skip

    return _sliced("@octokit/openapi-webhooks", "api.github.com.json", "webhooks", repr(sorted(EVENTS)), cut)


def _sliced(package: str, file: str, name: str, wanted: str, cut: Any) -> Json:
    source = packages.module(package)
    version = json.loads((source / "package.json").read_text())["version"]
    key = hashlib.sha256(f"{version}{wanted}{Path(__file__).read_text()}".encode()).hexdigest()[:16]
    kept = packages.BUILT / f"{name}-{key}.json"
    if not kept.is_file():
        whole = json.loads((source / "generated" / file).read_text())
        slim = cut(whole)
        slim["components"] = _components(whole, slim)
        partial = kept.with_suffix(f".{id(slim)}")
        partial.write_text(json.dumps(_draft4(slim)))
        partial.rename(kept)
    return json.loads(kept.read_text())


def _components(whole: Json, slim: Json) -> Json:
    """All components that a slice refers to, directly or not."""
    components: Json = {}
    waiting = list(_references(slim))
    while waiting:
        _, _, kind, name = waiting.pop().split("/", 3)
        if name not in components.setdefault(kind, {}):
            components[kind][name] = whole["components"][kind][name]
            waiting += _references(components[kind][name])
    for name, paths in AS_ANSWERED.items():
        if name in components.get("schemas", {}):
            for path in paths:
                _allow_null(components["schemas"], name, path)
    return components


def _allow_null(schemas: Json, name: str, path: str) -> None:
    schema = schemas[name]
    *outer, last = path.split(".")
    for part in outer:
        schema = schema["properties"][part]
        while "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
    target = schema["properties"].get(last) if last else schema
    if target is not None:
        if "$ref" in target:
            schema["properties"][last] = {"anyOf": [dict(target)], "nullable": True}
        else:
            target["nullable"] = True


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _draft4(value: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema draft 4: `nullable` is another type, examples go, references stay."""
    if isinstance(value, list):
        return [_draft4(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if "branch_protection_rule" in value.get("enum", ()):  # the list of events is older than the merge queue
        value = {**value, "enum": [*value["enum"], "merge_group"]}
    plain = {name: _draft4(inner) for name, inner in value.items() if name not in {"example", "examples"}}
    if isinstance(plain.get("$ref"), str):
        plain["$ref"] = DOCUMENT + plain["$ref"]
    if plain.get("nullable") is True:
        del plain["nullable"]
        return {"anyOf": [plain, {"enum": [None]}]}
    return plain
