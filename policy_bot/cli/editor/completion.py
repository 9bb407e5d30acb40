"""Completion in settings files and in the front matter of policies, from their JSON Schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from lsprotocol.types import CompletionItem, CompletionItemKind

from policy_bot.policy.editorschema import Schema
from policy_bot.record import NamedTuple
from policy_bot.sst.shape import SHAPES

_EXPRESSIONS = ("when", "require", "message")


def in_settings(text: str, line: int, schema: Schema) -> list[CompletionItem]:
    """Completes keys and values from the keys that the line (from 0) is nested in; it ends at the cursor.

    Worked example: in

        policies:
          timeout/too-short:
            parameters:
              le

    the last line is nested in `policies`, `timeout/too-short` and `parameters`, so the schema offers the
    parameters of that policy.
    """
    return _offered(text.split("\n"), line, schema)


def in_policy(text: str, line: int, schema: Schema) -> list[CompletionItem]:
    """Completes keys and values of the front matter; in an expression, the facts of the rule's subject."""
    lines = text.split("\n")
    if not _in_front_matter(lines, line):
        return []
    if _Line.of(lines[line]).key in (*_EXPRESSIONS, "at") and ":" in lines[line]:
        return [_item(name, kind, CompletionItemKind.Field) for name, kind in _facts(lines)]
    begin = next(number for number, each in enumerate(lines) if each.rstrip() == "---") + 1
    return _offered(lines[begin:], line - begin, schema)


class _Line(NamedTuple):
    """A line of YAML: column of an item's dash (-1 without one), column of its key, and the key."""

    dash: int
    indent: int
    key: str
    has_value: bool

    @staticmethod
    def of(line: str) -> _Line:
        found = re.match(r"( *+)((?:- ++)?+)", line)
        dash, indent = (len(found[1]) if found[2] else -1, found.end()) if found else (-1, 0)
        key, colon, _ = line[indent:].partition(":")
        return _Line(dash, indent, key.strip().strip("\"'"), bool(colon))


def parents(lines: Sequence[str], line: int) -> list[str]:
    """The keys that a line is nested in, outermost first, by indentation. Items are nested in the key of
    their list, which may be in the same column.
    """
    now = _Line.of(lines[line]) if line < len(lines) else _Line(-1, 0, "", False)
    limit = now.indent if now.dash < 0 else now.dash + 1
    found: list[str] = []
    for text in reversed(lines[:line]):
        above = _Line.of(text)
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if above.dash < 0 and above.indent < limit:
            found.append(above.key)
            limit = above.indent
        elif 0 <= above.dash < limit - 1:
            if above.indent < limit and above.has_value:
                found.append(above.key)
            limit = above.dash + 1
    return found[::-1]


def _offered(lines: Sequence[str], line: int, schema: Schema) -> list[CompletionItem]:
    within = list(_at(schema, schema, parents(lines, line)))
    now = _Line.of(lines[line]) if line < len(lines) else _Line(-1, 0, "", False)
    if now.has_value:
        return list(_values(schema, _at_each(schema, within, now.key)))
    items = [each for part in within for each in _parts(schema, part.get("items", {}))]
    keys = (
        _item(name, each.get("description", ""), _kind(name))
        for part in (*within, *items)
        for name, each in part.get("properties", {}).items()
    )
    return list(_unique([*keys, *_values(schema, items)]))


def _at(whole: Schema, schema: Schema, path: Sequence[str]) -> Iterator[Schema]:
    """The subschemas that describe the value at a path of keys."""
    parts = list(_parts(whole, schema))
    for key in path:
        parts = list(_at_each(whole, parts, key))
    yield from parts


def _at_each(whole: Schema, parts: Iterable[Schema], key: str) -> Iterator[Schema]:
    for part in parts:
        for holder in (part, *_parts(whole, part.get("items", {}))):
            known = holder.get("properties", {}).get(key)
            others = (
                each
                for form, each in holder.get("patternProperties", {}).items()
                if re.match(form, key[:100])
            )
            if below := known or next(others, None):
                yield from _parts(whole, below)


def _parts(whole: Schema, schema: Schema) -> Iterator[Schema]:
    """A schema with its references resolved, and each of its alternatives."""
    while "$ref" in schema:
        schema = whole["definitions"][schema["$ref"].rpartition("/")[2]]
    if schema:
        yield schema
    for either in schema.get("anyOf", ()):
        yield from _parts(whole, either)


def _values(whole: Schema, parts: Iterable[Schema]) -> Iterator[CompletionItem]:
    for part in parts:
        values = [part["const"]] if "const" in part else part.get("enum", ())
        if part.get("type") == "boolean":
            values = [True, False]
        for value in values:
            label = value if isinstance(value, str) else json.dumps(value)
            yield _item(label, part.get("description", ""), CompletionItemKind.Value)


def _unique(items: Iterable[CompletionItem]) -> Iterable[CompletionItem]:
    return {item.label: item for item in reversed(list(items))}.values()


def _in_front_matter(lines: Sequence[str], line: int) -> bool:
    fences = [number for number, each in enumerate(lines) if each.rstrip() == "---"][:2]
    return bool(fences) and fences[0] < line and (len(fences) == 1 or line < fences[1])


def _facts(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The facts of the subjects that the file names, or of all subjects if it names none."""
    words = (line.strip().removeprefix("- ").partition(":") for line in lines)
    named = [value.strip() for key, _, value in words if key == "subject"]
    for kind in [each for each in named if each in SHAPES] or SHAPES:
        yield from ((name, f"{kind}: {fact.doc}") for name, fact in SHAPES[kind].items())


def _kind(name: str) -> CompletionItemKind:
    return CompletionItemKind.Reference if "/" in name else CompletionItemKind.Property


def _item(label: str, detail: str, kind: CompletionItemKind) -> CompletionItem:
    return CompletionItem(label, kind=kind, detail=detail)
