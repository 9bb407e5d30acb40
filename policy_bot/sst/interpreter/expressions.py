"""Expressions: what each kind gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policy_bot.sst import nodes
from policy_bot.sst.interpreter import patterns
from policy_bot.sst.interpreter.access import (
    get,
    get_computed,
    key_of,
    open_object,
    take_away,
)
from policy_bot.sst.interpreter.branches import fork, join
from policy_bot.sst.interpreter.builtins.globals import builtin
from policy_bot.sst.interpreter.iterate import extend
from policy_bot.sst.interpreter.machine import NOTHING, Machine, evaluates
from policy_bot.sst.interpreter.operators import (
    binary,
    combine,
    instance_of,
    lift,
    nullish,
    number_of,
    primitive,
    stage_seen,
    text_of,
    truthy,
    type_of,
    why,
)
from policy_bot.sst.interpreter.scope import SHORT, UNSET, Completion, Live, Scope
from policy_bot.sst.nodes import Node
from policy_bot.sst.syntax.text import exact
from policy_bot.sst.values import (
    Accessor,
    Arr,
    Box,
    Closure,
    Instance,
    Known,
    Namespace,
    Obj,
    OneOf,
    Origin,
    Perhaps,
    Property,
    RegExp,
    StageName,
    Unknown,
    strip,
)


@evaluates(nodes.Literal)
def literal(m: Machine, node: nodes.Literal, scope: Scope) -> Box:
    """A literal's box is made once, with the tree."""
    return node.box


@evaluates(nodes.Opaque)
def opaque(m: Machine, node: nodes.Opaque, scope: Scope) -> Box:
    """What cannot be read is unknown, and may hide anything."""
    m.hide(node.reason, node)
    return Unknown(node.reason, node)


@evaluates(nodes.Identifier)
def identifier(m: Machine, node: nodes.Identifier, scope: Scope) -> Box:
    """A name, looked up outwards."""
    name = node.name
    at: Scope | None = scope
    while at is not None:
        found = at.vars.get(name)
        if found is not None:
            if found.__class__ is Live:
                return found.read()  # type: ignore[no-any-return]
            return Unknown(f"`{name}` is read before it is set", node) if found is UNSET else found
        at = at.parent
    return undeclared(m, node, name, scope)


def undeclared(m: Machine, node: Node, name: str, scope: Scope) -> Box:
    """A name that nothing declares: a global of SST, or a provider's namespace."""
    from policy_bot.sst.interpreter.sst import sst_global  # noqa: PLC0415 (SST's functions evaluate expressions)

    found = sst_global(m, name, node, scope)
    if found is not None:
        return found
    found = m.linker.module_name(name, scope.frame.source.path) if m.linker is not None else None
    if found is not None:
        return found
    found = builtin(m, name)
    if found is not None:
        assert m.linker is not None
        m.linker.root.vars[name] = found
        return found
    if name[:1].islower() and name.isidentifier() and not scope.frame.source.broken:
        return Known(Namespace(name))
    return Unknown(f"`{name}` is declared nowhere we see", node)


@evaluates(nodes.Template)
def template(m: Machine, node: nodes.Template, scope: Scope) -> Box:
    """A template string; a tagged one is an output of Pulumi's or unknown."""
    values = [m.eval(part, scope) for part in node.parts]
    if node.tag is None:
        return interpolated(m, node, values)
    tag = m.eval(node.tag, scope)
    name = (
        tag.data.path
        if isinstance(tag, Known) and isinstance(tag.data, Namespace)
        else getattr(getattr(tag, "data", None), "name", "")
    )
    if name in {"$interpolate", "pulumi.interpolate", "interpolate"}:
        return interpolated(m, node, [strip(value) for value in values])
    if isinstance(tag, Known) and isinstance(tag.data, Closure):
        from policy_bot.sst.interpreter.calls import call  # noqa: PLC0415

        texts = Known(Arr([Known(text) for text in node.texts]))
        return call(m, tag, [texts, *values], None, node)
    return Unknown(f"`{node.tag.text[:40]}` is no tag we read", node)


