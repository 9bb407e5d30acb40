"""What the interpreter computes with: abstract values, which are known, one of several, or unknown, and the
things on its heap.

An *abstract value* is `Known`, `OneOf` or `Unknown`; it carries the *origin* of the value, a linked chain of
places, nearest first. `Known.data` is a Python `str`, `int`, `float`, `bool`, `None` (JavaScript's null),
`UNDEFINED`, or a heap object of this module. Heap objects are live: a `$transform` that changes an `Obj`
changes it for everyone who holds it. Numbers: an `int` stands for any integral JavaScript number, a `float`
for the others, NaN and the infinities.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeGuard

from policy_bot.sst.reasons import Reason
from policy_bot.sst.span import Span

if TYPE_CHECKING:
    from policy_bot.sst.nodes import ClassNode, FunctionNode, ObjectLiteral
    from policy_bot.sst.recording import Construction


class Placed(Protocol):
    """Anything with a position in a source file: every node of `policy_bot.sst.nodes`."""

    @property
    def span(self) -> Span:
        """Its position in the file."""


class Undefined(enum.Enum):
    """The type of JavaScript's `undefined`."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED


FALSY: Final = (UNDEFINED, None, False, 0, "", math.nan)  # what counts as false, but for -0 and 0n


class Origin:
    """One hop of a value's derivation: the place, what happened there in words, and the hop before it."""

    __slots__ = ("node", "note", "parent")

    def __init__(self, node: Placed | None, note: str, parent: Origin | None = None) -> None:
        self.node = node
        self.note = note
        self.parent = parent

    def __iter__(self) -> Iterator[Origin]:
        """This hop and those behind it, nearest first."""
        hop: Origin | None = self
        while hop is not None:
            yield hop
            hop = hop.parent


class Known:
    """A value that is what it is in this context."""

    __slots__ = ("data", "origin")

    def __init__(self, data: Any, origin: Origin | None = None) -> None:
        self.data = data
        self.origin = origin

    def __repr__(self) -> str:
        return f"Known({self.data!r})"


class OneOf:
    """A value that is one of several (two or more), because of a condition that could not be seen.

    `present` is set in the slot of a key that may be absent: the value that it has if it is there.
    """

    __slots__ = ("choices", "origin", "present", "reason")

    def __init__(self, choices: tuple[Known, ...], reason: Reason, origin: Origin | None = None) -> None:
        self.choices = choices
        self.reason = reason
        self.origin = origin
        self.present: AbstractValue | None = None

    def __repr__(self) -> str:
        return f"OneOf({self.choices!r}, {self.reason!r})"


class Unknown:
    """An unknown value: why, and the place that hides it. `present` as in `OneOf`.

    `text_of` is set for a JSON text: the value that it was made of, parts of which are unknown. `falsy` are
    the falsy values that it may be; `false` alone for a comparison.
    """

    __slots__ = ("falsy", "node", "origin", "present", "reason", "text_of")

    def __init__(
        self,
        reason: Reason,
        node: Placed | None = None,
        origin: Origin | None = None,
        text_of: Known | None = None,
        falsy: tuple[Any, ...] = FALSY,
    ) -> None:
        self.reason = reason
        self.node = node
        self.origin = origin
        self.text_of = text_of
        self.falsy = falsy
        self.present: AbstractValue | None = None

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})"


AbstractValue = Known | OneOf | Unknown


class Births:
    """When containers were made, in branches begun until then: nobody else sees what a branch made itself."""

    now = 0


class Slots(dict[Any, Any]):
    """A mapping that a program sees: the names of a scope, the keys of an object, a `Map`'s entries."""

    __slots__ = ("born",)

    born: int


class Items(list[Any]):
    """The elements of an array. `open` is set if there may be more, at unknown places."""

    __slots__ = ("born", "open")

    born: int
    open: Unknown | None


def elements_of(items: list[Any]) -> Items:
    """A list as the elements of an array that a program can see."""
    if items.__class__ is Items:
        return items
    made = Items(items)
    made.open = None
    if Births.now:
        made.born = Births.now
    return made


def slots(content: dict[Any, Any] | None = None) -> Slots:
    """A new mapping that a program can see."""
    made = Slots(content) if content else Slots()
    if Births.now:
        made.born = Births.now
    return made


