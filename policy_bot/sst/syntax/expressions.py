"""Lowers expressions."""

from __future__ import annotations

from typing import TypeVar

from policy_bot.sst import nodes
from policy_bot.sst.nodes import Entry, Node, Opaque, Spread
from policy_bot.sst.nodes.functions import give_name
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.functions import function_node
from policy_bot.sst.syntax.literals import key_of, literal, lower_identifier, only
from policy_bot.sst.syntax.lowering import Lowering, Tree
from policy_bot.sst.syntax.patterns import lower_pattern
from policy_bot.sst.syntax.text import unescape


def lower_template(low: Lowering, tree: Tree) -> Node:
    """A template string."""
    node = low.make(nodes.Template, tree)
    node.tag, node.texts, node.parts = None, [], []
    at = tree.start_byte + 1
    for child in tree.named_children:
        if child.type == "template_substitution":
            node.texts.append(unescape(low.data[at : child.start_byte].decode("utf-8", "replace")))
            node.parts.append(only(low, child))
            at = child.end_byte
    node.texts.append(unescape(low.data[at : tree.end_byte - 1].decode("utf-8", "replace")))
    return node if node.parts else literal(low, tree, node.texts[0])


def lower_spread(low: Lowering, tree: Tree) -> Node:
    """`...value`."""
    node = low.make(Spread, tree)
    node.argument = only(low, tree)
    return node


def lower_array(low: Lowering, tree: Tree) -> Node:
    """`[a, , ...b]`; the tree shows a hole only as two commas."""
    node = low.make(nodes.ArrayLiteral, tree)
    items: list[Node | None] = []
    expecting = True
    for child in tree.children:
        if child.is_named:
            if child.kind_id != low.comment:
                items.append(low(child))
                expecting = False
        elif child.type == ",":
            if expecting:
                items.append(None)
            expecting = True
    node.items = items
    return node


def lower_object(low: Lowering, tree: Tree) -> Node:
    """`{a: 1, b, get c() {}, d() {}, ...e}`."""
    node = low.make(nodes.ObjectLiteral, tree)
    comment = low.comment
    entries = [object_entry(low, child) for child in tree.named_children if child.kind_id != comment]
    node.entries = entries
    node.named = {each.key: each for each in entries if isinstance(each, Entry) and each.computed is None}
    return node


def object_entry(low: Lowering, tree: Tree) -> Entry | Spread | Opaque:
    """One entry of an object literal."""
    kind, k = tree.kind_id, low.k
    entry = Entry(low.source, tree.start_byte, tree.end_byte)
    entry.kind, entry.computed = "value", None
    if kind == k.pair:
        if low.broken and low.damaged(tree):
            return low.opaque(tree, Why.SYNTAX_ERROR())
        entry.key, entry.computed = key_of(low, tree.child_by_field_id(low.f.key))
        entry.value = low(tree.child_by_field_id(low.f.value))
        give_name(entry.value, entry.key)
    elif kind == k.shorthand_property_identifier:
        entry.key = low.text(tree)
        entry.value = lower_identifier(low, tree)
    elif kind == k.spread_element:
        spread = low.make(Spread, tree)
        spread.argument = only(low, tree)
        return spread
    elif kind == k.method_definition:
        entry.key, entry.computed = key_of(low, tree.child_by_field_id(low.f.name))
        marks = {child.type for child in tree.children if not child.is_named}
        entry.kind = "get" if "get" in marks else "set" if "set" in marks else "value"
        entry.value = function_node(low, tree, entry.key)
    else:
        return low.opaque(tree, Why.SYNTAX_ERROR())
    return entry


def operator(low: Lowering, tree: Tree) -> str:
    """The operator's text."""
    found = tree.child_by_field_id(low.f.operator)
    return found.type if found is not None else ""


def lower_unary(low: Lowering, tree: Tree) -> Node:
    """`!a`, `-a`, `typeof a`."""
    node = low.make(nodes.Unary, tree)
    node.operator = operator(low, tree)
    node.argument = low.field(tree, low.f.argument)
    return node


def lower_update(low: Lowering, tree: Tree) -> Node:
    """`a++`, `--a`."""
    node = low.make(nodes.Update, tree)
    found = tree.child_by_field_id(low.f.operator)
    node.operator = found.type
    node.prefix = found.start_byte == tree.start_byte
    node.target = low.field(tree, low.f.argument)
    return node


