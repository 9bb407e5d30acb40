"""Encodes a `Project` for the pipe between the reading process and its parent.

Not pickle: the child reads hostile input with a parser in C, so its output is trusted as plain data at most.
Even a restricted unpickler lets a sender set attributes of the allowed classes for the rest of the parent's
life. This decoder can only build the dataclasses of `policy_bot.sst.deployment` and their reasons from JSON.

The format is a table: each row is a tag and its parts; a part is an atom or `[row]`, always an earlier row.
Values that occur often (the chain of origins above all) are sent once and are shared again after decoding.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import chain
from types import MappingProxyType, ModuleType
from typing import Any

from policy_bot.record import NamedTuple, field_names
from policy_bot.sst import deployment
from policy_bot.sst.deployment import Value
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.span import Span

_NAMES: dict[type, str] = {}
"""Wire names of records that share their class name with another one."""
_TAGS: dict[type, str] = {Span: "Span", list: "list", tuple: "tuple"}
_LEAVES: dict[type, tuple[str, Callable[[Any], object]]] = {}
_ATOMS = frozenset({str, int, float, bool, type(None)})
_Build = Callable[[list[Any]], Any]


class Table(NamedTuple):
    """The record types that can be sent, by name: their fields, and how each is built."""

    fields: dict[type, tuple[str, ...]]
    build: dict[str, _Build]


def table(*modules: ModuleType) -> Table:
    """The table for projects and the records of these modules."""
    classes: dict[str, Any] = {"Reason": Reason}
    for module in (deployment, *modules):
        classes |= {
            name: cls
            for name, cls in vars(module).items()
            if isinstance(cls, type) and _parts(cls) and cls.__module__ == module.__name__
        }
    build: dict[str, _Build] = {
        "list": list,
        "tuple": tuple,
        "set": frozenset,
        "dict": _pairs,
        "Span": Span._make,
        "Why": lambda parts: Why[parts[0]],
        **{name: _builder(cls) for name, cls in classes.items()},
    }
    return Table({cls: _parts(cls) for cls in classes.values()}, build)


def _parts(cls: type) -> tuple[str, ...]:
    """The fields of a record or named tuple; () for other classes."""
    return field_names(cls) or tuple(getattr(cls, "_fields", ()))


def _builder(cls: Callable[..., Any]) -> _Build:
    return lambda parts: cls(*parts)


def _pairs(parts: list[Any]) -> dict[Any, Any]:
    return dict(zip(parts[::2], parts[1::2], strict=True))


_PROJECT = table()


def learn(*classes: type) -> None:
    """Registers these records and named tuples under module and name, so that equal names do not clash."""
    for cls in classes:
        tag = _NAMES[cls] = f"{cls.__module__.rpartition('.')[2]}.{cls.__name__}"
        _PROJECT.fields[cls] = _parts(cls)
        _PROJECT.build[tag] = _builder(cls)


def learn_leaf(cls: type, atom: Callable[[Any], object], build: Callable[[Any], object]) -> None:
    """Registers a class whose values are sent as one text or number."""
    _LEAVES[cls] = cls.__name__, atom
    _PROJECT.build[cls.__name__] = lambda parts: build(parts[0])


class Garbled(Exception):
    """The data received is not a valid table."""


def encode(root: object, known: Table = _PROJECT) -> bytes:
    """Encodes an object graph. Raises `TypeError` unless it is plain data, `ValueError` for a cycle."""
    rows: list[list[object]] = [["tuple"]]
    index: dict[int, int] = {id(()): 0}
    leaves: dict[object, int] = {}
    open_ = {id(root)}
    fields = known.fields
    stack = [(root, *_taken_apart(root, fields))]
    while stack:  # not recursive, since the source determines the depth
        item, parts, row = stack[-1]
        for part in parts:
            kind = part.__class__
            if kind in _ATOMS:
                row.append(part)
            elif (number := index.get(id(part))) is not None:
                row.append([number])
            elif kind is Span or (
                kind is Value
                and part.reason is None
                and part.value.__class__ in _ATOMS
                and id(part.origin) in index
            ):
                # two of three rows are leaves, and most of them repeat
                leaf = part if kind is Span else (part.value.__class__, part.value, index[id(part.origin)])
                number = leaves.get(leaf)
                if number is None:
                    number = leaves[leaf] = len(rows)
                    rows.append(["Span", *part] if kind is Span else ["Value", part.value, [leaf[2]]])
                index[id(part)] = number
                row.append([number])
            elif id(part) in open_:
                raise ValueError("a value that contains itself cannot be sent")
            else:  # its number is filled in when its row is written
                open_.add(id(part))
                stack.append((part, *_taken_apart(part, fields)))
                break
        else:
            stack.pop()
            open_.discard(id(item))
            number = index[id(item)] = len(rows)
            rows.append(row)
            if stack:
                stack[-1][2].append([number])
    return json.dumps(rows, separators=(",", ":")).encode()


def _taken_apart(item: Any, known: dict[type, tuple[str, ...]]) -> tuple[Iterator[Any], list[object]]:
    """The parts still to be written, and the row that holds them."""
    kind = item.__class__
    fields = known.get(kind)
    if kind is Value and item.reason is None:  # the other fields have their defaults
        return iter((item.value, item.origin)), ["Value"]
    if fields is not None:
        return iter([getattr(item, name) for name in fields]), [_NAMES.get(kind, kind.__name__)]
    if kind in _TAGS:
        return iter(item), [_TAGS[kind]]
    if kind is dict or kind is MappingProxyType:
        return chain.from_iterable(item.items()), ["dict"]
    if kind in _LEAVES:
        tag, atom = _LEAVES[kind]
        return iter((atom(item),)), [tag]
    if kind is Why:
        return iter((item.name,)), ["Why"]
    if kind is frozenset or kind is set:
        return iter(sorted(item)), ["set"]
    raise TypeError(f"{kind.__name__} is not plain data")


def decode(data: bytes, known: Table = _PROJECT) -> Any:
    """Decodes the output of `encode`. Raises `Garbled` for anything else."""
    build = known.build
    try:
        built: list[Any] = []
        for tag, *parts in json.loads(data):
            # a row refers to earlier rows only: no cycles, no recursion
            built.append(build[tag]([built[part[0]] if isinstance(part, list) else part for part in parts]))
        return built[-1]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise Garbled(type(error).__name__) from None
