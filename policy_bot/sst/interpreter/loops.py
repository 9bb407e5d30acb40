"""Loops. Over known elements each iteration is evaluated, over unknown ones the body as a branch that may
repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.atoms import UNDEFINED
from policy_bot.sst.catalog.packages import is_judged
from policy_bot.sst.domain import presence
from policy_bot.sst.fields import has_fields, own_fields
from policy_bot.sst.heap import Arr, Obj, Scope
from policy_bot.sst.interpreter.branches import absorb, fork, surviving
from policy_bot.sst.interpreter.builtins.keys import ordered
from policy_bot.sst.interpreter.builtins.promises import waited
from policy_bot.sst.interpreter.completions import Completion, Jumped, Thrown
from policy_bot.sst.interpreter.conversions import truthy, why
from policy_bot.sst.interpreter.expressions import yields
from policy_bot.sst.interpreter.iterate import Walk
from policy_bot.sst.interpreter.machine import Machine, executes
from policy_bot.sst.interpreter.path import Raised
from policy_bot.sst.interpreter.patterns import assign_to, declare
from policy_bot.sst.limits import LimitReached
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.utf16 import units
from policy_bot.sst.values import HOLE, AbstractValue, Item, Known, OptionalItem, Unknown

_TOO_DEEP = 8  # suspended ends of earlier rounds that are joined before the next round


def _round(m: Machine, body: Node, scope: Scope, start: int, label: str = "") -> tuple[bool, Completion]:
    """One round: whether the loop continues, otherwise how it ends. `start`: the path's depth before the
    loop.
    """
    depth, here = m.path.depth, partial(_leads_here, "continue", label)
    try:
        completion = absorb(m, depth, m.exec(body, scope), here)
    except Thrown as error:
        completion = surviving(m, depth, error, here)
    if completion is not None:
        return False, completion
    if m.path.depth - start > _TOO_DEEP:
        absorb(m, start, None, partial(_leads_here, "continue", label))
    return True, None


def _leads_here(kind: str, label: str, completion: Completion | Raised) -> bool:
    return isinstance(completion, Jumped) and completion.kind == kind and completion.label in {"", label}


def _label(m: Machine) -> str:
    """The label of this loop."""
    label, m.label = m.label, ""
    return label


def _leave(m: Machine, start: int, label: str, completion: Completion) -> Completion:
    """The end of a loop: every `break` of it continues from here."""
    return absorb(m, start, completion, partial(_leads_here, "break", label))


def _looped(m: Machine, label: str, run: Callable[[], Completion]) -> Completion:
    """Runs a loop. If a round throws after a suspended `break`, the program continues from the `break`."""
    depth = m.path.depth
    try:
        return run()
    except Thrown as error:
        return surviving(m, depth, error, partial(_leads_here, "break", label))


def _count(m: Machine, rounds: int) -> None:
    if rounds > m.limits.iterations:
        raise LimitReached(Why.ITERATIONS(m.limits.iterations))


@executes(nodes.ForEach)
def for_each(m: Machine, node: nodes.ForEach, scope: Scope) -> Completion:
    """`for of`, `for in`."""
    return _looped(m, m.label, partial(_for_each, m, node, scope))


def _for_each(m: Machine, node: nodes.ForEach, scope: Scope) -> Completion:
    label = _label(m)
    value = m.eval(node.items, scope)
    walk = _Keys(m, value, node) if node.keys else Walk(m, value, node)
    depth = m.path.depth
    for rounds, item in enumerate(walk):
        _count(m, rounds)
        if isinstance(item, OptionalItem):
            goes_on, completion = _maybe(m, node, item, scope, label)
        else:
            goes_on, completion = _round(m, node.body, _bound(m, node, item, scope), depth, label)
        if not goes_on:
            return _leave(m, depth, label, completion)
    completion, more = None, walk.more
    if more is not None:
        completion = _unseen(
            m,
            more.reason,
            node,
            node.items,
            lambda: _bound(m, node, Unknown(more.reason, node.items, among=more.among), scope),
            label,
        )
    return _leave(m, depth, label, completion)


class _Keys:
    """Walks over the keys of an object as `for in` does; skips a key that was deleted before its turn."""

    def __init__(self, m: Machine, value: AbstractValue, node: nodes.ForEach) -> None:
        self.more: Unknown | None = None
        self._value = value
        self._node = node

    def __iter__(self) -> Iterator[Item]:
        value = self._value
        data = value.data if isinstance(value, Known) else value
        if isinstance(data, Obj) or (isinstance(value, Known) and has_fields(data)):
            props = data.props if isinstance(data, Obj) else own_fields(data)
            for key in ordered(props):
                if key in data.props:
                    yield key_item(key, data.props[key])
            self.more = data.rest if isinstance(data, Obj) else None
        elif isinstance(data, Arr):
            yield from _places(data)
            self.more = data.open
        elif isinstance(data, str):
            yield from [Known(str(at)) for at in range(len(units(data)))]
        elif data is not None and data is not UNDEFINED and not isinstance(data, (bool, int, float)):
            self.more = Unknown(why(value), self._node)


def _places(data: Arr) -> Iterator[Item]:
    """The indexes of an array and its other keys; the index of an optional element is optional."""
    certain = sum(not isinstance(item, OptionalItem) for item in data.items)
    unclear = next((item.reason for item in data.items if isinstance(item, OptionalItem)), None)
    for at in range(len(data.items)):
        if unclear is not None and (at >= certain or HOLE in data.items):
            yield OptionalItem(Known(str(at)), unclear)
        elif at < len(data.items) and data.items[at] is not HOLE:
            yield Known(str(at))
    for key, value in list((data.props or {}).items()):
        yield key_item(key, value)


def key_item(key: str, value: AbstractValue) -> Item:
    """A key as an element, which is optional if the key may be absent."""
    absent = not isinstance(value, Known) and presence(value) is not None
    return OptionalItem(Known(key), why(value)) if absent else Known(key)


def _bound(m: Machine, node: nodes.ForEach, item: AbstractValue, scope: Scope) -> Scope:
    """The scope of one round with its element."""
    inner = Scope({}, scope, scope.frame)
    if node.waits:
        yields(m, scope)
        item = waited(m, item, node)
    if node.kind == "var":
        declare(m, node.target, item, scope.declaring())
    elif node.kind:
        declare(m, node.target, item, inner)
        if node.kind == "const":
            inner.constants = frozenset(inner.vars)
    else:
        assign_to(m, node.target, item, scope, node)
    return inner


def _maybe(
    m: Machine, node: nodes.ForEach, item: OptionalItem, scope: Scope, label: str
) -> tuple[bool, Completion]:
    """An iteration for an element that may be missing."""

    def once() -> Completion:
        depth = m.path.depth
        return _round(m, node.body, _bound(m, node, item.value, scope), depth, label)[1]

    completion = fork(m, item.reason, [once, lambda: None])
    return completion is None, completion


def _unseen(
    m: Machine,
    reason: Reason,
    loop: nodes.ForEach | nodes.For | nodes.While,
    place: Node | None,
    bind: Callable[[], Scope],
    label: str,
) -> Completion:
    """A loop whose rounds cannot be counted: its body runs any number of times.

    If a round records something, there may be more of it.
    """

    def once() -> Completion:
        depth = m.path.depth
        if isinstance(loop, nodes.For) and loop.step is not None:
            return _stepped(m, loop, loop.step, bind(), label)
        return absorb(m, depth, m.exec(loop.body, bind()), partial(_leads_here, "continue", label))

    before = m.mark()
    completion = fork(m, reason, [once], widen=True)
    if _makes_judged(m, before):
        m.hide(Why.UNKNOWN_LOOP(reason), place)
    return completion


def _same(scope: Scope) -> Scope:
    return scope


def _stepped(m: Machine, loop: nodes.For, step: Node, scope: Scope, label: str) -> Completion:
    """A round and the step after it."""
    depth = m.path.depth
    completion = absorb(m, depth, m.exec(loop.body, scope), partial(_leads_here, "continue", label))
    if completion is None:
        m.eval(step, scope)
        if loop.test is not None:
            m.eval(loop.test, scope)
    return completion


def _makes_judged(m: Machine, before: tuple[int, int, int]) -> bool:
    """Whether a round recorded more than resources that no fact is derived from, such as DNS records: one
    more or less of those changes nothing that is judged, and each is named at its own place.
    """
    _, *others = m.mark()
    made = m.recording.constructions[before[0] :]
    return others != [*before[1:]] or any(is_judged(each.type) for each in made)


@executes(nodes.For)
def for_statement(m: Machine, node: nodes.For, scope: Scope) -> Completion:
    """`for (;;)`. Each round has its own copy of the loop's variables, which closures capture."""
    return _looped(m, m.label, partial(_for_statement, m, node, scope))


