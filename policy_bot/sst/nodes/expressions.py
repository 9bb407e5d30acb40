"""Expressions."""

from __future__ import annotations

from policy_bot.sst.atoms import Primitive
from policy_bot.sst.nodes.places import Mark, Node
from policy_bot.sst.reasons import Reason


class Opaque(Node):
    """An unreadable expression or statement: a syntax error, nesting over the limit, unsupported syntax."""

    __slots__ = ("reason",)
    reason: Reason


class Literal(Node):
    """A string, number, boolean, null or undefined."""

    __slots__ = ("data",)
    data: Primitive


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
    """`{a: 1, ...b}`; `named` has the last entry of each static name."""

    __slots__ = ("entries", "named")
    entries: list[Entry | Spread | Opaque]
    named: dict[str, Entry]


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
    """A binary operator that evaluates both sides."""

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
    """`object.name`; `optional` is `?.`. `name_start` is the position of the name."""

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
    """The end of a chain with `?.` in it: the value of a chain that ended early becomes undefined here."""

    __slots__ = ("expression",)
    expression: Node

    def before(self) -> Chain:
        """The chain without its last member."""
        assert isinstance(self.expression, (Member, Index))
        made = Chain(self.source, self.start, self.end)
        made.expression = self.expression.object
        return made


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
