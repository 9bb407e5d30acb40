"""Recognises producers (`catalog.producers`) in the syntax tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from policy_bot.record import NamedTuple
from policy_bot.sst import nodes
from policy_bot.sst.catalog import handlers
from policy_bot.sst.catalog import producers as catalog
from policy_bot.sst.catalog.producers import Kind
from policy_bot.sst.nodes import FunctionNode, Node
from policy_bot.sst.span import Span
from policy_bot.sst.streams.bodies import Bodies, last_name
from policy_bot.sst.streams.files import Files
from policy_bot.sst.streams.handlers import streamifier_in
from policy_bot.sst.streams.scopes import Bound, Imported, NameScope
from policy_bot.sst.streams.walk import text_of, walk


class Producer(NamedTuple):
    """A place that sends a stream: its kind, its common name, its position, and the route of the app's own
    router that it answers (`POST /chat`), "" if unknown.
    """

    kind: Kind
    name: str
    span: Span
    route: str = ""


class Producers:
    """Recognises producers."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.bodies = Bodies(files)

    def at(self, node: Node, scope: NameScope) -> Producer | None:
        """The producer at a node, if any."""
        for name, value in _headers(node):
            if (header := self._header(node, name, value, scope)) is not None:
                return header
        if isinstance(node, nodes.Call):
            return self._call(node, scope)
        if isinstance(node, nodes.New):
            return self._new(node, scope)
        if isinstance(node, nodes.ObjectLiteral):
            return self._result(node, scope)
        if isinstance(node, nodes.Identifier) and node.name in catalog.HEADERS:
            return Producer("ai", node.name, node.span)
        if isinstance(node, FunctionNode) and _runs_on_server(node, scope):
            sends = self.bodies.gives_stream(Bound(node, scope))
            return Producer("helper", catalog.SERVER_FUNCTION, node.span) if sends else None
        return None

    def _header(self, node: Node, name: str, value: Node, scope: NameScope) -> Producer | None:
        """A header that announces a stream: `"content-type": "text/event-stream"`."""
        wanted, kind = catalog.STREAM_HEADERS.get(name.lower(), ("", None))
        found = self.files.origin(Bound(value, scope)) if kind else None
        written = text_of(found.node) if isinstance(found, Bound) else None
        if kind is None or wanted not in (written or ""):
            return None
        return Producer(kind, wanted if kind == "sse" else f"{name}: {wanted}", node.span)

    def _call(self, node: nodes.Call, scope: NameScope) -> Producer | None:
        callee = node.callee
        if isinstance(callee, nodes.Member) and callee.name in catalog.AI_METHODS:
            return Producer("ai", callee.name, callee.name_mark.span)
        name = last_name(callee)
        if name in catalog.ANSWERING and node.arguments and isinstance(callee, nodes.Member):
            sends = self.bodies.is_stream(Bound(node.arguments[0], scope))
            return Producer("readable", f"{name}(ReadableStream)", node.span) if sends else None
        if name == catalog.SUBSCRIPTION and isinstance(callee, nodes.Member):
            return self._subscription(node, scope)
        if name in catalog.GENERATOR_METHODS and isinstance(callee, nodes.Member):
            return _generator(node, name)
        if name in catalog.EVENT_HANDLERS and not (
            scope.declares(name) and isinstance(scope.find(name), Bound)
        ):
            return self._event_handler(node, scope)
        if (
            isinstance(callee, nodes.Identifier)
            and name in catalog.AUTO_IMPORTED
            and not scope.declares(name)
        ):
            return Producer(catalog.AUTO_IMPORTED[name], name, callee.span)
        if name == handlers.GLOBAL_STREAMIFIER or _is_shim(callee, scope) or self._streamifies(node, scope):
            return self._streamified(node, scope)
        if name not in _FUNCTION_NAMES and not isinstance(callee, nodes.Identifier):
            return None
        found = self.files.origin(Bound(callee, scope)) if _may_be(callee, scope) else None
        if isinstance(found, Imported) and found[:2] == catalog.YOGA:
            return self._yoga(node, scope)
        kind = _of_package(found) if isinstance(found, Imported) else None
        return None if kind is None else Producer(kind, name, callee.span)

    def _streamifies(self, node: nodes.Call, scope: NameScope) -> bool:
        """Whether a call passes its function on to `awslambda.streamifyResponse`."""
        first = node.arguments[0] if node.arguments else None
        if not isinstance(first, FunctionNode) or len(first.lower().parameters) < 2:
            return False
        found = self.files.origin(Bound(node.callee, scope))
        return (
            isinstance(found, Bound)
            and isinstance(found.node, FunctionNode)
            and any(
                isinstance(each, nodes.Call) and last_name(each.callee) == handlers.GLOBAL_STREAMIFIER
                for each in walk(found.node)
            )
        )

    def _subscription(self, node: nodes.Call, scope: NameScope) -> Producer | None:
        """`procedure.subscription(async function* () {})` of tRPC; the client's method takes no function."""
        found = self.files.origin(Bound(node.arguments[0], scope)) if node.arguments else None
        served = isinstance(found, Bound) and isinstance(found.node, FunctionNode)
        return Producer("subscription", last_name(node.callee), node.callee.span) if served else None

    def _yoga(self, node: nodes.Call, scope: NameScope) -> Producer | None:
        """`createYoga` with subscriptions, if its schema's resolvers are known."""
        at: Bound | None = Bound(node, scope)
        for key in ("schema", "resolvers", "Subscription"):
            at = self._entry(at, key) if at is not None else None
        return Producer("subscription", last_name(node.callee), node.callee.span) if at is not None else None

    def _entry(self, at: Bound, key: str) -> Bound | None:
        """The value of a key in an object literal, or in one that is the first argument of a call."""
        found = self.files.origin(at)
        if isinstance(found, Bound) and isinstance(found.node, nodes.Call) and found.node.arguments:
            found = self.files.origin(Bound(found.node.arguments[0], found.scope))
        if isinstance(found, Bound) and isinstance(found.node, nodes.ObjectLiteral):
            for entry in found.node.entries:
                if isinstance(entry, nodes.Entry) and entry.key == key:
                    return Bound(entry.value, found.scope)
        return None

    def _event_handler(self, node: nodes.Call, scope: NameScope) -> Producer | None:
        """A handler of Nitro that returns a stream."""
        for argument in node.arguments[:1]:
            found = self.files.origin(Bound(argument, scope))
            if isinstance(found, Bound) and self.bodies.gives_stream(found):
                return Producer("readable", "return ReadableStream", argument.span)
        return None

    def _result(self, node: nodes.ObjectLiteral, scope: NameScope) -> Producer | None:
        """The result of a Lambda handler with a stream as its body: `{ statusCode: 200, body: stream }`."""
        entries = {each.key: each for each in node.entries if isinstance(each, nodes.Entry)}
        body = entries.get("body") if "statusCode" in entries else None
        if body is not None and self.bodies.is_stream(Bound(body.value, scope)):
            return Producer("readable", "body: ReadableStream", body.span)
        return None

    def _streamified(self, node: nodes.Call, scope: NameScope) -> Producer | None:
        """A function that is passed to `streamifyResponse` and writes to its second parameter."""
        for argument in node.arguments:
            found = self.files.origin(Bound(argument, scope))
            if isinstance(found, Bound) and isinstance(found.node, FunctionNode):
                use = _stream_use(found.node)
                if use is not None:
                    return Producer("helper", use[0], use[1].span)
        return None

    def _new(self, node: nodes.New, scope: NameScope) -> Producer | None:
        name = last_name(node.callee)
        if name in catalog.AI_FUNCTIONS:
            return Producer("ai", name, node.span)
        if name in catalog.CLASSES:
            return None if _answers_json(node) else Producer(catalog.CLASSES[name], name, node.span)
        body = node.arguments[0] if name in catalog.RESPONSES and node.arguments else None
        if body is not None and self.bodies.is_stream(Bound(body, scope)):
            return Producer("readable", f"new {name}(ReadableStream)", node.span)
        return None


