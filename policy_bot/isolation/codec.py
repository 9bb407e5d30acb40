"""A `Project` as bytes and back, for the pipe between the reading process and its parent.

Not pickle: the child reads hostile input with a parser in C, so what it sends is not trusted further than
plain data. Even a restricted unpickler lets a sender set attributes of the allowed classes for the rest of
the parent's life. Here decoding can only build the dataclasses of `policy_bot.sst.deployment` and their
reasons from JSON; nothing else can be named.

The format is a table: each row is a tag and its parts, a part is an atom or `[row]`, always an earlier row.
What many values share (the chain of origins above all) is sent once and is shared again afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from policy_bot.sst import deployment
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.record import field_names
from policy_bot.sst.span import Span

_CLASSES: dict[str, Any] = {
    name: cls
    for name, cls in vars(deployment).items()
    if isinstance(cls, type) and field_names(cls) and cls.__module__ == deployment.__name__
}
_CLASSES["Reason"] = Reason
_FIELDS = {cls: field_names(cls) for cls in _CLASSES.values()}
_TAGS: dict[type, str] = {Span: "Span", list: "list", tuple: "tuple"}
_ATOMS = frozenset({str, int, float, bool, type(None)})


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
    "Why": lambda parts: Why[parts[0]],
    **{name: _builder(cls) for name, cls in _CLASSES.items()},
}


class Garbled(Exception):
    """The other side sent something that is not a table of ours."""


def encode(root: object) -> bytes:
    """The object and all it holds. Raises `TypeError` for other than plain data, `ValueError` for a cycle."""
    rows: list[list[object]] = []
    index: dict[int, int] = {}
    open_ = {id(root)}
    stack = [(root, *_taken_apart(root))]
    while stack:  # not recursive: how deep it goes is up to whoever wrote the source
        item, parts, row = stack[-1]
        for part in parts:
            if part.__class__ in _ATOMS:
                row.append(part)
            elif (number := index.get(id(part))) is not None:
                row.append([number])
            elif id(part) in open_:
                raise ValueError("a value that contains itself cannot be sent")
            else:  # its number comes into the row when it is written
                open_.add(id(part))
                stack.append((part, *_taken_apart(part)))
                break
        else:
            stack.pop()
            open_.discard(id(item))
            number = index[id(item)] = len(rows)
            rows.append(row)
            if stack:
                stack[-1][2].append([number])
    return json.dumps(rows, separators=(",", ":")).encode()


def _taken_apart(item: Any) -> tuple[Iterator[Any], list[object]]:
    """The parts still to be written, and the row they are written to."""
    kind = item.__class__
    fields = _FIELDS.get(kind)
    if fields is not None:
        return iter([getattr(item, name) for name in fields]), [kind.__name__]
    if kind in _TAGS:
        return iter(item), [_TAGS[kind]]
    if kind is dict:
        return chain.from_iterable(item.items()), ["dict"]
    if kind is Why:
        return iter((item.name,)), ["Why"]
    if kind is frozenset or kind is set:
        return iter(sorted(item)), ["set"]
    raise TypeError(f"{kind.__name__} is not plain data")


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
