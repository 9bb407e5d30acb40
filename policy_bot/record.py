"""Dataclasses and named tuples that cost hardly any start-up time.

The standard decorator compiles six small functions for each class in 0.6 ms: for the sixty classes of a
`check`, more than loading the parser takes. Here classes share the methods, and a constructor is compiled
once a class has several instances. `NamedTuple` does not parse its annotations, which would load Python's
syntax trees. For type checkers both *are* the standard ones, and functions of the standard module accept
the classes.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple", "dataclass", "field", "field_names", "replace"]

SEVERAL = 16
"""Number of instances with which a constructor is compiled, which takes as long as twenty without it."""

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
    from typing import NamedTuple
else:

    def dataclass(cls=None, *, frozen=False, slots=False, eq=True, repr=True):
        """The standard decorator with `frozen`, `slots`, `eq` and `repr`."""

        def made(cls):
            return _made(cls, frozen, slots, eq, repr)

        return made if cls is None else made(cls)

    def field(*, default=..., default_factory=None, init=True, repr=True, compare=True):
        """The standard function."""
        return _Field(default, default_factory, init, repr, compare)

    def replace(instance, /, **changes):
        """The standard function: a copy with these fields changed."""
        same = {name: getattr(instance, name) for name in instance.__match_args__ if name not in changes}
        return instance.__class__(**same, **changes)

    class _NamedTuples(type):
        def __new__(cls, name, bases, namespace):
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = namespace["__annotations__"]
            defaults = [namespace.pop(field) for field in fields if field in namespace]
            made = namedtuple(name, fields, defaults=defaults)
            for each, value in namespace.items():
                setattr(made, each, value)
            return made

    class NamedTuple(metaclass=_NamedTuples):
        """The standard class."""


class _Field:
    """A field's declaration. `...` means that it has no default: no field of ours has an ellipsis for one."""

    __slots__ = ("compare", "default", "factory", "init", "repr")

    def __init__(
        self, default: object, factory: Callable[[], object] | None, init: bool, repr: bool, compare: bool
    ) -> None:
        self.default = default
        self.factory = factory
        self.init = init
        self.repr = repr
        self.compare = compare


def field_names(cls: type) -> tuple[str, ...]:
    """The names of a record's fields in the order of its constructor; () for other classes."""
    return tuple(getattr(cls, "__record__", ()))


def _made(cls: type, frozen: bool, slots: bool, eq: bool, shown: bool) -> type:
    own = {name: _declared(cls, name) for name, kind in cls.__annotations__.items() if "ClassVar" not in kind}
    fields = {
        name: each for base in cls.__mro__[:0:-1] for name, each in vars(base).get("__record__", {}).items()
    }
    fields |= own
    for name, each in own.items():
        if each.default is ... or slots:
            if name in vars(cls):
                delattr(cls, name)
        else:
            setattr(cls, name, each.default)
    if slots:
        cls = _with_slots(cls, tuple(own))
    methods: dict[str, object] = {"__init__": _constructor(cls, fields, frozen), "__record__": fields}
    if shown:
        methods["__repr__"] = _repr
    if eq:
        key = _key(tuple(name for name, each in fields.items() if each.compare))
        methods |= {"__eq__": _equality(key), "__hash__": _hashing(key) if frozen else None}
    if frozen:
        methods |= {
            "__setattr__": _refuse,
            "__delattr__": _refuse,
            "__getstate__": _state,
            "__setstate__": _restore,
        }
    for name, method in methods.items():
        if vars(cls).get(name) is None:
            type.__setattr__(cls, name, method)
    type.__setattr__(cls, "__match_args__", tuple(name for name, each in fields.items() if each.init))
    type.__setattr__(cls, "__dataclass_fields__", _Standard())
    return cls


def _declared(cls: type, name: str) -> _Field:
    given = vars(cls).get(name, ...)
    return given if isinstance(given, _Field) else _Field(given, None, True, True, True)


def _with_slots(cls: type, names: tuple[str, ...]) -> type:
    namespace = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    made = type(cls)(cls.__name__, cls.__bases__, {**namespace, "__slots__": names})
    made.__qualname__ = cls.__qualname__
    return made