class StageName(str):
    """The stage's name as the program sees it: comparing it with a text tells us a stage that the author has
    in mind.
    """

    __slots__ = ()


class Obj:
    """A plain object. `node` is its literal, where it has one.

    `spreads` are the values that were spread into the literal, in order (to find where a key was written);
    `assigned` the assignments that set a key later. `rest` is set where something unknown was spread or
    assigned into it: keys that are not in `props` may exist then. `frozen` is None if it is unknown whether
    it is frozen.
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


class ProcessEnvironment(Obj):
    """`process.env`: what the program does not set itself is set outside the repository."""

    __slots__ = ()


class Arr:
    """An array: values, and `OptionalItem` where an element may be missing. `open` is set if it may hold
    more elements, at unknown indexes. A place without an element holds `HOLE`.

    `props` are properties besides the elements (`match.index`); `frozen` as in `Obj`.
    """

    __slots__ = ("frozen", "items", "node", "props")

    def __init__(self, items: list[Any], node: Placed | None = None, open_: Unknown | None = None) -> None:
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
    """An iterator: what `array.entries()`, `map.keys()` and the like have not given yet. Walking over it
    empties it; `items` and `open` as in `Arr`.
    """

    __slots__ = ("items",)

    def __init__(self, items: list[Any], open_: Unknown | None = None) -> None:
        self.items = elements_of(items)
        if open_ is not None:
            self.items.open = open_

    @property
    def open(self) -> Unknown | None:
        """Why there may be more elements."""
        return self.items.open


class Rejected:
    """A promise that is rejected: waiting for it throws `reason`."""

    __slots__ = ("reason",)

    def __init__(self, reason: AbstractValue) -> None:
        self.reason = reason


class OptionalItem:
    """An element of an `Arr` that exists only if an unknown condition holds. Never leaves its array."""

    __slots__ = ("reason", "value")

    def __init__(self, value: AbstractValue, reason: Reason) -> None:
        self.value = value
        self.reason = reason


def optional(items: list[Any], reason: Reason) -> list[Any]:
    """The elements, each of which may be missing."""
    return [item if item.__class__ is OptionalItem else OptionalItem(item, reason) for item in items]


class Closure:
    """A function of the program with the scope it was made in. `this` is bound for methods by the call, for
    arrows by scope.
    """

    __slots__ = ("home", "node", "props", "scope")

    def __init__(self, node: FunctionNode, scope: Any, home: Class | None = None) -> None:
        self.node = node
        self.scope = scope
        self.home = home
        self.props: dict[str, AbstractValue] | None = None


class Native:
    """A built-in function. `run(machine, arguments, node)` gives its result.

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
    """A class of the program. `base` is what it extends (a `Class`, a `Namespace` such as
    `sst.aws.Function`), or None.
    """

    __slots__ = (
        "base",
        "constructor",
        "getters",
        "methods",
        "name",
        "node",
        "props",
        "scope",
        "setters",
        "static_getters",
    )

    def __init__(self, node: ClassNode, scope: Any, name: str, base: AbstractValue | None) -> None:
        self.node = node
        self.scope = scope
        self.name = name
        self.base = base
        self.constructor: Closure | None = None
        self.methods: dict[str, Closure] = {}
        self.getters: dict[str, Closure] = {}
        self.setters: dict[str, Closure] = {}
        self.static_getters: dict[str, Closure] = {}
        self.props: dict[str, AbstractValue] = slots()


