"""The JSON Schemas of settings files and of a policy's front matter, for editors.

Generated from the models that the engine validates with and from the policies: ids, parameters with their
types, and the addresses of `allow` and `lock` are enumerated. A published schema lacks the policies
of an organisation, so ids outside the built-in groups are checked only by their form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from policy_bot import HOMEPAGE
from policy_bot.policy.policy import Policy, PolicyParameter
from policy_bot.policy.policyschema import PolicyModel, RuleModel
from policy_bot.policy.schema import ID, OrganisationFile, RepositoryFile, SeverityWord
from policy_bot.policy.settings import RESERVED, LayerName
from policy_bot.sst.shape import SHAPES

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that SchemaStore requires and every editor supports."""

FILES: dict[LayerName, str] = {
    "organisation": "settings.schema.json",
    "repository": "settings.repository.schema.json",
}
"""The published schemas of settings files, by layer."""

_WHOLE = ("*", "mode", "extends", "unknown", "paths", "release-branches", "waivers", "inline")
_ADDRESS = r"^[a-z0-9-]+(?:/[a-z0-9-]+)*(?:/\*|/[a-z0-9-]+(?:\.[a-zA-Z0-9_-]+)?)$"
_TYPES: Mapping[str, Schema] = {
    "int": {"type": "integer"},
    "string": {"type": "string"},
    "bool": {"type": "boolean"},
    "list": {"type": "array", "items": {"type": "string"}},
}


def address(name: str) -> str:
    """Where a published schema can be fetched."""
    return f"{HOMEPAGE.replace('github.com', 'raw.githubusercontent.com')}/main/docs/{name}"


def as_text(schema: Schema) -> str:
    """A schema as it is written to a file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def settings_schema(
    layer: LayerName, built_in: Sequence[Policy], own: Sequence[Policy] = (), *, is_complete: bool = False
) -> Schema:
    """The schema of a layer's settings file. `is_complete`: there are no other policies; otherwise ids
    outside of the built-in groups are checked by their form.
    """
    model = OrganisationFile if layer == "organisation" else RepositoryFile
    data = _of_model(model)
    for each in (data, *data["definitions"].values()):
        _refer(each["properties"])
    vocabulary = _Vocabulary(built_in, own, is_complete)
    data["definitions"] |= vocabulary.definitions(data["definitions"]["PolicySettings"])
    return {"$schema": DRAFT, "$id": address(FILES[layer]), **data}


def policy_schema() -> Schema:
    """The schema of a policy's front matter."""
    data, inline = _of_model(PolicyModel), _of_model(RuleModel)
    own = {"severity", "sst", "profiles"}
    data["definitions"] |= inline["definitions"]
    data["properties"] |= {key: value for key, value in inline["properties"].items() if key not in own}
    data["required"] = [name for name in data["required"] if name != "rules"]
    data["oneOf"] = [{"required": ["rules"]}, {"required": ["subject", "at", "message"]}]
    data["allOf"] = data["definitions"]["RuleModel"]["allOf"] = [_facts_of(kind) for kind in SHAPES]
    data["definitions"]["ParameterModel"]["allOf"] = [
        _if("type", kind, {"default": value}) for kind, value in _TYPES.items()
    ]
    return {"$schema": DRAFT, "$id": address("policy.schema.json"), **data, "title": "Policy front matter"}


def _of_model(model: type[BaseModel]) -> Schema:
    data = model.model_json_schema(ref_template="#/definitions/{model}")
    return {"definitions": data.pop("$defs", {}), **data}


def _refer(properties: Schema) -> None:
    """Makes the properties that name policies refer to the definitions."""
    for name, definition in (("policies", "Policies"), ("policy", "WaivablePolicy")):
        if name in properties:
            properties[name] = {"$ref": f"#/definitions/{definition}"}
    for name in {"allow", "lock"} & set(properties):
        properties[name]["items"] = {"$ref": "#/definitions/Address"}


