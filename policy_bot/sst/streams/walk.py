"""Walks a syntax tree node by node, in linear time."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst import nodes
from policy_bot.sst.nodes import Node

_SLOTS: dict[type, tuple[str, ...]] = {}
_SKIPPED = {"source", "start", "end", "name_start", "functions", "block"}  # also listed as statements


def children(node: Node) -> Iterator[Node]:
    """The direct children of a node; of a function its parameters and its body."""
    if isinstance(node, nodes.FunctionNode):
        body = node.lower()
        yield from body.parameters
        if body.statements is not None:
            yield body.statements
        if body.expression is not None:
            yield body.expression
        return
    kind = type(node)
    slots = _SLOTS.get(kind)
    if slots is None:
        found = (name for base in kind.__mro__ for name in getattr(base, "__slots__", ()))
        slots = _SLOTS[kind] = tuple(name for name in found if name not in _SKIPPED)
    for name in slots:
        yield from _nodes_in(getattr(node, name, None))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _nodes_in(each)


def walk(start: Node, into_functions: bool = True) -> Iterator[Node]:
    """Yields a node and its descendants in source order."""
    stack = [start]
    while stack:
        node = stack.pop()
        yield node
        if into_functions or not isinstance(node, nodes.FunctionNode):
            stack.extend(reversed(list(children(node))))


def text_of(node: Node) -> str | None:
    """The value of a string literal or of a template without expressions."""
    if isinstance(node, nodes.Literal) and isinstance(node.data, str):
        return str(node.data)
    if isinstance(node, nodes.Template) and node.tag is None and not node.parts:
        return node.texts[0]
    return None