class Namespace:
    """Something SST or Pulumi gives by a dotted name: `sst.aws`, `sst.aws.Queue`, `aws.lambda`, `pulumi`."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def is_class(self) -> bool:
        """Whether the name is that of a class, by SST's and Pulumi's convention."""
        return self.path.rpartition(".")[2][:1].isupper()

    def __repr__(self) -> str:
        return f"Namespace({self.path})"


class Instance:
    """Made by `new`. `type` is the SST name ("sst.aws.Queue"), or that of the program's class where it
    extends nothing.

    `construction` is its record; None for objects of the program's own classes and for references
    (`sst.aws.Vpc.get`).
    """

    __slots__ = ("cls", "construction", "name", "props", "type")

    def __init__(self, type_: str, cls: Class | None = None, name: AbstractValue | None = None) -> None:
        self.type = type_
        self.cls = cls
        self.name: AbstractValue = name if name is not None else Known(UNDEFINED)
        self.props: dict[str, AbstractValue] = slots()
        self.construction: Construction | None = None

    def __repr__(self) -> str:
        return f"Instance({self.type})"


class Property:
    """An output of an instance that only the deploy knows: `queue.arn`, `site.nodes.server`; `path` is
    dotted.
    """

    __slots__ = ("instance", "path")

    def __init__(self, instance: Instance, path: str) -> None:
        self.instance = instance
        self.path = path

    def __repr__(self) -> str:
        return f"Property({self.instance.type}, {self.path})"


class Output:
    """A Pulumi output around a value that we see: `$output("4 minutes")`. `strip` takes it off."""

    __slots__ = ("inner",)

    def __init__(self, inner: AbstractValue) -> None:
        self.inner = inner


class Keyed:
    """A `Map` or a `Set` (`kind`), by key identity; each entry is (key, value). `open` as in `Arr`."""

    __slots__ = ("entries", "kind", "open")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.entries: dict[Any, tuple[AbstractValue, AbstractValue]] = slots()
        self.open: Unknown | None = None


class RegExp:
    """A regular expression literal."""

    __slots__ = ("flags", "source")

    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.flags = flags


class Accessor:
    """A getter (and setter) of an object literal; lives in `Obj.props`, evaluated when read."""

    __slots__ = ("getter", "setter")

    def __init__(self, getter: Closure | None, setter: Closure | None) -> None:
        self.getter = getter
        self.setter = setter


HOLE: Final = Known(UNDEFINED)
"""A place of an array without an element: reading it gives undefined. Never leaves its array."""


def strip(value: AbstractValue) -> AbstractValue:
    """The value inside an `Output`, however deep; any other value as it is."""
    while value.__class__ is Known and value.data.__class__ is Output:
        value = value.data.inner
    return value


def has_fields(data: object) -> TypeGuard[Class | Instance]:
    """Whether it is a class of the program or an object of one, whose fields we all see."""
    return isinstance(data, Class) or (
        isinstance(data, Instance)
        and data.construction is None
        and data.cls is not None
        and not data.type.endswith("Error")  # whose message is not enumerable
    )


def own_fields(data: Instance | Class) -> dict[str, AbstractValue]:
    """The fields that JavaScript enumerates and spreads: no methods, nothing private."""
    methods: set[str] = set()
    if isinstance(data, Class):
        methods = {member.key for member in data.node.members if member.static and member.kind == "method"}
    return {key: value for key, value in data.props.items() if key not in methods and key[:1] != "#"}


def as_object(value: AbstractValue, getters: bool = True) -> AbstractValue:
    """What SST reads of arguments that are an object of a class of the program: its fields, and its getters
    where SST does not spread it. Any other value as it is.
    """
    data = value.data if value.__class__ is Known else None
    if data.__class__ is not Instance or data.cls is None or data.construction is not None:
        return value
    made = Obj(dict(data.props))
    cls: Class | None = data.cls if getters else None
    while cls is not None:
        for key, getter in cls.getters.items():
            made.props.setdefault(key, Known(Accessor(getter, cls.setters.get(key))))
        cls = cls.base.data if isinstance(cls.base, Known) and isinstance(cls.base.data, Class) else None
    return Known(made, value.origin)


def alternatives(value: AbstractValue) -> tuple[Known, ...]:
    """The known values it may have: one for `Known`, several for `OneOf`, none for `Unknown`."""
    if isinstance(value, Known):
        return (value,)
    return value.choices if isinstance(value, OneOf) else ()


def because(value: AbstractValue, node: Placed | None, note: str) -> AbstractValue:
    """The same value with one more hop in front of its origin."""
    if isinstance(value, Known):
        return Known(value.data, Origin(node, note, value.origin))
    if isinstance(value, OneOf):
        return OneOf(value.choices, value.reason, Origin(node, note, value.origin))
    return Unknown(value.reason, value.node, Origin(node, note, value.origin), value.text_of)
