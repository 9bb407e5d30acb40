"""`switch`."""

from __future__ import annotations

from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.atoms import StageName
from policy_bot.sst.heap import Scope
from policy_bot.sst.interpreter.branches import Branch, absorb, fork, surviving
from policy_bot.sst.interpreter.completions import Completion, Jumped, Thrown
from policy_bot.sst.interpreter.conversions import why
from policy_bot.sst.interpreter.equality import strict_equal
from policy_bot.sst.interpreter.machine import Machine, executes
from policy_bot.sst.interpreter.operators import stage_seen
from policy_bot.sst.interpreter.path import Raised
from policy_bot.sst.interpreter.statements import hoist, run
from policy_bot.sst.values import AbstractValue, Known, alternatives


@executes(nodes.Switch)
def switch_statement(m: Machine, node: nodes.Switch, scope: Scope) -> Completion:
    """`switch`; if its value is unknown, every case that may match is a branch."""
    value = m.eval(node.value, scope)
    inner = Scope({}, scope, scope.frame)
    hoist(m, node.block, inner)
    depth = m.path.depth
    tests = [at for at, (test, _) in enumerate(node.cases) if test is not None]
    try:
        return absorb(m, depth, _chosen(m, node, value, inner, tests), _is_break)
    except Thrown as error:
        return surviving(m, depth, error, _is_break)


def _chosen(
    m: Machine, node: nodes.Switch, value: AbstractValue, scope: Scope, tests: list[int]
) -> Completion:
    """Runs the cases that may match. After an undecided one, a test with effects belongs to a branch."""
    branches: list[Branch] = []
    reason = why(value)
    for place, at in enumerate(tests):
        test = node.cases[at][0]
        assert test is not None
        if branches and not isinstance(test, _WITHOUT_EFFECT):
            branches.append(partial(_chosen, m, node, value, scope, tests[place:]))
            return fork(m, reason, branches)
        other = m.eval(test, scope)
        answers = {_equal(m, a, b) for a in alternatives(value) for b in alternatives(other)} or {None}
        if answers != {False}:
            branches.append(partial(_run_cases, m, node, at, scope))
            reason = why(value if isinstance(other, Known) else other)
        if answers == {True}:
            break
    else:
        default = [at for at, (test, _) in enumerate(node.cases) if test is None]
        branches.append(partial(_run_cases, m, node, default[0], scope) if default else lambda: None)
    return branches[0]() if len(branches) == 1 else fork(m, reason, branches)


_WITHOUT_EFFECT = (nodes.Literal, nodes.Identifier, nodes.Member)


def _equal(m: Machine, a: Known, b: Known) -> bool | None:
    if a.data.__class__ is StageName or b.data.__class__ is StageName:
        stage_seen(m, a.data, b.data)
    return strict_equal(a.data, b.data)


def _run_cases(m: Machine, node: nodes.Switch, start: int, scope: Scope) -> Completion:
    for _, statements in node.cases[start:]:
        completion = run(m, statements, scope)
        if completion is not None:
            return None if _is_break(completion) else completion
    return None


def _is_break(completion: Completion | Raised) -> bool:
    """Whether it is a `break` of the switch itself."""
    return isinstance(completion, Jumped) and completion.kind == "break" and not completion.label
