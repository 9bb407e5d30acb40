"""Determines the kind of a Lambda handler: whether its response is buffered or streams.

Follows the exported name through variables, re-exports, factories and wrappers to a package's function or a
function of the project. Evaluates only conditions on the variables that SST sets in `sst dev`.

    export const handler = process.env.SST_LIVE ? handle(app) : streamHandle(app)

is `plain` if the function runs live, `streamified` if it is deployed.
"""

from __future__ import annotations

from collections.abc import Sequence

from policy_bot.sst import nodes
from policy_bot.sst.catalog import handlers as catalog
from policy_bot.sst.deployment import Step, Value
from policy_bot.sst.nodes import FunctionNode, Node
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.repository.paths import join
from policy_bot.sst.streams.files import Files
from policy_bot.sst.streams.scopes import Bound, File, Imported, function_scope
from policy_bot.sst.streams.walk import walk

EXTENSIONS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
"""In SST's order (pkg/runtime/node/node.go, NODE_EXTENSIONS)."""
OTHER_EXTENSIONS = (".py",)
"""Of other runtimes whose code is searched."""
MOST_STEPS = 64
"""Expressions followed from one handler."""


class Handlers:
    """Kinds of a project's handlers; paths of handlers are relative to `home`, the folder of its config."""

    def __init__(self, files: Files, home: str) -> None:
        self.files = files
        self.home = home
        self._kinds: dict[tuple[str, bool], Value] = {}
        self._paths: dict[str, str | None] = {}

    def kind(self, handler: str, live: bool) -> Value:
        """The kind of `path/to/file.export`; `live`: it runs in `sst dev` on the developer's machine."""
        key = (handler, live)
        if key not in self._kinds:
            self._kinds[key] = self._find(handler, live)
        return self._kinds[key]

    def exported(self, handler: str) -> tuple[File, str] | Reason:
        """The module and exported name of a handler, or the reason why there is none."""
        found = self.path(handler)
        if found is None:
            return Why.HANDLER_FILE(handler)
        file = self.files.get(found)
        return file if isinstance(file, Reason) else (file, handler.rpartition(".")[2])

    def path(self, handler: str) -> str | None:
        """The source file of a handler, searched as SST does; None if there is none."""
        if handler not in self._paths:
            self._paths[handler] = self._path(handler)
        return self._paths[handler]

    def _path(self, handler: str) -> str | None:
        stem = handler.rpartition(".")[0].removeprefix("./")
        joined = join(self.home, stem) if stem else None
        if joined is None:
            return None
        endings = (*EXTENSIONS, *OTHER_EXTENSIONS)
        return next((path for e in endings if self.files.resolver.is_file(path := joined + e)), None)

    def _find(self, handler: str, live: bool) -> Value:
        found = self.exported(handler)
        if isinstance(found, Reason):
            return Value.unknown(found)
        file, name = found
        exported = self.files.exported(file, name)
        if exported is None:
            return Value.unknown(Why.NOT_EXPORTED(name, file.path))
        return _Trace(self.files, live).of(exported)


