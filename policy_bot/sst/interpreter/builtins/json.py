"""`JSON`."""

from __future__ import annotations

import json
import math

from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.domain import presence
from policy_bot.sst.heap import Accessor, Arr, Closure, Data, Native, Obj
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.builtins.arguments import Undetermined, data_of, first, integer, text, unseen
from policy_bot.sst.interpreter.builtins.keys import ordered
from policy_bot.sst.interpreter.builtins.table import function_row, functions
from policy_bot.sst.interpreter.conversions import number_text
from policy_bot.sst.interpreter.errors import throw
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.reasons import Why
from policy_bot.sst.syntax.text import exact
from policy_bot.sst.values import NOTHING, AbstractValue, Item, Known, OptionalItem, Origin, Placed, Unknown

_DEPTH = 60


def decoded(m: Machine, source: str, origin: Origin | None) -> AbstractValue | None:
    """The value of a JSON string; None if it is not JSON."""
    m.allocate(len(source))
    try:
        plain = json.loads(source, parse_int=_whole, parse_constant=_refuse)
    except RecursionError:
        return Unknown(Why.JSON_TOO_DEEP())
    except ValueError:
        return None
    return _abstract(m, plain, origin, _DEPTH)


def _whole(digits: str) -> int | float:
    return exact(float(digits))


def _refuse(name: str) -> None:
    """Python reads NaN and Infinity, which JSON does not have."""
    raise ValueError(name)


def _abstract(m: Machine, plain: object, origin: Origin | None, depth: int) -> AbstractValue:
    if depth == 0:
        return Unknown(Why.JSON_TOO_DEEP())
    if isinstance(plain, dict):
        m.allocate(len(plain))
        return Known(
            Obj({str(key): _abstract(m, value, origin, depth - 1) for key, value in plain.items()}), origin
        )
    if isinstance(plain, list):
        m.allocate(len(plain))
        return Known(Arr([_abstract(m, value, origin, depth - 1) for value in plain]), origin)
    if isinstance(plain, float):
        return Known(exact(plain), origin)
    assert plain is None or isinstance(plain, (str, int))
    return Known(plain, origin)


def parse(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`JSON.parse(text)`."""
    source = first(given)
    if not isinstance(source, Known):
        m.may_throw(node)
        return unseen(source, node)
    result = decoded(m, text(source.data), Origin(node, "JSON.parse", source.origin))
    if result is None:
        throw("SyntaxError", node)
    return result


def stringify(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`JSON.stringify(value)`, also indented."""
    replacer = data_of(first(given, 1))
    if isinstance(replacer, (Closure, Native, Arr)):
        raise Undetermined
    value = first(given)
    try:
        written = _JsonText(m, _indent(data_of(first(given, 2)))).written(value, "", _DEPTH)
    except Undetermined:
        m.may_throw(node)
        return Unknown(Why.JSON_OF_UNKNOWN(), node, text_of=value if isinstance(value, Known) else None)
    if written is None:
        return NOTHING
    m.allocate(len(written))
    return Known(written, Origin(node, "JSON.stringify", value.origin))


def _indent(space: Data) -> str:
    """The indentation of one level: at most ten spaces, or ten characters of a string."""
    if isinstance(space, str):
        return space[:10]
    if isinstance(space, float) and 0 < space < 1:
        raise Undetermined  # engines deviate from the standard here
    if isinstance(space, (int, float)) and not isinstance(space, bool):
        return " " * max(0, min(10, integer(space)))
    return ""


class _JsonText:
    """Writes a value as JSON, as `JSON.stringify` does."""

    def __init__(self, m: Machine, indent: str) -> None:
        self.m = m
        self.indent = indent
        self.done: dict[tuple[int, str], str] = {}

    def written(self, value: Item, margin: str, depth: int) -> str | None:
        """The JSON of a value inside a margin; None for values that JSON leaves out."""
        if depth == 0 or not isinstance(value, Known):
            raise Undetermined
        self.m.allocate(1)
        data = value.data
        if not isinstance(data, (Obj, Arr)):
            return _primitive(data)
        # a value reachable on 2^40 paths is written once and charged for each use, which exhausts the budget
        # the doubling after some twenty levels
        key = (id(data), margin)
        if key not in self.done:
            self.done[key] = (
                self.object(data, margin, depth) if isinstance(data, Obj) else self.array(data, margin, depth)
            )
        self.m.allocate(len(self.done[key]))
        return self.done[key]

    def object(self, data: Obj, margin: str, depth: int) -> str:
        if data.rest is not None or "toJSON" in data.props:
            raise Undetermined
        parts = []
        for key in ordered(data.props):
            if presence(data.props[key]) is not None:
                raise Undetermined
            content = data.props[key]
            if isinstance(content, Known) and isinstance(content.data, Accessor):
                content = get(self.m, Known(data), key, None)
            value = self.written(content, margin + self.indent, depth - 1)
            if value is not None:
                parts.append(f"{_quoted(key)}:{' ' if self.indent else ''}{value}")
        return self.enclosed("{", parts, "}", margin)

    def array(self, data: Arr, margin: str, depth: int) -> str:
        if data.open is not None or any(isinstance(item, OptionalItem) for item in data.items):
            raise Undetermined
        parts = [self.written(item, margin + self.indent, depth - 1) for item in data.items]
        return self.enclosed("[", ["null" if part is None else part for part in parts], "]", margin)

    def enclosed(self, left: str, parts: list[str], right: str, margin: str) -> str:
        if not self.indent or not parts:
            return left + ",".join(parts) + right
        inner = "\n" + margin + self.indent
        return left + inner + ("," + inner).join(parts) + "\n" + margin + right


def _primitive(data: Data) -> str | None:
    if isinstance(data, (Closure, Native)) or data is UNDEFINED:
        return None
    if data is None or isinstance(data, bool):
        return {None: "null", True: "true", False: "false"}[data]
    if isinstance(data, str):
        return _quoted(str(data))
    if isinstance(data, (int, float)):
        return number_text(data) if math.isfinite(data) else "null"
    raise Undetermined


def _quoted(source: str) -> str:
    """A quoted string; a lone surrogate is escaped."""
    quoted = json.dumps(source, ensure_ascii=False)
    return "".join(f"\\u{ord(ch):04x}" if "\ud800" <= ch <= "\udfff" else ch for ch in quoted)


PARSE = function_row("parse", parse, 1, 2)
STRINGIFY = function_row("stringify", stringify, 3)


def json_space() -> dict[str, AbstractValue]:
    """The members of `JSON`."""
    return functions("JSON", [PARSE, STRINGIFY])
