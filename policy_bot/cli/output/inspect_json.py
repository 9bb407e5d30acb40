"""`inspect --format json`: the schema `policy-bot.inspect/1`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from policy_bot.cli.output.places import Places
from policy_bot.cli.output.values import plain
from policy_bot.record import dataclass
from policy_bot.sst.deployment import BlindSpot, Component, Deployment, Function, Project, Subject
from policy_bot.sst.source import SourceTree
from policy_bot.sst.span import Span

SCHEMA = "policy-bot.inspect/1"


def render(projects: Iterable[Project], tree: SourceTree, problems: Sequence[BlindSpot] = ()) -> str:
    """One JSON document. Lines and columns count characters from 1. `problems` are unsearchable folders."""
    writer = _JsonWriter(Places(tree))
    document = {
        "schema": SCHEMA,
        "projects": [writer.project(project) for project in projects],
        "problems": [{"file": each.span.path, "reason": str(each.reason)} for each in problems],
    }
    return json.dumps(document, indent=1)


@dataclass(frozen=True)
class _JsonWriter:
    places: Places

    def project(self, project: Project) -> dict[str, Any]:
        found: dict[str, Any] = {
            "path": project.path,
            "sst": {"version": str(project.version), "evidence": project.version.evidence},
            "contexts": [self._context(deployment) for deployment in project.contexts],
        }
        if project.unreadable is not None:
            found["unreadable"] = {
                "reason": str(project.unreadable.reason),
                **self._at(project.unreadable.span),
            }
        return found

    def _context(self, deployment: Deployment) -> dict[str, Any]:
        return {
            "stage": deployment.context.stage,
            "dev": deployment.context.dev,
            "root": {key: plain(value) for key, value in deployment.root.items()},
            "app": {key: plain(value) for key, value in deployment.app.items()},
            "crashes": [
                {"message": crash.message, "code": crash.code, **self._at(crash.span)}
                for crash in deployment.crashes
            ],
            "components": [self._component(component) for component in deployment.components],
            "functions": [self._function(function) for function in deployment.functions],
            "streams": [self._stream(each) for each in deployment.subjects if each.kind == "stream"],
            "unknown": [
                {**self._at(hidden.span), "reason": str(hidden.reason)} for hidden in deployment.unknown
            ],
        }

    def _component(self, component: Component) -> dict[str, Any]:
        return {
            "type": component.type,
            "name": plain(component.name),
            **self._at(component.span),
            "args": plain(component.args),
            **({} if component.certain else {"certain": False}),
        }

    def _function(self, function: Function) -> dict[str, Any]:
        return {
            "via": function.via,
            "owner_type": function.owner_type,
            "owner_name": plain(function.owner_name),
            "name": plain(function.name),
            **self._at(function.span),
            "effective": {key: plain(value) for key, value in function.effective.items()},
            **({} if function.certain else {"certain": False}),
        }

    def _stream(self, stream: Subject) -> dict[str, Any]:
        """A stream; `file` and `line` are where it is sent, null seconds mean no limit."""
        facts = {name: plain(value) for name, value in stream.facts.items()}
        origin = stream.facts["producer"].origin
        span = (origin[0].span if origin else None) or stream.span
        place = self.places.place(span)
        return {
            "route": facts["route"],
            "file": place.file,
            "line": place.line,
            **{name: facts[name] for name in ("producer", "owner", "adapter", "handler", "mode", "entry")},
            "limit_seconds": None if facts["limit"] == -1 else facts["limit"],
            "limit_by": facts["limit_by"],
            "silence_seconds": None if facts["silence"] == -1 else facts["silence"],
            "silence_by": facts["silence_by"],
            "breaks_at": facts["breaks_at"],
            **({} if stream.certain else {"certain": False}),
        }

    def _at(self, span: Span) -> dict[str, Any]:
        place = self.places.place(span)
        return {"file": place.file, "line": place.line, "column": place.column}
