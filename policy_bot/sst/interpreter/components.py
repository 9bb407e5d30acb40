"""Components: their construction, the `$transform`s that apply to them, their methods."""

from __future__ import annotations

from policy_bot.sst.atoms import Namespace
from policy_bot.sst.catalog.v2 import PREFIX, RETURNS_ITSELF
from policy_bot.sst.fields import as_object, strip
from policy_bot.sst.heap import Construction, Instance, Native, Obj, Property
from policy_bot.sst.interpreter.branches import fork
from policy_bot.sst.interpreter.callables import (
    METHODS,
    Function,
    call,
    calls,
    constructs,
    kept,
    not_a_function,
)
from policy_bot.sst.interpreter.completions import Completion
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.sst import _PULUMI, apply
from policy_bot.sst.reasons import CONDITION, Why
from policy_bot.sst.recording import Transform
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Origin, Placed, Unknown


def is_component(instance: Instance) -> bool:
    """Whether SST or Pulumi made it (and not a class of the program that extends nothing, or an error)."""
    return instance.construction is not None or (instance.cls is None and not instance.type.endswith("Error"))


def construct(
    m: Machine,
    path: str,
    given: list[AbstractValue],
    node: Placed,
    instance: Instance | None = None,
    subclass: str = "",
) -> AbstractValue:
    """`new sst.aws.Queue(...)`, `new aws.lambda.Function(...)`, or `super(...)` of a class that extends
    one.
    """
    instance = instance or Instance(path)
    value = Known(instance, Origin(node, f"new {path}"))
    if path.startswith("pulumi.") and path != "pulumi.ComponentResource":
        return Known(Property(instance, ""), Origin(node, f"new {path}"))
    record = m.constructed(path, [as_object(argument) for argument in given], node, instance, subclass)
    _apply_transforms(m, path, record.arguments, node)
    record.arguments = [_as_read(m, argument) for argument in record.arguments]
    return value


def _as_read(m: Machine, argument: AbstractValue) -> AbstractValue:
    """An argument as the constructor reads it: later changes of the object have no effect."""
    if isinstance(argument, Known) and argument.data.__class__ is Obj:
        m.allocate(len(argument.data.props))
        return Known(_copy(argument.data), argument.origin)
    return argument


def _apply_transforms(m: Machine, path: str, given: list[AbstractValue], node: Placed) -> None:
    """Runs the callbacks that `$transform` has registered on the arguments of a construction. SST's own
    components change the caller's object; Pulumi's classes get a copy.
    """
    transforms = [transform for transform in m.recording.transforms if transform.type == path]
    if transforms:
        _transform(m, path, given, node, [(each, each.certain) for each in transforms])


def transform_late(m: Machine, record: Construction) -> None:
    """The module of this construction may first be imported here: callbacks that were registered since then
    may apply to it.
    """
    transforms = [
        (each, False)
        for each in m.recording.transforms
        if each.type == record.type and each.order > record.order
    ]
    if transforms:
        _transform(m, record.type, record.arguments, record.node, transforms)


def _transform(
    m: Machine, path: str, given: list[AbstractValue], node: Placed, transforms: list[tuple[Transform, bool]]
) -> None:
    """Applies transforms, each of which may be uncertain."""
    while len(given) < 2:
        given.append(NOTHING)
    args = strip(given[1])
    if args is NOTHING or (isinstance(args, Known) and args.data is NOTHING.data):
        args = given[1] = Known(Obj())
    elif not path.startswith("sst.") and isinstance(args, Known) and isinstance(args.data, Obj):
        args = given[1] = Known(_copy(args.data), args.origin)
    options = given[2] if len(given) > 2 else Known(Obj())
    for transform, certain in transforms:
        callback = transform.callback

        def once(callback: AbstractValue = callback) -> Completion:
            call(m, callback, [args, options, given[0]], None, node)
            return None

        if certain:
            once()
        else:
            fork(m, transform.reason or CONDITION, [once, lambda: None])


