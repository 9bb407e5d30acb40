"""The meaning of each kind of statement."""

from __future__ import annotations

from functools import partial

from policy_bot.sst import nodes
from policy_bot.sst.heap import Accessor, Class, Closure, Live, Native, Obj, Scope
from policy_bot.sst.interpreter.access import get
from policy_bot.sst.interpreter.branches import absorb, fork, surviving
from policy_bot.sst.interpreter.classes import make_class
from policy_bot.sst.interpreter.completions import UNSET, Completion, Jumped, Returned, Thrown
from policy_bot.sst.interpreter.conversions import number_text, primitive, truthy, why
from policy_bot.sst.interpreter.handlers import attempt
from policy_bot.sst.interpreter.machine import Machine, executes
from policy_bot.sst.interpreter.path import Raised
from policy_bot.sst.interpreter.patterns import declare
from policy_bot.sst.interpreter.writes import put
from policy_bot.sst.interpreter.writing import put_property
from policy_bot.sst.nodes import Block, Node
from policy_bot.sst.reasons import Why
from policy_bot.sst.values import NOTHING, AbstractValue, Known, Origin, Unknown


def hoist(m: Machine, block: Block, scope: Scope) -> None:
    """Makes the names of a block: functions at once, the others unset."""
    names = scope.vars
    scope.constants = block.constants
    for name in block.names:
        names[name] = UNSET
    if block.variables:
        top = scope.declaring().vars
        for name in block.variables:
            top.setdefault(name, NOTHING)
    for declaration in block.functions:
        names[declaration.name] = Known(Closure(declaration.function, scope, scope.frame.home))


def run_body(m: Machine, block: Block, scope: Scope) -> Completion:
    """Runs the statements of a function or module in the scope that is already made for it."""
    hoist(m, block, scope)
    return run(m, block.statements, scope)


def run(m: Machine, statements: list[Node], scope: Scope) -> Completion:
    """Runs statements until one ends abruptly."""
    for statement in statements:
        completion = m.exec(statement, scope)
        if completion is not None:
            return completion
    return None


@executes(nodes.Block)
def block_statement(m: Machine, node: Block, scope: Scope) -> Completion:
    """`{ ... }`."""
    if node.names or node.functions or node.variables:
        scope = Scope({}, scope, scope.frame)
        hoist(m, node, scope)
    return run(m, node.statements, scope)


@executes(nodes.ExpressionStatement)
def expression_statement(m: Machine, node: nodes.ExpressionStatement, scope: Scope) -> Completion:
    """An expression for its effect."""
    m.eval(node.expression, scope)
    return None


@executes(nodes.Opaque)
def opaque_statement(m: Machine, node: nodes.Opaque, scope: Scope) -> Completion:
    """Syntax that cannot be lowered may hide anything."""
    m.hide(node.reason, node)
    return None


@executes(nodes.Declaration)
def declaration(m: Machine, node: nodes.Declaration, scope: Scope) -> Completion:
    """`const`, `let`, `var`."""
    if node.kind == "var":
        scope = scope.declaring()
    for target, value in node.pairs:
        if value is None:
            if (
                target.__class__ is not nodes.Identifier
                or target.name not in scope.vars
                or node.kind != "var"
            ):
                declare(m, target, NOTHING, scope)
            continue
        abstract = m.eval(value, scope)
        if target.__class__ is nodes.Identifier:
            if abstract.__class__ is Known and primitive(abstract.data):
                abstract = Known(abstract.data, Origin(target, f"{node.kind} {target.name}", abstract.origin))
            put(m, scope.vars, target.name, abstract)
        else:
            declare(m, target, abstract, scope)
    return None


@executes(nodes.FunctionDeclaration)
def function_declaration(m: Machine, node: nodes.FunctionDeclaration, scope: Scope) -> Completion:
    """Does nothing: the function was hoisted."""
    return None


@executes(nodes.ClassDeclaration)
def class_declaration(m: Machine, node: nodes.ClassDeclaration, scope: Scope) -> Completion:
    """`class Name {}`."""
    put(m, scope.vars, node.name, make_class(m, node.klass, scope))
    return None


@executes(nodes.Enumeration)
def enumeration(m: Machine, node: nodes.Enumeration, scope: Scope) -> Completion:
    """`enum Name {}`: names to values, and numbers back to names."""
    made = _declared_before(node.name, scope)
    inner = Scope({**made.props}, scope, scope.frame)
    counter: AbstractValue = Known(0)
    for name, value in node.members:
        abstract = counter if value is None else m.eval(value, inner)
        inner.vars[name] = abstract
        put(m, made.props, name, abstract)
        counter = Unknown(Why.ENUM_MEMBER(), node)
        if isinstance(abstract, Known) and isinstance(abstract.data, (int, float)):
            counter = Known(abstract.data + 1)
            put(m, made.props, number_text(abstract.data), Known(name))
    put(m, scope.vars, node.name, Known(made, Origin(node, "enum")))
    return None


