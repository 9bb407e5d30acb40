"""Calls and constructions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.interpreter import classes, components
from policy_bot.sst.interpreter.access import get, get_computed, key_of
from policy_bot.sst.interpreter.branches import End, Late, collect, fork, race, returned, settle
from policy_bot.sst.interpreter.builtins import METHODS
from policy_bot.sst.interpreter.builtins.promises import waited
from policy_bot.sst.interpreter.choices import choose
from policy_bot.sst.interpreter.conversions import nullish
from policy_bot.sst.interpreter.handlers import attempt
from policy_bot.sst.interpreter.iterate import arguments_of, counted, extend
from policy_bot.sst.interpreter.links import linked
from policy_bot.sst.interpreter.machine import NOTHING, Machine, evaluates
from policy_bot.sst.interpreter.patterns import declare, super_property, with_default
from policy_bot.sst.interpreter.scope import SHORT, CallFrame, Completion, Returned, Scope, Thrown
from policy_bot.sst.interpreter.statements import run_body
from policy_bot.sst.interpreter.writing import may_have_changed
from policy_bot.sst.nodes import Mark, Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import (
    UNDEFINED,
    AbstractValue,
    Arr,
    Class,
    Closure,
    Instance,
    Known,
    Namespace,
    Native,
    Obj,
    OneOf,
    Placed,
    Property,
    Rejected,
    Unknown,
)


def arguments(m: Machine, given: list[Node], scope: Scope) -> list[AbstractValue]:
    """The values of arguments."""
    values: list[AbstractValue] = []
    for at, node in enumerate(given):
        if node.__class__ is nodes.Literal:
            values.append(node.value)
        elif node.__class__ is nodes.Spread:
            return _with_spreads(m, values, given[at:], scope)
        else:
            values.append(m.eval(node, scope))
    return values


def _with_spreads(
    m: Machine, values: list[AbstractValue], given: list[Node], scope: Scope
) -> list[AbstractValue]:
    made = Arr(values)
    for node in given:
        if isinstance(node, nodes.Spread):
            extend(m, made, m.eval(node.argument, scope), node)
        else:
            made.items.append(m.eval(node, scope))
    return arguments_of(made, given[0])


@evaluates(nodes.Call)
def call_expression(m: Machine, node: nodes.Call, scope: Scope) -> AbstractValue:
    """`callee(arguments)`."""
    callee = node.callee
    kind = callee.__class__
    if kind is nodes.Member:
        return _call_member(m, node, callee, scope)  # type: ignore[arg-type]
    if kind is nodes.Super:
        return classes.super_call(m, arguments(m, node.arguments, scope), node, scope)
    if kind is nodes.Index:
        return _call_index(m, node, callee, scope)  # type: ignore[arg-type]
    function = m.links.get(node) if node.optional else None
    if function is None:
        function = m.eval(callee, scope)
        if node.optional and function is not SHORT:
            function = linked(m, node, function)
        if function is SHORT:
            return SHORT
    return call(m, function, arguments(m, node.arguments, scope), None, node)


def _call_member(m: Machine, node: nodes.Call, callee: nodes.Member, scope: Scope) -> AbstractValue:
    if callee.object.__class__ is nodes.Super:
        this = scope.frame.lexical().this
        return call(m, super_property(m, callee.name, scope), arguments(m, node.arguments, scope), this, node)
    settles = callee.name in _SETTLED or (callee.name == "then" and len(node.arguments) > 1)
    if settles and callee.object.__class__ is nodes.Call and not callee.optional:
        return _call_settled(m, node, callee, scope)
    target = m.links.get(callee) if callee.optional else None
    if target is None:
        target = m.eval(callee.object, scope)
        if callee.optional and target is not SHORT:
            target = linked(m, callee, target)
        if target is SHORT:
            return SHORT
    if node.optional:
        function = m.links.get(node) or linked(m, node, get(m, target, callee.name, node))
        if function is SHORT:
            return SHORT
        if node in m.links:
            return call(m, function, arguments(m, node.arguments, scope), target, node)
    return invoke(m, target, callee.name, arguments(m, node.arguments, scope), node, callee.name_mark)


_SETTLED = {"catch", "finally"}


def _call_settled(m: Machine, node: nodes.Call, callee: nodes.Member, scope: Scope) -> AbstractValue:
    """`promise.catch(handler)`, `promise.finally(last)`: what the awaited function throws comes here."""

    def body() -> Completion:
        m.awaited.add(callee.object)
        try:
            return Returned(waited(m, m.eval(callee.object, scope), node))
        finally:
            m.awaited.discard(callee.object)

    def handle(value: AbstractValue) -> Completion:
        if callee.name == "then":
            return Returned(Known(Rejected(value)))
        given = arguments(m, node.arguments, scope) or [NOTHING]
        return Returned(_later(m, given[0], [value], node))

    def last() -> Completion:
        given = arguments(m, node.arguments, scope) or [NOTHING]
        call(m, given[0], [], None, node)
        return None

    if callee.name == "finally":
        completion = attempt(m, body, None, last)
    else:
        completion = attempt(m, body, handle, undecided=bool(m.handlers))
    assert isinstance(completion, Returned)
    if callee.name != "then" or completion.value is SHORT:
        return completion.value
    return invoke(m, completion.value, "then", arguments(m, node.arguments, scope), node, callee.name_mark)


def _handler(name: str, given: list[AbstractValue]) -> AbstractValue | None:
    """The function that is called when the promise is rejected, if one is given."""
    at = {"then": 1, "catch": 0}.get(name, len(given))
    handler = given[at] if at < len(given) else None
    return None if isinstance(handler, Known) and nullish(handler) else handler


def _call_index(m: Machine, node: nodes.Call, callee: nodes.Index, scope: Scope) -> AbstractValue:
    target = m.links.get(callee) if callee.optional else None
    if target is None:
        target = m.eval(callee.object, scope)
        if callee.optional and target is not SHORT:
            target = linked(m, callee, target)
        if target is SHORT:
            return SHORT
    key = m.eval(callee.index, scope)
    if node.optional and nullish(get_computed(m, target, key, node)):
        return SHORT
    keys = key_of(key)
    given = arguments(m, node.arguments, scope)
    if keys is not None and len(keys) == 1:
        return invoke(
            m, target, keys[0], given, node, Mark(node.source, callee.index.start, callee.index.end)
        )
    return call(m, get_computed(m, target, key, node), given, target, node)


def invoke(
    m: Machine, target: AbstractValue, name: str, given: list[AbstractValue], node: Node, mark: Placed
) -> AbstractValue:
    """`target.name(given)`; `mark` is the position of the name."""
    if isinstance(target, Known):
        return _invoke_known(m, target, name, given, node, mark)
    if isinstance(target, OneOf):
        some = [
            choice for choice in target.choices if choice.data is not None and choice.data is not UNDEFINED
        ]
        if len(some) < len(target.choices):
            m.may_throw(node)
        if not some:
            return Unknown(Why.PROPERTY_OF_NOTHING(name), node)
        runs: list[Callable[[], AbstractValue]] = [
            partial(_invoke_known, m, choice, name, given, node, mark) for choice in some
        ]
        return choose(m, target.reason, runs) if len(runs) > 1 else runs[0]()
    return unknown_call(m, target, given, node)


def _invoke_known(
    m: Machine, target: Known, name: str, given: list[AbstractValue], node: Node, mark: Placed
) -> AbstractValue:
    data = target.data
    kind = data.__class__
    if kind is Namespace:
        if m.lenient:
            return _kept(m, given, node)
        return components.namespace_call(m, data, name, given, node, mark)
    if kind is Instance:
        own = _own_method(m, target, data, name, node)
        if own is not None:
            return call(m, own, given, target, node)
        if components.is_component(data):
            return components.component_call(m, data, name, given, mark)
    elif kind is Obj and name in data.props:
        return call(m, get(m, target, name, node), given, target, node)
    elif kind in {Closure, Native, Class} and name in {"call", "apply", "bind"}:
        return _function_method(m, target, name, given, node)
    method = METHODS.get(kind if not isinstance(data, str) else str, {}).get(name)
    if method is not None:
        return method(m, target, given, node)
    if name in {"then", "catch", "finally"}:
        return _promise(m, target, name, given, node)
    if kind is Property:
        return Known(Property(data.instance, f"{data.path}.{name}()"[:200]))
    return call(m, get(m, target, name, node), given, target, node)


def _own_method(m: Machine, target: Known, data: Instance, name: str, node: Node) -> AbstractValue | None:
    found = data.props.get(name)
    cls = data.cls
    while found is None and cls is not None:
        found = Known(cls.methods[name]) if name in cls.methods else None
        if found is None and name in cls.getters:
            return get(m, target, name, node)
        cls = cls.base.data if isinstance(cls.base, Known) and isinstance(cls.base.data, Class) else None
    return found


def _function_method(
    m: Machine, target: Known, name: str, given: list[AbstractValue], node: Node
) -> AbstractValue:
    own = get(m, target, name, node)
    if isinstance(own, Known) and (isinstance(own.data, Closure) or name in (target.data.props or ())):
        return call(m, own, given, target, node)
    this = given[0] if given else None
    if name == "call":
        return call(m, target, given[1:], this, node)
    if name == "apply":
        made = Arr([])
        if len(given) > 1:
            extend(m, made, given[1], node)
        return call(m, target, arguments_of(made, node), this, node)
    return Known(
        Native("bound", lambda machine, more, at: call(machine, target, [*given[1:], *more], this, at))
    )


def _promise(m: Machine, target: Known, name: str, given: list[AbstractValue], node: Node) -> AbstractValue:
    if isinstance(target.data, Rejected):
        if name == "finally":
            _later(m, given[0] if given else NOTHING, [], node)
            return target
        handler = _handler(name, given)
        return target if handler is None else _later(m, handler, [target.data.reason], node)
    if name == "then" and nullish(given[0] if given else NOTHING):
        return target
    if name == "catch" or not given:
        return target
    if name == "finally":
        _later(m, given[0], [], node)
        return target
    return _later(m, given[0], [target], node)


def _later(m: Machine, callback: AbstractValue, given: list[AbstractValue], node: Node) -> AbstractValue:
    """Calls what a promise was given. If nobody waits for it, that happens after the caller has gone on."""
    if node in m.awaited:
        return call(m, callback, given, None, node)
    outer, depth = m.path.late, m.path.depth
    m.path.push(None)
    late = m.path.late = Late()
    try:
        value = call(m, callback, given, None, node)
    finally:
        m.path.late = outer
    settle(m, collect(m, depth, [End(None, {}, Why.RACING())]), Why.RACING())
    race(m, late)
    return value


def call(
    m: Machine,
    function: AbstractValue,
    given: list[AbstractValue],
    this: AbstractValue | None,
    node: Node | None,
) -> AbstractValue:
    """Calls a value."""
    if isinstance(function, Known):
        data = function.data
        if data.__class__ is Closure:
            return call_closure(m, data, given, this, not isinstance(node, nodes.Call) or node in m.awaited)
        if data.__class__ is Native:
            return data.run(m, given, node) if data.method is None else _unbound(m, data, given, this, node)
        if data.__class__ is Namespace and node is not None and m.lenient:
            return _kept(m, given, node)
        if data.__class__ is Namespace and node is not None:
            parent, _, name = data.path.rpartition(".")
            return components.namespace_call(m, Namespace(parent), name, given, node, node)
        m.may_throw(node)
        return unknown_call(m, Unknown(Why.NOT_A_FUNCTION(), node), given, node)
    if isinstance(function, OneOf):
        runs: list[Callable[[], AbstractValue]] = [
            partial(call, m, choice, given, this, node)
            for choice in function.choices
            if choice.data is not UNDEFINED and choice.data is not None
        ]
        if len(runs) < len(function.choices):
            m.may_throw(node)
        return choose(m, function.reason, runs) if len(runs) > 1 else runs[0]() if runs else NOTHING
    return unknown_call(m, function, given, node)


def _unbound(
    m: Machine, method: Native, given: list[AbstractValue], this: AbstractValue | None, node: Node | None
) -> AbstractValue:
    """Calls a built-in method that was read as a value: on `this`, not on what it was read from."""
    assert method.method is not None
    own = METHODS.get(this.data.__class__, {}).get(method.name) if isinstance(this, Known) else None
    if isinstance(this, Known) and (own is method.method or method.name in _OF_ANY_VALUE):
        return method.method(m, this, given, node)
    m.may_throw(node)
    return unknown_call(m, Unknown(Why.OTHER_RECEIVER(method.name), node), given, node)


_OF_ANY_VALUE = {"hasOwnProperty", "Object.prototype.toString"}


def unknown_call(
    m: Machine, function: Unknown, given: list[AbstractValue], node: Node | None
) -> AbstractValue:
    """A function we do not see: it may call the functions it is given, once, often, or never."""
    if m.lenient:
        return _kept(m, given, node)
    m.may_throw(node)
    told = len(m.recording.blind_spots)
    if m.linker is not None and function.reason in m.linker.changing:
        for value in given:
            may_have_changed(m, value, function.reason, node)
    for value in given:
        if isinstance(value, Known) and isinstance(value.data, Closure):
            closure = value.data
            unseen: list[AbstractValue] = [Unknown(function.reason, node)] * 4

            def once(closure: Closure = closure, unseen: list[AbstractValue] = unseen) -> Completion:
                call_closure(m, closure, unseen, None)
                return None

            before = m.mark()
            fork(m, function.reason, [once, lambda: None], widen=True)
            if m.mark() != before:
                m.hide(Why.CALLBACK_OF_UNSEEN_FUNCTION(function.reason), node)
    if m.linker is not None and m.linker.is_first_call(function) and len(m.recording.blind_spots) == told:
        m.hide(Why.MAY_CONSTRUCT(function.reason), node)
    return Unknown(function.reason, function.node or node)


def _kept(m: Machine, given: list[AbstractValue], node: Node | None) -> AbstractValue:
    """A call that cannot be seen, kept as an object of its name and arguments (`lenient`: framework configs).

    What a `define...` function is given as a function, is called: `defineConfig(() => ({...}))`.
    """
    callee = node.callee if isinstance(node, (nodes.Call, nodes.New)) else None
    name = callee.name if isinstance(callee, (nodes.Identifier, nodes.Member)) else ""
    made: dict[str, AbstractValue] = {"$call": Known(name)}
    for at, value in enumerate(given):
        runs = name.startswith("define") and isinstance(value, Known) and isinstance(value.data, Closure)
        made[str(at)] = (
            call(m, value, [Unknown(Why.FRAMEWORK_ARGUMENT(), node)] * 2, None, node) if runs else value
        )
    return Known(Obj(made))


def call_closure(
    m: Machine, closure: Closure, given: list[AbstractValue], this: AbstractValue | None, awaited: bool = True
) -> AbstractValue:
    """Calls a function of the program. Without `awaited` its caller goes on before an async one has ended."""
    function = closure.node
    if not awaited and function.asynchronous and not function.generator:
        return _started(m, closure, given, this)
    return _run(m, closure, given, this, running=False)


def _started(
    m: Machine, closure: Closure, given: list[AbstractValue], this: AbstractValue | None
) -> AbstractValue:
    """Calls an async function that is not waited for: what it throws is a rejected promise, and what it
    writes after its first `await` may be written at any time.
    """
    outer, m.path.late = m.path.late, None

    def body() -> Completion:
        return Returned(_run(m, closure, given, this, running=True))

    def rejected(value: AbstractValue) -> Completion:
        return Returned(Known(Rejected(value)))

    try:
        completion = attempt(m, body, rejected, undecided=False)
        late = m.path.late
    finally:
        m.path.late = outer
    if late is not None:
        race(m, late)
    assert isinstance(completion, Returned)
    return completion.value


def _run(
    m: Machine, closure: Closure, given: list[AbstractValue], this: AbstractValue | None, running: bool
) -> AbstractValue:
    function = closure.node
    if m.depth >= m.limits.calls:
        m.hide(Why.CALLS(m.limits.calls), function)
        m.may_throw(function)
        return Unknown(Why.CALLS(m.limits.calls), function)
    if m.active[function] > 1 and m.path.undecided:
        m.cut.add(function)
        return Unknown(Why.UNDECIDED_RECURSION(), function)
    body = function.lower()
    frame = CallFrame(function.source, this, closure.home, closure.scope.frame if function.arrow else None)
    scope = Scope({}, closure.scope, frame)
    frame.top = scope
    frame.running = running
    m.depth += 1
    m.active[function] += 1
    depth, before = m.path.depth, m.mark()
    try:
        _bind(m, body, given, scope, function)
        if body.expression is not None:
            return m.eval(body.expression, scope)
        if function.generator:
            frame.yields = Arr([])
        assert body.statements is not None
        try:
            completion = run_body(m, body.statements, scope)
        except Thrown as error:
            if m.path.depth == depth:
                raise
            m.note(error)
            completion = returned(m, depth, None, threw=True)
        else:
            if m.path.depth > depth:
                completion = returned(m, depth, completion)
    finally:
        m.depth -= 1
        m.active[function] -= 1
        if m.cut and not m.active[function] and function in m.cut:
            m.cut.discard(function)
            if m.mark() != before:
                m.hide(Why.UNDECIDED_RECURSION(), function)
    if frame.yields is not None:
        return Known(frame.yields)
    return completion.value if isinstance(completion, Returned) else NOTHING


def _bind(
    m: Machine, body: nodes.Body, given: list[AbstractValue], scope: Scope, function: nodes.FunctionNode
) -> None:
    if body.simple is not None:
        count = len(given)
        for at, name in enumerate(body.simple):
            scope.vars[name] = given[at] if at < count else NOTHING
        return
    for at, parameter in enumerate(body.parameters):
        if parameter.rest:
            items, more = counted(given[at:], parameter)
            value: AbstractValue = Known(Arr(list(items), None, more))
        else:
            value = given[at] if at < len(given) else NOTHING
        declare(m, parameter.pattern, with_default(m, value, parameter.default, scope), scope)
