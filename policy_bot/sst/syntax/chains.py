"""Lowers chains of members, indexes and calls such as `a?.b().c[0]` without recursion, whatever their
length.
"""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.lowering import Lowering, Tree


def lower_chain(low: Lowering, tree: Tree) -> Node:
    """Lowers a chain: collects its links from the outside in, then lowers them from the inside out."""
    links: list[tuple[Tree, int]] = []
    at: Tree | None = tree
    while at is not None and not (low.broken and at.has_error and low.damaged(at)):
        kind = at.kind_id
        below = _below(low, at, kind)
        if below is None:
            break
        links.append((at, kind))
        at = below
    if len(links) > low.nesting:
        return low.opaque(tree, Why.CHAIN_LINKS(low.nesting))
    node = low(at) if links else low.opaque(tree, Why.SYNTAX_ERROR())
    short = False
    for link, kind in reversed(links):
        node, optional = _link(low, link, kind, node)
        short = short or optional
    if not short:
        return node
    chain = low.make(nodes.Chain, tree)
    chain.expression = node
    return chain


def _below(low: Lowering, tree: Tree, kind: int) -> Tree | None:
    """The operand of a link; None if the node is not a link."""
    k = low.k
    if kind in {k.member_expression, k.subscript_expression}:
        return tree.child_by_field_id(low.f.object)
    if kind == k.call_expression:
        return tree.child_by_field_id(low.f.function)
    if kind in {k.non_null_expression, k.instantiation_expression}:
        return next((child for child in tree.named_children if child.kind_id != low.comment), None)
    return None


def _link(low: Lowering, tree: Tree, kind: int, below: Node) -> tuple[Node, bool]:
    k = low.k
    if kind == k.member_expression:
        member = nodes.Member(low.source, tree.start_byte, tree.end_byte)
        name = tree.child_by_field_id(low.f.property)
        member.object, member.name, member.name_start = below, low.text(name), name.start_byte
        member.optional = tree.child_by_field_id(low.f.optional_chain) is not None
        return member, member.optional
    if kind == k.call_expression:
        return _call(low, tree, below)
    if kind == k.subscript_expression:
        index = low.make(nodes.Index, tree)
        index.object, index.index = below, low.field(tree, low.f.index)
        index.optional = tree.child_by_field_id(low.f.optional_chain) is not None
        return index, index.optional
    return below, False


def _call(low: Lowering, tree: Tree, callee: Node) -> tuple[Node, bool]:
    arguments = tree.child_by_field_id(low.f.arguments)
    if arguments is not None and arguments.kind_id == low.k.template_string:
        return _tagged(low, tree, callee, arguments), False
    listed = lower_arguments(low, arguments)
    if callee.__class__ is nodes.Opaque and tree.child_by_field_id(low.f.function).type == "import":
        node = low.make(nodes.ImportCall, tree)
        node.argument = listed[0] if listed else low.opaque(tree, Why.EMPTY_IMPORT())
        return node, False
    call = low.make(nodes.Call, tree)
    call.callee, call.arguments = callee, listed
    call.optional = tree.child_count > 2 and any(child.type == "?." for child in tree.children)
    return call, call.optional


def _tagged(low: Lowering, tree: Tree, tag: Node, text: Tree) -> Node:
    inner = low(text)
    node = low.make(nodes.Template, tree)
    if isinstance(inner, nodes.Template):
        node.texts, node.parts = inner.texts, inner.parts
    elif isinstance(inner, nodes.Literal):
        node.texts, node.parts = [str(inner.data)], []
    else:
        return inner
    node.tag = tag
    return node


def lower_arguments(low: Lowering, tree: Tree | None) -> list[Node]:
    """Lowers the arguments of a call."""
    if tree is None:
        return []
    comment = low.comment
    return [low(child) for child in tree.named_children if child.kind_id != comment]


def lower_new(low: Lowering, tree: Tree) -> Node:
    """`new A.B(c)`."""
    node = low.make(nodes.New, tree)
    node.callee = low.field(tree, low.f.constructor)
    node.arguments = lower_arguments(low, tree.child_by_field_id(low.f.arguments))
    return node
