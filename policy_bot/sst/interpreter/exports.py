"""Exports of modules, each read from the module that sets it."""

from __future__ import annotations

from functools import partial

from policy_bot.sst.atoms import UNDEFINED, Namespace
from policy_bot.sst.domain import absent_or
from policy_bot.sst.heap import Accessor, Class, Closure, Live, Native, Obj, Scope
from policy_bot.sst.interpreter.completions import UNSET
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recorded
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Origin, Placed, Unknown


class Exports:
    """The exports of a module. `rest` is the value of every other name, if the module is unknown. `value` is
    the result of `require` for a module without `export`. `records` are the records of its evaluation if it
    was first imported under `conditions`, which is their number.
    """

    def __init__(self, path: str = "") -> None:
        self.path = path
        self.names: dict[str, Live] = {}
        self.stars: list[Exports] = []
        self.owners: dict[str, Exports] = {}
        self.rest: Unknown | None = None
        self.space: Namespace | None = None
        self.object: Obj | None = None
        self.common: Obj | None = None
        self.value: AbstractValue | None = None
        self.done = False
        self.records: list[Recorded] = []
        self.conditions = 0

    def set_common(self, exports: AbstractValue) -> None:
        """The exports of a CommonJS module or a JSON file: the value itself, which is the default (unless
        `__esModule` marks it as compiled from a module with one), and its properties by their names.
        """
        self.value = exports
        if isinstance(exports, Known) and isinstance(exports.data, Obj):
            for name, value in exports.data.props.items():
                self.names[name] = Live(partial(itself, value))
            if "__esModule" in exports.data.props:
                return
        self.names["default"] = Live(partial(itself, exports))

    def get(self, name: str, seen: tuple[Exports, ...] = ()) -> AbstractValue | None:
        """An export; None if there is none."""
        if name in self.names:
            return self.names[name].read()
        if self.space is not None:
            return Known(self.space if name == "default" else Namespace(f"{self.space.path}.{name}"))
        if name != "default" and self.stars:
            found = self._starred(name, (*seen, self))
            if found is not None:
                return found
        if self.object is not None:
            return self.object.props.get(name) or self.object.rest
        return self.rest

    def _starred(self, name: str, seen: tuple[Exports, ...]) -> AbstractValue | None:
        """An export of `export *`; unknown if two modules export the name, which no import can have."""
        if name in self.owners:
            return self.owners[name].get(name, seen)
        found: dict[int, AbstractValue] = {}
        for star in self.stars:
            value = star.get(name, seen) if star not in seen else None
            if value is not None:
                self.owners.setdefault(name, star)
                found[id(value)] = value
        if not self.done or len(found) > 1:
            self.owners.pop(name, None)
        known = [value for value in found.values() if isinstance(value, Known)]
        if len(known) > 1:
            return Unknown(Why.NOT_EXPORTED(name, self.path))
        return next(iter(found.values()), None)

    def may_change(self, name: str, seen: tuple[Exports, ...] = ()) -> bool:
        """Whether the module that exports a name may set it again."""
        if name in self.names:
            return self.names[name].may_change()
        return any(star.may_change(name, (*seen, self)) for star in self.stars if star not in seen)

    def _property(self, name: str) -> AbstractValue:
        """An export as a property of the module's object; an export that may be assigned again is read each
        time.
        """
        value = self.get(name) or NOTHING
        callable_ = isinstance(value, Known) and isinstance(value.data, (Closure, Class))
        if callable_ or not self.may_change(name):
            return value
        getter = Native(name, lambda m, given, node: self.get(name) or NOTHING)
        return Known(Accessor(getter, None))

    def whole(self) -> AbstractValue:
        """The module as one object (`import * as`, `import()`)."""
        if self.space is not None:
            return Known(self.space)
        if self.rest is not None and not self.names:
            return self.rest
        if self.object is not None and self.done:
            return Known(self.object)
        made = Obj({name: self._property(name) for name in sorted(self._all(()))})
        for name, value in made.props.items():  # of two modules that export the same name: in neither
            if isinstance(value, Unknown) and value.reason.kind is Why.NOT_EXPORTED:
                made.props[name] = absent_or(value, value.reason)
        made.rest = next((star.rest for star in self.stars if star.rest is not None), None)
        if self.done:
            self.object = made
        return Known(made)

    def _all(self, seen: tuple[Exports, ...]) -> set[str]:
        found = set(self.names)
        if self.object is not None:
            found |= set(self.object.props)
        for star in self.stars:
            if star not in seen:
                found |= star._all((*seen, self)) - {"default"}
        return found


def reading(exports: Exports, name: str, node: Placed) -> Live:
    """An imported name."""

    def read() -> AbstractValue:
        found = exports.get(name)
        if found is None:
            return Unknown(Why.NOT_EXPORTED(name, exports.path), node)
        return found

    return Live(read, lambda: exports.may_change(name))


def itself(value: AbstractValue) -> AbstractValue:
    """An exported value."""
    return value


def declared_here(scope: Scope, name: str, node: Placed) -> Live:
    """An export, read at its declaration. In a cycle of imports it may not be set yet: SST's bundle has
    declared it with `var` by then, so it is undefined.
    """

    def read() -> AbstractValue:
        found = scope.vars.get(name)
        if isinstance(found, Live):
            return found.read()
        if found is UNSET:
            return Known(
                UNDEFINED, Origin(node, f"`{name or 'default'}` is read before its module has set it")
            )
        if found is None:
            return Unknown(Why.READ_BEFORE_SET(name or "default"), node)
        return found

    return Live(read, lambda: name not in scope.constants)
