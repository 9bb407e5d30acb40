"""What SST and Pulumi give to a program: globals, components, their methods, outputs, `$transform`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from policy_bot.sst.interpreter.branches import fork
from policy_bot.sst.interpreter.machine import NOTHING
from policy_bot.sst.interpreter.operators import text_of, why
from policy_bot.sst.interpreter.scope import Completion, Scope
from policy_bot.sst.nodes import Node
from policy_bot.sst.values import (
    Arr,
    Box,
    Instance,
    Known,
    Namespace,
    Native,
    Obj,
    Origin,
    Output,
    Perhaps,
    Placed,
    Property,
    StageName,
    Unknown,
    alternatives,
    strip,
)

if TYPE_CHECKING:
    from policy_bot.sst.interpreter.machine import Machine

Function = Callable[["Machine", list[Box], Any], Box]


def is_component(instance: Instance) -> bool:
    """Whether SST or Pulumi made it (and not a class of the program that extends nothing)."""
    return instance.construction is not None or instance.cls is None


# ---- globals


def sst_global(m: Machine, name: str, node: Node, scope: Scope) -> Box | None:
    """A global of SST's; None for a name that is none of them."""
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
    return Unknown(f"`{name}` is known to the deploy only", node) if name.startswith("$") else None


def stage(m: Machine, node: Node | None) -> Box:
    """The stage's name."""
    text = m.recording.context.stage
    return Known(StageName(text), Origin(node, f'the stage is "{text}"'))


def _run_global(m: Machine, name: str, node: Node) -> Box:
    dev = m.recording.context.dev
    if name == "$dev":
        return Known(dev, Origin(node, f"$dev is {'true' if dev else 'false'}"))
    if name == "$app":
        return Known(_app(m, node))
    command: Box = Known("dev") if dev else Unknown("$cli.command differs by what is run", node)
    made = Obj({"command": command})
    made.rest = Unknown("$cli is known to the deploy only", node)
    return Known(made)


def _app(m: Machine, node: Node) -> Obj:
    """`$app`: what SST keeps of `app()`, and the stage."""
    props: dict[str, Box] = {}
    given = m.recording.app
    for key, default in (
        ("name", None),
        ("removal", "retain"),
        ("protect", False),
        ("providers", None),
        ("home", None),
    ):
        box = _app_key(given, key, node)
        if isinstance(box, Known) and box is NOTHING and default is not None:
            box = Known(default, Origin(node, "default of SST"))
        props[key] = box
    props["stage"] = stage(m, node)
    return Obj(props)


def _app_key(given: Box, key: str, node: Node) -> Box:
    if isinstance(given, Known) and isinstance(given.data, Obj):
        return given.data.props.get(key) or given.data.rest or NOTHING
    return Unknown("what app() gives cannot be seen", node)


# ---- functions


def _identity(m: Machine, given: list[Box], node: Any) -> Box:
    return given[0] if given else NOTHING


def output(m: Machine, given: list[Box], node: Any) -> Box:
    """`$output(value)`."""
    value = strip(given[0]) if given else NOTHING
    return Known(Output(value), value.origin) if isinstance(value, Known) else value


def resolve(m: Machine, given: list[Box], node: Any) -> Box:
    """`$resolve([a, b])`, `pulumi.all([a, b])`: an output of what is in the outputs."""
    value: Box = Known(Arr(list(given))) if len(given) > 1 else strip(given[0]) if given else NOTHING
    if not isinstance(value, Known):
        return value
    data = value.data
    if isinstance(data, Arr):
        items = [item if isinstance(item, Perhaps) else strip(item) for item in data.items]
        return Known(Output(Known(Arr(items, data.node, data.open))))
    if isinstance(data, Obj):
        made = Obj({key: strip(box) for key, box in data.props.items()}, data.node)
        made.rest = data.rest
        return Known(Output(Known(made)))
    return Known(Output(value))


def concatenated(m: Machine, given: list[Box], node: Any) -> Box:
    """`$concat(a, b)`."""
    parts = []
    for box in given:
        box = strip(box)
        text = text_of(box.data) if isinstance(box, Known) else None
        if text is None:
            return Unknown(why(box), node)
        parts.append(text)
    m.spend(sum(map(len, parts)))
    return Known("".join(parts), Origin(node, "$concat"))


def _transform(m: Machine, given: list[Box], node: Any) -> Box:
    kind = given[0] if given else NOTHING
    callback = given[1] if len(given) > 1 else NOTHING
    seen = [choice.data.path for choice in alternatives(kind) if isinstance(choice.data, Namespace)]
    if not seen:
        m.hide(f"a $transform of what cannot be seen: {why(kind)}", node)
    for path in seen:
        m.transformed(path, callback, node)
    return NOTHING


def _json_parse(m: Machine, given: list[Box], node: Any) -> Box:
    from policy_bot.sst.interpreter.builtins.json import parse  # noqa: PLC0415

    return parse(m, [strip(box) for box in given], node)


def _json_stringify(m: Machine, given: list[Box], node: Any) -> Box:
    from policy_bot.sst.interpreter.builtins.json import stringify  # noqa: PLC0415

    return stringify(m, [strip(box) for box in given], node)


def _deploy_only(what: str) -> Function:
    return lambda m, given, node: Unknown(f"{what} is known to the deploy only", node)


