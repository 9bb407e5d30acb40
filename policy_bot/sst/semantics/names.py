"""Names of components that Pulumi and SST refuse."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.catalog import refusals as catalog
from policy_bot.sst.deployment import Crash
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Construction, Obj
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.lambdas import argument_at, component_name
from policy_bot.sst.semantics.lookup import is_nothing, lookup
from policy_bot.sst.values import NOTHING, Known, is_nullish

_SST = ("sst.aws.", "sst.cloudflare.", "sst.Secret", "sst.Linkable")
_NAMED = (*_SST, "aws.")


def named(record: Construction) -> str:
    """A component's name, `?` if it is unknown."""
    value = strip(component_name(record))
    return value.data if isinstance(value, Known) and isinstance(value.data, str) else "?"


def name_refusals(recording: Recording) -> Iterator[Crash]:
    """Refused names of components that certainly exist.

    Two components of one type and name are refused if neither has a parent.
    """
    seen: dict[tuple[str, str], Construction] = {}
    for record in recording.constructions:
        if not record.certain or record.reference or not record.type.startswith(_NAMED):
            continue
        name = strip(record.name)
        if isinstance(name, Known):
            yield from _of_name(name.data, record)
        if not (isinstance(name, Known) and isinstance(name.data, str)) or not _is_at_top(recording, record):
            continue
        own = record.type.startswith(_SST)
        if own and name.data.lower() == "app":
            text = catalog.NAME_RESERVED.format(name=name.data, type=record.type.replace(".", ":"))
            yield Crash(text, record.span, "name", "Rename it.")
        key = ("sst", name.data.lower()) if own else (record.type, name.data)
        first = seen.setdefault(key, record)
        if first is not record:
            message = catalog.NAME_NOT_UNIQUE if own else catalog.NAME_TWICE
            text = message.format(type=record.type, name=name.data)
            where = f"{first.span.path}:{first.span.line}"
            yield Crash(
                text, record.span, "name-twice", f"The first one is at {where}: rename one of the two."
            )


def _of_name(name: object, record: Construction) -> Iterator[Crash]:
    if not record.type.startswith(_SST):
        return
    if is_nothing(name) or name == "":
        yield Crash(catalog.NAME_MISSING, record.span, "name", f"Give the {record.type} a name.")
    elif isinstance(name, Obj):
        remedy = f"Give the {record.type} a name in front of its arguments."
        yield Crash(catalog.NAME_NOT_TEXT, record.span, "name", remedy, catalog.NAME_SPACES[0])
    elif isinstance(name, str) and " " in name:
        since, message = catalog.NAME_SPACES
        yield Crash(message.format(name=name), record.span, "name", "Write it without spaces.", since)


def _is_at_top(recording: Recording, record: Construction) -> bool:
    """Whether the component certainly has no parent, by its options."""
    options = strip(argument_at(record, 2))
    if options is NOTHING:
        return not record.subclass
    if not isinstance(options, Known):
        return False
    parent = lookup(recording.machine, options, "parent")
    is_plain = is_nothing(options.data) or isinstance(options.data, Obj)
    return is_plain and is_nullish(parent) and not record.subclass
