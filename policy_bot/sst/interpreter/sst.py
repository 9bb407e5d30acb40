"""The globals of SST and Pulumi, their components, methods and outputs, and `$transform`."""

from __future__ import annotations

from policy_bot.sst.atoms import Namespace, StageName
from policy_bot.sst.domain import absent_or, presence
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr, Native, Obj, Output, Property, Scope
from policy_bot.sst.interpreter.branches import later
from policy_bot.sst.interpreter.callables import METHODS, Function, call
from policy_bot.sst.interpreter.conversions import text_of, why
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.states import join
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    NOTHING,
    AbstractValue,
    Known,
    OneOf,
    OptionalItem,
    Origin,
    Placed,
    Unknown,
    alternatives,
    is_nullish,
)


def sst_global(m: Machine, name: str, node: Node, scope: Scope) -> AbstractValue | None:
    """A global of SST's; None for a name that is not one of them."""
    if name in {"$dev", "$app", "$cli"}:
        if m.phase == "app" or (m.phase == "config" and scope.frame.source.path == m.recording.path):
            return m.missing(name, node)
        return _run_global(m, name, node)
    if name == "$input":
        return Known(Obj({"stage": stage(m, node)}))
    if name in {"$util"}:
        return Known(Namespace("pulumi"))
    function = _FUNCTIONS.get(name)
    if function is not None:
        return Known(Native(name, function))
    return Unknown(Why.KNOWN_AT_DEPLOYMENT(f"`{name}`"), node) if name.startswith("$") else None


def stage(m: Machine, node: Placed | None) -> AbstractValue:
    """The stage's name."""
    text = m.ask().stage
    return Known(StageName(text), Origin(node, f'the stage is "{text}"'))


def _run_global(m: Machine, name: str, node: Node) -> AbstractValue:
    dev = m.ask().dev
    if name == "$dev":
        return Known(dev, Origin(node, f"$dev is {'true' if dev else 'false'}"))
    if name == "$app":
        return Known(_app(m, node))
    command: AbstractValue = Known("dev") if dev else Unknown(Why.DIFFERS_BY_COMMAND("$cli.command"), node)
    made = Obj({"command": command})
    made.rest = Unknown(Why.KNOWN_AT_DEPLOYMENT("$cli"), node)
    return Known(made)


def _app(m: Machine, node: Node) -> Obj:
    """`$app`: the settings that SST keeps from `app()`, and the stage."""
    props: dict[str, AbstractValue] = {}
    given = m.recording.app
    for key, default in (
        ("name", None),
        ("removal", "retain"),
        ("protect", False),
        ("providers", None),
        ("home", None),
    ):
        value = _app_key(given, key, node)
        if isinstance(value, Known) and value is NOTHING and default is not None:
            value = Known(default, Origin(node, "default of SST"))
        props[key] = value
    props["stage"] = stage(m, node)
    return Obj(props)


def _app_key(given: AbstractValue, key: str, node: Node) -> AbstractValue:
    if isinstance(given, Known) and isinstance(given.data, Obj):
        return given.data.props.get(key) or given.data.rest or NOTHING
    return Unknown(Why.APP_RESULT(), node)


def _identity(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return given[0] if given else NOTHING


def output(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`$output(value)`, `$resolve([a, b])`: an output of the value without the outputs in it."""
    return _output(_unwrapped(m, given[0] if given else NOTHING))


def _output(value: AbstractValue) -> AbstractValue:
    return value if isinstance(value, Unknown) else Known(Output(value), value.origin)


_DEPTH = 8


def _unwrapped(m: Machine, value: AbstractValue, depth: int = _DEPTH) -> AbstractValue:
    """The value without the outputs and promises in it, at any depth."""
    value = strip(value)
    there = presence(value)
    if there is not None:
        return absent_or(_unwrapped(m, there, depth), why(value))
    if isinstance(value, OneOf):
        return join(m, [_unwrapped(m, choice, depth) for choice in value.choices], value.reason)
    data = value.data if isinstance(value, Known) and depth else None
    if isinstance(data, Arr):
        m.allocate(len(data.items))
        items = [
            OptionalItem(_unwrapped(m, item.value, depth - 1), item.reason)
            if isinstance(item, OptionalItem)
            else _unwrapped(m, item, depth - 1)
            for item in data.items
        ]
        return Known(Arr(items, data.node, data.open), value.origin)
    if data.__class__ is Obj:
        assert isinstance(data, Obj)
        m.allocate(len(data.props))
        made = Obj({key: _unwrapped(m, each, depth - 1) for key, each in data.props.items()}, data.node)
        made.rest, made.spreads, made.assigned = data.rest, data.spreads, data.assigned
        return Known(made, value.origin)
    return value


def concatenated(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`$concat(a, b)`."""
    parts = []
    for value in map(strip, given):
        text = text_of(value.data) if isinstance(value, Known) else None
        if text is None:
            return Unknown(why(value), node)
        parts.append("" if is_nullish(value) else text)
    m.allocate(sum(map(len, parts)))
    return Known(Output(Known("".join(parts), Origin(node, "$concat"))))


def _transform(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    kind = given[0] if given else NOTHING
    callback = given[1] if len(given) > 1 else NOTHING
    seen = [choice.data.path for choice in alternatives(kind) if isinstance(choice.data, Namespace)]
    if not seen:
        m.hide(Why.UNKNOWN_TRANSFORM(why(kind)), node)
    for path in seen:
        assert node is not None
        m.transformed(path, callback, node)
    return NOTHING


def _json_parse(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    from policy_bot.sst.interpreter.builtins.json import PARSE

    return _output(PARSE(m, NOTHING, [strip(value) for value in given], node))


def _json_stringify(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    from policy_bot.sst.interpreter.builtins.json import STRINGIFY

    return _output(STRINGIFY(m, NOTHING, [_unwrapped(m, value) for value in given], node))


def _deploy_only(what: str) -> Function:
    return lambda m, given, node: Unknown(Why.KNOWN_AT_DEPLOYMENT(what), node)


_FUNCTIONS: dict[str, Function] = {
    "$config": _identity,
    "$output": output,
    "$resolve": output,
    "$concat": concatenated,
    "$interpolate": concatenated,
    "$transform": _transform,
    "$jsonParse": _json_parse,
    "$jsonStringify": _json_stringify,
    "$asset": _deploy_only("an asset"),
    "$apply": lambda m, given, node: apply(m, given[0], given[1:], node) if given else NOTHING,
}


def _stack_name(m: Machine, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return stage(m, node)


_PULUMI: dict[str, Function] = {
    "pulumi.output": output,
    "pulumi.secret": output,
    "pulumi.unsecret": output,
    "pulumi.all": output,
    "pulumi.concat": concatenated,
    "pulumi.getStack": _stack_name,
    "pulumi.jsonStringify": _json_stringify,
    "pulumi.jsonParse": _json_parse,
    "pulumi.mergeOptions": lambda m, given, node: given[-1] if given else NOTHING,
}


def apply(
    m: Machine, target: AbstractValue, given: list[AbstractValue], node: Placed | None
) -> AbstractValue:
    """`output.apply(callback)`: the callback runs once, when deployed, with the known or unknown value."""
    if not given:
        return target
    return _output(_unwrapped(m, later(m, lambda: call(m, given[0], [strip(target)], None, node)), 0))


def _itself(m: Machine, this: Known, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    return this


METHODS[Output] = {"apply": apply}
METHODS[Property] = {"apply": apply, "then": apply, "catch": _itself, "finally": _itself}
