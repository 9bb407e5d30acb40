"""Walks a syntax tree node by node, in linear time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_bot.sst import nodes
from policy_bot.sst.nodes import Node

_SKIPPED = {"source", "start", "end", "name_start", "functions", "block"}  # also listed as statements
_PLAIN = {
    "str", "str | None", "bool", "int", "Primitive", "Reason", "Span", "list[str]", "tuple[str, ...]",
    "frozenset[str]", "list[tuple[str, str]]", "dict[str, Entry]",
}  # fmt: skip
"""Types of attributes that hold no nodes of their own."""


class _Holders(dict[type, tuple[str, ...]]):
    """The attributes of a class that may hold nodes."""

    def __missing__(self, kind: type) -> tuple[str, ...]:
        bases = kind.__mro__[:-1]
        found = ((name, base.__annotations__.get(name)) for base in bases for name in vars(base)["__slots__"])
        self[kind] = tuple(name for name, type_ in found if name not in _SKIPPED and type_ not in _PLAIN)
        return self[kind]


_HOLDERS = _Holders()


def children(node: Node) -> list[Node]:
    """The direct children of a node; of a function its parameters and its body."""
    if isinstance(node, nodes.FunctionNode):
        body = node.lower()
        inner = [each for each in (body.statements, body.expression) if each is not None]
        return [*body.parameters, *inner]
    found: list[Node] = []
    for name in _HOLDERS[node.__class__]:
        value = getattr(node, name, None)
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, (list, tuple)):
            found += _nodes_in(value)
    return found


def _nodes_in(values: Iterable[object]) -> Iterator[Node]:
    for each in values:
        if isinstance(each, Node):
            yield each
        elif isinstance(each, (list, tuple)):
            yield from _nodes_in(each)


def walk(start: Node, into_functions: bool = True) -> Iterator[Node]:
    """Yields a node and its descendants in source order."""
    stack = [start]
    while stack:
        node = stack.pop()
        yield node
        if into_functions or not isinstance(node, nodes.FunctionNode):
            stack.extend(reversed(children(node)))


def text_of(node: Node) -> str | None:
    """The value of a string literal or of a template without expressions."""
    if isinstance(node, nodes.Literal) and isinstance(node.data, str):
        return str(node.data)
    if isinstance(node, nodes.Template) and node.tag is None and not node.parts:
        return node.texts[0]
    return None
