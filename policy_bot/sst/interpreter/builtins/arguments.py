"""Converts the arguments of built-ins as JavaScript does; raises `Undetermined` for unknown values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.heap import Data, Property
from policy_bot.sst.interpreter.conversions import number_of, text_of, truthy, why
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Placed, Unknown, alternatives

_COMBINATIONS = 64
_LARGE = 2**53


class Undetermined(Exception):
    """The result of a built-in depends on an unknown value, which is `cause` if it is set."""

    def __init__(self, cause: AbstractValue | None = None) -> None:
        super().__init__("the result is unknown")
        self.cause = cause


def unseen(value: AbstractValue, node: Placed | None) -> Unknown:
    """The unknown result of an operation that needs an unknown value."""
    return value if isinstance(value, Unknown) else Unknown(why(value), node)


def first(given: Sequence[AbstractValue], at: int = 0) -> AbstractValue:
    """An argument, or undefined."""
    return given[at] if len(given) > at else NOTHING


def data_of(value: AbstractValue) -> Data:
    """The data of a known value."""
    if not isinstance(value, Known) or isinstance(value.data, Property):
        raise Undetermined(value)
    return value.data


def text(data: Data) -> str:
    """`String(value)`."""
    made = text_of(data)
    if made is None:
        raise Undetermined
    return made


def number(data: Data) -> int | float:
    """`Number(value)`."""
    made = number_of(data)
    if made is None:
        raise Undetermined
    return made


def integer(data: Data, default: int = 0) -> int:
    """A position or a count: the integral part of a number, 0 for NaN; `default` for undefined.

    Infinities become an integer larger than any string or array.
    """
    if data is UNDEFINED:
        return default
    made = number(data)
    return 0 if math.isnan(made) else int(max(-_LARGE, min(_LARGE, made)))


def position(data: Data, length: int, default: int = 0) -> int:
    """A place from 0 to `length`; a negative one counts from the end."""
    at = integer(data, default)
    return max(0, at + length) if at < 0 else min(at, length)


def truth(value: AbstractValue) -> bool:
    """Whether a value counts as true."""
    answer = truthy(value)
    if answer is None:
        raise Undetermined(value)
    return answer


def for_each_choice(
    m: Machine, given: Sequence[AbstractValue], run: Callable[[list[Known]], AbstractValue]
) -> AbstractValue:
    """Runs an operation without effects on every combination of its arguments' choices, and joins the
    results.
    """
    if all(value.__class__ is Known for value in given):
        return run(list(given))  # type: ignore[arg-type]
    unknown = next((value for value in given if isinstance(value, Unknown)), None)
    if unknown is not None:
        raise Undetermined(unknown)
    combinations = math.prod(len(alternatives(value)) for value in given)
    if combinations > _COMBINATIONS:
        raise Undetermined(next(value for value in given if isinstance(value, OneOf)))
    m.burn(combinations)
    reason = next(value.reason for value in given if isinstance(value, OneOf))
    return join(m, [run(list(some)) for some in product(*map(alternatives, given))], reason)