def interpolated(m: Machine, node: nodes.Template, values: list[Box]) -> Box:
    """Texts around values."""
    result: Box = Known(node.texts[0], Origin(node, "template"))
    for value, text in zip(values, node.texts[1:], strict=True):
        if isinstance(result, Unknown):
            return result
        result = combine(m, lambda a, b, t=text: _append(m, a, b, t), result, value, node)
    if isinstance(result, Known):
        return Known(
            result.data, Origin(node, "template", next((v.origin for v in values if v.origin), None))
        )
    return result


def _append(m: Machine, a: Any, b: Any, text: str) -> str | None:
    middle = text_of(b)
    if middle is None:
        return None
    m.spend(len(a) + len(middle) + len(text))
    return a + middle + text if len(a) + len(middle) + len(text) <= m.limits.string else None


@evaluates(nodes.Regex)
def regex(m: Machine, node: nodes.Regex, scope: Scope) -> Box:
    """A regular expression."""
    return Known(RegExp(node.pattern, node.flags), Origin(node, "literal"))


@evaluates(nodes.ArrayLiteral)
def array(m: Machine, node: nodes.ArrayLiteral, scope: Scope) -> Box:
    """`[a, ...b]`."""
    made = Arr([], node)
    items = made.items
    for item in node.items:
        if item is None:
            items.append(NOTHING)
        elif item.__class__ is nodes.Spread:
            value = m.eval(item.argument, scope)  # type: ignore[attr-defined]
            extend(m, made, value, item)
        else:
            items.append(m.eval(item, scope))
    m.spend(len(items))
    return Known(made, Origin(node, "literal"))


@evaluates(nodes.ObjectLiteral)
def object_literal(m: Machine, node: nodes.ObjectLiteral, scope: Scope) -> Box:
    """`{a: 1, ...b}`."""
    made = Obj({}, node)
    props = made.props
    for entry in node.entries:
        if entry.__class__ is nodes.Entry:
            if entry.computed is None and entry.kind == "value":  # type: ignore[union-attr]
                value = entry.value  # type: ignore[union-attr]
                box = m.eval(value, scope)
                if box.__class__ is Known and value.__class__ is not nodes.Literal and primitive(box.data):  # type: ignore[union-attr]
                    box = Known(box.data, Origin(entry, f"{entry.key}: {_short(value)}", box.origin))  # type: ignore[union-attr]
                props[entry.key] = box  # type: ignore[union-attr]
            else:
                _special(m, made, entry, scope)  # type: ignore[arg-type]
        elif entry.__class__ is nodes.Spread:
            spread(m, made, m.eval(entry.argument, scope), entry)  # type: ignore[union-attr]
        else:
            everything_unknown(made, m.eval(entry, scope), entry)
    m.spend(len(props))
    return Known(made, Origin(node, "literal"))


def _short(node: Node) -> str:
    return node.text if node.end - node.start <= 60 else node.source.text(node.start, node.start + 57) + "..."


def _special(m: Machine, made: Obj, entry: nodes.Entry, scope: Scope) -> None:
    keys = [entry.key] if entry.computed is None else key_of(m.eval(entry.computed, scope))
    value = m.eval(entry.value, scope)
    if keys is None:
        everything_unknown(made, Unknown("a key that cannot be seen", entry), entry)
        return
    if entry.kind != "value" and isinstance(value, Known):
        old = made.props.get(keys[0])
        accessor = (
            old.data if isinstance(old, Known) and isinstance(old.data, Accessor) else Accessor(None, None)
        )
        if entry.kind == "get":
            accessor.getter = value.data
        else:
            accessor.setter = value.data
        value = Known(accessor)
    for key in keys:
        old = made.props.get(key, NOTHING)
        made.props[key] = value if len(keys) == 1 else join(m, [old, value], "the key is one of several")


def everything_unknown(made: Obj, why_not: Box, node: Node) -> None:
    """Something unknown goes into an object: what is in it may be overridden, and more may be in it."""
    rest = why_not if isinstance(why_not, Unknown) else Unknown(why(why_not), node)
    for key in made.props:
        made.props[key] = rest
    open_object(made, rest)


def spread(m: Machine, made: Obj, value: Box, node: Node) -> None:
    """`...value` in an object literal (or `Object.assign`)."""
    if made.spreads is None:
        made.spreads = []
    value = strip(value)
    made.spreads.append(value)
    if isinstance(value, Known):
        _spread_known(m, made, value, node)
    elif isinstance(value, OneOf):
        _spread_one_of(m, made, value, node)
    else:
        everything_unknown(made, value, node)


