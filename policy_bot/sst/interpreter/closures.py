"""Functions of the program: one call, from its parameters to its result."""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.heap import Arr, CallFrame, Closure, Rejected, Scope
from policy_bot.sst.interpreter.branches import returned
from policy_bot.sst.interpreter.callables import calls
from policy_bot.sst.interpreter.completions import Completion, Returned, Thrown
from policy_bot.sst.interpreter.handlers import attempt
from policy_bot.sst.interpreter.iterate import counted
from policy_bot.sst.interpreter.machine import Machine
from policy_bot.sst.interpreter.patterns import declare, with_default
from policy_bot.sst.interpreter.statements import run_body
from policy_bot.sst.interpreter.writes import race
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Placed, Unknown


@calls(Closure)
def call_closure(
    m: Machine, closure: Closure, given: list[AbstractValue], this: AbstractValue | None, node: Placed | None
) -> AbstractValue:
    """Calls a function of the program. An async one that nothing waits for ends after its caller goes on."""
    function = closure.node
    awaited = not isinstance(node, nodes.Call) or node in m.awaited
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
