"""Calls and constructs values of any kind.

The meaning of a call depends on the class of the known value's data: higher modules register it with `calls`
and `constructs`, and the methods of JavaScript in `METHODS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import Any, TypeVar

from policy_bot.sst import nodes
from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.catalog.packages import may_construct
from policy_bot.sst.domain import hiding, objects
from policy_bot.sst.heap import Closure, Data, Native, Obj
from policy_bot.sst.interpreter.branches import fork, later
from policy_bot.sst.interpreter.choices import choose
from policy_bot.sst.interpreter.completions import Completion
from policy_bot.sst.interpreter.forgetting import may_have_changed
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import NOTHING, AbstractValue, D_co, Known, OneOf, Placed, Unknown

_Data = TypeVar("_Data")
Caller = Callable[[Machine, _Data, list[AbstractValue], AbstractValue | None, Placed | None], AbstractValue]
Constructor = Callable[[Machine, _Data, list[AbstractValue], Placed], AbstractValue]
Function = Callable[[Machine, list[AbstractValue], Placed | None], AbstractValue]
Method = Callable[[Machine, Known[D_co], list[AbstractValue], Placed | None], AbstractValue]


class _Methods(dict[type, Mapping[str, Method[Any]]]):
    """The built-in methods by the class of the receiver's data: `builtins` says where they are, and they are
    loaded when the first is looked up.
    """

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[type, str] = {}

    def __missing__(self, kind: type) -> Mapping[str, Method[Any]]:
        module, _, table = self.places.get(kind, "").rpartition(".")
        found: Mapping[str, Method[Any]] = getattr(import_module(module), table) if module else {}
        self[kind] = found
        return found


METHODS = _Methods()
_CALLERS: dict[type, Caller[Any]] = {}
_CONSTRUCTORS: dict[type, Constructor[Any]] = {}


def calls(kind: type[_Data]) -> Callable[[Caller[_Data]], Caller[_Data]]:
    """Registers a function as the meaning of a call of this kind of data."""

    def register(function: Caller[_Data]) -> Caller[_Data]:
        _CALLERS[kind] = function
        return function

    return register


def constructs(kind: type[_Data]) -> Callable[[Constructor[_Data]], Constructor[_Data]]:
    """Registers a function as the meaning of `new` with this kind of data."""

    def register(function: Constructor[_Data]) -> Constructor[_Data]:
        _CONSTRUCTORS[kind] = function
        return function

    return register


def call(
    m: Machine,
    function: AbstractValue,
    given: list[AbstractValue],
    this: AbstractValue | None,
    node: Placed | None,
) -> AbstractValue:
    """Calls a value."""
    if isinstance(function, Known):
        return _CALLERS.get(function.data.__class__, not_a_function)(m, function.data, given, this, node)
    if isinstance(function, OneOf):
        runs: list[Callable[[], AbstractValue]] = [
            partial(call, m, choice, given, this, node)
            for choice in function.choices
            if choice.data is not UNDEFINED and choice.data is not None
        ]
        if len(runs) < len(function.choices):
            m.may_throw(node)
        return choose(m, function.reason, runs) if len(runs) > 1 else runs[0]() if runs else NOTHING
    runs = [
        partial(call, m, known, given, this, node) for known in function.among if callable_data(known.data)
    ]
    return with_perhaps(m, unknown_call(m, function, given, node), runs)


def callable_data(data: Data) -> bool:
    """Whether the effect of a call of it is known."""
    return data.__class__ in _CALLERS


def with_perhaps(
    m: Machine, result: AbstractValue, runs: Sequence[Callable[[], AbstractValue]]
) -> AbstractValue:
    """An unknown result, which may be one of these."""
    if not runs or not isinstance(result, Unknown):
        return result
    results: list[AbstractValue] = []

    def once(run: Callable[[], AbstractValue]) -> Completion:
        results.append(run())
        return None

    for run in runs:
        fork(m, result.reason, [partial(once, run), lambda: None])
    return hiding(result, objects([result, *results]))


def not_a_function(
    m: Machine, data: object, given: list[AbstractValue], this: AbstractValue | None, node: Placed | None
) -> AbstractValue:
    """A call of a value that is not a function."""
    m.may_throw(node)
    return unknown_call(m, Unknown(Why.NOT_A_FUNCTION(), node), given, node)


@calls(Native)
def _call_builtin(
    m: Machine, function: Native, given: list[AbstractValue], this: AbstractValue | None, node: Placed | None
) -> AbstractValue:
    return (
        function.run(m, given, node) if function.method is None else _unbound(m, function, given, this, node)
    )


def _unbound(
    m: Machine, method: Native, given: list[AbstractValue], this: AbstractValue | None, node: Placed | None
) -> AbstractValue:
    """Calls a built-in method that was read as a value: on `this`, not on the value that it was read from."""
    assert method.method is not None
    own = METHODS[this.data.__class__].get(method.name) if isinstance(this, Known) else None
    if isinstance(this, Known) and (own is method.method or method.name in _OF_ANY_VALUE):
        return method.method(m, this, given, node)
    m.may_throw(node)
    reason = Why.OTHER_RECEIVER(method.name)
    if this is not None:
        may_have_changed(m, this, reason, node)
    return unknown_call(m, Unknown(reason, node), given, node)


_OF_ANY_VALUE = {"hasOwnProperty", "Object.prototype.toString"}


def unknown_call(
    m: Machine, function: Unknown, given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    """An unknown function: it may call the functions among its arguments once, several times, or never."""
    if m.lenient:
        return kept(m, given, node)
    m.may_throw(node)
    told = len(m.recording.blind_spots)
    method = function.reason.kind is Why.UNSUPPORTED_FUNCTION  # `Array.prototype.push.call(a, 1)`
    if method or (m.linker is not None and function.reason in m.linker.changing):
        for value in given:
            may_have_changed(m, value, function.reason, node)
    for value in given:
        if isinstance(value, Known) and isinstance(value.data, Closure):
            unseen: list[AbstractValue] = [Unknown(function.reason, node)] * 4

            def once(closure: Known = value, unseen: list[AbstractValue] = unseen) -> Completion:
                call(m, closure, unseen, None, None)
                return None

            before = m.mark()
            fork(m, function.reason, [once, lambda: None], widen=True)
            if m.mark() != before:
                m.hide(Why.CALLBACK_OF_UNKNOWN_FUNCTION(function.reason), node)
    if m.linker is not None and m.linker.is_first_call(function) and len(m.recording.blind_spots) == told:
        m.hide(Why.MAY_CONSTRUCT(function.reason), node)
    return Unknown(function.reason, function.node or node)


def may_be_called(m: Machine, function: AbstractValue, this: AbstractValue | None) -> None:
    """A function that is stored out of the interpreter's sight, such as under `[Symbol.iterator]`: it may be
    called at any time and any number of times, and so may the functions that it returns.
    """
    reason = Why.KEY()

    def once() -> Completion:
        given = call(m, function, [Unknown(reason)] * 2, this, None)
        props = given.data.props if isinstance(given, Known) and isinstance(given.data, Obj) else {}
        for inner in list(props.values()):
            if isinstance(inner, Known) and isinstance(inner.data, Closure):
                call(m, inner, [Unknown(reason)] * 2, given, None)
        return None

    def run() -> AbstractValue:
        fork(m, reason, [once], widen=True)
        return NOTHING

    if isinstance(function, Known) and isinstance(function.data, Closure):
        later(m, run)


def kept(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """An unknown call, kept as an object of its name and arguments (`lenient`: framework configs).

    A function that is passed to a `define...` function is called: `defineConfig(() => ({...}))`.
    """
    callee = node.callee if isinstance(node, (nodes.Call, nodes.New)) else None
    name = callee.name if isinstance(callee, (nodes.Identifier, nodes.Member)) else ""
    made: dict[str, AbstractValue] = {"$call": Known(name)}
    for at, value in enumerate(given):
        runs = name.startswith("define") and isinstance(value, Known) and isinstance(value.data, Closure)
        made[str(at)] = (
            call(m, value, [Unknown(Why.FRAMEWORK_ARGUMENT(), node)] * 2, None, node) if runs else value
        )
    return Known(Obj(made))


def construct(m: Machine, callee: AbstractValue, given: list[AbstractValue], node: Placed) -> AbstractValue:
    """Constructs an instance of a value."""
    if isinstance(callee, Known):
        constructor = _CONSTRUCTORS.get(callee.data.__class__)
        if constructor is not None:
            return constructor(m, callee.data, given, node)
        return unknown_construct(m, Unknown(Why.NOT_A_CLASS(), node), given, node)
    if isinstance(callee, OneOf):
        return choose(
            m,
            callee.reason,
            [partial(construct, m, choice, given, node) for choice in callee.choices],
        )
    runs = [
        partial(construct, m, known, given, node)
        for known in callee.among
        if known.data.__class__ in _CONSTRUCTORS
    ]
    return with_perhaps(m, unknown_construct(m, callee, given, node), runs)


def is_harmless(callee: Unknown) -> bool:
    """Whether it comes from a package that makes no components, such as `Construct` from "constructs"."""
    reason = callee.reason
    return reason.kind is Why.PACKAGE_NOT_READ and not may_construct(str(reason.parameters[0]))


def unknown_construct(m: Machine, callee: Unknown, given: list[AbstractValue], node: Placed) -> AbstractValue:
    """Constructs an instance of an unknown class: if the first argument is a string, it may be a
    component.
    """
    first = given[0].data if given and isinstance(given[0], Known) else None
    if isinstance(first, str) and len(given) > 1 and not is_harmless(callee):
        m.hide(Why.MAY_CONSTRUCT(callee.reason), node)
    return unknown_call(m, callee, given, node)
