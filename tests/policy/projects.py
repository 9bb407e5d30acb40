"""Projects made by hand: a subject with some facts set, all others what they are where nothing is written."""

from __future__ import annotations

from collections.abc import Mapping

from policy_bot.sst.deployment import Context, Deployment, Project, Step, Subject, Value, Version
from policy_bot.sst.reasons import said
from policy_bot.sst.shape import SHAPES
from policy_bot.sst.span import Span

NOTHING: dict[str, object] = {"string": "", "int": 0, "bool": False, "list": []}
PRODUCTION, DEV = Context("production"), Context("dev", dev=True)
HERE = Span("sst.config.ts", 7, 5, 7, 30, 100, 125)


def span(line: int, path: str = "sst.config.ts") -> Span:
    return Span(path, line, 1, line, 9, line * 10, line * 10 + 8)


def known(value: object, line: int | None = None) -> Value:
    return Value(value, (Step("literal", span(line)),) if line else ())


def hidden(reason: str, line: int) -> Value:
    return Value.unknown(said(reason), span(line))


def subject(kind: str = "function", name: str = "Chat", at: Span = HERE, **facts: object) -> Subject:
    values: dict[str, Value] = {field: Value(NOTHING[fact.type]) for field, fact in SHAPES[kind].items()}
    for field, value in facts.items():
        values[field] = value if isinstance(value, Value) else Value(value)
    values |= {"name": Value(name)} if "name" in values and "name" not in facts else {}
    return Subject(kind, name, "sst.aws.Function" if kind == "function" else "", at, values)


def deployment(context: Context, *subjects: Subject) -> Deployment:
    return Deployment(context, {}, {}, (), (), (), subjects, ())


def project(
    contexts: Mapping[Context, tuple[Subject, ...]], version: str = "4.17.0", low: str | None = None
) -> Project:
    return Project(
        "sst.config.ts",
        Version(low or version, version, "package-lock.json"),
        tuple(deployment(context, *subjects) for context, subjects in contexts.items()),
        frozenset({"sst.config.ts"}),
    )