def _spread_known(m: Machine, made: Obj, value: Known, node: Node) -> None:
    data = value.data
    if isinstance(data, Obj):
        m.spend(len(data.props))
        if data.rest is not None:
            everything_unknown(made, data.rest, node)
        for key, box in data.props.items():
            if box.__class__ is Known and box.data.__class__ is Accessor:  # type: ignore[union-attr]
                made.props[key] = get(m, value, key, node)
            else:
                made.props[key] = box
    elif isinstance(data, Arr):
        m.spend(len(data.items))
        for at, item in enumerate(data.items):
            made.props[str(at)] = Unknown(item.reason, node) if isinstance(item, Perhaps) else item
    elif isinstance(data, Instance) and data.construction is None and data.cls is not None:
        made.props.update(data.props)
    elif isinstance(data, (Instance, Property, Namespace)):
        everything_unknown(made, Unknown("an output is spread, which only the deploy knows", node), node)


def _spread_one_of(m: Machine, made: Obj, value: OneOf, node: Node) -> None:
    results = []
    for choice in value.choices:
        one = Obj(dict(made.props))
        _spread_known(m, one, choice, node)
        results.append(one)
    for one in results:
        if one.rest is not None:
            everything_unknown(made, one.rest, node)
            return
    for key in dict.fromkeys(key for one in results for key in one.props):
        made.props[key] = join(m, [one.props.get(key, NOTHING) for one in results], value.reason)


@evaluates(nodes.FunctionNode)
def function(m: Machine, node: nodes.FunctionNode, scope: Scope) -> Box:
    """A function with the scope it is made in."""
    if (
        node.name
        and not node.arrow
        and node.source.data[node.start : node.start + 8] in {b"function", b"async fu"}
    ):
        scope = Scope({}, scope, scope.frame)
        made = Known(Closure(node, scope, scope.frame.home))
        scope.vars[node.name] = made
        return made
    return Known(Closure(node, scope, scope.frame.home), Origin(node, "literal"))


@evaluates(nodes.Unary)
def unary(m: Machine, node: nodes.Unary, scope: Scope) -> Box:
    """`! - + ~ typeof void delete`."""
    operator = node.operator
    if operator == "delete":
        return _delete(m, node.argument, scope)
    if operator == "typeof" and node.argument.__class__ is nodes.Identifier:
        return _typeof_name(m, node, scope)
    value = m.eval(node.argument, scope)
    if operator == "!":
        answer = truthy(value)
        if answer is None:
            return value if isinstance(value, Unknown) else Unknown(why(value), node)
        return Known(not answer, Origin(node, "not", value.origin))
    if operator == "void":
        return NOTHING
    return lift(m, lambda data: _unary(operator, data, node), value)


def _unary(operator: str, data: Any, node: Node) -> Box:
    if operator == "typeof":
        kind = type_of(data)
        return Unknown("the type of an output", node) if kind is None else Known(kind)
    number = number_of(data)
    if number is None:
        return Unknown("no number we can see", node)
    if operator == "-":
        return Known(exact(-number) if number != 0 else 0, Origin(node, "literal"))
    if operator == "+":
        return Known(number)
    return Known(~int(number) if number == number else -1)


def _typeof_name(m: Machine, node: nodes.Unary, scope: Scope) -> Box:
    name = node.argument.name  # type: ignore[attr-defined]
    if name in {"window", "document", "self"}:
        return Known("undefined")
    if m.phase != "run" and name in {"$dev", "$app", "$cli"}:
        return Known("undefined")
    value = m.eval(node.argument, scope)
    if isinstance(value, Known) and isinstance(value.data, Namespace):
        return Unknown(f"whether `{name}` is there is known at run time only", node)
    return lift(m, lambda data: _unary("typeof", data, node), value)


def _delete(m: Machine, target: Node, scope: Scope) -> Box:
    if isinstance(target, nodes.Member):
        take_away(m, m.eval(target.object, scope), Known(target.name))
    elif isinstance(target, nodes.Index):
        take_away(m, m.eval(target.object, scope), m.eval(target.index, scope))
    return Known(True)


_EQUALITY = {"===", "!==", "==", "!="}


