"""Built-in functions and methods of JavaScript, on values that are known.

`METHODS` has them by what they are called on, `CONSTRUCTORS` by the name after `new`; `globals.builtin` gives
the globals. Each is a row of a table (`table.py`), which says how many arguments it honours. What is not
modelled gives unknown, never a guess.
"""

from __future__ import annotations

from typing import Any

from policy_bot.sst.interpreter.builtins import (
    arrays,
    collections,
    iterators,
    numbers,
    objects,
    outputs,
    promises,
    regexps,
    strings,
)
from policy_bot.sst.interpreter.builtins.table import Function, Method
from policy_bot.sst.values import (
    Arr,
    Class,
    Closure,
    Cursor,
    Instance,
    Keyed,
    Native,
    Obj,
    Output,
    Property,
    RegExp,
    StageName,
)

METHODS: dict[type[Any], dict[str, Method]] = {
    Arr: dict(arrays.METHODS),
    str: dict(strings.METHODS),
    StageName: dict(strings.METHODS),
    int: dict(numbers.METHODS),
    float: dict(numbers.METHODS),
    bool: dict(numbers.BOOLEAN_METHODS),
    Obj: dict(objects.METHODS),
    Keyed: dict(collections.METHODS),
    Cursor: dict(iterators.METHODS),
    RegExp: dict(regexps.METHODS),
    Closure: dict(objects.FUNCTION_METHODS),
    Native: dict(objects.FUNCTION_METHODS),
    Class: dict(objects.FUNCTION_METHODS),
    Output: outputs.METHODS,
    Property: outputs.PROPERTY_METHODS,
    Instance: dict(objects.INSTANCE_METHODS),
}
CONSTRUCTORS: dict[str, Function] = {
    **collections.CONSTRUCTORS,
    **objects.CONSTRUCTORS,
    "Promise": promises.new_promise,
}
