"""The objects of a program: objects, functions, classes, components, and the scopes that functions see.

All of them are mutable and shared: a `$transform` that changes an `Obj` changes it everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from policy_bot.record import dataclass
from policy_bot.sst.atoms import Namespace, Primitive, RegExp
from policy_bot.sst.nodes import ClassMember, ClassNode, FunctionNode, ObjectLiteral, Source
from policy_bot.sst.reasons import Reason
from policy_bot.sst.span import Span
from policy_bot.sst.values import (
    NOTHING,
    AbstractValue,
    Item,
    Items,
    Known,
    Placed,
    Slots,
    Unknown,
    elements_of,
    slots,
)


class Obj:
    """A plain object. `node` is its literal, if it has one.

    `spreads` are the values that were spread into the literal, in order (to find where a key was written);
    `assigned` are the assignments that set a key later. `rest` is set if an unknown value was spread or
    assigned into it: there may be keys that are not in `props`. `frozen` is None if it is unknown whether the
    object is frozen.
    """

    __slots__ = ("assigned", "frozen", "node", "props", "rest", "spreads")

    def __init__(
        self, props: dict[str, AbstractValue] | None = None, node: ObjectLiteral | None = None
    ) -> None:
        self.props: dict[str, AbstractValue] = props if props.__class__ is Slots else slots(props)
        self.node = node
        self.rest: Unknown | None = None
        self.spreads: list[AbstractValue] | None = None
        self.assigned: dict[str, Placed] | None = None
        self.frozen: bool | None = False

    def __repr__(self) -> str:
        return "Obj({" + ", ".join(self.props) + "})"


class Bare(Obj):
    """An object without a prototype, and so without methods: `Object.create(null)`."""

    __slots__ = ()


class ProcessEnvironment(Obj):
    """`process.env`: variables that the program does not set itself are set outside the repository."""

    __slots__ = ()


class Arr:
    """An array: values, and an `OptionalItem` for an element that may be missing. `open` is set if it may
    hold more elements, at unknown indexes. A hole is `HOLE`.

    `props` are properties other than the elements (`match.index`); `frozen` as in `Obj`.
    """

    __slots__ = ("frozen", "items", "node", "props")

    def __init__(
        self, items: Sequence[Item], node: Placed | None = None, open_: Unknown | None = None
    ) -> None:
        self.items: Items = elements_of(items)
        self.node = node
        self.props: dict[str, AbstractValue] | None = None
        self.frozen: bool | None = False
        if open_ is not None:
            self.items.open = open_

    @property
    def open(self) -> Unknown | None:
        """Why there may be more elements; None if there are no others."""
        return self.items.open

    @open.setter
    def open(self, why: Unknown | None) -> None:
        self.items.open = why

    def __repr__(self) -> str:
        return f"Arr({len(self.items)} items)"


class Cursor:
    """An iterator: the elements that it has not returned yet. Iterating empties it; `items` and `open` as in
    `Arr`. Until the first step `source` makes the elements (see `interpreter.iterate`).
    """

    __slots__ = ("items", "source")

    def __init__(self, items: Sequence[Item], source: object = None) -> None:
        self.items = elements_of(items)
        self.source = source

    @property
    def open(self) -> Unknown | None:
        """Why there may be more elements."""
        return self.items.open


class Promised:
    """A promise of an async function that nothing has awaited yet: JavaScript sees the promise, SST as an
    input its future result (`inner`).
    """

    __slots__ = ("inner",)

    def __init__(self, inner: AbstractValue) -> None:
        self.inner = inner


class Rejected:
    """A rejected promise: awaiting it throws `reason`."""

    __slots__ = ("reason",)

    def __init__(self, reason: AbstractValue) -> None:
        self.reason = reason


class Closure:
    """A function of the program with its scope. The call binds the `this` of a method, the scope that of an
    arrow function.
    """

    __slots__ = ("home", "node", "props", "scope")

    def __init__(self, node: FunctionNode, scope: Scope, home: Class | None = None) -> None:
        self.node = node
        self.scope = scope
        self.home = home
        self.props: dict[str, AbstractValue] | None = None


class Native:
    """A built-in function. `run(machine, arguments, node)` returns its result.

    `method` is set for a method that was read as a value: `.call(this)` runs it with `(machine, this,
    arguments, node)`.
    """

    __slots__ = ("method", "name", "props", "run")

    def __init__(
        self,
        name: str,
        run: Callable[..., AbstractValue],
        props: dict[str, AbstractValue] | None = None,
        method: Callable[..., AbstractValue] | None = None,
    ) -> None:
        self.name = name
        self.run = run
        self.props = props
        self.method = method

    def __repr__(self) -> str:
        return f"Native({self.name})"


class Class:
    """A class of the program. `base` is the class that it extends (a `Class`, or a `Namespace` such as
    `sst.aws.Function`), or None. `keys` are those of its members. `open` is set if it may have methods that
    are not known.
    """

    __slots__ = (
        "base",
        "constructor",
        "getters",
        "keys",
        "methods",
        "name",
        "node",
        "open",
        "props",
        "scope",
        "setters",
        "static_getters",
        "static_setters",
    )

    def __init__(self, node: ClassNode, scope: Scope, name: str, base: AbstractValue | None) -> None:
        self.node = node
        self.scope = scope
        self.name = name
        self.base = base
        self.constructor: Closure | None = None
        self.keys: dict[ClassMember, str] = {}
        self.methods: dict[str, Closure] = {}
        self.getters: dict[str, Closure] = {}
        self.setters: dict[str, Closure] = {}
        self.static_getters: dict[str, Closure] = {}
        self.static_setters: dict[str, Closure] = {}
        self.open: Unknown | None = None
        self.props: dict[str, AbstractValue] = slots()

    def lineage(self) -> Iterator[Class]:
        """It and the classes of the program that it extends, nearest first."""
        cls: object = self
        while isinstance(cls, Class):
            yield cls
            cls = cls.base.data if isinstance(cls.base, Known) else None


class Instance:
    """An object made by `new`. `type` is the SST name ("sst.aws.Queue"), or the name of the program's class
    if that extends nothing.

    `construction` is its record; None for objects of the program's own classes and for references
    (`sst.aws.Vpc.get`).
    """

    __slots__ = ("cls", "construction", "name", "props", "type")

    def __init__(self, type_: str, cls: Class | None = None, name: AbstractValue | None = None) -> None:
        self.type = type_
        self.cls = cls
        self.name: AbstractValue = name if name is not None else NOTHING
        self.props: dict[str, AbstractValue] = slots()
        self.construction: Construction | None = None

    def __repr__(self) -> str:
        return f"Instance({self.type})"


class Property:
    """An output of an instance that is known only after the deployment: `queue.arn`, `site.nodes.server`;
    `path` is dotted.
    """

    __slots__ = ("instance", "path")

    def __init__(self, instance: Instance, path: str) -> None:
        self.instance = instance
        self.path = path

    def __repr__(self) -> str:
        return f"Property({self.instance.type}, {self.path})"


class Output:
    """A Pulumi output of a known value: `$output("4 minutes")`. `strip` returns the value."""

    __slots__ = ("inner",)

    def __init__(self, inner: AbstractValue) -> None:
        self.inner = inner


class Keyed:
    """A `Map` or a `Set` (`kind`), by key identity; each entry is (key, value). `open` as in `Arr`."""

    __slots__ = ("entries", "kind", "open")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.entries: dict[Hashable, tuple[AbstractValue, AbstractValue]] = slots()
        self.open: Unknown | None = None


class Accessor:
    """A getter (and setter) of an object literal; lives in `Obj.props`, evaluated when read."""

    __slots__ = ("getter", "setter")

    def __init__(self, getter: Closure | Native | None, setter: Closure | None) -> None:
        self.getter = getter
        self.setter = setter


class Live:
    """An imported name, read from the module that exports it each time. `may_change` returns whether the
    module may assign it again.
    """

    __slots__ = ("may_change", "read")

    def __init__(
        self, read: Callable[[], AbstractValue], may_change: Callable[[], bool] = lambda: False
    ) -> None:
        self.read = read
        self.may_change = may_change


class CallFrame:
    """One call of a function (or the top level of a module): `this` and the class that it belongs to.

    `running` marks an async function that its caller does not wait for. An arrow function's frame has
    `outer`, the frame that it was written in, whose `this` it has. A generator's frame collects what it
    `yields`; `steps` is the number of elements that it may yield, -1 if it may end after each.
    """

    __slots__ = ("home", "outer", "running", "source", "steps", "this", "yields")

    def __init__(
        self,
        source: Source,
        this: AbstractValue | None = None,
        home: Class | None = None,
        outer: CallFrame | None = None,
    ) -> None:
        self.source = source
        self.this = this
        self.home = home
        self.outer = outer
        self.yields: Arr | None = None
        self.running = False
        self.steps: int | None = None

    def lexical(self) -> CallFrame:
        """The frame that `this` and `super` refer to: that of the nearest function that is not an arrow
        function.
        """
        frame = self
        while frame.outer is not None:
            frame = frame.outer
        return frame


class Scope:
    """Names of one block, some of them `constants`; looked up outwards through `parent`. `declares` is set if
    the block is a whole function or module, where `var` puts its names.
    """

    __slots__ = ("constants", "declares", "frame", "parent", "vars")

    def __init__(
        self,
        names: dict[str, AbstractValue | Live],
        parent: Scope | None,
        frame: CallFrame,
        constants: frozenset[str] = frozenset(),
        *,
        declares: bool = False,
    ) -> None:
        self.constants = constants
        self.declares = declares
        self.vars: dict[str, AbstractValue | Live] = names if names.__class__ is Slots else slots(names)
        self.parent = parent
        self.frame = frame

    def declaring(self) -> Scope:
        """The scope of the whole function or module around this one."""
        scope = self
        while not scope.declares and scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(slots=True, eq=False)
class Construction:
    """`new sst.aws.Queue(name, args)`, or the `super(name, args)` of a class that extends a component.

    `type` is the name as SST knows it ("sst.aws.Queue", "aws.lambda.Function"; "pulumi.ComponentResource" for
    the super call of the program's own components). `reference` marks `sst.aws.Vpc.get(name, id)`, which
    refers to an existing component (its arguments are those of `get`, its place is the word `get`). `certain`
    is False if `reason` (an unknown condition) decides whether it happens.
    """

    type: str
    arguments: list[AbstractValue]
    node: Placed
    instance: Instance
    order: int
    tick: int
    certain: bool = True
    reason: Reason | None = None
    subclass: str = ""
    reference: bool = False
    conditions: int = 0

    @property
    def name(self) -> AbstractValue:
        """The component's name: the first argument, the second for `pulumi.ComponentResource` (whose first is
        a type token).
        """
        at = 1 if self.type == "pulumi.ComponentResource" else 0
        return self.arguments[at] if len(self.arguments) > at else NOTHING

    @property
    def args(self) -> AbstractValue:
        """The arguments object, which follows the name."""
        at = 2 if self.type == "pulumi.ComponentResource" else 1
        return self.arguments[at] if len(self.arguments) > at else NOTHING

    @property
    def span(self) -> Span:
        """Position of `new` (or `super`)."""
        return self.node.span


Data = (
    Primitive
    | Obj
    | Arr
    | Keyed
    | Cursor
    | Closure
    | Native
    | Class
    | Namespace
    | Instance
    | Property
    | Output
    | Promised
    | RegExp
    | Accessor
    | Rejected
)
"""The data of a known value."""
