"""Lowers functions and classes; a function's body when it is first called, because most never are."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.nodes import Body, ClassMember, ClassNode, FunctionNode, Node, Parameter
from policy_bot.sst.nodes.functions import give_name
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.blocks import lower_block
from policy_bot.sst.syntax.literals import key_of
from policy_bot.sst.syntax.lowering import Lowering, Tree
from policy_bot.sst.syntax.patterns import lower_pattern


def function_node(low: Lowering, tree: Tree, name: str) -> FunctionNode:
    """Lowers a function of any form: declaration, expression, arrow, method."""
    node = low.make(FunctionNode, tree)
    node.name, node.given = name, ""
    node.arrow = tree.kind_id == low.k.arrow_function
    marks = {child.type for child in tree.children if not child.is_named}
    node.asynchronous = "async" in marks
    node.generator = "*" in marks
    node.body = None
    node.pending = lambda: recovered_body(low, tree) if low.broken else lower_body(low, tree)
    low.pending.append(node)
    return node


def lower_function(low: Lowering, tree: Tree) -> Node:
    """Lowers a function expression."""
    name = tree.child_by_field_id(low.f.name)
    return function_node(low, tree, "" if name is None else low.text(name))


def recovered_body(low: Lowering, tree: Tree) -> Body:
    """Lowers a body in a file with syntax errors, in whose tree any part may be missing."""
    try:
        return lower_body(low, tree)
    except (AttributeError, IndexError, TypeError):
        body = Body()
        body.parameters, body.simple, body.fields, body.statements = [], [], [], None
        body.expression = low.opaque(tree, Why.SYNTAX_ERROR())
        return body


def lower_body(low: Lowering, tree: Tree) -> Body:
    """Lowers parameters and statements. Nesting is counted from the function; calls have their own limit."""
    depth, low.depth = low.depth, 0
    body = Body()
    single = tree.child_by_field_id(low.f.parameter)
    listed = tree.child_by_field_id(low.f.parameters)
    if single is not None:
        body.parameters = [_parameter(low, single, single)]
    else:
        body.parameters = [] if listed is None else _parameters(low, listed)
    body.fields = (
        []
        if listed is None
        else [
            low.text(pattern)
            for child in low.inner(listed)
            if (pattern := child.child_by_field_id(low.f.pattern)) is not None
            and any(
                mark.type in {"accessibility_modifier", "readonly", "override_modifier"}
                for mark in child.children
            )
        ]
    )
    plain = all(
        p.pattern.__class__ is nodes.Identifier and p.default is None and not p.rest for p in body.parameters
    )
    body.simple = [p.pattern.name for p in body.parameters] if plain else None  # type: ignore[attr-defined]
    inner = tree.child_by_field_id(low.f.body)
    body.statements, body.expression = None, None
    if inner is not None and inner.kind_id == low.k.statement_block:
        body.statements = lower_block(low, inner)
    elif inner is not None:
        body.expression = low(inner)
    low.depth = depth
    return body


def _parameters(low: Lowering, tree: Tree) -> list[Parameter]:
    made = []
    for child in low.inner(tree):
        pattern = child.child_by_field_id(low.f.pattern)
        if pattern is None:
            pattern = child
        if pattern.type != "this":
            made.append(_parameter(low, child, pattern))
    return made


def _parameter(low: Lowering, tree: Tree, pattern: Tree) -> Parameter:
    node = low.make(Parameter, tree)
    node.rest = pattern.type == "rest_pattern"
    node.pattern = lower_pattern(low, low.inner(pattern)[0] if node.rest and low.inner(pattern) else pattern)
    node.default = low.maybe(tree, low.f.value) if tree is not pattern else None
    if isinstance(node.pattern, nodes.Identifier):
        give_name(node.default, node.pattern.name)
    return node


def lower_class(low: Lowering, tree: Tree) -> Node:
    """Lowers a class expression."""
    return class_node(low, tree)


def class_node(low: Lowering, tree: Tree) -> ClassNode:
    """Lowers a class of any form."""
    node = low.make(ClassNode, tree)
    name = tree.child_by_field_id(low.f.name)
    node.name, node.given = "" if name is None else low.text(name), ""
    node.base, node.members = None, []
    for child in tree.named_children:
        if child.type == "class_heritage":
            node.base = _base(low, child)
    body = tree.child_by_field_id(low.f.body)
    node.decorators = _decorators(low, tree, body)
    for child in [] if body is None else body.named_children:
        member = _member(low, child)
        if member is not None:
            node.members.append(member)
    return node


def _decorators(low: Lowering, tree: Tree, body: Tree | None) -> list[Node]:
    """The expressions of a class's decorators and of its members'."""
    parent = tree.parent
    places = [tree, *([] if body is None else [body, *body.named_children])]
    if parent is not None and parent.type == "export_statement":
        places.append(parent)
    found = (child for place in places for child in place.named_children if child.type == "decorator")
    return [low(child.named_children[0]) for child in found if child.named_children]


def _base(low: Lowering, heritage: Tree) -> Node | None:
    for clause in heritage.named_children:
        if clause.type == "extends_clause":
            return low.field(clause, low.f.value)
        if clause.type not in {"implements_clause", "comment"}:
            return low(clause)
    return None


def _member(low: Lowering, tree: Tree) -> ClassMember | None:
    kind = tree.type
    member = low.make(ClassMember, tree)
    member.key, member.computed, member.value, member.static = "", None, None, False
    if kind == "class_static_block":
        member.kind, member.static = "block", True
        member.value = lower_block(low, tree.child_by_field_id(low.f.body))
        return member
    if kind not in {"method_definition", "public_field_definition", "field_definition"}:
        return None
    marks = {child.type for child in tree.children if not child.is_named}
    member.static = "static" in marks
    name = tree.child_by_field_id(low.f.name) or tree.child_by_field_id(low.f.property)
    member.key, member.computed = key_of(low, name)
    if kind == "method_definition":
        member.kind = "get" if "get" in marks else "set" if "set" in marks else "method"
        member.value = function_node(low, tree, member.key)
    elif "declare" in marks:
        return None
    else:
        member.kind = "field"
        member.value = low.maybe(tree, low.f.value)
        give_name(member.value, member.key)
    return member