def _for_statement(m: Machine, node: nodes.For, scope: Scope) -> Completion:
    label = _label(m)
    outer = Scope({}, scope, scope.frame)
    if node.first is not None:
        if isinstance(node.first, (nodes.Declaration, nodes.ExpressionStatement, nodes.Opaque)):
            m.exec(node.first, outer)
            if isinstance(node.first, nodes.Declaration) and node.first.kind == "const":
                outer.constants = frozenset(outer.vars)
        else:
            m.eval(node.first, outer)
    rounds, depth = 0, m.path.depth
    while True:
        test = Known(True) if node.test is None else m.eval(node.test, outer)
        answer = truthy(test)
        if answer is None:
            return _leave(
                m, depth, label, _unseen(m, why(test), node, node.test, partial(_same, outer), label)
            )
        if not answer:
            break
        goes_on, completion = _round(m, node.body, outer, depth, label)
        if not goes_on:
            return _leave(m, depth, label, completion)
        outer = Scope(dict(outer.vars), scope, scope.frame, outer.constants)
        if node.step is not None:
            m.eval(node.step, outer)
        rounds += 1
        _count(m, rounds)
    return _leave(m, depth, label, None)


@executes(nodes.While)
def while_statement(m: Machine, node: nodes.While, scope: Scope) -> Completion:
    """`while`, `do while`."""
    return _looped(m, m.label, partial(_while_statement, m, node, scope))


def _while_statement(m: Machine, node: nodes.While, scope: Scope) -> Completion:
    label = _label(m)
    rounds, depth = 0, m.path.depth
    while True:
        if rounds or not node.after:
            test = m.eval(node.test, scope)
            answer = truthy(test)
            if answer is None:
                return _leave(m, depth, label, _unseen(m, why(test), node, node.test, lambda: scope, label))
            if not answer:
                break
        goes_on, completion = _round(m, node.body, scope, depth, label)
        if not goes_on:
            return _leave(m, depth, label, completion)
        rounds += 1
        _count(m, rounds)
    return _leave(m, depth, label, None)
