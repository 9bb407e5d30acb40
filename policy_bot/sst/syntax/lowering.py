"""Walks the parser's tree and makes our nodes: the part common to all kinds of syntax.

Reads each node once, by field and by `named_children`; parent, sibling and index cost more than the parse.
Limits nesting, so that neither this walk nor the interpreter exhausts the stack.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from policy_bot.sst.nodes import FunctionNode, Mark, Node, Opaque, Source
from policy_bot.sst.reasons import Reason, Why

_Node = TypeVar("_Node", bound=Node)
Tree = Any  # a tree_sitter.Node; only the package's `__init__` imports the library
Language = Any  # a tree_sitter.Language
Kind = Callable[["Lowering", Tree], Node]


class FieldNumbers:
    """Ids of the grammar's fields."""

    __slots__ = (
        "alias", "alternative", "argument", "arguments", "body", "condition", "consequence", "constructor",
        "declaration", "finalizer", "function", "handler", "increment", "index", "initializer", "key",
        "kind", "label", "left", "name", "object", "operator", "optional_chain", "parameter", "parameters",
        "pattern", "property", "right", "source", "value",
    )  # fmt: skip

    def __init__(self, number: Callable[[str], int]) -> None:
        for name in self.__slots__:
            setattr(self, name, number(name))

    def __getattr__(self, name: str) -> int:
        raise AttributeError(name)


class KindNumbers:
    """Ids of the kinds of nodes tested most often, because comparing names is slower."""

    __slots__ = (
        "arrow_function", "call_expression", "comment", "computed_property_name",
        "instantiation_expression", "member_expression", "method_definition", "non_null_expression", "number",
        "pair", "property_identifier", "shorthand_property_identifier", "spread_element", "statement_block",
        "string", "subscript_expression", "template_string",
    )  # fmt: skip

    def __init__(self, number: Callable[[str], int]) -> None:
        for name in self.__slots__:
            setattr(self, name, number(name))

    def __getattr__(self, name: str) -> int:
        raise AttributeError(name)


class Grammar:
    """A parser, with the ids of its fields and kinds and the lowering function of each kind."""

    __slots__ = ("fields", "ids", "kinds", "parser", "silent")

    def __init__(
        self,
        parser: Any,
        kinds: dict[int, Kind],
        fields: FieldNumbers,
        ids: KindNumbers,
        silent: frozenset[int],
    ) -> None:
        self.parser = parser
        self.kinds = kinds
        self.fields = fields
        self.ids = ids
        self.silent = silent


class Lowering:
    """Lowers one file."""

    __slots__ = (
        "broken", "comment", "data", "depth", "everything", "f", "k", "kinds", "names", "nesting",
        "pending", "silent", "source",
    )  # fmt: skip

    def __init__(self, source: Source, grammar: Grammar, nesting: int, broken: bool) -> None:
        self.source = source
        self.data = source.data
        self.kinds = grammar.kinds
        self.f = grammar.fields
        self.k = grammar.ids
        self.comment = grammar.ids.comment
        self.silent = grammar.silent
        self.nesting = nesting
        self.depth = 0
        self.broken = broken
        self.everything = broken
        self.names: set[str] = set()
        self.pending: list[FunctionNode] = []

    def __call__(self, tree: Tree | None) -> Node:
        """Lowers an expression or a statement; `Opaque` if it is not supported."""
        if tree is None:
            return self.opaque_at(0, 0, Why.SYNTAX_ERROR())
        kind = self.kinds.get(tree.kind_id)
        if kind is None:
            return self.opaque(
                tree, Why.SYNTAX_ERROR() if tree.is_error else Why.UNSUPPORTED_SYNTAX(tree.type)
            )
        if self.depth >= self.nesting:
            return self.opaque(tree, Why.NESTING(self.nesting))
        if self.broken and tree.has_error and self.damaged(tree):
            return self.opaque(tree, Why.SYNTAX_ERROR())
        self.depth += 1
        node = self.recovered(kind, tree) if self.broken else kind(self, tree)
        self.depth -= 1
        return node

    def recovered(self, kind: Kind, tree: Tree) -> Node:
        """Lowers a node of a file with syntax errors, in whose tree any part may be missing."""
        depth = self.depth
        try:
            return kind(self, tree)
        except (AttributeError, IndexError, TypeError):
            self.depth = depth
            return self.opaque(tree, Why.SYNTAX_ERROR())

    def damaged(self, tree: Tree) -> bool:
        """Whether a child of the node is a syntax error, as opposed to a deeper descendant."""
        return tree.is_missing or any(child.is_error or child.is_missing for child in tree.children)

    def make(self, kind: type[_Node], tree: Tree) -> _Node:
        """Makes a node at the position of the parser's node."""
        return kind(self.source, tree.start_byte, tree.end_byte)

    def opaque(self, tree: Tree, reason: Reason) -> Opaque:
        """Makes a node for code that cannot be read."""
        return self.opaque_at(tree.start_byte, tree.end_byte, reason)

    def opaque_at(self, start: int, end: int, reason: Reason) -> Opaque:
        """`opaque` for a range of bytes."""
        node = Opaque(self.source, start, end)
        node.reason = reason
        return node

    def mark(self, tree: Tree) -> Mark:
        """The position of a node."""
        return Mark(self.source, tree.start_byte, tree.end_byte)

    def field(self, tree: Tree, number: int) -> Node:
        """Lowers the child in a field."""
        return self(tree.child_by_field_id(number))

    def maybe(self, tree: Tree, number: int) -> Node | None:
        """Lowers the child in a field if there is one."""
        child = tree.child_by_field_id(number)
        return None if child is None else self(child)

    def inner(self, tree: Tree) -> list[Tree]:
        """The named children except comments."""
        children: list[Tree] = tree.named_children
        comment = self.comment
        if any(child.kind_id == comment for child in children):
            return [child for child in children if child.kind_id != comment]
        return children

    def text(self, tree: Tree) -> str:
        """The source text of a node."""
        return self.data[tree.start_byte : tree.end_byte].decode("utf-8", "replace")
