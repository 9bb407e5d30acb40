"""Recognises in the syntax tree what sends a response piece by piece (`catalog.producers`)."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from policy_bot.sst import nodes
from policy_bot.sst.catalog import handlers
from policy_bot.sst.catalog import producers as catalog
from policy_bot.sst.catalog.producers import Kind
from policy_bot.sst.nodes import FunctionNode, Node
from policy_bot.sst.span import Span
from policy_bot.sst.streams.bodies import Bodies, last_name
from policy_bot.sst.streams.files import Files
from policy_bot.sst.streams.scopes import Bound, Imported, NameScope
from policy_bot.sst.streams.walk import text_of, walk


class Producer(NamedTuple):
    """A place that sends a stream: its kind, the name people know it by, and where it is."""

    kind: Kind
    name: str
    span: Span


class Producers:
    """Recognises producers; asks where the names come from."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.bodies = Bodies(files)

    def at(self, node: Node, scope: NameScope) -> Producer | None:
        """The producer that a node is, if it is one."""
        if isinstance(node, nodes.Call):
            return self._call(node, scope)
        if isinstance(node, nodes.New):
            return self._new(node, scope)
        if isinstance(node, nodes.Entry) and _is_event_stream(node):
            return Producer("sse", catalog.EVENT_STREAM, node.span)
        if isinstance(node, nodes.ObjectLiteral):
            return self._result(node, scope)
        if isinstance(node, nodes.ArrayLiteral) and _is_event_stream_pair(node):
            return Producer("sse", catalog.EVENT_STREAM, node.span)
        return None

    def _call(self, node: nodes.Call, scope: NameScope) -> Producer | None:
        callee = node.callee
        if isinstance(callee, nodes.Member) and callee.name in catalog.AI_METHODS:
            return Producer("ai", callee.name, callee.name_mark.span)
        if _sets_event_stream(node):
            return Producer("sse", catalog.EVENT_STREAM, node.span)
        name = last_name(callee)
        if name in catalog.SUBSCRIPTIONS and isinstance(callee, nodes.Member):
            return self._subscription(node, scope)
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
        if name == handlers.GLOBAL_STREAMIFIER:
            return self._streamified(node, scope)
        if name not in _FUNCTION_NAMES and not isinstance(callee, nodes.Identifier):
            return None
        found = self.files.origin(Bound(callee, scope)) if _may_be(callee, scope) else None
        kind = _of_package(found) if isinstance(found, Imported) else None
        return None if kind is None else Producer(kind, name, callee.span)

    def _subscription(self, node: nodes.Call, scope: NameScope) -> Producer | None:
        """A subscription of tRPC, `procedure.subscription(async function* () {})`; clients have a method of
        the same name, which takes no function.
        """
        found = self.files.origin(Bound(node.arguments[0], scope)) if node.arguments else None
        served = isinstance(found, Bound) and isinstance(found.node, FunctionNode)
        return Producer("subscription", last_name(node.callee), node.callee.span) if served else None

    def _event_handler(self, node: nodes.Call, scope: NameScope) -> Producer | None:
        """A handler of Nitro that returns a stream."""
        for argument in node.arguments[:1]:
            found = self.files.origin(Bound(argument, scope))
            if isinstance(found, Bound) and self.bodies.gives_stream(found):
                return Producer("readable", "return ReadableStream", argument.span)
        return None

    def _result(self, node: nodes.ObjectLiteral, scope: NameScope) -> Producer | None:
        """The result of a Lambda handler whose body is a stream: `{ statusCode: 200, body: stream }`."""
        entries = {each.key: each for each in node.entries if isinstance(each, nodes.Entry)}
        body = entries.get("body") if "statusCode" in entries else None
        if body is not None and self.bodies.is_stream(Bound(body.value, scope)):
            return Producer("readable", "body: ReadableStream", body.span)
        return None

    def _streamified(self, node: nodes.Call, scope: NameScope) -> Producer | None:
        """A function for `streamifyResponse` that writes to its second parameter."""
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
        if body is not None and not _is_download(node) and self.bodies.is_stream(Bound(body, scope)):
            return Producer("readable", f"new {name}(ReadableStream)", node.span)
        return None