_FUNCTION_NAMES = catalog.AI_FUNCTIONS | {name for _, name in (*catalog.FUNCTIONS, catalog.YOGA)}


def _is_shim(callee: Node, scope: NameScope) -> bool:
    """A name for `awslambda.streamifyResponse`, or for its replacement outside AWS."""
    found = scope.find(callee.name) if isinstance(callee, nodes.Identifier) else None
    return isinstance(found, Bound) and last_name(streamifier_in(found.node)) == handlers.GLOBAL_STREAMIFIER


def _runs_on_server(function: FunctionNode, scope: NameScope) -> bool:
    """Whether a function, or the module of which it is one, begins with "use server"."""
    blocks = [function.lower().statements, scope.file.module.block if scope is scope.file.scope else None]
    first = [each.statements[0] for each in blocks if isinstance(each, nodes.Block) and each.statements]
    return any(
        isinstance(each, nodes.ExpressionStatement) and text_of(each.expression) == catalog.SERVER_DIRECTIVE
        for each in first
    )


def _generator(node: nodes.Call, name: str) -> Producer | None:
    """An endpoint whose code is a generator: `handler(async function* () {})`."""
    if not any(isinstance(each, FunctionNode) and each.generator for each in node.arguments[:2]):
        return None
    return Producer(catalog.GENERATOR_METHODS[name], f"{name}(function*)", node.callee.span)


def _of_package(found: Imported) -> Kind | None:
    """The kind of producer that a package's function is."""
    if found.name in catalog.AI_FUNCTIONS and (
        found.specifier == "ai" or found.specifier.startswith("@ai-sdk/")
    ):
        return "ai"
    return catalog.FUNCTIONS.get((found.specifier, found.name))


