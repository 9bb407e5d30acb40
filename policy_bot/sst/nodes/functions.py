"""Functions, classes and patterns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from policy_bot.sst.nodes.places import Node

if TYPE_CHECKING:
    from policy_bot.sst.nodes.statements import Block


class Parameter(Node):
    """A parameter: its pattern, default, and whether it takes the rest."""

    __slots__ = ("default", "pattern", "rest")
    pattern: Node
    default: Node | None
    rest: bool


class Body:
    """A lowered function body: parameters, statements (or one expression), names declared at its top.
    `fields` are the parameters of a constructor that are fields as well (`private x`).
    """

    __slots__ = ("expression", "fields", "parameters", "simple", "statements")
    fields: list[str]
    parameters: list[Parameter]
    simple: list[str] | None  # the parameters' names where all are plain names
    statements: Block | None
    expression: Node | None


class FunctionNode(Node):
    """A function of any form. `lower` gives its body, lowered at the first call. `given` is the name that it
    has from where it is put, if it has none itself.
    """

    __slots__ = ("arrow", "asynchronous", "body", "generator", "given", "name", "pending")
    name: str
    given: str
    arrow: bool
    asynchronous: bool
    generator: bool
    body: Body | None
    pending: Callable[[], Body]

    def lower(self) -> Body:
        """The body, lowered once."""
        if self.body is None:
            self.body = self.pending()
            del self.pending  # it keeps the tree of the parser
        return self.body


class ClassMember(Node):
    """A member of a class: `kind` is method, get, set, field or block (a static block)."""

    __slots__ = ("computed", "key", "kind", "static", "value")
    key: str
    computed: Node | None
    kind: str
    static: bool
    value: Node | None


class ClassNode(Node):
    """A class, declared or as an expression. `given` as in `FunctionNode`; `decorators` are those of the
    class and of its members, which they may replace.
    """

    __slots__ = ("base", "decorators", "given", "members", "name")
    decorators: list[Node]
    name: str
    given: str
    base: Node | None
    members: list[ClassMember]


class PatternEntry(Node):
    """One entry of a pattern: the key it takes (in an object), where it puts it, and its default."""

    __slots__ = ("computed", "default", "key", "target")
    key: str
    computed: Node | None
    target: Node
    default: Node | None


class ObjectPattern(Node):
    """`{a, b: c = 1, ...rest}`."""

    __slots__ = ("entries", "rest")
    entries: list[PatternEntry]
    rest: Node | None


class ArrayPattern(Node):
    """`[a, , b = 1, ...rest]`; None is a hole."""

    __slots__ = ("entries", "rest")
    entries: list[PatternEntry | None]
    rest: Node | None


def give_name(value: Node | None, name: str) -> None:
    """Names a function or class after the variable or key that it is put into."""
    if isinstance(value, (FunctionNode, ClassNode)) and not value.name:
        value.given = name
