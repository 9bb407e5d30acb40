"""The abstract domain: the values that an expression may have if a condition is unknown, and their join.

Values are ordered by what they cover: a `Known` covers itself, a `OneOf` its choices, an `Unknown`
everything. `join` returns the least value that covers all of its arguments; more than `CHOICES` known values
become unknown.

A key that may be absent holds a value with `present` set, which is its value if the key exists. The value
itself covers `undefined` too, so that code that only reads it need not know about this.

    join([Known(1), Known(2)], why)    # OneOf(1, 2)
    absent_or(Known(1), why)           # OneOf(1, undefined), with present = Known(1)
"""

from __future__ import annotations

from collections.abc import Iterable

from policy_bot.sst.atoms import FALSY, Primitive, Undefined, is_falsy
from policy_bot.sst.reasons import Reason
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, Unknown, alternatives

CHOICES = 12
"""The most known values that a `OneOf` may have."""


def same(a: AbstractValue, b: AbstractValue) -> bool:
    """Whether both are certainly the same known value."""
    if a is b:
        return True
    if a.__class__ is not Known or b.__class__ is not Known:
        return False
    x, y = a.data, b.data
    if x is y:
        return True
    return x.__class__ is y.__class__ and isinstance(x, (str, int, float, bool)) and _equal(x, y)


def _equal(x: object, y: object) -> bool:
    return x == y and (x != 0 or str(x) == str(y))  # 0.0 and -0.0 are two values


def join(values: Iterable[AbstractValue], reason: Reason, most: int = CHOICES) -> AbstractValue:
    """Returns the least value that covers all of these. Raises `IndexError` if there are none."""
    listed = list(values)
    first = listed[0]
    if all(same(first, value) for value in listed[1:]):
        return first
    choices: list[Known] = []
    for value in listed:
        if isinstance(value, Unknown):
            return _unknown(value, listed)
        for choice in alternatives(value):
            if not any(same(choice, other) for other in choices):
                choices.append(choice)
    if len(choices) == 1:
        return choices[0]
    return OneOf(tuple(choices), reason) if len(choices) <= most else Unknown(reason, among=objects(choices))


_PLAIN = (str, int, float, type(None), Undefined)


def objects(values: Iterable[AbstractValue]) -> tuple[Known, ...]:
    """The objects and functions that values may be, for an unknown value that may be any of them."""
    found: dict[int, Known] = {}
    for value in values:
        for choice in value.among if isinstance(value, Unknown) else alternatives(value):
            if not isinstance(choice.data, _PLAIN):
                found.setdefault(id(choice.data), choice)
    return tuple(found.values())


def also_among(value: Unknown, other: AbstractValue) -> Unknown:
    """The unknown value, which may then also be any object that another value may be."""
    among = objects([value, other])
    return value if len(among) == len(value.among) else hiding(value, among)


def hiding(value: Unknown, among: tuple[Known, ...]) -> Unknown:
    """The unknown value, which may be one of these objects."""
    return Unknown(value.reason, value.node, value.origin, value.text_of, value.falsy, among)


def _unknown(first: Unknown, values: list[AbstractValue]) -> AbstractValue:
    """Joins values of which `first` is the first unknown one. The result may have each falsy value that one
    of them may have.
    """
    made = bare(first)
    assert isinstance(made, Unknown)
    among = objects(values)
    if made.falsy is FALSY:
        return made if len(among) == len(made.among) else hiding(made, among)
    falsy: list[Primitive] = []
    for value in values:
        if isinstance(value, Unknown):
            falsy += value.falsy
        else:
            falsy += [data for data in (choice.data for choice in alternatives(value)) if is_falsy(data)]
    return Unknown(made.reason, made.node, made.origin, made.text_of, _distinct(falsy), among)


def _distinct(data: list[Primitive]) -> tuple[Primitive, ...]:
    return tuple({(value.__class__, str(value)): value for value in data}.values())


def absent_or(value: AbstractValue, reason: Reason, most: int = CHOICES) -> AbstractValue:
    """The content of a key that may be absent: `value` if it is there, else nothing."""
    inner = bare(value)
    made: OneOf | Unknown
    choices = alternatives(inner)
    if isinstance(inner, Unknown) or len(choices) >= most:
        made = hiding(inner, inner.among) if isinstance(inner, Unknown) else Unknown(reason)
        made.among = objects([inner])
    else:
        made = OneOf(choices if any(same(c, NOTHING) for c in choices) else (*choices, NOTHING), reason)
    made.present = inner
    return made


def presence(value: AbstractValue) -> AbstractValue | None:
    """The value of a key that may be absent, if it exists; None if the key certainly exists."""
    return None if value.__class__ is Known else value.present  # type: ignore[union-attr]


def bare(value: AbstractValue) -> AbstractValue:
    """The value without the mark of a key that may be absent, for storing it elsewhere."""
    if value.__class__ is Known or value.present is None:  # type: ignore[union-attr]
        return value
    if isinstance(value, OneOf):
        return OneOf(value.choices, value.reason, value.origin)
    assert isinstance(value, Unknown)
    return hiding(value, value.among)


def over(old: AbstractValue | None, new: AbstractValue) -> AbstractValue:
    """The content of a key after an object was spread over it in which the key may be absent."""
    there = presence(new)
    if there is None or old is None:
        return new
    assert not isinstance(new, Known)
    before = presence(old)
    joined = join([bare(old) if before is None else before, there], new.reason)
    return joined if before is None else absent_or(joined, new.reason)


def overwritten(value: AbstractValue, by: Unknown) -> AbstractValue:
    """The content of a key that an unknown value may have overwritten; it may still be absent."""
    made = hiding(by, objects([by, value]))
    return made if presence(value) is None else absent_or(made, by.reason)


def equivalent(a: AbstractValue, b: AbstractValue) -> bool:
    """Whether two values cover the same values: if nothing differs, a repeated branch has settled."""
    if a is b:
        return True
    if (presence(a) is None) != (presence(b) is None):
        return False
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return isinstance(a, Unknown) and isinstance(b, Unknown)
    ones, others = alternatives(a), alternatives(b)
    return len(ones) == len(others) and all(any(same(x, y) for y in others) for x in ones)


def either(undecided: AbstractValue) -> AbstractValue:
    """True or false, with the reason for which another value is unknown."""
    assert not isinstance(undecided, Known)
    return OneOf((Known(True), Known(False)), undecided.reason)
