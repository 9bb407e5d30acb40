"""Statements and modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_bot.sst.nodes.expressions import Opaque
from policy_bot.sst.nodes.places import Node, Source

if TYPE_CHECKING:
    from policy_bot.sst.deployment import Directive
    from policy_bot.sst.nodes.functions import ClassNode, FunctionNode


class Block(Node):
    """Statements in a scope: `names` are declared in it, `constants` of them by `const`, `functions` are
    hoisted.
    """

    __slots__ = ("constants", "functions", "names", "statements", "variables")
    statements: list[Node]
    names: tuple[str, ...]
    constants: frozenset[str]
    variables: tuple[str, ...]  # declared by `var`: names of the function, not of the block
    functions: list[FunctionDeclaration]


class Declaration(Node):
    """`const`, `let`, `var`, `using`: pairs of a pattern and its value (None where there is none)."""

    __slots__ = ("kind", "pairs")
    kind: str
    pairs: list[tuple[Node, Node | None]]


class FunctionDeclaration(Node):
    """`function name() {}`."""

    __slots__ = ("function", "name")
    name: str
    function: FunctionNode


class ClassDeclaration(Node):
    """`class Name {}`."""

    __slots__ = ("klass", "name")
    name: str
    klass: ClassNode


class Enumeration(Node):
    """`enum Name {}`: pairs of a name and its value (None counts on)."""

    __slots__ = ("members", "name")
    name: str
    members: list[tuple[str, Node | None]]


class Space(Node):
    """`namespace Name {}`."""

    __slots__ = ("body", "name")
    name: str
    body: Block


class ExpressionStatement(Node):
    """An expression for its effect."""

    __slots__ = ("expression",)
    expression: Node


class Return(Node):
    """`return value`."""

    __slots__ = ("value",)
    value: Node | None


class Throw(Node):
    """`throw value`."""

    __slots__ = ("value",)
    value: Node


class Jump(Node):
    """`break` and `continue`, with a label or ""."""

    __slots__ = ("kind", "label")
    kind: str
    label: str


class If(Node):
    """`if`."""

    __slots__ = ("no", "test", "yes")
    test: Node
    yes: Node
    no: Node | None


class For(Node):
    """`for (first; test; step) body`."""

    __slots__ = ("body", "first", "step", "test")
    first: Node | None
    test: Node | None
    step: Node | None
    body: Node


class ForEach(Node):
    """`for (target of items)`, `for (target in items)` and, with `waits`, `for await`; `kind` is that of the
    declaration or "".
    """

    __slots__ = ("body", "items", "keys", "kind", "target", "waits")
    waits: bool
    kind: str
    target: Node
    keys: bool
    items: Node
    body: Node


class While(Node):
    """`while` and, with `after`, `do ... while`."""

    __slots__ = ("after", "body", "test")
    test: Node
    body: Node
    after: bool


class Labelled(Node):
    """`label: body`."""

    __slots__ = ("body", "label")
    label: str
    body: Node


class Switch(Node):
    """`switch`: cases of a test (None is the default) and their statements; `names` are declared in it."""

    __slots__ = ("block", "cases", "value")
    value: Node
    cases: list[tuple[Node | None, list[Node]]]
    block: Block


class Try(Node):
    """`try`."""

    __slots__ = ("body", "final", "handler", "parameter")
    body: Block
    parameter: Node | None
    handler: Block | None
    final: Block | None


class Import(Node):
    """A static import: `names` are (exported name, local name), `*` for the whole module; `types` where only
    types come.
    """

    __slots__ = ("names", "specifier", "types")
    specifier: str
    names: list[tuple[str, str]]
    types: bool


class Export(Node):
    """An export: of a declaration, of names (local or exported, name outside), or of another module
    (`specifier`).
    """

    __slots__ = ("declaration", "names", "specifier", "value")
    declaration: Node | None  # `export const x`, `export default class A`
    value: Node | None  # `export default expression`, `export = expression`
    names: list[tuple[str, str]]  # ("*", "") is everything, ("*", name) the module as one name
    specifier: str | None


class Module:
    """A lowered file: its statements, and its first syntax error."""

    __slots__ = ("block", "directives", "error", "everything", "imports", "names", "pending", "source")
    source: Source
    block: Block
    imports: list[Import | Export]
    error: Opaque | None
    names: set[str]  # expressions in the lowered parts
    pending: list[FunctionNode]  # functions that may hold more of them
    everything: bool  # parts of it cannot be read, and may hold any name
    directives: tuple[Directive, ...]  # comments addressed to policy-bot

    def uses(self, name: str) -> bool:
        """Whether a name is used at run time anywhere in the file. The compiler drops imports that are
        not.
        """
        while name not in self.names and self.pending:
            self.pending.pop().lower()
        return name in self.names or self.everything
