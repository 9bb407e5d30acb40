"""Equality of known values: `===`, `==`, `Object.is`, `instanceof`. None means that the result is unknown."""

from __future__ import annotations

import math
from enum import Enum
from typing import Final

from policy_bot.sst.atoms import Namespace, Primitive, RegExp
from policy_bot.sst.heap import Arr, Bare, Class, Closure, Data, Instance, Keyed, Native, Output, Property
from policy_bot.sst.interpreter.conversions import NULLISH, number_of, primitive, text_of, type_of
from policy_bot.sst.values import OneOf, Unknown


def strict_equal(a: Data, b: Data) -> bool | None:
    """`===`."""
    if a.__class__ is Output or b.__class__ is Output:
        return a is b
    if isinstance(a, Property) or isinstance(b, Property):
        return True if a is b else None
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return a == b
    if isinstance(a, Native) and isinstance(b, Native):
        return True if a is b else None  # a method read twice is the same function
    if isinstance(a, Namespace) and isinstance(b, Namespace):
        return a.path == b.path
    if isinstance(a, Namespace) or isinstance(b, Namespace):
        return None  # a name that nothing declares may be anything
    return a is b


def same_value_zero(a: Data, b: Data) -> bool | None:
    """As `===`, but NaN equals NaN: the equality of `includes` and of the keys of a Map."""
    return True if _is_nan(a) and _is_nan(b) else strict_equal(a, b)


def same_value(a: Data, b: Data) -> bool | None:
    """`Object.is`: -0 is not 0 either."""
    if a == 0 and b == 0 and isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return strict_equal(a, b) and math.copysign(1, a) == math.copysign(1, b)
    return same_value_zero(a, b)


def _is_nan(data: Data) -> bool:
    return isinstance(data, float) and math.isnan(data)


def loose_equal(a: Data, b: Data) -> bool | None:
    """`==`."""
    if isinstance(a, Property) or isinstance(b, Property):
        return True if a is b else None
    if a in NULLISH or b in NULLISH:
        return a in NULLISH and b in NULLISH
    if not primitive(a) and not primitive(b):
        return strict_equal(a, b)
    p, q = primitive_of(a), primitive_of(b)
    if p is UNSEEN or q is UNSEEN:
        return None
    if type_of(p) == type_of(q):
        return strict_equal(p, q)
    x, y = number_of(p), number_of(q)
    return None if x is None or y is None else x == y


class Unseen(Enum):
    """The type of `UNSEEN`: the text of an object is unknown."""

    UNSEEN = "unseen"


UNSEEN: Final = Unseen.UNSEEN


def primitive_of(data: Data) -> Primitive | Unseen:
    """Returns a primitive as it is and an object as text; `UNSEEN` if that text is unknown."""
    if primitive(data):
        return data
    text = text_of(data)
    return UNSEEN if text is None else text


def instance_of(data: Data, kind: Data) -> bool | None:
    """`instanceof`."""
    if isinstance(kind, Class) and kind.open is not None:
        return None  # it may have a `Symbol.hasInstance`
    if primitive(data):
        return False
    if isinstance(kind, Class):
        lineage = list(data.cls.lineage()) if isinstance(data, Instance) and data.cls is not None else []
        if kind in lineage:
            return True
        unclear = bool(lineage) and isinstance(lineage[-1].base, (OneOf, Unknown))
        return None if unclear or isinstance(data, (Property, Output)) else False
    if isinstance(kind, Namespace):
        return _of_component(data, kind)
    return _of_builtin(data, kind.name) if isinstance(kind, Native) else None


def _of_component(data: Data, kind: Namespace) -> bool | None:
    """Whether it is a component of that type. The base classes of Pulumi's own classes are not modelled."""
    if isinstance(data, Instance):
        return None if kind.path.startswith("pulumi.") else data.type == kind.path
    if isinstance(data, (Property, Output)):
        return False if kind.path.startswith("sst.") else None
    return False


def _of_builtin(data: Data, kind: str) -> bool | None:
    """Whether it is an instance of a class of JavaScript."""
    if kind == "Object":
        return None if isinstance(data, (Bare, Property, Output)) else True
    if isinstance(data, Instance):
        return data.type == kind or (kind == "Error" and data.type.endswith("Error"))
    if kind == "Promise" or isinstance(data, (Property, Output)):
        return None
    if isinstance(data, Keyed):
        return data.kind == kind
    mine: dict[str, type | tuple[type, ...]] = {
        "Array": Arr, "RegExp": RegExp, "Function": (Closure, Native, Class, Namespace)
    }  # fmt: skip
    return isinstance(data, mine.get(kind, ()))
