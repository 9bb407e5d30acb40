"""Built-in functions and methods of JavaScript, on values that are seen.

`METHODS` has them by what they are called on, `CONSTRUCTORS` by the name after `new`, `names()` gives the
globals. A method that is not here gives unknown, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policy_bot.sst.interpreter.builtins import arrays, collections, objects, outputs, patterns, strings
from policy_bot.sst.values import Arr, Instance, Keyed, Obj, Output, Property, RegExp, StageName

Method = Callable[..., Any]

METHODS: dict[type[Any], dict[str, Method]] = {
    Arr: arrays.METHODS,
    str: strings.METHODS,
    StageName: strings.METHODS,
    int: strings.NUMBER_METHODS,
    float: strings.NUMBER_METHODS,
    bool: strings.NUMBER_METHODS,
    Obj: objects.METHODS,
    Keyed: collections.METHODS,
    RegExp: patterns.METHODS,
    Output: outputs.METHODS,
    Property: outputs.PROPERTY_METHODS,
    Instance: {},
}
CONSTRUCTORS: dict[str, Method] = {**collections.CONSTRUCTORS, **objects.CONSTRUCTORS}
