"""The global names of JavaScript."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.builtins.callbacks import call, first
from policy_bot.sst.interpreter.builtins.json import JSON
from policy_bot.sst.interpreter.builtins.numbers import (
    _MATH,
    Function,
    _is_nan,
    _number,
    _number_space,
    _parse_float,
    _parse_int,
    _space,
    native,
    unseen,
)
from policy_bot.sst.interpreter.builtins.objects import ERRORS, OBJECT, prototype
from policy_bot.sst.interpreter.conversions import number_of, text_of, truthy, why
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.operators import lift
from policy_bot.sst.interpreter.scope import Thrown
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    Arr,
    Box,
    Environment,
    Known,
    Native,
    Obj,
    Origin,
    Perhaps,
    RegExp,
    StageName,
    Unknown,
)

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine


def silent(name: str) -> Known:
    """A function that does nothing we care for."""
    return Known(Native(name, lambda m, given, node: NOTHING))


def _boolean(m: Machine, given: list[Box], node: Any) -> Box:
    answer = truthy(first(given))
    return (
        Unknown(why(first(given)), node)
        if answer is None
        else Known(answer, Origin(node, "computed", first(given).origin))
    )


def _is_finite(number: int | float | None) -> Box:
    return Unknown(Why.NUMBER()) if number is None else Known(math.isfinite(number))


def _string(m: Machine, given: list[Box], node: Any) -> Box:
    if not given:
        return Known("")

    def one(data: Any) -> Box:
        text = data if data.__class__ is StageName else text_of(data)
        return Unknown(Why.TEXT(), node) if text is None else Known(text, given[0].origin)

    return lift(m, one, given[0])


def _array_from(m: Machine, given: list[Box], node: Any) -> Box:
    value = first(given)
    items: list[Any]
    more: Unknown | None
    if isinstance(value, Known) and isinstance(value.data, Obj) and "length" in value.data.props:
        length = value.data.props["length"]
        count = number_of(length.data) if isinstance(length, Known) else None
        if count is None or math.isnan(count):
            items, more = [], Unknown(why(length), node)
        else:
            if count > m.limits.collection:
                m.spend(m.limits.work)
            items, more = [NOTHING] * max(0, int(count)), None
    else:
        items, more = elements(m, value, node)
    made = Known(Arr(items, node, more), value.origin)
    m.spend(len(items))
    if len(given) > 1:
        from policy_bot.sst.interpreter.builtins.callbacks import each  # noqa: PLC0415 -- the two need each other

        return Known(Arr(each(m, made, given[1], node), node, more), value.origin)
    return made


def _is_array(m: Machine, given: list[Box], node: Any) -> Box:
    return lift(m, lambda data: Known(isinstance(data, Arr)), first(given))


def _all(m: Machine, given: list[Box], node: Any) -> Box:
    items, more = elements(m, first(given), node)
    return Known(Arr(items, node, more))


def _all_settled(m: Machine, given: list[Box], node: Any) -> Box:
    items, more = elements(m, first(given), node)
    settled = [
        item if isinstance(item, Perhaps) else Known(Obj({"status": Known("fulfilled"), "value": item}))
        for item in items
    ]
    return Known(Arr(settled, node, more))


def _resolved(m: Machine, given: list[Box], node: Any) -> Box:
    return first(given)


def _rejected(m: Machine, given: list[Box], node: Any) -> Box:
    raise Thrown(first(given), node)


def _clone(m: Machine, given: list[Box], node: Any) -> Box:
    def copy(box: Any, depth: int) -> Any:
        if isinstance(box, Perhaps):
            return Perhaps(copy(box.box, depth), box.reason)
        if not isinstance(box, Known) or not isinstance(box.data, (Obj, Arr)):
            return box
        if depth == 0:
            return Unknown(Why.TOO_DEEP_TO_CLONE(), node)
        m.spend(1)
        if isinstance(box.data, Arr):
            return Known(
                Arr([copy(item, depth - 1) for item in box.data.items], box.data.node, box.data.open),
                box.origin,
            )
        made = Obj({key: copy(value, depth - 1) for key, value in box.data.props.items()}, box.data.node)
        made.rest, made.spreads, made.assigned = box.data.rest, box.data.spreads, box.data.assigned
        return Known(made, box.origin)

    return copy(first(given), 60)  # type: ignore[no-any-return]


def _timer(m: Machine, given: list[Box], node: Any) -> Box:
    m.stretch += 1  # what waits for it does not go on at once; that it is waited for is the careful reading
    call(m, first(given), [], node)
    return Unknown(Why.TIMER(), node)


def _regexp(m: Machine, given: list[Box], node: Any) -> Box:
    texts = [box.data for box in given if isinstance(box, Known) and isinstance(box.data, str)]
    if len(texts) != len(given) or not texts:
        return Unknown(Why.REGEXP(), node)
    return Known(RegExp(texts[0], texts[1] if len(texts) > 1 else ""))


def _from_text(m: Machine, given: list[Box], node: Any) -> Box:
    m.hide(Why.CODE_FROM_TEXT(), node)
    return Unknown(Why.FUNCTION_FROM_TEXT(), node)


def _eval(m: Machine, given: list[Box], node: Any) -> Box:
    m.hide(Why.CODE_FROM_TEXT(), node)
    return Unknown(Why.EVAL_RESULT(), node)


_CONSOLE = (
    "log",
    "info",
    "warn",
    "error",
    "debug",
    "trace",
    "table",
    "dir",
    "group",
    "groupEnd",
    "time",
    "timeEnd",
    "assert",
)


_UNSEEN = {
    "fetch", "setInterval", "crypto", "performance", "Buffer", "URL", "URLSearchParams", "Date", "Intl",
    "TextEncoder", "TextDecoder", "AbortController", "AbortSignal", "Symbol", "Reflect", "Proxy", "WeakRef",
    "btoa", "atob", "BigInt", "Uint8Array", "ArrayBuffer", "encodeURIComponent", "decodeURIComponent",
    "encodeURI", "decodeURI", "Iterator", "Headers", "Request", "Response",
    "clearTimeout", "clearInterval", "navigator", "global", "escape", "unescape",
}  # fmt: skip


_STRING: dict[str, Box] = {
    "raw": Unknown(Why.FUNCTION_NOT_READ("String.raw")),
    "fromCharCode": Unknown(Why.FUNCTION_NOT_READ("String.fromCharCode")),
}


_PROMISE: dict[str, Function] = {
    "all": _all,
    "allSettled": _all_settled,
    "resolve": _resolved,
    "reject": _rejected,
}


Factory = Callable[[], Box]


_MADE: dict[str, Factory] = {
    "undefined": lambda: NOTHING,
    "NaN": lambda: Known(math.nan),
    "Infinity": lambda: Known(math.inf),
    "Object": lambda: Known(
        Native("Object", OBJECT.run, {**(OBJECT.props or {}), "prototype": Known(prototype())})
    ),
    "JSON": lambda: Known(Obj(dict(JSON.props))),
    "Boolean": lambda: native("Boolean", _boolean),
    "String": lambda: Known(Native("String", _string, dict(_STRING))),
    "Number": lambda: Known(Native("Number", _number, _number_space())),
    "parseInt": lambda: native("parseInt", _parse_int),
    "parseFloat": lambda: native("parseFloat", _parse_float),
    "isNaN": lambda: native(
        "isNaN", lambda m, given, node: lift(m, lambda d: Known(_is_nan(number_of(d))), first(given))
    ),
    "isFinite": lambda: native(
        "isFinite", lambda m, given, node: lift(m, lambda d: _is_finite(number_of(d)), first(given))
    ),
    "Math": lambda: Known(
        Obj(_space("Math", _MATH, {"random": unseen("Math.random()"), "PI": Known(math.pi)}))
    ),
    "Array": lambda: Known(Native("Array", _array, _space("Array", _ARRAY))),
    "Promise": lambda: Known(Native("Promise", _resolved, _space("Promise", _PROMISE))),
    "structuredClone": lambda: native("structuredClone", _clone),
    "console": lambda: Known(Obj({name: silent(f"console.{name}") for name in _CONSOLE})),
    "process": lambda: Known(Obj(_process())),
    "setTimeout": lambda: native("setTimeout", _timer),
    "setImmediate": lambda: native("setImmediate", _timer),
    "queueMicrotask": lambda: native("queueMicrotask", _timer),
    "RegExp": lambda: native("RegExp", _regexp),
    "Function": lambda: native("Function", _from_text),
    "eval": lambda: native("eval", _eval),
}


def builtin(m: Machine, name: str) -> Box | None:
    """A global of JavaScript, made when first asked for; None where there is none of that name."""
    factory = _MADE.get(name)
    if factory is not None:
        return factory()
    if name in _UNSEEN:
        return unseen(name)
    if name in _CLASSES:
        return native(name, _resolved)
    if name == "globalThis":
        return Unknown(Why.NOT_READ("`globalThis`"))
    return None


_CLASSES = {"Map", "Set", "WeakMap", "WeakSet", *ERRORS}


def _array(m: Machine, given: list[Box], node: Any) -> Box:
    from policy_bot.sst.interpreter.builtins import CONSTRUCTORS  # noqa: PLC0415 -- the two need each other

    return CONSTRUCTORS["Array"](m, given, node)  # type: ignore[no-any-return]


def _array_of(m: Machine, given: list[Box], node: Any) -> Box:
    return Known(Arr(list(given), node))


_ARRAY: dict[str, Function] = {"from": _array_from, "isArray": _is_array, "of": _array_of}


def _environment() -> Environment:
    made = Environment()
    made.rest = Unknown(Why.OUTSIDE_REPOSITORY("process.env"))
    return made


def _exit(m: Machine, given: list[Box], node: Any) -> Box:
    """`process.exit()` ends the deploy as an error would."""
    raise Thrown(Known("process.exit()"), node)


def _process() -> dict[str, Box]:
    return {
        "env": Known(_environment()),
        "cwd": native(
            "process.cwd", lambda m, given, node: Known(m.folder, Origin(node, "the project's folder"))
        ),
        "exit": native("process.exit", _exit),
        "argv": Unknown(Why.RUN_TIME_ONLY("process.argv")),
        "platform": Unknown(Why.RUN_TIME_ONLY("process.platform")),
        "version": Unknown(Why.RUN_TIME_ONLY("process.version")),
        "versions": Unknown(Why.RUN_TIME_ONLY("process.versions")),
        "on": silent("process.on"),
    }
