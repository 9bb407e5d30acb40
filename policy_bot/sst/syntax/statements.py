"""Lowers statements."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.nodes import Block, Node
from policy_bot.sst.nodes.functions import give_name
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.blocks import SILENT, fill, lower_block
from policy_bot.sst.syntax.functions import class_node, function_node
from policy_bot.sst.syntax.literals import key_of, only
from policy_bot.sst.syntax.lowering import Lowering, Tree
from policy_bot.sst.syntax.patterns import lower_pattern


def lower_declaration(low: Lowering, tree: Tree) -> Node:
    """`const`, `let`, `var`."""
    node = low.make(nodes.Declaration, tree)
    kind = tree.child_by_field_id(low.f.kind)
    node.kind = "var" if kind is None else kind.type
    node.pairs = []
    for child in tree.named_children:
        if child.type == "variable_declarator":
            pattern = lower_pattern(low, child.child_by_field_id(low.f.name))
            value = low.maybe(child, low.f.value)
            if isinstance(pattern, nodes.Identifier):
                give_name(value, pattern.name)
            node.pairs.append((pattern, value))
    return node


def lower_function_declaration(low: Lowering, tree: Tree) -> Node:
    """`function name() {}`."""
    node = low.make(nodes.FunctionDeclaration, tree)
    name = tree.child_by_field_id(low.f.name)
    node.name = "default" if name is None else low.text(name)
    node.function = function_node(low, tree, node.name)
    return node


def lower_class_declaration(low: Lowering, tree: Tree) -> Node:
    """`class Name {}`."""
    node = low.make(nodes.ClassDeclaration, tree)
    node.klass = class_node(low, tree)
    node.name = node.klass.name or "default"
    return node


def lower_enum(low: Lowering, tree: Tree) -> Node:
    """`enum Name {}`."""
    node = low.make(nodes.Enumeration, tree)
    node.name = low.text(tree.child_by_field_id(low.f.name))
    node.members = []
    body = tree.child_by_field_id(low.f.body)
    for child in low.inner(body):
        if child.type == "enum_assignment":
            key, _ = key_of(low, child.child_by_field_id(low.f.name))
            node.members.append((key, low.maybe(child, low.f.value)))
        else:
            node.members.append((key_of(low, child)[0], None))
    return node


def lower_namespace(low: Lowering, tree: Tree) -> Node:
    """`namespace Name {}`."""
    node = low.make(nodes.Space, tree)
    node.name = low.text(tree.child_by_field_id(low.f.name))
    body = tree.child_by_field_id(low.f.body)
    if body is None:
        return low.opaque(tree, Why.UNSUPPORTED_SYNTAX("a namespace without a body"))
    node.body = lower_block(low, body)
    return node


def lower_expression_statement(low: Lowering, tree: Tree) -> Node:
    """An expression statement; the grammar also uses it for `namespace`."""
    inner = only(low, tree)
    if isinstance(inner, nodes.Space):
        return inner
    node = low.make(nodes.ExpressionStatement, tree)
    node.expression = inner
    return node


def lower_return(low: Lowering, tree: Tree) -> Node:
    """`return value`."""
    node = low.make(nodes.Return, tree)
    children = low.inner(tree)
    node.value = low(children[0]) if children else None
    return node


def lower_throw(low: Lowering, tree: Tree) -> Node:
    """`throw value`."""
    node = low.make(nodes.Throw, tree)
    node.value = only(low, tree)
    return node


def lower_break(low: Lowering, tree: Tree) -> Node:
    """`break`."""
    return _jump(low, tree, "break")


def lower_continue(low: Lowering, tree: Tree) -> Node:
    """`continue`."""
    return _jump(low, tree, "continue")


def _jump(low: Lowering, tree: Tree, kind: str) -> Node:
    node = low.make(nodes.Jump, tree)
    label = tree.child_by_field_id(low.f.label)
    node.kind, node.label = kind, "" if label is None else low.text(label)
    return node


def lower_if(low: Lowering, tree: Tree) -> Node:
    """`if`; follows a chain of `else if` in a loop."""
    ladder = [tree]
    other = _otherwise(low, tree)
    while other is not None and other.kind_id == tree.kind_id and len(ladder) <= low.nesting:
        ladder.append(other)
        other = _otherwise(low, other)
    node = None if other is None else low(other)
    for step in reversed(ladder):
        made = low.make(nodes.If, step)
        made.test = low.field(step, low.f.condition)
        made.yes = low.field(step, low.f.consequence)
        made.no = node
        node = made
    assert node is not None
    return node


def _otherwise(low: Lowering, tree: Tree) -> Tree | None:
    clause = tree.child_by_field_id(low.f.alternative)
    children = [] if clause is None else low.inner(clause)
    return children[0] if children else None


def lower_for(low: Lowering, tree: Tree) -> Node:
    """`for (;;)`."""
    node = low.make(nodes.For, tree)
    first = tree.child_by_field_id(low.f.initializer)
    node.first = None if first is None or first.type in {";", "empty_statement"} else low(first)
    test = tree.child_by_field_id(low.f.condition)
    node.test = None if test is None or test.type in {";", "empty_statement"} else low(test)
    if isinstance(node.test, nodes.ExpressionStatement):
        node.test = node.test.expression
    node.step = low.maybe(tree, low.f.increment)
    node.body = low.field(tree, low.f.body)
    return node


def lower_for_in(low: Lowering, tree: Tree) -> Node:
    """`for (of)`, `for (in)`."""
    node = low.make(nodes.ForEach, tree)
    kind = tree.child_by_field_id(low.f.kind)
    node.kind = "" if kind is None else kind.type
    node.target = lower_pattern(low, tree.child_by_field_id(low.f.left))
    node.keys = tree.child_by_field_id(low.f.operator).type == "in"
    node.waits = any(child.type == "await" for child in tree.children)
    node.items = low.field(tree, low.f.right)
    node.body = low.field(tree, low.f.body)
    return node


def lower_while(low: Lowering, tree: Tree) -> Node:
    """`while`."""
    node = low.make(nodes.While, tree)
    node.test = low.field(tree, low.f.condition)
    node.body = low.field(tree, low.f.body)
    node.after = tree.type == "do_statement"
    return node


def lower_labelled(low: Lowering, tree: Tree) -> Node:
    """`label: loop`."""
    node = low.make(nodes.Labelled, tree)
    node.label = low.text(tree.child_by_field_id(low.f.label))
    node.body = low.field(tree, low.f.body)
    return node


def lower_switch(low: Lowering, tree: Tree) -> Node:
    """`switch`."""
    node = low.make(nodes.Switch, tree)
    node.value = low.field(tree, low.f.value)
    node.cases = []
    body = tree.child_by_field_id(low.f.body)
    node.block = low.make(Block, body)
    every: list[Tree] = []
    counts = []
    for case in low.inner(body):
        inner = [c for c in low.inner(case) if c.type not in SILENT]
        test = low.maybe(case, low.f.value) if case.type == "switch_case" else None
        inner = inner[1:] if test is not None else inner
        every += inner
        counts.append((test, len(inner)))
    fill(low, node.block, every)
    at = 0
    for test, count in counts:
        node.cases.append((test, node.block.statements[at : at + count]))
        at += count
    return node


def lower_try(low: Lowering, tree: Tree) -> Node:
    """`try`."""
    node = low.make(nodes.Try, tree)
    node.body = lower_block(low, tree.child_by_field_id(low.f.body))
    node.parameter = node.handler = node.final = None
    handler = tree.child_by_field_id(low.f.handler)
    if handler is not None:
        parameter = handler.child_by_field_id(low.f.parameter)
        node.parameter = None if parameter is None else lower_pattern(low, parameter)
        node.handler = lower_block(low, handler.child_by_field_id(low.f.body))
    final = tree.child_by_field_id(low.f.finalizer)
    if final is not None:
        node.final = lower_block(low, final.child_by_field_id(low.f.body))
    return node