def _copy(data: Obj) -> Obj:
    made = Obj(dict(data.props), data.node)
    made.rest, made.spreads, made.assigned = data.rest, data.spreads, data.assigned and dict(data.assigned)
    return made


def component_call(
    m: Machine, instance: Instance, name: str, given: list[AbstractValue], mark: Placed
) -> AbstractValue:
    """`api.route(...)`: recorded; its result is known only after the deployment."""
    if name == "apply":
        return apply(m, Known(instance), given, mark)
    if name in {"then", "catch", "finally"}:
        return _settled(m, instance, name, given, mark)
    itself = (instance.type, name) in RETURNS_ITSELF
    data = instance if itself else Property(instance, f"{name}()")
    result = Known(data, Origin(mark, f"{instance.type}.{name}"))
    m.called(instance.type, name, instance, given, mark, result)
    return result


def _called(m: Machine, method: Known, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`api.deploy.call(api)`."""
    data = method.data
    if node is None or not isinstance(data, Property):
        return not_a_function(m, data, given, None, node)
    return component_call(m, data.instance, data.path, given[1:], node)


def _bound(m: Machine, method: Known, given: list[AbstractValue], node: Placed | None) -> AbstractValue:
    """`api.route.bind(api)`, whose result is called later."""
    return Known(
        Native("bound", lambda machine, more, at: _called(machine, method, [*given, *more], at or node))
    )


METHODS[Property] = {**METHODS[Property], "bind": _bound, "call": _called}


def _settled(
    m: Machine, instance: Instance, name: str, given: list[AbstractValue], mark: Placed
) -> AbstractValue:
    """`then`, `catch`, `finally` of a promise of a component, which an async function returns."""
    if name == "then":
        return apply(m, Known(instance), given, mark)
    if name == "finally" and given:
        call(m, given[0], [], None, None)
    return Known(instance)


@calls(Namespace)
def _call_namespace(
    m: Machine, space: Namespace, given: list[AbstractValue], this: AbstractValue | None, node: Placed | None
) -> AbstractValue:
    if node is None:
        return not_a_function(m, space, given, this, node)
    if m.lenient:
        return kept(m, given, node)
    parent, _, name = space.path.rpartition(".")
    return namespace_call(m, Namespace(parent), name, given, node, node)


@constructs(Namespace)
def _construct_class(m: Machine, space: Namespace, given: list[AbstractValue], node: Placed) -> AbstractValue:
    return construct(m, space.path, given, node)


def namespace_call(
    m: Machine, space: Namespace, name: str, given: list[AbstractValue], node: Placed, mark: Placed
) -> AbstractValue:
    """A static method of a component's class, or a function of a provider."""
    path = f"{space.path}.{name}" if space.path else name
    if space.is_class:
        if name in {"call", "apply", "bind"}:
            return Unknown(Why.UNSUPPORTED_METHOD(path), node)
        return _static_call(m, space, name, given, mark)
    function = _PULUMI.get(path) or _of_v2(path)
    if function is not None:
        return function(m, given, node)
    if path.startswith(("pulumi.log.", "pulumi.runtime.")):
        return Unknown(Why.KNOWN_AT_DEPLOYMENT(f"`{path}`"), node)
    return Known(Property(Instance(path), ""), Origin(mark, f"the result of {path}"))


def _of_v2(path: str) -> Function | None:
    if not path.startswith(PREFIX):
        return None
    from policy_bot.sst.interpreter.v2 import FUNCTIONS

    return FUNCTIONS.get(path)


def _static_call(
    m: Machine, space: Namespace, name: str, given: list[AbstractValue], mark: Placed
) -> AbstractValue:
    if name == "get":
        instance = Instance(space.path, None, given[0] if given else None)
        result: Known = Known(instance, Origin(mark, f"{space.path}.get"))
        if space.path.startswith("sst."):
            m.constructed(space.path, given, mark, instance).reference = True
            return result
    else:
        result = Known(Property(Instance(space.path), f"{name}()"), Origin(mark, f"{space.path}.{name}"))
    m.called(space.path, name, None, given, mark, result)
    return result