class _Trace:
    """Follows one exported name to the expression that decides its kind."""

    def __init__(self, files: Files, live: bool) -> None:
        self.files = files
        self.live = live
        self.left = MOST_STEPS
        self.origin: list[Step] = []

    def of(self, found: Bound | Imported | None) -> Value:
        self.left -= 1
        if self.left < 0:
            return self.unknown(Why.HANDLER_STEPS())
        end = self.files.origin(found)
        if isinstance(end, Reason):
            return self.unknown(end, found.node if isinstance(found, Bound) else None)
        if isinstance(end, Imported):
            return self.unknown(Why.HANDLER_BY_PACKAGE(end.name, end.specifier))
        return self.value(end)

    def value(self, end: Bound) -> Value:
        node, scope = end
        if isinstance(node, FunctionNode):
            return self.function(node)
        if isinstance(node, nodes.Call):
            return self.call(node, end)
        if isinstance(node, nodes.Conditional):
            return self.conditional(node, end)
        if isinstance(node, (nodes.Await, nodes.Chain)):
            inner = node.argument if isinstance(node, nodes.Await) else node.expression
            return self.of(Bound(inner, scope))
        if isinstance(node, nodes.Logical):
            return self.same([Bound(node.left, scope), Bound(node.right, scope)], node)
        return self.unknown(Why.HANDLER_EXPRESSION(), node)

    def function(self, node: FunctionNode) -> Value:
        """The kind of a function of the project that nothing wraps."""
        parameters = node.lower().parameters
        second = parameters[1].pattern if len(parameters) > 1 else None
        if isinstance(second, nodes.Identifier) and _is_written_to(node, second.name):
            note = f"an unwrapped function that writes to `{second.name}`"
            return self.known(catalog.NEEDS_WRAPPING, note, node)
        third = parameters[2].pattern if len(parameters) == 3 else None
        calls_back = isinstance(third, nodes.Identifier) and third.name in catalog.CALLBACKS
        if (len(parameters) > 2 and not calls_back) or any(each.rest for each in parameters):
            return self.unknown(Why.HANDLER_ARITY(), node)
        return self.known(catalog.PLAIN, "an ordinary function, whose result is returned", node)

    def call(self, node: nodes.Call, at: Bound) -> Value:
        """The kind that a wrapper or factory returns."""
        if self.is_streamifier(node.callee, at):
            return self.known(catalog.STREAMIFIED, f"`{node.callee.text[:40]}(...)`", node)
        middy = self.middy(node, at)
        if middy is not None:
            return middy
        if isinstance(node.callee, nodes.Member) and node.callee.name == "bind":
            return self.of(Bound(node.callee.object, at.scope))
        if node.callee.text == "Object.assign" and node.arguments:
            return self.of(Bound(node.arguments[0], at.scope))
        callee = self.files.origin(Bound(node.callee, at.scope))
        if isinstance(kind := self.built(node, at), Value):
            return kind
        if isinstance(callee, Imported):
            return self.made(callee, node, at)
        if isinstance(callee, Bound) and isinstance(callee.node, FunctionNode):
            return self.factory(callee.node, callee, node, at)
        reason = callee if isinstance(callee, Reason) else Why.HANDLER_CALL(node.callee.text[:40])
        return self.unknown(reason, node)

    def built(self, node: nodes.Call, at: Bound) -> Value | None:
        """The kind that a builder makes: `Builder.new(app).setHandler(new StreamHandler()).build()`."""
        part: Node = node
        while isinstance(part, nodes.Call) and isinstance(part.callee, nodes.Member):
            for argument in part.arguments:
                made = argument.callee if isinstance(argument, nodes.New) else None
                found = self.files.origin(Bound(made, at.scope)) if made is not None else None
                row = (found.specifier, found.name) if isinstance(found, Imported) else ("", "")
                if row in catalog.MADE_BY_CLASS:
                    return self.known(
                        catalog.MADE_BY_CLASS[row], f'`{argument.text[:40]}` of "{row[0]}"', node
                    )
            part = part.callee.object
        return None

    def made(self, callee: Imported, node: nodes.Call, at: Bound) -> Value:
        """The kind that a package's function returns."""
        row = (callee.specifier, "default" if callee.name == "*" else callee.name)
        kind = catalog.MADE_BY_CALL.get(row)
        if kind is not None:
            return self.known(kind, f'`{node.callee.text[:40]}(...)` of "{callee.specifier}"', node)
        if row in catalog.KEEPS_KIND and node.arguments:
            self.origin.append(Step(f"`{node.callee.text[:40]}(...)`", node.span))
            return self.of(Bound(node.arguments[0], at.scope))
        return self.unknown(Why.HANDLER_BY_PACKAGE(row[1], row[0]), node)

    def factory(self, function: FunctionNode, home: Bound, node: nodes.Call, at: Bound) -> Value:
        """The kind that a function of the project returns when it is called with these arguments."""
        scope = function_scope(function, home.scope)
        body = function.lower()
        for parameter, argument in zip(body.parameters, node.arguments, strict=False):
            if isinstance(parameter.pattern, nodes.Identifier) and not parameter.rest:
                scope.names[parameter.pattern.name] = Bound(argument, at.scope)
        self.origin.append(Step(f"`{node.callee.text[:40]}(...)`", node.span))
        if body.expression is not None:
            return self.of(Bound(body.expression, scope))
        from policy_bot.sst.streams.conditions import Conditions

        found = Conditions(self.files, self.live).results(function, scope)
        return self.same([Bound(value, scope) for value in found], node)

    def same(self, ways: Sequence[Bound], node: Node) -> Value:
        """The kind that all expressions have."""
        kinds = [self.of(each) for each in ways]
        first = kinds[0] if kinds else None
        if first is not None and first.is_known and all(each.value == first.value for each in kinds):
            return first
        unseen = next((each for each in kinds if each.is_unknown), None)
        return unseen or self.unknown(Why.HANDLER_KINDS(), node)

    def conditional(self, node: nodes.Conditional, at: Bound) -> Value:
        from policy_bot.sst.streams.conditions import Conditions

        truth = Conditions(self.files, self.live).truth(Bound(node.test, at.scope))
        if truth is None:
            return self.same([Bound(node.yes, at.scope), Bound(node.no, at.scope)], node)
        where = "in `sst dev`" if self.live else "when deployed"
        self.origin.append(Step(f"`{node.test.text[:60]}` is {str(truth).lower()} {where}", node.test.span))
        return self.of(Bound(node.yes if truth else node.no, at.scope))

    def is_streamifier(self, callee: Node, at: Bound) -> bool:
        """Whether a callee is `awslambda.streamifyResponse` or a package's version of it."""
        if isinstance(callee, nodes.Member) and callee.name == catalog.GLOBAL_STREAMIFIER:
            holder = callee.object
            name = holder.name if isinstance(holder, (nodes.Identifier, nodes.Member)) else ""
            if name == catalog.GLOBAL_NAMESPACE:
                return True
        end = self.files.origin(Bound(callee, at.scope))
        if isinstance(end, Bound) and isinstance(inner := streamifier_in(end.node), nodes.Member):
            return inner is not callee and self.is_streamifier(inner, end)
        return isinstance(end, Imported) and (end.specifier, end.name) in catalog.STREAMIFIERS

    def middy(self, node: nodes.Call, at: Bound) -> Value | None:
        """The kind of a chain that begins with `middy(...)`; None for any other call."""
        root: Node = node
        for _ in range(MOST_STEPS):
            if isinstance(root, nodes.Call) and isinstance(root.callee, nodes.Member):
                root = root.callee.object
            elif isinstance(root, nodes.Identifier):
                end = self.files.origin(Bound(root, at.scope))
                if not isinstance(end, Bound) or end.node is root:
                    return None
                root, at = end.node, end
            else:
                break
        if not isinstance(root, nodes.Call):
            return None
        callee = self.files.origin(Bound(root.callee, at.scope))
        if not isinstance(callee, Imported) or callee.specifier != catalog.MIDDY:
            return None
        return self._middy_options(root, at)

    def _middy_options(self, root: nodes.Call, at: Bound) -> Value:
        for argument in root.arguments:
            found = self.files.origin(Bound(argument, at.scope))
            if isinstance(found, Bound) and isinstance(found.node, nodes.ObjectLiteral):
                for entry in found.node.entries:
                    if isinstance(entry, nodes.Entry) and entry.key == catalog.MIDDY_OPTION:
                        value = entry.value.data if isinstance(entry.value, nodes.Literal) else None
                        if value is not True:
                            return self.unknown(Why.MIDDY_OPTIONS(), entry)
                        return self.known(catalog.STREAMIFIED, f"`{entry.text[:40]}` of middy", entry)
                    if isinstance(entry, nodes.Entry) and entry.key == catalog.MIDDY_MODE:
                        streams = catalog.MIDDY_STREAMING_MODE in entry.value.text
                        kind: catalog.Kind = catalog.STREAMIFIED if streams else catalog.PLAIN
                        return self.known(kind, f"`{entry.text[:60]}` of middy", entry)
                if any(not isinstance(entry, nodes.Entry) for entry in found.node.entries):
                    return self.unknown(Why.MIDDY_OPTIONS(), root)
        return self.known(catalog.PLAIN, "`middy(...)` without response streaming", root)

    def known(self, kind: catalog.Kind, note: str, node: Node) -> Value:
        return Value(kind, (Step(note, node.span), *reversed(self.origin)))

    def unknown(self, reason: Reason, node: Node | None = None) -> Value:
        return Value.unknown(reason, node.span if node is not None else None, tuple(reversed(self.origin)))


def streamifier_in(node: Node) -> Node:
    """The value of an alias if `awslambda` exists: `awslambda?.streamifyResponse ?? fallback`, `typeof
    awslambda === "undefined" ? fallback : awslambda.streamifyResponse`.
    """
    for _ in range(MOST_STEPS):
        if isinstance(node, nodes.Chain):
            node = node.expression
        elif isinstance(node, nodes.Logical):
            node = node.left
        elif isinstance(node, nodes.Conditional):
            named = isinstance(node.yes, nodes.Member) and node.yes.name == catalog.GLOBAL_STREAMIFIER
            node = node.yes if named else node.no
        else:
            break
    return node


_WRITES = ("write", "end", "setContentType")


def _is_written_to(function: FunctionNode, name: str) -> bool:
    """Whether a function writes to a parameter as to a stream; Lambda's context has no such methods."""
    for node in walk(function):
        if isinstance(node, nodes.Call) and isinstance(node.callee, nodes.Member):
            holder = node.callee.object
            if isinstance(holder, nodes.Identifier) and holder.name == name and node.callee.name in _WRITES:
                return True
    return False