def _constructor(cls: type, fields: dict[str, _Field], frozen: bool) -> Callable[..., None]:
    """A constructor that replaces itself by a compiled one for several instances, and for wrong arguments."""
    names = [name for name, each in fields.items() if each.init]
    needed = {name for name in names if fields[name].default is ... and fields[name].factory is None}
    made = 0

    def __init__(self: Any, *given: object, **named: object) -> None:  # noqa: N807 -- what it is
        nonlocal made
        made += 1
        values = dict(zip(names, given)) | named  # noqa: B905 -- compared in the next line
        is_right = len(values) == len(given) + len(named) and needed <= values.keys() <= set(names)
        if made == SEVERAL or not is_right:
            compiled = _compiled(cls, fields, frozen)
            type.__setattr__(cls, "__init__", compiled)
            return compiled(self, *given, **named)
        for name, each in fields.items():
            if name in values:
                object.__setattr__(self, name, values[name])
            elif each.factory is not None or each.default is not ...:
                object.__setattr__(self, name, each.factory() if each.factory else each.default)
        if hasattr(cls, "__post_init__"):
            self.__post_init__()
        return None

    return __init__


def _compiled(cls: type, fields: dict[str, _Field], frozen: bool) -> Callable[..., None]:
    """Compiles the constructor that the standard decorator would write."""
    known: dict[str, Any] = {"_set": object.__setattr__, "_none": ...}
    parameters, body = [], []
    for name, each in fields.items():
        value = name
        if each.factory is not None:
            known[f"_new_{name}"] = each.factory
            value = f"_new_{name}() if {name} is _none else {name}" if each.init else f"_new_{name}()"
        elif each.default is not ...:
            known[f"_or_{name}"] = each.default
            value = name if each.init else f"_or_{name}"
        elif not each.init:
            continue
        if each.init:
            default = "=_none" if each.factory else f"=_or_{name}" if each.default is not ... else ""
            parameters.append(name + default)
        slot: Any = getattr(cls, name, None) if frozen else None
        if hasattr(slot, "__set__"):  # a third faster than object.__setattr__, which looks it up each time
            known[f"_set_{name}"] = slot.__set__
            body.append(f"_set_{name}(self, {value})")
        else:
            body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    source = f"def __init__({', '.join(['self', *parameters])}):\n  " + "\n  ".join(body or ["pass"])
    exec(source, known)  # noqa: S102 -- names of fields of ours, as the standard library does it
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _key(names: tuple[str, ...]) -> Callable[[Any], Any]:
    return attrgetter(*names) if names else lambda _: ()


def _equality(key: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def __eq__(self: object, other: object) -> bool:  # noqa: N807 -- what it is
        if other.__class__ is not self.__class__:
            return NotImplemented
        return bool(key(self) == key(other))

    return __eq__


def _hashing(key: Callable[[Any], Any]) -> Callable[[Any], int]:
    def __hash__(self: object) -> int:  # noqa: N807 -- what it is
        return hash(key(self))

    return __hash__


def _repr(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, each in self.__record__.items() if each.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: object, name: str, *_: object) -> None:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 -- never on a start

    raise FrozenInstanceError(f"cannot change field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__record__]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__record__, state, strict=True):
        object.__setattr__(self, name, value)


class _Standard:
    """The standard module's description of a class, made when it is first asked for."""

    def __get__(self, _: object, cls: type) -> dict[str, Any]:
        import dataclasses  # noqa: PLC0415 -- the CLI does without it

        described: list[tuple[str, Any, Any]] = []
        for name, each in cls.__record__.items():  # type: ignore[attr-defined]
            options: dict[str, Any] = {"init": each.init, "repr": each.repr, "compare": each.compare}
            if each.factory is not None:
                options["default_factory"] = each.factory
            elif each.default is not ...:
                options["default"] = each.default
            described.append((name, Any, dataclasses.field(**options)))
        twin = dataclasses.make_dataclass(cls.__name__, described, kw_only=True)
        described_fields: dict[str, Any] = vars(twin)["__dataclass_fields__"]
        cls.__dataclass_fields__ = described_fields  # type: ignore[attr-defined] # making it takes 2 ms
        return described_fields