@evaluates(nodes.Binary)
def binary_expression(m: Machine, node: nodes.Binary, scope: Scope) -> Box:
    """Operators that evaluate both sides."""
    left = m.eval(node.left, scope)
    right = m.eval(node.right, scope)
    operator = node.operator
    if left.__class__ is Known and right.__class__ is Known:
        a, b = left.data, right.data  # type: ignore[union-attr]
        if (a.__class__ is StageName or b.__class__ is StageName) and operator in _EQUALITY:
            stage_seen(m, a, b)
        if operator == "in":
            return _in(b, text_of(a), node)
        if operator == "instanceof":
            answer = instance_of(a, b)
            return Unknown("an instance of what, cannot be seen", node) if answer is None else Known(answer)
    elif operator in {"in", "instanceof"}:
        return Unknown(why(left if isinstance(left, Unknown) else right), node)
    return combine(m, lambda a, b: binary(m, operator, a, b), left, right, node)


def _in(container: Any, key: str | None, node: Node) -> Box:
    if key is None or not isinstance(container, (Obj, Instance)):
        return Unknown("whether a key is there cannot be seen", node)
    if key in container.props:
        return (
            Known(True)
            if isinstance(container.props[key], (Known, OneOf))
            else Unknown("perhaps there", node)
        )
    if isinstance(container, Obj) and container.rest is None:
        return Known(False)
    return Unknown("whether a key is there cannot be seen", node)


def choose(m: Machine, reason: str, ways: list[Callable[[], Box]]) -> Box:
    """Evaluates every way of an undecided expression and joins their values and effects."""
    values: list[Box] = []

    def way(run: Callable[[], Box]) -> Callable[[], Completion]:
        def evaluate() -> Completion:
            values.append(run())
            return None

        return evaluate

    fork(m, reason, [way(run) for run in ways])
    return join(m, values, reason)


@evaluates(nodes.Logical)
def logical(m: Machine, node: nodes.Logical, scope: Scope) -> Box:
    """`&&`, `||`, `??`."""
    left = m.eval(node.left, scope)
    operator = node.operator
    if operator == "??":
        answer = nullish(left)
        go_on = answer
    else:
        answer = truthy(left)
        go_on = answer if operator == "&&" or answer is None else not answer
    if go_on is not None:
        return m.eval(node.right, scope) if go_on else left
    return undecided(m, node, operator, left, lambda: m.eval(node.right, scope))


def undecided(m: Machine, node: Node, operator: str, left: Box, right: Callable[[], Box]) -> Box:
    """A logical operator whose left side cannot be seen. `left` stays only as far as it ends the operator."""
    kept: Box = left
    if operator == "&&" and isinstance(left, Unknown):
        kept = NOTHING
    elif isinstance(left, OneOf):
        test = nullish if operator == "??" else truthy
        keep = [
            c
            for c in left.choices
            if test(c) is not (operator != "||" if operator == "??" else operator == "&&")
        ]
        kept = join(m, keep, left.reason) if keep else left
    return choose(m, why(left), [right, lambda: kept])


@evaluates(nodes.Conditional)
def conditional(m: Machine, node: nodes.Conditional, scope: Scope) -> Box:
    """`test ? yes : no`."""
    test = m.eval(node.test, scope)
    answer = truthy(test)
    if answer is None:
        return choose(m, why(test), [lambda: m.eval(node.yes, scope), lambda: m.eval(node.no, scope)])
    value = m.eval(node.yes if answer else node.no, scope)
    if value.__class__ is Known and primitive(value.data):  # type: ignore[union-attr]
        note = f"because `{_short(node.test)}` is {'true' if answer else 'false'}"
        return Known(value.data, Origin(node.test, note, value.origin))  # type: ignore[union-attr]
    return value


@evaluates(nodes.Member)
def member(m: Machine, node: nodes.Member, scope: Scope) -> Box:
    """`object.name`."""
    if node.object.__class__ is nodes.Super:
        return patterns.super_property(m, node.name, scope)
    target = m.eval(node.object, scope)
    if target is SHORT:
        return SHORT
    if node.optional:
        empty = nullish(target)
        if empty:
            return SHORT
        if empty is None and isinstance(target, OneOf):
            return join(m, [get(m, target, node.name, node), NOTHING], target.reason)
    return get(m, target, node.name, node)


