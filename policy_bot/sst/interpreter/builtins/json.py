"""`JSON`."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.builtins.objects import ordered
from policy_bot.sst.interpreter.conversions import number_text
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.text import exact
from policy_bot.sst.values import UNDEFINED, Arr, Box, Closure, Known, Native, Obj, Origin, Perhaps, Unknown

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine

_DEPTH = 60


def decoded(m: Machine, text: str, origin: Origin | None) -> Box | None:
    """The value of a JSON text; None where it is none, or is nested too deeply."""
    m.spend(len(text))
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _boxed(m, plain, origin, _DEPTH)


def _boxed(m: Machine, plain: Any, origin: Origin | None, depth: int) -> Box:
    if depth == 0:
        return Unknown(Why.JSON_TOO_DEEP())
    if isinstance(plain, dict):
        m.spend(len(plain))
        return Known(
            Obj({str(key): _boxed(m, value, origin, depth - 1) for key, value in plain.items()}), origin
        )
    if isinstance(plain, list):
        m.spend(len(plain))
        return Known(Arr([_boxed(m, value, origin, depth - 1) for value in plain]), origin)
    if isinstance(plain, (int, float)) and not isinstance(plain, bool):
        return Known(exact(plain), origin)
    return Known(plain, origin)


def parse(m: Machine, given: list[Box], node: Any) -> Box:
    """`JSON.parse(text)`."""
    if len(given) != 1 or not isinstance(given[0], Known) or not isinstance(given[0].data, str):
        m.may_throw(node)
        return given[0] if given and isinstance(given[0], Unknown) else Unknown(Why.JSON_TEXT(), node)
    result = decoded(m, given[0].data, Origin(node, "JSON.parse", given[0].origin))
    if result is None:
        m.may_throw(node)
        return Unknown(Why.JSON_MALFORMED(), node)
    return result


class _Undecided(Exception):
    """A part that cannot be seen."""


def stringify(m: Machine, given: list[Box], node: Any) -> Box:
    """`JSON.stringify(value)`, also indented."""
    if not given:
        return NOTHING
    indent = given[2].data if len(given) > 2 and isinstance(given[2], Known) else None
    replacer = given[1].data if len(given) > 1 and isinstance(given[1], Known) else None
    if (
        not isinstance(given[0], Known)
        or replacer not in (None, UNDEFINED)
        or (len(given) > 2 and not isinstance(given[2], Known))
    ):
        return Unknown(Why.JSON_TEXT(), node)
    try:
        plain = _plain(m, given[0], _DEPTH)
    except _Undecided:
        return Unknown(Why.JSON_OF_UNSEEN(), node, text_of=given[0])
    if plain is UNDEFINED:
        return NOTHING
    spaces = indent if isinstance(indent, (int, str)) and not isinstance(indent, bool) and indent else None
    text = _written(plain, spaces)
    m.spend(len(text))
    return Known(text, Origin(node, "JSON.stringify", given[0].origin))


def _written(plain: Any, spaces: int | str | None) -> str:
    separators = (",", ":") if spaces is None else (",", ": ")
    return json.dumps(plain, ensure_ascii=False, indent=spaces, separators=separators)


def _plain(m: Machine, box: Box, depth: int) -> Any:
    if depth == 0 or not isinstance(box, Known):
        raise _Undecided
    m.spend(1)
    data = box.data
    if isinstance(data, Obj):
        if data.rest is not None or "toJSON" in data.props:
            raise _Undecided
        some = {key: _plain(m, data.props[key], depth - 1) for key in ordered(data.props)}
        return {key: value for key, value in some.items() if value is not UNDEFINED}
    if isinstance(data, Arr):
        if data.open is not None or any(isinstance(item, Perhaps) for item in data.items):
            raise _Undecided
        items = [_plain(m, item, depth - 1) for item in data.items]
        return [None if item is UNDEFINED else item for item in items]
    if isinstance(data, (Closure, Native)) or data is UNDEFINED:
        return UNDEFINED
    if isinstance(data, float):
        if math.isnan(data) or data in {float("inf"), float("-inf")}:
            return None
        return json.loads(number_text(data))
    if data is None or isinstance(data, (str, bool, int)):
        return data
    raise _Undecided


JSON = Obj(
    {"parse": Known(Native("JSON.parse", parse)), "stringify": Known(Native("JSON.stringify", stringify))}
)
