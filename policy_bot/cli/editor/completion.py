"""What may be written next in a settings file and in the front matter of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol.types import CompletionItem, CompletionItemKind
from pydantic import BaseModel

from policy_bot.policy import builtin
from policy_bot.policy.policyschema import PolicyModel, RuleModel
from policy_bot.policy.schema import OrganisationFile, PolicySettings, RepositoryFile
from policy_bot.sst.shape import SHAPES


def in_settings(text: str, line: int, *, organisation: bool) -> list[CompletionItem]:
    """Keys, policy ids and parameters, by what the line (from 0) is nested in.

    Worked example: in

        policies:
          timeout/too-short:
            parameters:
              le

    the last line is nested in `policies`, `timeout/too-short` and `parameters`, so the parameters of that
    policy are offered.
    """
    above = parents(text.split("\n"), line)
    match above:
        case []:
            return _keys(OrganisationFile if organisation else RepositoryFile)
        case ["policies"]:
            return [_item(each.id, each.title, CompletionItemKind.Reference) for each in builtin.load()]
        case ["policies", _]:
            return _keys(PolicySettings)
        case ["policies", identity, "parameters"]:
            found = [each for each in builtin.load() if each.id == identity]
            return [_item(name, f"parameter of {identity}") for each in found for name in each.parameters]
    return []


def in_policy(text: str, line: int) -> list[CompletionItem]:
    """Keys of the front matter; in an expression, the facts of the rule's subject."""
    lines = text.split("\n")
    if not _in_front_matter(lines, line):
        return []
    key = lines[line].strip().removeprefix("- ").partition(":")[0]
    if key in ("when", "require", "at", "message") and ":" in lines[line]:
        return [_item(name, kind) for name, kind in _facts(lines)]
    return [*_keys(PolicyModel), *_keys(RuleModel)]


def parents(lines: Sequence[str], line: int) -> list[str]:
    """The keys that a line is nested in, outermost first, by indentation."""
    depth = _indent(lines[line]) if line < len(lines) else 0
    found: list[str] = []
    for above in reversed(lines[:line]):
        text = above.strip()
        if text and not text.startswith("#") and _indent(above) < depth:
            depth = _indent(above)
            found.append(text.removeprefix("- ").partition(":")[0].strip("\"'"))
    return found[::-1]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _in_front_matter(lines: Sequence[str], line: int) -> bool:
    fences = [number for number, each in enumerate(lines) if each.rstrip() == "---"][:2]
    return bool(fences) and fences[0] < line and (len(fences) == 1 or line < fences[1])


def _facts(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The facts of the subjects that the file names; of all, while it names none."""
    words = (line.strip().removeprefix("- ").partition(":") for line in lines)
    named = [value.strip() for key, _, value in words if key == "subject"]
    for kind in [each for each in named if each in SHAPES] or SHAPES:
        yield from ((name, f"{kind}: {fact.doc}") for name, fact in SHAPES[kind].items())


def _keys(model: type[BaseModel]) -> list[CompletionItem]:
    fields = model.model_fields.items()
    return [
        _item(field.alias or name, field.description or "", CompletionItemKind.Property)
        for name, field in fields
    ]


def _item(label: str, detail: str, kind: CompletionItemKind = CompletionItemKind.Field) -> CompletionItem:
    return CompletionItem(label, kind=kind, detail=detail)
