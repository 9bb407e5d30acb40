"""Lowers literals, names and keys."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.atoms import UNDEFINED, Primitive
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.lowering import Lowering, Tree
from policy_bot.sst.syntax.text import number, unescape


def literal(low: Lowering, tree: Tree, data: Primitive) -> nodes.Literal:
    """A literal."""
    node = nodes.Literal(low.source, tree.start_byte, tree.end_byte)
    node.data = data
    return node


def string_value(low: Lowering, tree: Tree) -> str:
    """The value of a string literal."""
    return unescape(low.data[tree.start_byte + 1 : tree.end_byte - 1].decode("utf-8", "replace"))


def lower_string(low: Lowering, tree: Tree) -> Node:
    """`"text"`."""
    return literal(low, tree, string_value(low, tree))


def lower_number(low: Lowering, tree: Tree) -> Node:
    """`300`, `0x1F`, `1_000`."""
    text = low.text(tree)
    if text.endswith("n"):
        return low.opaque(tree, Why.BIGINT())
    value = number(text)
    return (
        low.opaque(tree, Why.UNSUPPORTED_SYNTAX("a number")) if value is None else literal(low, tree, value)
    )


def lower_true(low: Lowering, tree: Tree) -> Node:
    """`true`."""
    return literal(low, tree, True)


def lower_false(low: Lowering, tree: Tree) -> Node:
    """`false`."""
    return literal(low, tree, False)


def lower_null(low: Lowering, tree: Tree) -> Node:
    """`null`."""
    return literal(low, tree, None)


def lower_undefined(low: Lowering, tree: Tree) -> Node:
    """`undefined`."""
    return literal(low, tree, UNDEFINED)


def lower_private_name(low: Lowering, tree: Tree) -> Node:
    """The left side of `#name in object`."""
    return literal(low, tree, low.text(tree))


def lower_identifier(low: Lowering, tree: Tree) -> Node:
    """A name."""
    node = nodes.Identifier(low.source, tree.start_byte, tree.end_byte)
    node.name = low.text(tree)
    low.names.add(node.name)
    return node


def lower_regex(low: Lowering, tree: Tree) -> Node:
    """`/pattern/flags`."""
    node = low.make(nodes.Regex, tree)
    parts = [low.text(child) for child in tree.named_children]
    node.pattern = parts[0] if parts else ""
    node.flags = parts[1] if len(parts) > 1 else ""
    return node


def only(low: Lowering, tree: Tree) -> Node:
    """Lowers the expression inside parentheses, casts and other wrappers that keep the value."""
    for child in tree.named_children:
        if child.kind_id != low.comment:
            return low(child)
    return low.opaque(tree, Why.SYNTAX_ERROR())


def last(low: Lowering, tree: Tree) -> Node:
    """`<T>value`: the value follows the type."""
    children = low.inner(tree)
    return low(children[-1]) if children else low.opaque(tree, Why.SYNTAX_ERROR())


def key_of(low: Lowering, tree: Tree | None) -> tuple[str, Node | None]:
    """A property's name: the text of a static key, or else the expression of a computed one."""
    if tree is None:
        return "", low.opaque_at(0, 0, Why.SYNTAX_ERROR())
    kind, k = tree.kind_id, low.k
    if kind == k.property_identifier:
        return low.text(tree), None
    if kind == k.string:
        return string_value(low, tree), None
    if kind == k.computed_property_name:
        inner = only(low, tree)
        if isinstance(inner, nodes.Literal) and isinstance(inner.data, str):
            return inner.data, None
        return "", inner
    if kind == k.number:
        value = number(low.text(tree))
        return (str(value), None) if isinstance(value, int) else ("", lower_number(low, tree))
    return low.text(tree), None
