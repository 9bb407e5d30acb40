"""The program as the interpreter walks it: a small tree of our own, lowered once from the parser's.

Types, decorators, casts and parentheses are gone; bodies of functions are lowered when first called
(`FunctionNode.lower`). Plain slotted classes without generated constructors: a config has thousands of nodes
and every start of the desk pays for it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import TYPE_CHECKING

from policy_bot.sst.span import Span

if TYPE_CHECKING:
    from policy_bot.sst.values import Known


class Source:
    """One file: its path in the tree and its bytes; knows lines, columns and text."""

    __slots__ = ("_starts", "broken", "data", "path")

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.broken = False
        self._starts: list[int] | None = None

    def span(self, start: int, end: int) -> Span:
        """The span of a range of bytes."""
        line, column = self._position(start)
        end_line, end_column = self._position(end)
        return Span(self.path, line, column, end_line, end_column, start, end)

    def text(self, start: int, end: int) -> str:
        """The text of a range of bytes; what is not UTF-8 is replaced."""
        return self.data[start:end].decode("utf-8", "replace")

    def _position(self, offset: int) -> tuple[int, int]:
        if self._starts is None:
            starts, at = [0], self.data.find(b"\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.data.find(b"\n", at + 1)
            self._starts = starts
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class Node:
    """Something in a source file."""

    __slots__ = ("end", "source", "start")

    def __init__(self, source: Source, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.source.span(self.start, self.end)

    @property
    def text(self) -> str:
        """Its source text."""
        return self.source.text(self.start, self.end)


class Mark(Node):
    """A bare place: a key, a method's name, the word `new`."""

    __slots__ = ()


# ---- expressions


class Opaque(Node):
    """What cannot be read, as expression or statement: a syntax error, nesting over the limit, syntax unknown
    to us.
    """

    __slots__ = ("reason",)
    reason: str


class Literal(Node):
    """A string, number, boolean, null or undefined."""

    __slots__ = ("box",)
    box: Known


class Identifier(Node):
    """A name."""

    __slots__ = ("name",)
    name: str


class Template(Node):
    """A template string: texts around expressions, one more text than expressions. `tag` makes it a call."""

    __slots__ = ("parts", "tag", "texts")
    tag: Node | None
    texts: list[str]
    parts: list[Node]


class Regex(Node):
    """A regular expression literal."""

    __slots__ = ("flags", "pattern")
    pattern: str
    flags: str


class Spread(Node):
    """`...argument` in an array, a call or an object."""

    __slots__ = ("argument",)
    argument: Node


class ArrayLiteral(Node):
    """`[a, ...b]`; None is a hole."""

    __slots__ = ("items",)
    items: list[Node | None]


class Entry(Node):
    """One entry of an object literal: `key` is its static name, else `computed` gives it; `kind` is value,
    get or set.
    """

    __slots__ = ("computed", "key", "kind", "value")
    key: str
    computed: Node | None
    kind: str
    value: Node


class ObjectLiteral(Node):
    """`{a: 1, ...b}`."""

    __slots__ = ("entries", "fixed")
    entries: list[Entry | Spread | Opaque]
    fixed: bool  # every entry is a plain value under a static name


class Unary(Node):
    """`! - + ~ typeof void delete`."""

    __slots__ = ("argument", "operator")
    operator: str
    argument: Node


class Update(Node):
    """`++` and `--`."""

    __slots__ = ("operator", "prefix", "target")
    operator: str
    prefix: bool
    target: Node


class Binary(Node):
    """An operator of two values that evaluates both."""

    __slots__ = ("left", "operator", "right")
    operator: str
    left: Node
    right: Node


class Logical(Node):
    """`&&`, `||`, `??`."""

    __slots__ = ("left", "operator", "right")
    operator: str
    left: Node
    right: Node


class Conditional(Node):
    """`test ? yes : no`."""

    __slots__ = ("no", "test", "yes")
    test: Node
    yes: Node
    no: Node


