"""The tables of built-ins: one row for each method and function of JavaScript.

A row says how many arguments JavaScript reads (`reads`) and how many of them our implementation honours. A
call with an argument that is not honoured is unknown, never a guess; arguments beyond those that JavaScript
reads are ignored, as JavaScript does. Every name that JavaScript has (`names.py`) and no row implements gets
a row with an unknown result, so that such a method is not `undefined`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from policy_bot.sst.atoms import UNDEFINED, Primitive
from policy_bot.sst.domain import hiding, objects
from policy_bot.sst.heap import Arr, Cursor, Data, Native
from policy_bot.sst.interpreter.builtins import names
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, for_each_choice, unseen
from policy_bot.sst.interpreter.callables import Function, Method, unknown_call
from policy_bot.sst.interpreter.forgetting import lose, may_have_changed
from policy_bot.sst.interpreter.iterate import begin
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.properties import contents
from policy_bot.sst.interpreter.writes import touch
from policy_bot.sst.reasons import Why
from policy_bot.sst.utf16 import joined, units
from policy_bot.sst.values import AbstractValue, Known, OneOf, Origin, Placed, Unknown, is_undefined

_This_contra = TypeVar("_This_contra", bound=Data, contravariant=True)
Result = Primitive | AbstractValue | list[str]
Operation = Callable[..., Result]
ANY = 1_000_000
"""The count of a row that takes any number of arguments."""


class Builtin(Generic[_This_contra]):
    """A built-in method. Calling the row checks the arguments, then runs it."""

    __slots__ = ("honours", "name", "reads", "run")

    def __init__(
        self, name: str, run: Method[_This_contra], honours: int = 0, reads: int | None = None
    ) -> None:
        self.name = name
        self.run = run
        self.honours = honours
        self.reads = honours if reads is None else reads

    def __call__(
        self, m: Machine, this: Known[_This_contra], given: list[AbstractValue], node: Placed | None
    ) -> AbstractValue:
        """The result of the method on `this`."""
        m.scan(this.data)
        for value in given:
            if value.__class__ is Known:
                m.scan(value.data)
        if len(given) > self.honours:
            if any(not is_undefined(value) for value in given[self.honours : self.reads]):
                return unmodelled(m, self.name, this, given, node)
            given = given[: self.honours]
        try:
            return self.run(m, this, given, node)
        except Undetermined as error:
            m.may_throw(node)
            unclear = Unknown(Why.BUILTIN_RESULT(self.name), node)
            result = unseen(error.cause, node) if error.cause is not None else unclear
            return may_give(result, [this, *given], node)

    def bound(self, this: Known[_This_contra]) -> Native:
        """The method as a value, read from `this`."""
        return Native(self.name, lambda m, given, node: self(m, this, given, node), method=self)


def may_give(result: Unknown, given: Sequence[AbstractValue], node: Placed | None) -> Unknown:
    """An unknown result among the arguments: one of them, one of their elements, or an array of some."""
    elements = objects(element for value in given for element in contents(value))
    if elements:
        some = Known(Arr([], node, hiding(result, elements)))
        return hiding(result, (*elements, some, *objects(given)))
    among = objects(given)
    return hiding(result, among) if among else result


def function_row(name: str, run: Function, honours: int = 0, reads: int | None = None) -> Builtin[Data]:
    """A row for a function that has no receiver."""
    return Builtin(name, lambda m, this, given, node: run(m, given, node), honours, reads)


def as_native(row: Builtin[Data], props: dict[str, AbstractValue] | None = None) -> Native:
    """A function as a value."""
    return Native(row.name, lambda m, given, node: row(m, _NOBODY, given, node), props)


def constructor(row: Builtin[Data]) -> Function:
    """A row as a constructor."""
    return lambda m, given, node: row(m, _NOBODY, given, node)


def native(name: str, run: Function) -> Known:
    """A function of the environment as a value. It takes any arguments."""
    return Known(as_native(function_row(name, run, ANY)))


def methods(kind: str, rows: Iterable[Builtin[_This_contra]]) -> dict[str, Method[_This_contra]]:
    """All methods of a kind of value by name: the rows, and the methods that are not modelled."""
    known = f"{names.METHODS['Object']} {names.METHODS[kind]}".split()
    table = {name: _unmodelled_row(name) for name in known}
    return {**table, **{row.name: row for row in rows}}


def functions(space: str, rows: Iterable[Builtin[Data]]) -> dict[str, AbstractValue]:
    """All static functions of a global by name: the rows (without the global's name), and the others."""
    table = {name: _unmodelled_row(f"{space}.{name}") for name in names.FUNCTIONS[space].split()}
    for row in rows:
        table[row.name] = Builtin(f"{space}.{row.name}", row.run, row.honours, row.reads)
    return {name: Known(as_native(row)) for name, row in table.items()}


def unmodelled(
    m: Machine, name: str, this: Known, given: list[AbstractValue], node: Placed | None
) -> Unknown:
    """A call whose result is not modelled: it may throw, call its arguments, and change its receiver."""
    m.may_throw(node)
    unclear = Unknown(Why.BUILTIN_ARGUMENTS(name), node)
    plain_name = name.rpartition(".")[2]
    if isinstance(this.data, Cursor):
        begin(m, this.data, whole=False)
        touch(m, this.data.items).clear()
        this.data.items.open = unclear
    if plain_name in names.CHANGING.split():
        lose(m, this.data, unclear)
    if name.startswith(("Object.", "Reflect.")):
        for value in given:
            may_have_changed(m, value, unclear.reason, node)
    unknown_call(m, unclear, given, node)
    return may_give(unclear, [this, *given], node)


def pure(operation: Operation) -> Method:
    """Makes a method of a function of plain values without effects: of `this` and the arguments. The function
    returns plain data, a list for an array, or a value; it raises `Undetermined`.
    """

    def run(m: Machine, this: Known, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        def once(some: list[Known]) -> AbstractValue:
            return lifted(m, operation(m, *[value.data for value in some]), this.origin, node)

        return for_each_choice(m, [this, *given], once)

    return run


def pure_function(operation: Operation) -> Method:
    """The same for a function without a receiver."""

    def run(m: Machine, this: Known, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
        def once(some: list[Known]) -> AbstractValue:
            origin = some[0].origin if some else None
            return lifted(m, operation(m, *[value.data for value in some]), origin, node)

        return for_each_choice(m, given, once)

    return run


def on_units(operation: Operation) -> Method:
    """The same for a method of strings that works on UTF-16 code units."""

    def on_plain(m: Machine, *given: Data) -> Result:
        return operation(m, *[units(data) if isinstance(data, str) else data for data in given])

    return pure(on_plain)


def lifted(m: Machine, result: Result, origin: Origin | None, node: Placed | None) -> AbstractValue:
    """A plain result as a value."""
    if isinstance(result, (Known, OneOf, Unknown)):
        return result
    if isinstance(result, list):
        m.allocate(len(result) + sum(len(part) for part in result if isinstance(part, str)))
        return Known(Arr([Known(_text(part), origin) for part in result], node), origin)
    if isinstance(result, str):
        m.allocate(len(result))
        if len(result) > m.limits.string:
            return Unknown(Why.STRING_TOO_LONG(m.limits.string), node)
    return Known(_text(result), Origin(node, "computed", origin))


def _text(data: Primitive) -> Primitive:
    return joined(data) if data.__class__ is str else data


def _unmodelled_row(name: str) -> Builtin[Data]:
    return Builtin(name, lambda m, this, given, node: unmodelled(m, name, this, given, node), ANY)


_NOBODY = Known(UNDEFINED)
