"""Blocks: statements and the names that they declare."""

from __future__ import annotations

from collections.abc import Iterable

from policy_bot.sst import nodes
from policy_bot.sst.nodes import Block, Node
from policy_bot.sst.syntax.lowering import Lowering, Tree

SILENT = {
    "comment", "empty_statement", "interface_declaration", "type_alias_declaration",
    "ambient_declaration", "function_signature", "debugger_statement", "hash_bang_line", "decorator",
}  # fmt: skip
"""Kinds of nodes without effect at run time."""


def lower_block(low: Lowering, tree: Tree) -> Block:
    """Lowers the statements of a block, a body or a file."""
    node = low.make(Block, tree)
    fill(low, node, tree.named_children)
    return node


def lower_block_node(low: Lowering, tree: Tree) -> Node:
    """`lower_block` with the type of `Kind`."""
    return lower_block(low, tree)


def fill(low: Lowering, block: Block, children: Iterable[Tree]) -> None:
    """Lowers statements into a block and collects what they declare."""
    statements: list[Node] = []
    block.functions = []
    names: list[str] = []
    constants: list[str] = []
    variables: list[str] = []
    silent = low.silent
    for child in children:
        if child.kind_id in silent:
            continue
        node = low(child)
        statements.append(node)
        inner = node.declaration if isinstance(node, nodes.Export) else node
        if isinstance(inner, nodes.Declaration):
            for pattern, _ in inner.pairs:
                declared(pattern, variables if inner.kind == "var" else names)
                if inner.kind == "const":
                    declared(pattern, constants)
        elif isinstance(inner, nodes.FunctionDeclaration):
            block.functions.append(inner)
        elif isinstance(inner, (nodes.ClassDeclaration, nodes.Enumeration, nodes.Space)):
            names.append(inner.name)
    block.statements = statements
    block.names = tuple(names)
    block.constants = frozenset(constants)
    block.variables = tuple(variables)


def declared(pattern: Node, names: list[str]) -> None:
    """Adds the names that a pattern binds."""
    if isinstance(pattern, nodes.Identifier):
        names.append(pattern.name)
    elif isinstance(pattern, (nodes.ObjectPattern, nodes.ArrayPattern)):
        for entry in pattern.entries:
            if entry is not None:
                declared(entry.target, names)
        if pattern.rest is not None:
            declared(pattern.rest, names)