@evaluates(nodes.Index)
def index(m: Machine, node: nodes.Index, scope: Scope) -> Box:
    """`object[index]`."""
    target = m.eval(node.object, scope)
    if target is SHORT or (node.optional and nullish(target)):
        return SHORT
    key = m.eval(node.index, scope)
    if (
        key.__class__ is Known
        and key.data.__class__ is StageName
        and isinstance(target, Known)
        and isinstance(target.data, Obj)
    ):  # type: ignore[union-attr]
        for name in target.data.props:
            stage_seen(m, key.data, name)
    return get_computed(m, target, key, node)


@evaluates(nodes.Chain)
def chain(m: Machine, node: nodes.Chain, scope: Scope) -> Box:
    """Where an optional chain ends."""
    value = m.eval(node.expression, scope)
    return NOTHING if value is SHORT else value


@evaluates(nodes.Sequence)
def sequence(m: Machine, node: nodes.Sequence, scope: Scope) -> Box:
    """`a, b`."""
    value: Box = NOTHING
    for item in node.items:
        value = m.eval(item, scope)
    return value


@evaluates(nodes.Await)
def awaited(m: Machine, node: nodes.Await, scope: Scope) -> Box:
    """`await a` is `a`; waiting for something unknown really yields."""
    value = m.eval(node.argument, scope)
    if isinstance(value, Unknown) or (isinstance(value, Known) and isinstance(value.data, Property)):
        m.stretch += 1
    return value


@evaluates(nodes.Yield)
def yielded(m: Machine, node: nodes.Yield, scope: Scope) -> Box:
    """Generators run at once; what they yield is collected."""
    value = NOTHING if node.argument is None else m.eval(node.argument, scope)
    items = scope.frame.yields
    if items is not None:
        into = Arr(items)
        if node.delegate:
            extend(m, into, value, node)
        else:
            m.spend(1)
            items.append(value)
    return Unknown("what a generator is given", node)


@evaluates(nodes.This)
def this(m: Machine, node: nodes.This, scope: Scope) -> Box:
    """`this`."""
    return scope.frame.lexical().this or NOTHING


@evaluates(nodes.Super)
def bare_super(m: Machine, node: nodes.Super, scope: Scope) -> Box:
    """`super` alone is a syntax error."""
    return Unknown("`super` alone", node)


@evaluates(nodes.ClassNode)
def class_expression(m: Machine, node: nodes.ClassNode, scope: Scope) -> Box:
    """A class as a value."""
    from policy_bot.sst.interpreter.classes import make_class  # noqa: PLC0415

    return make_class(m, node, scope)


@evaluates(nodes.Assign)
def assign(m: Machine, node: nodes.Assign, scope: Scope) -> Box:
    """`a = b`, `a += b`, `a ??= b`."""
    if not node.operator:
        value = _noted(node, m.eval(node.value, scope))
        patterns.assign_to(m, node.target, value, scope, node)
        return value
    old = m.eval(node.target, scope)
    if node.operator in {"??", "||", "&&"}:
        return _assign_logical(m, node, old, scope)
    right = m.eval(node.value, scope)
    value = combine(m, lambda a, b: binary(m, node.operator, a, b), old, right, node)
    patterns.assign_to(m, node.target, value, scope, node)
    return value


def _noted(node: nodes.Assign, value: Box) -> Box:
    if value.__class__ is Known and primitive(value.data):  # type: ignore[union-attr]
        return Known(value.data, Origin(node, _short(node), value.origin))  # type: ignore[union-attr]
    return value


def _assign_logical(m: Machine, node: nodes.Assign, old: Box, scope: Scope) -> Box:
    answer = nullish(old) if node.operator == "??" else truthy(old)
    go_on = answer if node.operator != "||" or answer is None else not answer
    if go_on is None:
        value = undecided(m, node, node.operator, old, lambda: m.eval(node.value, scope))
    elif go_on:
        value = _noted(node, m.eval(node.value, scope))
    else:
        return old
    patterns.assign_to(m, node.target, value, scope, node)
    return value


@evaluates(nodes.Update)
def update(m: Machine, node: nodes.Update, scope: Scope) -> Box:
    """`a++`, `--a`."""
    old = m.eval(node.target, scope)
    step = "+" if node.operator == "++" else "-"
    number = lift(m, lambda data: _unary("+", data, node), old)
    value = combine(m, lambda a, b: binary(m, step, a, b), number, Known(1), node)
    patterns.assign_to(m, node.target, value, scope, node)
    return value if node.prefix else number
