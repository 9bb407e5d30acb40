"""Decides whether the body of a response is a stream that this code makes.

    new Response(body)                    a web response
    ({ statusCode: 200, body })           the result of a Lambda handler
    defineEventHandler(() => body)        Nitro sends a handler's result

Follows `body` through variables and functions of the project. The body of another server's response (`new
Response(upstream.body)`) does not count: it may be a download.
"""

from __future__ import annotations

from policy_bot.sst import nodes
from policy_bot.sst.catalog import producers as catalog
from policy_bot.sst.nodes import FunctionNode, Node
from policy_bot.sst.streams.files import Files
from policy_bot.sst.streams.scopes import Bound, function_scope
from policy_bot.sst.streams.walk import walk

DEPTH = 4
"""Functions followed from the body of a response to its stream."""


class Bodies:
    """Recognises streams among expressions."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def is_stream(self, body: Bound, depth: int = DEPTH) -> bool:
        """Whether an expression is a stream."""
        found = self.files.origin(body) if depth else None
        if not isinstance(found, Bound):
            return False
        node, scope = found
        if isinstance(node, nodes.Await):
            return self.is_stream(Bound(node.argument, scope), depth - 1)
        if isinstance(node, nodes.New):
            return last_name(node.callee) == "ReadableStream"
        if isinstance(node, nodes.Member):
            return self._member(node, found)
        if isinstance(node, nodes.Conditional):
            return any(self.is_stream(Bound(each, scope), depth - 1) for each in (node.yes, node.no))
        return isinstance(node, nodes.Call) and self._call(node, found, depth)

    def gives_stream(self, function: Bound, depth: int = DEPTH) -> bool:
        """Whether a function returns a stream, or yields its parts."""
        if not isinstance(function.node, FunctionNode):
            return False
        if function.node.generator:
            return True
        inner = function_scope(function.node, function.scope)
        return any(self.is_stream(Bound(each, inner), depth - 1) for each in returned(function.node)[:8])

    def _member(self, node: nodes.Member, at: Bound) -> bool:
        """`transform.readable`, `result.textStream`."""
        if node.name != "readable":
            return node.name in catalog.STREAM_PROPERTIES
        holder = self.files.origin(Bound(node.object, at.scope))
        return isinstance(holder, Bound) and isinstance(holder.node, nodes.New)

    def _call(self, node: nodes.Call, at: Bound, depth: int) -> bool:
        name = last_name(node.callee)
        if name in catalog.STREAM_METHODS or node.callee.text in catalog.STREAM_MAKERS:
            return True
        if name in catalog.STREAMING_CALLS and isinstance(node.callee, nodes.Member) and node.arguments:
            return True
        if name == "tee" and isinstance(node.callee, nodes.Member):
            return self.is_stream(Bound(node.callee.object, at.scope), depth - 1)
        if name == "toWeb" and node.arguments:  # `Readable.toWeb(readable)`
            return self.is_stream(Bound(node.arguments[0], at.scope), depth - 1)
        callee = self.files.origin(Bound(node.callee, at.scope))
        return isinstance(callee, Bound) and self.gives_stream(callee, depth)


def last_name(callee: Node) -> str:
    """`name` of `name(...)` and of `object.name(...)`."""
    return callee.name if isinstance(callee, (nodes.Identifier, nodes.Member)) else ""


def returned(function: FunctionNode) -> list[Node]:
    """The values that a function returns, except those of functions inside it."""
    body = function.lower()
    if body.expression is not None:
        return [body.expression]
    return returns_in(body.statements) if body.statements is not None else []


def returns_in(statement: Node) -> list[Node]:
    """The values that the `return`s of a statement give, except those of functions inside it."""
    inner = walk(statement, into_functions=False)
    return [node.value for node in inner if isinstance(node, nodes.Return) and node.value is not None]
