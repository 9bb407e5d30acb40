"""Loops: over what is seen, every round; over what is not, one round in doubt."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.interpreter.branches import close_jump, fork
from policy_bot.sst.interpreter.builtins.objects import ordered
from policy_bot.sst.interpreter.conversions import truthy, why
from policy_bot.sst.interpreter.iterate import elements
from policy_bot.sst.interpreter.machine import Machine, executes
from policy_bot.sst.interpreter.patterns import assign_to, declare
from policy_bot.sst.interpreter.scope import Completion, Jumped, Scope
from policy_bot.sst.limits import LimitReached
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.values import Arr, Box, Known, Obj, Perhaps, Unknown, has_fields, own_fields

GO_ON = object()
"""What a round ends with when the loop goes on."""


def _round(m: Machine, body: Node, scope: Scope, label: str = "") -> Completion | object:
    """One round: `GO_ON`, None for a `break` of this loop, or what leaves the loop."""
    depth = len(m.pending)
    completion = m.exec(body, scope)
    while len(m.pending) > depth and _leads_here(m.pending[-1].completion, "continue", label):
        completion = close_jump(m, completion)
    if completion is None or _leads_here(completion, "continue", label):
        return GO_ON
    return None if _leads_here(completion, "break", label) else completion


def _leads_here(completion: Completion, kind: str, label: str) -> bool:
    return isinstance(completion, Jumped) and completion.kind == kind and completion.label in {"", label}


def _label(m: Machine) -> str:
    """The label that stands before this loop."""
    label, m.label = m.label, ""
    return label


def _leave(m: Machine, depth: int, label: str, completion: Completion) -> Completion:
    """The end of a loop: early jumps that lead to its end (or to a round of it) end with it."""
    while len(m.pending) > depth:
        early = m.pending[-1].completion
        if not (isinstance(early, Jumped) and early.label in {"", label}):
            break
        completion = close_jump(m, completion)
    return completion


def _count(m: Machine, rounds: int) -> None:
    if rounds > m.limits.iterations:
        raise LimitReached(Why.ITERATIONS(m.limits.iterations))


@executes(nodes.ForEach)
def for_each(m: Machine, node: nodes.ForEach, scope: Scope) -> Completion:
    """`for of`, `for in`."""
    label = _label(m)
    value = m.eval(node.items, scope)
    items, more = _keys(m, value, node) if node.keys else elements(m, value, node)
    depth = len(m.pending)
    for rounds, item in enumerate(items):
        _count(m, rounds)
        if isinstance(item, Perhaps):
            left = _maybe(m, node, item, scope, label)
        else:
            left = _round(m, node.body, _bound(m, node, item, scope), label)
        if left is not GO_ON:
            return _leave(m, depth, label, left)  # type: ignore[arg-type]
    if more is not None:
        _unseen(
            m, more.reason, node, node.items, lambda: _bound(m, node, Unknown(more.reason, node.items), scope)
        )
    return _leave(m, depth, label, None)


def _keys(m: Machine, value: Box, node: nodes.ForEach) -> tuple[list[object], Unknown | None]:
    if not isinstance(value, Known):
        return [], Unknown(why(value), node)
    data = value.data
    if isinstance(data, Obj):
        return [Known(key) for key in ordered(data.props)], data.rest
    if has_fields(data):
        return [Known(key) for key in ordered(own_fields(data))], None
    if isinstance(data, Arr):
        return [Known(str(at)) for at in range(len(data.items))], data.open
    return [], Unknown(why(value), node)


def _bound(m: Machine, node: nodes.ForEach, item: Box, scope: Scope) -> Scope:
    """The scope of one round with its element."""
    inner = Scope({}, scope, scope.frame)
    if node.kind:
        declare(m, node.target, item, inner)
    else:
        assign_to(m, node.target, item, scope, node)
    return inner


def _maybe(m: Machine, node: nodes.ForEach, item: Perhaps, scope: Scope, label: str) -> Completion | object:
    """A round for an element that may be missing."""

    def once() -> Completion:
        completion = _round(m, node.body, _bound(m, node, item.box, scope), label)
        return None if completion is GO_ON else completion  # type: ignore[return-value]

    completion = fork(m, item.reason, [once, lambda: None])
    return GO_ON if completion is None else completion


def _unseen(
    m: Machine,
    reason: Reason,
    loop: nodes.ForEach | nodes.For | nodes.While,
    place: Node | None,
    bind: Callable[[], Scope],
) -> None:
    """One round in doubt for a loop whose rounds cannot be counted: what it writes is unknown after.

    Where the round records something, more of the like may be missing.
    """

    def once() -> Completion:
        depth = len(m.pending)
        completion = _leave(m, depth, "", m.exec(loop.body, bind()))
        return None if isinstance(completion, Jumped) and not completion.label else completion

    before = m.mark()
    fork(m, reason, [once, lambda: None], widen=True)
    if m.mark() != before:
        m.hide(Why.UNSEEN_LOOP(reason), place)


@executes(nodes.For)
def for_statement(m: Machine, node: nodes.For, scope: Scope) -> Completion:
    """`for (;;)`. Each round has its own copy of the loop's names, as closures see them."""
    label = _label(m)
    outer = Scope({}, scope, scope.frame)
    if node.first is not None:
        if isinstance(node.first, (nodes.Declaration, nodes.ExpressionStatement, nodes.Opaque)):
            m.exec(node.first, outer)
        else:
            m.eval(node.first, outer)
    rounds, depth = 0, len(m.pending)
    while True:
        test = Known(True) if node.test is None else m.eval(node.test, outer)
        answer = truthy(test)
        if answer is None:
            _unseen(m, why(test), node, node.test, partial(Scope, {}, outer, outer.frame))
            break
        if not answer:
            break
        left = _round(m, node.body, outer, label)
        if left is not GO_ON:
            return _leave(m, depth, label, left)  # type: ignore[arg-type]
        outer = Scope(dict(outer.vars), scope, scope.frame)
        if node.step is not None:
            m.eval(node.step, outer)
        rounds += 1
        _count(m, rounds)
    return _leave(m, depth, label, None)


@executes(nodes.While)
def while_statement(m: Machine, node: nodes.While, scope: Scope) -> Completion:
    """`while`, `do while`."""
    label = _label(m)
    rounds, depth = 0, len(m.pending)
    while True:
        if rounds or not node.after:
            test = m.eval(node.test, scope)
            answer = truthy(test)
            if answer is None:
                _unseen(m, why(test), node, node.test, lambda: scope)
                break
            if not answer:
                break
        left = _round(m, node.body, scope, label)
        if left is not GO_ON:
            return _leave(m, depth, label, left)  # type: ignore[arg-type]
        rounds += 1
        _count(m, rounds)
    return _leave(m, depth, label, None)
