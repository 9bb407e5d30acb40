"""Lowers imports and exports."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.blocks import SILENT, declared
from policy_bot.sst.syntax.literals import string_value
from policy_bot.sst.syntax.lowering import Lowering, Tree


def lower_import(low: Lowering, tree: Tree) -> Node:
    """`import a, {b as c} from "x"`, `import * as ns from "x"`, `import "x"`, `import a = require("x")`."""
    node = low.make(nodes.Import, tree)
    node.names = []
    source = tree.child_by_field_id(low.f.source)
    node.types = any(child.type == "type" for child in tree.children)
    for child in low.inner(tree):
        if child.type == "import_require_clause":
            inner = low.inner(child)
            source = child.child_by_field_id(low.f.source)
            node.names.append(("*", low.text(inner[0])))
        elif child.type == "import_clause":
            _clause(low, node, child)
    if source is None:
        return low.opaque(tree, Why.UNSUPPORTED_SYNTAX("an import"))
    node.specifier = string_value(low, source)
    return node


def _clause(low: Lowering, node: nodes.Import, clause: Tree) -> None:
    listed = False
    for part in low.inner(clause):
        if part.type == "identifier":
            node.names.append(("default", low.text(part)))
        elif part.type == "namespace_import":
            node.names.append(("*", low.text(low.inner(part)[0])))
        elif part.type == "named_imports":
            listed = True
            for one in low.inner(part):
                if not any(child.type in {"type", "typeof"} for child in one.children):
                    name = one.child_by_field_id(low.f.name)
                    alias = one.child_by_field_id(low.f.alias)
                    node.names.append((_name(low, name), low.text(alias if alias is not None else name)))
    if listed and not node.names:
        node.types = True


def _name(low: Lowering, tree: Tree) -> str:
    return string_value(low, tree) if tree.type == "string" else low.text(tree)


def lower_export(low: Lowering, tree: Tree) -> Node:
    """`export` in all its forms."""
    node = low.make(nodes.Export, tree)
    node.names, node.declaration, node.value = [], None, None
    source = tree.child_by_field_id(low.f.source)
    node.specifier = None if source is None else string_value(low, source)
    marks = {child.type for child in tree.children if not child.is_named}
    default = "default" in marks
    declaration = tree.child_by_field_id(low.f.declaration)
    if declaration is not None:
        if declaration.type not in SILENT:
            _declaration(low, node, declaration, default)
        return node
    if "type" in marks:
        node.specifier = None
        return node
    value = tree.child_by_field_id(low.f.value)
    if value is not None or "=" in marks:
        inner = value if value is not None else low.inner(tree)[-1]
        node.value = low(inner)
        node.names.append(("", "default"))
        return node
    _names(low, node, tree, "*" in marks)
    return node


def _declaration(low: Lowering, node: nodes.Export, tree: Tree, default: bool) -> None:
    node.declaration = inner = low(tree)
    names: list[str] = []
    if isinstance(inner, nodes.Declaration):
        for pattern, _ in inner.pairs:
            declared(pattern, names)
    elif isinstance(
        inner, (nodes.FunctionDeclaration, nodes.ClassDeclaration, nodes.Enumeration, nodes.Space)
    ):
        names.append(inner.name)
    node.names += [(name, "default" if default else name) for name in names]


def _names(low: Lowering, node: nodes.Export, tree: Tree, everything: bool) -> None:
    if everything:
        node.names.append(("*", ""))
    for child in low.inner(tree):
        if child.type == "namespace_export":
            node.names.append(("*", _name(low, low.inner(child)[0])))
        elif child.type == "export_clause":
            for one in low.inner(child):
                if any(part.type == "type" for part in one.children):
                    continue
                name = one.child_by_field_id(low.f.name)
                alias = one.child_by_field_id(low.f.alias)
                low.names.add(_name(low, name))
                node.names.append((_name(low, name), _name(low, alias if alias is not None else name)))