class Assign(Node):
    """`target = value`; `operator` is "" or that before the `=`."""

    __slots__ = ("operator", "target", "value")
    operator: str
    target: Node  # an expression or a pattern
    value: Node


class Member(Node):
    """`object.name`; `optional` is `?.`. `name_start` is where the name stands."""

    __slots__ = ("name", "name_start", "object", "optional")
    object: Node
    name: str
    name_start: int
    optional: bool

    @property
    def name_mark(self) -> Mark:
        """The place of the name alone."""
        return Mark(self.source, self.name_start, self.end)


class Index(Node):
    """`object[index]`."""

    __slots__ = ("index", "object", "optional")
    object: Node
    index: Node
    optional: bool


class Call(Node):
    """`callee(arguments)`."""

    __slots__ = ("arguments", "callee", "optional")
    callee: Node
    arguments: list[Node]
    optional: bool


class Chain(Node):
    """The end of a chain with `?.` in it: what was cut short becomes undefined here."""

    __slots__ = ("expression",)
    expression: Node


class New(Node):
    """`new callee(arguments)`."""

    __slots__ = ("arguments", "callee")
    callee: Node
    arguments: list[Node]


class ImportCall(Node):
    """`import(argument)`."""

    __slots__ = ("argument",)
    argument: Node


class Sequence(Node):
    """`(a, b)`."""

    __slots__ = ("items",)
    items: list[Node]


class Await(Node):
    """`await argument`."""

    __slots__ = ("argument",)
    argument: Node


class Yield(Node):
    """`yield argument`, `yield* argument`."""

    __slots__ = ("argument", "delegate")
    argument: Node | None
    delegate: bool


class This(Node):
    """`this`."""

    __slots__ = ()


class Super(Node):
    """`super`, called or with a property."""

    __slots__ = ()


class Meta(Node):
    """`import.meta`, `new.target`."""

    __slots__ = ()


class Parameter(Node):
    """A parameter: its pattern, default, whether it takes the rest, whether it is a field as well (`private
    x`).
    """

    __slots__ = ("default", "field", "pattern", "rest")
    pattern: Node
    default: Node | None
    rest: bool
    field: bool


class Body:
    """A lowered function body: parameters, statements (or one expression), names declared at its top."""

    __slots__ = ("expression", "parameters", "simple", "statements")
    parameters: list[Parameter]
    simple: list[str] | None  # the parameters' names where all are plain names
    statements: Block | None
    expression: Node | None


class FunctionNode(Node):
    """A function of any form. `lower` gives its body, lowered at the first call."""

    __slots__ = ("arrow", "asynchronous", "body", "generator", "name", "pending")
    name: str
    arrow: bool
    asynchronous: bool
    generator: bool
    body: Body | None
    pending: Callable[[], Body]

    def lower(self) -> Body:
        """The body, lowered once."""
        if self.body is None:
            self.body = self.pending()
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
    """A class, declared or as an expression."""

    __slots__ = ("base", "members", "name")
    name: str
    base: Node | None
    members: list[ClassMember]


# ---- patterns


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


# ---- statements


class Block(Node):
    """Statements in a scope: `names` are declared in it, `functions` are hoisted."""

    __slots__ = ("functions", "names", "statements", "variables")
    statements: list[Node]
    names: tuple[str, ...]
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
    """`for (target of items)` and `for (target in items)`; `kind` is that of the declaration or ""."""

    __slots__ = ("body", "items", "keys", "kind", "target")
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
    """A lowered file: its statements, and where its first syntax error stands."""

    __slots__ = ("block", "error", "everything", "imports", "names", "pending", "source")
    source: Source
    block: Block
    imports: list[Import | Export]
    error: Mark | None
    names: set[str]  # what stands as an expression in the parts that are lowered
    pending: list[FunctionNode]  # functions that may hold more of them
    everything: bool  # parts of it cannot be read, and may hold any name

    def uses(self, name: str) -> bool:
        """Whether a name is used at run time anywhere in the file. The compiler drops imports that are not."""
        while name not in self.names and self.pending:
            self.pending.pop().lower()
        return name in self.names or self.everything
