"""A `Project` as bytes and back, for the pipe between the reading process and its parent.

Not pickle: the child reads hostile input with a parser in C, so what it sends is not trusted further than
plain data. Even a restricted unpickler lets a sender set attributes of the allowed classes for the rest of
the parent's life. Here decoding can only build the dataclasses of `policy_bot.sst.deployment` from JSON;
nothing else can be named.

The format is a table: each row is a tag and its parts, a part is an atom or `[row]`, always an earlier row.
What many values share (the chain of origins above all) is sent once and is shared again afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from policy_bot.sst import deployment
from policy_bot.sst.record import field_names
from policy_bot.sst.span import Span

_CLASSES: dict[str, Any] = {
    name: cls
    for name, cls in vars(deployment).items()
    if isinstance(cls, type) and field_names(cls) and cls.__module__ == deployment.__name__
}
_FIELDS = {cls: field_names(cls) for cls in _CLASSES.values()}
_ATOMS = (str, int, float, bool, type(None))


def _builder(cls: Callable[..., Any]) -> Callable[[list[Any]], Any]:
    return lambda parts: cls(*parts)


def _pairs(parts: list[Any]) -> dict[Any, Any]:
    return dict(zip(parts[::2], parts[1::2], strict=True))


_BUILD: dict[str, Callable[[list[Any]], Any]] = {
    "list": list,
    "tuple": tuple,
    "set": frozenset,
    "dict": _pairs,
    "Span": Span._make,
    **{name: _builder(cls) for name, cls in _CLASSES.items()},
}


class Garbled(Exception):
    """The other side sent something that is not a table of ours."""


def encode(root: object) -> bytes:
    """The object and all it holds. Raises `TypeError` for what is not plain data and `ValueError` for a
    cycle.
    """
    rows: list[list[object]] = []
    index: dict[int, int] = {}
    open_: set[int] = set()
    stack = [root]
    while stack:
        item = stack[-1]
        if id(item) in index:
            stack.pop()
            continue
        tag, parts = _taken_apart(item)
        open_.add(id(item))
        missing = [part for part in parts if not isinstance(part, _ATOMS) and id(part) not in index]
        if missing:
            if any(id(part) in open_ for part in missing):
                raise ValueError("a value that contains itself cannot be sent")
            stack.extend(missing)
            continue
        rows.append([tag, *(part if isinstance(part, _ATOMS) else [index[id(part)]] for part in parts)])
        index[id(item)] = len(rows) - 1
        open_.discard(id(item))
        stack.pop()
    return json.dumps(rows, separators=(",", ":")).encode()


def _taken_apart(item: object) -> tuple[str, list[Any]]:
    match item:
        case Span():
            return "Span", list(item)
        case list():
            return "list", item
        case tuple():
            return "tuple", list(item)
        case frozenset() | set():
            return "set", sorted(item)
        case dict():
            return "dict", [part for pair in item.items() for part in pair]
    fields = _FIELDS.get(type(item))
    if fields is None:
        raise TypeError(f"{type(item).__name__} is not plain data")
    return type(item).__name__, [getattr(item, name) for name in fields]


def decode(data: bytes) -> Any:
    """What `encode` was given. Raises `Garbled` for anything else."""
    try:
        built: list[Any] = []
        for tag, *parts in json.loads(data):
            # a row may only name earlier rows: no cycles, no recursion
            built.append(_BUILD[tag]([built[part[0]] if isinstance(part, list) else part for part in parts]))
        return built[-1]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise Garbled(type(error).__name__) from None
