"""Resolves names of a module from its syntax tree, without evaluating it.

`handlers` and `producers` need the declaration or import of a called function, not its value; the config's
interpreter would run every module of an application for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.record import NamedTuple
from policy_bot.sst import nodes
from policy_bot.sst.nodes import Module, Node
from policy_bot.sst.streams.walk import children


class Imported(NamedTuple):
    """A name imported from another module; `name` is `*` for the module as one object."""

    specifier: str
    name: str
    importer: str


class NameScope:
    """The names visible at one place, each with its declaration; None if that is unknown."""

    __slots__ = ("above", "file", "names")

    def __init__(self, file: File, above: NameScope | None) -> None:
        self.file = file
        self.above = above
        self.names: dict[str, Bound | Imported | None] = {}

    def find(self, name: str) -> Bound | Imported | None:
        """The declaration of a name; None if there is none or it is unknown."""
        scope: NameScope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.above
        return None

    def declares(self, name: str) -> bool:
        """Whether a name is declared here or in an enclosing scope, as opposed to a global."""
        scope: NameScope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.above
        return scope is not None


class Bound(NamedTuple):
    """An expression or declaration, with the scope of its names."""

    node: Node
    scope: NameScope


class File:
    """One module: its names, its exports, and the modules that it re-exports as a whole (`export *`)."""

    __slots__ = ("exports", "module", "path", "scope", "stars")

    def __init__(self, path: str, module: Module) -> None:
        self.path = path
        self.module = module
        self.scope = NameScope(self, None)
        self.exports: dict[str, Bound | Imported] = {}
        self.stars: list[str] = []
        for statement in module.block.statements:
            self._add(statement)

    def _add(self, statement: Node) -> None:
        if isinstance(statement, nodes.Import):
            for outside, local in () if statement.types else statement.names:
                self.scope.names[local] = Imported(statement.specifier, outside, self.path)
        elif isinstance(statement, nodes.Export):
            self._export(statement)
        elif isinstance(statement, nodes.ExpressionStatement):
            self._common_export(statement.expression)
        else:
            declare(statement, self.scope)

    def _export(self, statement: nodes.Export) -> None:
        if statement.value is not None:
            self.exports["default"] = Bound(statement.value, self.scope)
        elif statement.specifier is None:
            if statement.declaration is not None:
                declare(statement.declaration, self.scope)
            for inside, outside in statement.names:
                self.exports[outside] = Bound(_identifier(statement, inside), self.scope)
        else:
            for inside, outside in statement.names:
                if inside == "*" and not outside:
                    self.stars.append(statement.specifier)
                else:
                    self.exports[outside] = Imported(statement.specifier, inside, self.path)

    def _common_export(self, expression: Node) -> None:
        """`exports.name = value`, `module.exports = { name }`, `module.exports.name = value`; any other
        `module.exports = value` is the default import.
        """
        if not isinstance(expression, nodes.Assign) or expression.operator:
            return
        target = expression.target.text.replace(" ", "")
        if target == "module.exports" and isinstance(expression.value, nodes.ObjectLiteral):
            for entry in expression.value.entries:
                if isinstance(entry, nodes.Entry) and entry.computed is None:
                    self.exports[entry.key] = Bound(entry.value, self.scope)
        elif target == "module.exports":
            self.exports["default"] = Bound(expression.value, self.scope)
        elif target.startswith(("exports.", "module.exports.")):
            self.exports[target.rpartition(".")[2]] = Bound(expression.value, self.scope)
        elif isinstance(expression.target, nodes.Identifier):
            self.scope.names[expression.target.name] = None  # assigned again: either value is possible


def declare(statement: Node, scope: NameScope) -> list[str]:
    """Adds the names that a statement declares to a scope; returns them."""
    if isinstance(statement, nodes.Declaration):
        return [name for pattern, value in statement.pairs for name in _bind(pattern, value, scope)]
    inner: Node | None = None
    if isinstance(statement, nodes.FunctionDeclaration):
        inner = statement.function
    elif isinstance(statement, nodes.ClassDeclaration):
        inner = statement.klass
    if inner is None or not isinstance(statement, (nodes.FunctionDeclaration, nodes.ClassDeclaration)):
        return []
    scope.names[statement.name] = Bound(inner, scope)
    return [statement.name]


def _bind(pattern: Node, value: Node | None, scope: NameScope) -> Iterator[str]:
    if isinstance(pattern, nodes.Identifier):
        scope.names[pattern.name] = None if value is None else Bound(value, scope)
        yield pattern.name
    elif isinstance(pattern, nodes.ObjectPattern):
        for entry in pattern.entries:
            inner = None if value is None or entry.computed is not None else _member(value, entry)
            yield from _bind(entry.target, inner, scope)
        if pattern.rest is not None:
            yield from _bind(pattern.rest, None, scope)
    elif isinstance(pattern, nodes.ArrayPattern):
        for each in pattern.entries:
            if each is not None:
                yield from _bind(each.target, value if _is_tee(value) else None, scope)


def _is_tee(value: Node | None) -> bool:
    """Whether both parts of an array are the same stream: `const [a, b] = stream.tee()`."""
    callee = value.callee if isinstance(value, nodes.Call) else None
    return isinstance(callee, nodes.Member) and callee.name == "tee"


def _member(value: Node, entry: nodes.PatternEntry) -> nodes.Member:
    """`value.key`, for `const { key } = value`."""
    made = nodes.Member(entry.source, entry.start, entry.end)
    made.object, made.name, made.name_start, made.optional = value, entry.key, entry.start, False
    return made


def _identifier(place: Node, name: str) -> nodes.Identifier:
    made = nodes.Identifier(place.source, place.start, place.end)
    made.name = name
    return made


def function_scope(function: nodes.FunctionNode, above: NameScope) -> NameScope:
    """The scope inside a function: its parameters, which are unknown, and all declarations in its body."""
    body = function.lower()
    scope = NameScope(above.file, above)
    for parameter in body.parameters:
        for name in _bind(parameter.pattern, None, scope):
            scope.names[name] = None
    todo: list[Node] = [] if body.statements is None else [body.statements]
    while todo:
        node = todo.pop()
        declare(node, scope)
        if isinstance(node, _COMPOUND):
            todo.extend(reversed(children(node)))
    return scope


_COMPOUND = (
    nodes.Block, nodes.If, nodes.For, nodes.ForEach, nodes.While, nodes.Labelled, nodes.Switch, nodes.Try,
    nodes.Space, nodes.Export, nodes.ClassDeclaration, nodes.ClassNode, nodes.ClassMember,
)  # fmt: skip
"""Statements that contain others."""