def _may_be(callee: Node, scope: NameScope) -> bool:
    """Whether a called name may be an import of a producer; resolves nothing."""
    if isinstance(callee, nodes.Identifier):
        found = scope.find(callee.name)
        return callee.name in _FUNCTION_NAMES or (
            isinstance(found, Imported) and found.name in _FUNCTION_NAMES
        )
    return True


def _headers(node: Node) -> Iterator[tuple[str, Node]]:
    """The headers that a node sets: `"content-type": x`, `["content-type", x]` as in `new Headers([...])`,
    `setHeader("content-type", x)`, `type(x)`, `headers["content-type"] = x`, `context.type = x`.
    """
    pairs: Iterable[tuple[Node | None, Node | None]] = ()
    if isinstance(node, nodes.Entry):
        yield node.key, node.value
    elif isinstance(node, nodes.ArrayLiteral) and len(node.items) == 2:
        pairs = [(node.items[0], node.items[1])]
    elif isinstance(node, nodes.Call):
        pairs = pairwise(node.arguments[:4])
        if last_name(node.callee) in catalog.TYPE_SETTERS and len(node.arguments) == 1:
            yield catalog.CONTENT_TYPE, node.arguments[0]
    elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Index):
        pairs = [(node.target.index, node.value)]
    elif isinstance(node, nodes.Assign) and last_name(node.target) in catalog.TYPE_SETTERS:
        yield catalog.CONTENT_TYPE, node.value
    for name, value in pairs:
        written = text_of(name) if name is not None and value is not None else None
        if written is not None and value is not None:
            yield written, value


def declares_download(node: Node) -> bool:
    """Whether a header says that a body is a file: `"content-type": "text/csv"`, `content-disposition`."""
    return any(
        catalog.DOWNLOADS.match(text_of(value) or "") is not None
        if name.lower() == catalog.CONTENT_TYPE
        else name.lower() == catalog.DOWNLOAD_HEADER
        for name, value in _headers(node)
    )


def _answers_json(node: nodes.New) -> bool:
    """Whether an MCP transport answers with JSON, or its options are not literal."""
    for argument in node.arguments:
        if not isinstance(argument, nodes.ObjectLiteral):
            return isinstance(argument, nodes.Identifier) and argument.name not in ("undefined",)
        for entry in argument.entries:
            if not isinstance(entry, nodes.Entry):
                return True
            if entry.key == catalog.JSON_OPTION:
                return not (isinstance(entry.value, nodes.Literal) and entry.value.data is False)
    return False


def _stream_use(function: FunctionNode) -> tuple[str, Node] | None:
    """How and where a function sends to its second parameter: it writes to it or passes it on."""
    parameters = function.lower().parameters
    second = parameters[1].pattern if len(parameters) > 1 else None
    if not isinstance(second, nodes.Identifier):
        return None
    names = {second.name}
    for node in walk(function):
        if isinstance(node, nodes.Call) and (way := _sends_by(node, names)) is not None:
            return way, node
        if isinstance(node, nodes.Declaration | nodes.Assign):
            names |= _wrapped(node, names)
    return None


def _sends_by(node: nodes.Call, names: set[str]) -> str | None:
    """`responseStream.write` for `stream.write(x)`; the name of another function that gets the stream, e.g.
    `pipeline` for `pipeline(source, stream)`. `HttpResponseStream.from` only wraps it.
    """
    callee = node.callee
    if isinstance(callee, nodes.Member) and callee.name == "write":
        held = isinstance(callee.object, nodes.Identifier) and callee.object.name in names
        return "responseStream.write" if held else None
    if callee.text.endswith("HttpResponseStream.from"):
        return None
    return last_name(callee) or None if any(_holds(each, names) for each in node.arguments) else None


def _holds(argument: Node, names: set[str]) -> bool:
    """Whether an argument is the stream, or an object literal that contains it: `{ responseStream }`."""
    if isinstance(argument, nodes.ObjectLiteral):
        inner = [each.value for each in argument.entries if isinstance(each, nodes.Entry)]
        return any(isinstance(each, nodes.Identifier) and each.name in names for each in inner)
    return isinstance(argument, nodes.Identifier) and argument.name in names


def _wrapped(node: nodes.Declaration | nodes.Assign, names: set[str]) -> set[str]:
    """Names of variables that hold the result of `HttpResponseStream.from(stream, ...)`."""
    pairs = node.pairs if isinstance(node, nodes.Declaration) else [(node.target, node.value)]
    return {
        target.name
        for target, value in pairs
        if isinstance(target, nodes.Identifier)
        and isinstance(value, nodes.Call)
        and any(isinstance(arg, nodes.Identifier) and arg.name in names for arg in value.arguments)
    }