_FUNCTION_NAMES = catalog.AI_FUNCTIONS | {name for _, name in catalog.FUNCTIONS}


def _of_package(found: Imported) -> Kind | None:
    """The kind of a package's function."""
    if found.name in catalog.AI_FUNCTIONS and (
        found.specifier == "ai" or found.specifier.startswith("@ai-sdk/")
    ):
        return "ai"
    return catalog.FUNCTIONS.get((found.specifier, found.name))


def _may_be(callee: Node, scope: NameScope) -> bool:
    """Whether a called name may be an import of a producer, told without resolving anything."""
    if isinstance(callee, nodes.Identifier):
        found = scope.find(callee.name)
        return callee.name in _FUNCTION_NAMES or (
            isinstance(found, Imported) and found.name in _FUNCTION_NAMES
        )
    return True


def _is_event_stream(node: nodes.Entry) -> bool:
    """`"content-type": "text/event-stream"`."""
    return node.key.lower() == catalog.CONTENT_TYPE and catalog.EVENT_STREAM in (text_of(node.value) or "")


def _is_event_stream_pair(node: nodes.ArrayLiteral) -> bool:
    """`["content-type", "text/event-stream"]`, as `new Headers([...])` takes it."""
    texts = [text_of(each) or "" if each is not None else "" for each in node.items[:3]]
    return len(texts) == 2 and texts[0].lower() == catalog.CONTENT_TYPE and catalog.EVENT_STREAM in texts[1]


def _sets_event_stream(node: nodes.Call) -> bool:
    """`setHeader("Content-Type", "text/event-stream")` and its like, `type("text/event-stream")`."""
    texts = [text_of(argument) or "" for argument in node.arguments[:4]]
    pairs = pairwise(texts)
    if any(name.lower() == catalog.CONTENT_TYPE and catalog.EVENT_STREAM in value for name, value in pairs):
        return True
    return last_name(node.callee) in ("type", "contentType") and texts[:1] == [catalog.EVENT_STREAM]


def _is_download(node: nodes.New) -> bool:
    """Whether the headers of a response, if they are written in it, say that its body is a file."""
    inner = (each for argument in node.arguments[1:2] for each in walk(argument, into_functions=False))
    return any(
        isinstance(each, nodes.Entry)
        and (
            each.key.lower() == catalog.DOWNLOAD_HEADER
            or (
                each.key.lower() == catalog.CONTENT_TYPE
                and catalog.DOWNLOADS.match(text_of(each.value) or "")
            )
        )
        for each in inner
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
    """How and where a function sends by its second parameter: it writes to it, or hands it on."""
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
    `pipeline` for `pipeline(source, stream)`. `HttpResponseStream.from` wraps it only.
    """
    callee = node.callee
    if isinstance(callee, nodes.Member) and callee.name == "write":
        held = isinstance(callee.object, nodes.Identifier) and callee.object.name in names
        return "responseStream.write" if held else None
    if callee.text.endswith("HttpResponseStream.from"):
        return None
    return last_name(callee) or None if any(_holds(each, names) for each in node.arguments) else None


def _holds(argument: Node, names: set[str]) -> bool:
    """Whether an argument is the stream, or an object literal with it: `{ responseStream }`."""
    if isinstance(argument, nodes.ObjectLiteral):
        inner = [each.value for each in argument.entries if isinstance(each, nodes.Entry)]
        return any(isinstance(each, nodes.Identifier) and each.name in names for each in inner)
    return isinstance(argument, nodes.Identifier) and argument.name in names


def _wrapped(node: nodes.Declaration | nodes.Assign, names: set[str]) -> set[str]:
    """Names for what `HttpResponseStream.from(stream, ...)` makes of the stream."""
    pairs = node.pairs if isinstance(node, nodes.Declaration) else [(node.target, node.value)]
    return {
        target.name
        for target, value in pairs
        if isinstance(target, nodes.Identifier)
        and isinstance(value, nodes.Call)
        and any(isinstance(arg, nodes.Identifier) and arg.name in names for arg in value.arguments)
    }
