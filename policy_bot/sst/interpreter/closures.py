"""Functions of the program: one call, from its parameters to its result."""

from __future__ import annotations

from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr, CallFrame, Closure, Cursor, Promised, Rejected, Scope
from policy_bot.sst.interpreter.branches import returned
from policy_bot.sst.interpreter.callables import calls
from policy_bot.sst.interpreter.classes import parameter_fields
from policy_bot.sst.interpreter.completions import Completion, Returned, Thrown
from policy_bot.sst.interpreter.handlers import attempt
from policy_bot.sst.interpreter.iterate import counted
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.path import Raced
from policy_bot.sst.interpreter.patterns import declare, with_default
from policy_bot.sst.interpreter.statements import run_body
from policy_bot.sst.interpreter.writes import race
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Placed, Unknown


@calls(Closure)
def call_closure(
    m: Machine, closure: Closure, given: list[AbstractValue], this: AbstractValue | None, node: Placed | None
) -> AbstractValue:
    """Calls a function of the program. An async function that is not awaited ends after its caller has
    continued.
    """
    function = closure.node
    alone = isinstance(node, nodes.Call) and node not in m.awaited
    if alone and function.asynchronous and not function.generator:
        return _started(m, closure, given, this, m.together.get(node))
    return _run(m, closure, given, this, running=False)


def _started(
    m: Machine,
    closure: Closure,
    given: list[AbstractValue],
    this: AbstractValue | None,
    together: Raced | None,
) -> AbstractValue:
    """Calls an async function that is not awaited, or only `together` with others: if it throws, the result
    is a rejected promise, and its writes after its first `await` may happen at any time.
    """
    outer, m.path.late = m.path.late, None

    def body() -> Completion:
        return Returned(_run(m, closure, given, this, running=True))

    def rejected(value: AbstractValue) -> Completion:
        return Returned(Known(Rejected(value)))

    try:
        completion = attempt(m, body, rejected, undecided=together is not None and bool(m.handlers))
        late = m.path.late
    finally:
        m.path.late = outer
    if late is not None:
        raced = race(m, late)
        if together is not None:
            together += raced
    assert isinstance(completion, Returned)
    value = strip(completion.value)
    return value if isinstance(value, Known) and isinstance(value.data, Rejected) else Known(Promised(value))


def _run(
    m: Machine,
    closure: Closure,
    given: list[AbstractValue],
    this: AbstractValue | None,
    running: bool,
    begun: Scope | None = None,
) -> AbstractValue:
    """Runs a function; a generator's body only if its scope has `begun`."""
    function = closure.node
    if m.depth >= m.limits.calls:
        m.hide(Why.CALLS(m.limits.calls), function)
        m.may_throw(function)
        return Unknown(Why.CALLS(m.limits.calls), function)
    if m.active[function] > 1 and m.path.undecided:
        m.cut.add(function)
        return Unknown(Why.UNDECIDED_RECURSION(), function)
    body = function.lower()
    scope = begun or _scope(closure, this, running)
    frame = scope.frame
    m.depth += 1
    m.active[function] += 1
    depth, before = m.path.depth, m.mark()
    try:
        if frame.yields is None:
            _bind(m, body, given, scope, function)
            if body.fields and frame.home is not None and frame.home.base is None:
                parameter_fields(m, scope, body)
        if body.expression is not None:
            return m.eval(body.expression, scope)
        assert body.statements is not None
        shared = body.simple is None and scope.vars.keys() & set(body.statements.variables)
        if shared:  # `var` of a parameter's name: functions in the parameters still see the parameter
            scope = Scope({name: scope.vars[name] for name in shared}, scope, frame, declares=True)
        if function.generator and frame.yields is None:
            frame.yields = Arr([])
            rest = partial(_run, m, closure, [], this, running, scope)
            from policy_bot.sst.interpreter.generators import Suspended

            return Known(Cursor([], Suspended(function, scope, rest)))
        completion = _completed(m, body.statements, scope, depth)
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


def _completed(m: Machine, body: nodes.Block, scope: Scope, depth: int) -> Completion:
    """Runs the statements of a function; its ends are one."""
    try:
        completion = run_body(m, body, scope)
    except Thrown as error:
        if m.path.depth == depth:
            raise
        m.note(error)
        return returned(m, depth, None, threw=True)
    return returned(m, depth, completion) if m.path.depth > depth else completion


def _scope(closure: Closure, this: AbstractValue | None, running: bool) -> Scope:
    """The scope of a call, in a frame of its own."""
    outer = closure.scope.frame if closure.node.arrow else None
    frame = CallFrame(closure.node.source, this, closure.home, outer)
    frame.running = running
    return Scope({}, closure.scope, frame, declares=True)


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