def lower_binary(low: Lowering, tree: Tree) -> Node:
    """`a + b`, `a && b`. Follows a long chain of left operands in a loop, so that it does not count as
    nesting.
    """
    spine = [tree]
    left = tree.child_by_field_id(low.f.left)
    while left is not None and left.kind_id == tree.kind_id and not (low.broken and low.damaged(left)):
        spine.append(left)
        left = left.child_by_field_id(low.f.left)
    node = low(left)
    if len(spine) > low.nesting * 4:
        return low.opaque(tree, Why.OPERATORS(low.nesting * 4))
    for part in reversed(spine):
        sign = operator(low, part)
        right = part.child_by_field_id(low.f.right)
        if sign in {"&&", "||", "??"}:
            node = _both(low.make(nodes.Logical, part), sign, node, low(right))
        else:
            made = _both(low.make(nodes.Binary, part), sign, node, low(right))
            node = _from_left(made) if sign in _RELATIONAL and right.kind_id == tree.kind_id else made
    return node


_Both = TypeVar("_Both", nodes.Logical, nodes.Binary)


def _both(node: _Both, sign: str, left: Node, right: Node) -> _Both:
    node.operator, node.left, node.right = sign, left, right
    return node


_RELATIONAL = {"<", ">", "<=", ">=", "in", "instanceof"}


def _from_left(node: nodes.Binary) -> nodes.Binary:
    """Rotates `a < (b < c)`, as the grammar reads it, into JavaScript's `(a < b) < c`."""
    right = node.right
    if not isinstance(right, nodes.Binary) or right.operator not in _RELATIONAL:
        return node
    inner = nodes.Binary(node.source, node.start, right.left.end)
    inner.operator, inner.left, inner.right = node.operator, node.left, right.left
    made = nodes.Binary(node.source, node.start, node.end)
    made.operator, made.left, made.right = right.operator, _from_left(inner), right.right
    return made


def lower_conditional(low: Lowering, tree: Tree) -> Node:
    """`a ? b : c`."""
    node = low.make(nodes.Conditional, tree)
    node.test = low.field(tree, low.f.condition)
    node.yes = low.field(tree, low.f.consequence)
    node.no = low.field(tree, low.f.alternative)
    return node


def lower_assignment(low: Lowering, tree: Tree) -> Node:
    """`a = b`, also to a pattern."""
    node = low.make(nodes.Assign, tree)
    node.operator = ""
    node.target = lower_pattern(low, tree.child_by_field_id(low.f.left))
    node.value = low.field(tree, low.f.right)
    if isinstance(node.target, nodes.Identifier):
        give_name(node.value, node.target.name)
    return node


def lower_augmented(low: Lowering, tree: Tree) -> Node:
    """`a += b`, `a ??= b`."""
    node = low.make(nodes.Assign, tree)
    node.operator = operator(low, tree)[:-1]
    node.target = low.field(tree, low.f.left)
    node.value = low.field(tree, low.f.right)
    return node


def lower_sequence(low: Lowering, tree: Tree) -> Node:
    """`a, b`."""
    node = low.make(nodes.Sequence, tree)
    node.items = [low(child) for child in low.inner(tree)]
    return node


def lower_await(low: Lowering, tree: Tree) -> Node:
    """`await a`."""
    node = low.make(nodes.Await, tree)
    node.argument = only(low, tree)
    return node


def lower_yield(low: Lowering, tree: Tree) -> Node:
    """`yield a`."""
    node = low.make(nodes.Yield, tree)
    children = low.inner(tree)
    node.argument = low(children[0]) if children else None
    node.delegate = any(child.type == "*" for child in tree.children)
    return node


def lower_this(low: Lowering, tree: Tree) -> Node:
    """`this`."""
    return low.make(nodes.This, tree)


def lower_super(low: Lowering, tree: Tree) -> Node:
    """`super`."""
    return low.make(nodes.Super, tree)


def lower_meta(low: Lowering, tree: Tree) -> Node:
    """`import.meta`, `new.target`."""
    return low.make(nodes.Meta, tree)


def lower_jsx(low: Lowering, tree: Tree) -> Node:
    """JSX, which is never a setting."""
    low.everything = True
    return low.opaque(tree, Why.UNSUPPORTED_SYNTAX("JSX"))
