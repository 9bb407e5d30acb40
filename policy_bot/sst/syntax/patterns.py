"""Lowers patterns: the left side of declarations, parameters and assignments."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.nodes import Node, PatternEntry
from policy_bot.sst.nodes.functions import give_name
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.literals import key_of
from policy_bot.sst.syntax.lowering import Lowering, Tree


def lower_pattern(low: Lowering, tree: Tree | None) -> Node:
    """Lowers a pattern or any other assignment target; patterns count towards nesting as expressions do."""
    if tree is None:
        return low.opaque_at(0, 0, Why.SYNTAX_ERROR())
    kind = tree.type
    if kind == "identifier":
        node = low.make(nodes.Identifier, tree)
        node.name = low.text(tree)
        return node
    if kind not in {"object_pattern", "array_pattern", "parenthesized_expression", "non_null_expression"}:
        return low(tree)
    if low.depth >= low.nesting:
        return low.opaque(tree, Why.NESTING(low.nesting))
    if low.broken and low.damaged(tree):
        return low.opaque(tree, Why.SYNTAX_ERROR())
    low.depth += 1
    lowered = (
        _object(low, tree)
        if kind == "object_pattern"
        else _array(low, tree)
        if kind == "array_pattern"
        else _inner(low, tree)
    )
    low.depth -= 1
    return lowered


def _inner(low: Lowering, tree: Tree) -> Node:
    children = low.inner(tree)
    return lower_pattern(low, children[0] if children else None)


def _object(low: Lowering, tree: Tree) -> Node:
    node = low.make(nodes.ObjectPattern, tree)
    node.entries, node.rest = [], None
    for child in low.inner(tree):
        kind = child.type
        if kind == "rest_pattern":
            node.rest = _inner(low, child)
        elif kind == "pair_pattern":
            key = child.child_by_field_id(low.f.key)
            value = child.child_by_field_id(low.f.value)
            node.entries.append(_entry(low, child, key, value))
        elif kind == "object_assignment_pattern":
            left = child.child_by_field_id(low.f.left)
            entry = _entry(low, child, left, left)
            entry.default = low.maybe(child, low.f.right)
            node.entries.append(entry)
        else:
            node.entries.append(_entry(low, child, child, child))
    return node


def _entry(low: Lowering, tree: Tree, key: Tree, value: Tree | None) -> PatternEntry:
    entry = low.make(PatternEntry, tree)
    entry.key, entry.computed = key_of(low, key)
    entry.target, entry.default = _with_default(low, value)
    return entry


def _with_default(low: Lowering, tree: Tree | None) -> tuple[Node, Node | None]:
    if tree is not None and tree.type in {
        "shorthand_property_identifier_pattern",
        "shorthand_property_identifier",
    }:
        node = low.make(nodes.Identifier, tree)
        node.name = low.text(tree)
        return node, None
    if tree is not None and tree.type == "object_assignment_pattern":
        return _with_default(low, tree.child_by_field_id(low.f.left))[0], low.maybe(tree, low.f.right)
    if tree is not None and tree.type == "assignment_pattern":
        target, default = lower_pattern(low, tree.child_by_field_id(low.f.left)), low.maybe(tree, low.f.right)
        if isinstance(target, nodes.Identifier):
            give_name(default, target.name)
        return target, default
    return lower_pattern(low, tree), None


def _array(low: Lowering, tree: Tree) -> Node:
    node = low.make(nodes.ArrayPattern, tree)
    node.entries, node.rest = [], None
    expecting = True
    for child in tree.children:
        if not child.is_named:
            if child.type == ",":
                if expecting:
                    node.entries.append(None)
                expecting = True
        elif child.kind_id != low.comment:
            expecting = False
            if child.type == "rest_pattern":
                node.rest = _inner(low, child)
            else:
                entry = low.make(PatternEntry, child)
                entry.key, entry.computed = "", None
                entry.target, entry.default = _with_default(low, child)
                node.entries.append(entry)
    return node
