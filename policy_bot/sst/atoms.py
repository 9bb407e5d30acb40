"""Data without other values inside: JavaScript's primitive values as Python values, names, patterns.

None is null. An `int` is any integral number, a `float` any other, NaN and the infinities.
"""

from __future__ import annotations

import enum
import math
from typing import Final, TypeGuard


class Undefined(enum.Enum):
    """The type of JavaScript's `undefined`."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED
FALSY: Final = (UNDEFINED, None, False, 0, "", math.nan)
"""The falsy values except -0 and 0n."""
Primitive = None | bool | int | float | str | Undefined


def is_falsy(data: object) -> TypeGuard[Primitive]:
    """Whether it is falsy."""
    return data in FALSY


class StageName(str):
    """The stage's name. A string that the program compares with it is probably the name of another stage."""

    __slots__ = ()


class Namespace:
    """A dotted name of SST or Pulumi: `sst.aws`, `sst.aws.Queue`, `aws.lambda`, `pulumi`."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    @property
    def is_class(self) -> bool:
        """Whether the name is that of a class, by SST's and Pulumi's convention."""
        return self.path.rpartition(".")[2][:1].isupper()

    def __repr__(self) -> str:
        return f"Namespace({self.path})"


class RegExp:
    """A regular expression literal."""

    __slots__ = ("flags", "source")

    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.flags = flags