_FUNCTIONS: dict[str, Function] = {
    "$config": _identity,
    "$output": output,
    "$resolve": resolve,
    "$concat": concatenated,
    "$interpolate": concatenated,
    "$transform": _transform,
    "$jsonParse": _json_parse,
    "$jsonStringify": _json_stringify,
    "$asset": _deploy_only("an asset"),
    "$apply": lambda m, given, node: apply(m, given[0], given[1:], node) if given else NOTHING,
}


def _stack_name(m: Machine, given: list[Box], node: Any) -> Box:
    return stage(m, node)


_PULUMI: dict[str, Function] = {
    "pulumi.output": output,
    "pulumi.secret": output,
    "pulumi.unsecret": output,
    "pulumi.all": resolve,
    "pulumi.concat": concatenated,
    "pulumi.getStack": _stack_name,
    "pulumi.jsonStringify": _json_stringify,
    "pulumi.jsonParse": _json_parse,
    "pulumi.mergeOptions": lambda m, given, node: given[-1] if given else NOTHING,
}


def apply(m: Machine, target: Box, given: list[Box], node: Any) -> Box:
    """`output.apply(callback)`: the callback runs once at deploy, with the value that we see or do not see."""
    from policy_bot.sst.interpreter.calls import call  # noqa: PLC0415

    if not given:
        return target
    result = strip(call(m, given[0], [strip(target)], None, node))
    return Known(Output(result), result.origin) if isinstance(result, Known) else result


# ---- components


def construct(
    m: Machine, path: str, given: list[Box], node: Node, instance: Instance | None = None, subclass: str = ""
) -> Box:
    """`new sst.aws.Queue(...)`, `new aws.lambda.Function(...)`, or `super(...)` of a class that extends one."""
    instance = instance or Instance(path)
    box = Known(instance, Origin(node, f"new {path}"))
    if path.startswith("pulumi.") and path != "pulumi.ComponentResource":
        return Known(Property(instance, ""), Origin(node, f"new {path}"))
    record = m.constructed(path, given, node, instance, subclass)
    _apply_transforms(m, path, record.arguments, node)
    record.arguments = [_as_read(m, argument) for argument in record.arguments]
    return box


def _as_read(m: Machine, argument: Box) -> Box:
    """An argument as the constructor reads it: what the program sets in the object later is too late."""
    if isinstance(argument, Known) and argument.data.__class__ is Obj:
        m.spend(len(argument.data.props))
        return Known(_copy(argument.data), argument.origin)
    return argument


def _apply_transforms(m: Machine, path: str, given: list[Box], node: Node) -> None:
    """Runs the callbacks that `$transform` registered before, on the arguments of what is constructed now.

    SST's own components change the caller's object; Pulumi's classes get a copy.
    """
    from policy_bot.sst.interpreter.calls import call  # noqa: PLC0415

    transforms = [transform for transform in m.recording.transforms if transform.type == path]
    if not transforms:
        return
    while len(given) < 2:
        given.append(NOTHING)
    args = strip(given[1])
    if args is NOTHING or (isinstance(args, Known) and args.data is NOTHING.data):
        args = given[1] = Known(Obj())
    elif not path.startswith("sst.") and isinstance(args, Known) and isinstance(args.data, Obj):
        args = given[1] = Known(_copy(args.data), args.origin)
    options = given[2] if len(given) > 2 else Known(Obj())
    for transform in transforms:
        callback = transform.callback

        def once(callback: Box = callback) -> Completion:
            call(m, callback, [args, options, given[0]], None, node)
            return None

        if transform.certain:
            once()
        else:
            fork(m, transform.reason, [once, lambda: None])


def _copy(data: Obj) -> Obj:
    made = Obj(dict(data.props), data.node)
    made.rest, made.spreads, made.assigned = data.rest, data.spreads, data.assigned and dict(data.assigned)
    return made


def component_call(m: Machine, instance: Instance, name: str, given: list[Box], mark: Placed) -> Box:
    """`api.route(...)`: recorded; what it gives is only known to the deploy."""
    if name == "apply":
        return apply(m, Known(instance), given, mark)
    if name in {"then", "catch", "finally"}:
        return apply(m, Known(instance), given, mark) if name == "then" else Known(instance)
    result = Known(Property(instance, f"{name}()"), Origin(mark, f"{instance.type}.{name}"))
    m.called(instance.type, name, instance, given, mark, result)
    return result


def namespace_call(
    m: Machine, space: Namespace, name: str, given: list[Box], node: Node, mark: Placed
) -> Box:
    """A static method of a component's class, or a function of a provider."""
    path = f"{space.path}.{name}" if space.path else name
    if space.is_class:
        if name in {"call", "apply", "bind"}:
            return Unknown(f"`{path}` is no method we read", node)
        return _static_call(m, space, name, given, mark)
    function = _PULUMI.get(path)
    if function is not None:
        return function(m, given, node)
    if path.startswith(("pulumi.log.", "pulumi.runtime.")):
        return Unknown(f"`{path}` is known to the deploy only", node)
    return Known(Property(Instance(path), ""), Origin(mark, f"what {path} gives"))


def _static_call(m: Machine, space: Namespace, name: str, given: list[Box], mark: Placed) -> Box:
    if name == "get":
        instance = Instance(space.path, None, given[0] if given else None)
        result = Known(instance, Origin(mark, f"{space.path}.get"))
        if space.path.startswith("sst."):
            m.constructed(space.path, given, mark, instance).reference = True
            return result
    else:
        result = Known(Property(Instance(space.path), f"{name}()"), Origin(mark, f"{space.path}.{name}"))
    m.called(space.path, name, None, given, mark, result)
    return result