def _declared_before(name: str, scope: Scope) -> Obj:
    """The object of an enum or namespace; declared twice, they share it."""
    before = scope.vars.get(name)
    return before.data if isinstance(before, Known) and isinstance(before.data, Obj) else Obj({})


@executes(nodes.Space)
def namespace(m: Machine, node: nodes.Space, scope: Scope) -> Completion:
    """`namespace Name {}`: its exports, as an object whose properties are read each time."""
    before = scope.vars.get(node.name)
    made = _declared_before(node.name, scope)
    earlier = Scope({name: get(m, Known(made), name, node) for name in made.props}, scope, scope.frame)
    inner = Scope({}, earlier, scope.frame)
    hoist(m, node.body, inner)
    for statement in node.body.statements:
        if isinstance(statement, nodes.Export):
            if statement.declaration is not None:
                m.exec(statement.declaration, inner)
            for name, _ in statement.names:
                if name in inner.vars:
                    put(m, made.props, name, _exported(inner, name))
        else:
            m.exec(statement, inner)
    if not isinstance(before, Known):
        put(m, scope.vars, node.name, Known(made, Origin(node, "namespace")))
    elif isinstance(before.data, (Closure, Class, Native)):
        for name in made.props:
            put_property(m, before, name, get(m, Known(made), name, node), node)
    return None


def _exported(inner: Scope, name: str) -> AbstractValue:
    """An export of a namespace."""

    def read(*_: object) -> AbstractValue:
        value = inner.vars[name]
        return value.read() if isinstance(value, Live) else value

    return read() if name in inner.constants else Known(Accessor(Native(name, read), None))


@executes(nodes.Return)
def return_statement(m: Machine, node: nodes.Return, scope: Scope) -> Completion:
    """`return`."""
    if node.value is None:
        return Returned(NOTHING)
    if node.value.__class__ is nodes.Call and not m.handlers:
        m.awaited.add(node.value)  # awaiting this function awaits that one too
        try:
            return Returned(m.eval(node.value, scope))
        finally:
            m.awaited.discard(node.value)
    return Returned(m.eval(node.value, scope))


@executes(nodes.Throw)
def throw_statement(m: Machine, node: nodes.Throw, scope: Scope) -> Completion:
    """`throw`."""
    raise Thrown(m.eval(node.value, scope), node)


@executes(nodes.Jump)
def jump(m: Machine, node: nodes.Jump, scope: Scope) -> Completion:
    """`break`, `continue`."""
    return Jumped(node.kind, node.label)


@executes(nodes.If)
def if_statement(m: Machine, node: nodes.If, scope: Scope) -> Completion:
    """`if`; both branches if the condition is unknown."""
    test = m.eval(node.test, scope)
    answer = truthy(test)
    other = node.no
    if answer is None:
        return fork(
            m,
            why(test),
            [lambda: m.exec(node.yes, scope), lambda: None if other is None else m.exec(other, scope)],
        )
    if answer:
        return m.exec(node.yes, scope)
    return None if other is None else m.exec(other, scope)


@executes(nodes.Try)
def try_statement(m: Machine, node: nodes.Try, scope: Scope) -> Completion:
    """`try`: the handler runs from every state in which the body can throw."""
    handle = None if node.handler is None else partial(_handled, m, node, scope)
    final = None if node.final is None else partial(m.exec, node.final, scope)
    return attempt(m, partial(m.exec, node.body, scope), handle, final)


def _handled(m: Machine, node: nodes.Try, scope: Scope, value: AbstractValue) -> Completion:
    assert node.handler is not None
    inner = Scope({}, scope, scope.frame)
    if node.parameter is not None:
        declare(m, node.parameter, value, inner)
    return m.exec(node.handler, inner)


@executes(nodes.Labelled)
def labelled(m: Machine, node: nodes.Labelled, scope: Scope) -> Completion:
    """`label: ...`; a loop takes its label from the machine, for `continue label`."""
    m.label = node.label if isinstance(node.body, (nodes.For, nodes.ForEach, nodes.While)) else ""
    depth = m.path.depth
    here = partial(_names, node.label)
    try:
        return absorb(m, depth, m.exec(node.body, scope), here)
    except Thrown as error:
        return surviving(m, depth, error, here)


def _names(label: str, completion: Completion | Raised) -> bool:
    return isinstance(completion, Jumped) and completion.label == label


@executes(nodes.Import)
def import_statement(m: Machine, node: nodes.Import, scope: Scope) -> Completion:
    """Does nothing: imports are linked before the module runs."""
    return None


@executes(nodes.Export)
def export_statement(m: Machine, node: nodes.Export, scope: Scope) -> Completion:
    """The declaration or the default value; names are linked before."""
    if node.declaration is not None:
        m.exec(node.declaration, scope)
    elif node.value is not None:
        put(m, scope.vars, "", m.eval(node.value, scope))
    return None
