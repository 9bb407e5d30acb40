"""Abstract values (known, one of several, or unknown) and the containers that hold them.

A value carries its *origin*, a linked list of places, nearest first. The data of a known value is an atom
(`atoms`) or an object of the heap (`heap`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, Generic, Protocol

from policy_bot.sst.atoms import FALSY, UNDEFINED, Primitive
from policy_bot.sst.reasons import Reason
from policy_bot.sst.span import Span

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from policy_bot.sst.deployment import Step
    from policy_bot.sst.heap import Data

    D_co = TypeVar("D_co", bound=Data, default=Data, covariant=True)
else:
    from typing import TypeVar

    D_co = TypeVar("D_co", covariant=True)
_Key = TypeVar("_Key")
_Content = TypeVar("_Content")


class Placed(Protocol):
    """Anything with a position in a source file: every node of `policy_bot.sst.nodes`."""

    @property
    def span(self) -> Span:
        """Its position in the file."""


class Origin:
    """One step of a value's derivation: the place, a note on what happened there, and the step before it.

    `steps` is the whole derivation as plain data, once it was asked for (`freeze.steps`).
    """

    __slots__ = ("node", "note", "parent", "steps")

    def __init__(self, node: Placed | None, note: str, parent: Origin | None = None) -> None:
        self.node = node
        self.note = note
        self.parent = parent
        self.steps: tuple[Step, ...] | None = None

    def __iter__(self) -> Iterator[Origin]:
        """This step and those before it, nearest first."""
        hop: Origin | None = self
        while hop is not None:
            yield hop
            hop = hop.parent


class Known(Generic[D_co]):
    """A value that is known in this context. The type parameter is the type of its data, if that is
    certain.
    """

    __slots__ = ("data", "origin")

    def __init__(self, data: D_co, origin: Origin | None = None) -> None:
        self.data = data
        self.origin = origin

    def __repr__(self) -> str:
        return f"Known({self.data!r})"


class OneOf:
    """A value that is one of several (two or more), because a condition is unknown.

    `present` is set in the slot of a key that may be absent: its value if the key exists.
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
    """An unknown value, with the reason and the place that hides it. `present` as in `OneOf`.

    `text_of` is set for a JSON text: the value that it was made from, parts of which are unknown. `falsy` are
    the falsy values that it may be; `false` alone for a comparison. `among` are the objects and functions of
    the program that it may be: calls and writes reach them.
    """

    __slots__ = ("among", "falsy", "node", "origin", "present", "reason", "text_of")

    def __init__(
        self,
        reason: Reason,
        node: Placed | None = None,
        origin: Origin | None = None,
        text_of: Known | None = None,
        falsy: tuple[Primitive, ...] = FALSY,
        among: tuple[Known, ...] = (),
    ) -> None:
        self.reason = reason
        self.node = node
        self.origin = origin
        self.text_of = text_of
        self.falsy = falsy
        self.among = among
        self.present: AbstractValue | None = None

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})"


AbstractValue = Known | OneOf | Unknown


class OptionalItem:
    """An element of an `Arr` that exists only if an unknown condition holds. Never leaves its array."""

    __slots__ = ("reason", "value")

    def __init__(self, value: AbstractValue, reason: Reason) -> None:
        self.value = value
        self.reason = reason


Item = AbstractValue | OptionalItem
"""An element of an array."""


def is_undefined(value: AbstractValue) -> bool:
    """Whether it is known to be `undefined`."""
    return isinstance(value, Known) and value.data is UNDEFINED


def is_nullish(value: AbstractValue) -> bool:
    """Whether it is known to be `undefined` or `null`."""
    return isinstance(value, Known) and (value.data is None or value.data is UNDEFINED)


def value_of(item: Item) -> AbstractValue:
    """The value of an element, if it exists."""
    return item.value if isinstance(item, OptionalItem) else item


class Births:
    """Records when a container was made, as the number of branches begun until then. Only the branch that
    made it can see it.
    """

    now = 0


class Slots(dict[_Key, _Content]):
    """A mapping that a program sees: the names of a scope, the keys of an object, a `Map`'s entries."""

    __slots__ = ("born",)

    born: int


class Items(list[Item]):
    """The elements of an array. `open` is set if there may be more, at unknown places."""

    __slots__ = ("born", "open")

    born: int
    open: Unknown | None


def elements_of(items: Sequence[Item]) -> Items:
    """Converts a list to the elements of an array."""
    if items.__class__ is Items:
        return items
    made = Items(items)
    made.open = None
    if Births.now:
        made.born = Births.now
    return made


def slots(content: dict[_Key, _Content] | None = None) -> Slots[_Key, _Content]:
    """A new mapping for the names, keys or entries of a program."""
    made = Slots(content) if content else Slots()
    if Births.now:
        made.born = Births.now
    return made


def optional(items: Sequence[Item], reason: Reason) -> list[Item]:
    """The elements, each marked as possibly missing. Holes are left out: for them the caller opens the
    array.
    """
    return [
        item if isinstance(item, OptionalItem) else OptionalItem(item, reason)
        for item in items
        if item is not HOLE
    ]


NOTHING: Final = Known(UNDEFINED)
"""The value of an expression or call without a result."""

HOLE: Final = Known(UNDEFINED)
"""A hole of an array, which reads as undefined. It never leaves its array."""


def alternatives(value: AbstractValue) -> tuple[Known, ...]:
    """The known values it may have: one for `Known`, several for `OneOf`, none for `Unknown`."""
    if isinstance(value, Known):
        return (value,)
    return value.choices if isinstance(value, OneOf) else ()


def because(value: AbstractValue, node: Placed | None, note: str) -> AbstractValue:
    """The same value with one more step in front of its origin."""
    if isinstance(value, Known):
        return Known(value.data, Origin(node, note, value.origin))
    if isinstance(value, OneOf):
        return OneOf(value.choices, value.reason, Origin(node, note, value.origin))
    return Unknown(
        value.reason, value.node, Origin(node, note, value.origin), value.text_of, among=value.among
    )