def _facts_of(kind: str) -> Schema:
    """For rules about one kind of subject: the facts that `at` and `better` may name."""
    facts = {"enum": list(SHAPES[kind])}
    at = {"anyOf": [facts, {"pattern": r"^args\."}]} if kind == "component" else facts
    return _if("subject", kind, {"at": at, "better": {"propertyNames": facts}})


def _if(key: str, value: str, properties: Schema) -> Schema:
    condition = {"properties": {key: {"const": value}}, "required": [key]}
    return {"if": condition, "then": {"properties": properties}}


class _Vocabulary:
    """What a settings file may name: policies, their parameters, and addresses of settings."""

    def __init__(self, built_in: Sequence[Policy], own: Sequence[Policy], is_complete: bool) -> None:
        self._policies = sorted((*built_in, *own), key=lambda policy: policy.id)
        self._pages = {policy.id: f"{HOMEPAGE}/blob/main/docs/policies/{policy.id}.md" for policy in built_in}
        self._is_complete = is_complete
        groups = dict.fromkeys(policy.id.partition("/")[0] for policy in built_in)
        self._elsewhere = f"^(?!(?:{'|'.join(groups)})/)"

    def definitions(self, settings: Schema) -> dict[str, Schema]:
        """The definitions referred to. `settings` is that of a policy whose parameters are not known."""
        found: dict[str, Schema] = {
            "Policies": self._entries(),
            "WaivablePolicy": {"anyOf": [*self._waivable(), *self._others(ID)]},
            "Address": {"anyOf": [*self._addresses(), *self._others(_ADDRESS)]},
        }
        return found | {
            _definition(policy): _with_parameters(settings, policy.parameters) for policy in self._policies
        }

    def _entries(self) -> Schema:
        known = {policy.id: _entry(_definition(policy), self._described(policy)) for policy in self._policies}
        others = {each["pattern"]: _entry("PolicySettings") for each in self._others(ID)}
        return {
            "description": "By policy: `off`, a severity, or more.",
            "type": "object",
            "default": {},
            "properties": known,
            **({"patternProperties": others} if others else {}),
            "additionalProperties": False,
        }

    def _described(self, policy: Policy) -> str:
        page = self._pages.get(policy.id)
        return f"{policy.title}. {page}" if page else policy.title

    def _waivable(self) -> Iterator[Schema]:
        yield from (
            {"const": policy.id, "description": policy.title} for policy in self._policies if policy.waivable
        )

    def _addresses(self) -> Iterator[Schema]:
        yield {"enum": list(_WHOLE)}
        yield {"enum": sorted({f"{policy.id.rpartition('/')[0]}/*" for policy in self._policies})}
        for policy in self._policies:
            parts = [f"{policy.id}.{name}" for name in (*sorted(RESERVED), *policy.parameters)]
            yield {"enum": [policy.id, *parts], "description": policy.title}

    def _others(self, form: str) -> list[Schema]:
        """The form of a name outside of the built-in groups, if there may be one."""
        if self._is_complete:
            return []
        return [{"type": "string", "maxLength": 100, "pattern": form.replace("^", self._elsewhere, 1)}]


def _definition(policy: Policy) -> str:
    """The name of the definition of a policy's settings: all policies without parameters share one."""
    return policy.id.replace("/", ".") if policy.parameters else "WithoutParameters"


def _entry(definition: str, described: str = "") -> Schema:
    either = [{"enum": list(get_args(SeverityWord))}, {"$ref": f"#/definitions/{definition}"}]
    return {**({"description": described} if described else {}), "anyOf": either}


def _with_parameters(settings: Schema, parameters: Mapping[str, PolicyParameter]) -> Schema:
    known = {
        name: {**_TYPES[each.type], "description": each.doc, "default": each.default}
        for name, each in parameters.items()
    }
    those = {**settings["properties"]["parameters"], "properties": known, "additionalProperties": False}
    return {**settings, "properties": {**settings["properties"], "parameters": those}}
