"""The code of one expression or statement: its producers, and the names of its module that it uses."""

from __future__ import annotations

from typing import Protocol

from policy_bot.regex import regex
from policy_bot.sst import nodes
from policy_bot.sst.catalog.producers import CONSUMING, REQUEST_CLASSES, REQUESTS, RESPONSES
from policy_bot.sst.nodes import FunctionNode, Node
from policy_bot.sst.streams.auto_imports import AutoImports
from policy_bot.sst.streams.bodies import last_name
from policy_bot.sst.streams.conditions import leaves
from policy_bot.sst.streams.endpoints import endpoint
from policy_bot.sst.streams.files import Files, required
from policy_bot.sst.streams.producers import Producer, Producers, declares_download
from policy_bot.sst.streams.scopes import Bound, File, Imported, NameScope, function_scope
from policy_bot.sst.streams.walk import children, text_of

_NAME = regex(r"[A-Za-z_$][\w$]*")
MOST_HOPS = 4
"""Modules followed that only re-export another one as a whole."""


class CodeAround(Protocol):
    """The rest of the code, as a region needs it: `policy_bot.sst.streams.reach.Reach`."""

    files: Files
    producers: Producers
    auto_imports: AutoImports

    def uses(self, file: File, name: str) -> list[Node]:
        """The statements at the top level of a module that use a name."""

    def leads(self, path: str) -> bool:
        """Whether a producer may be in a file or its imports."""


class Region:
    """The producers in one expression or statement at the top level, and the outer names that it uses."""

    def __init__(self, around: CodeAround, at: Bound) -> None:
        self.around = around
        self.edges: list[tuple[Bound | Imported, Node]] = []
        self._found: dict[int, Producer] = {}
        self._consumed: set[int] = set()
        self._downloads: set[int] = set()
        """The parts of the code, by their nodes, that declare the bodies of their responses as files."""
        self._parts: dict[int, tuple[int, ...]] = {}
        self._walk(at)
        self.producers = [each for node, each in self._found.items() if self._is_sent(node, each)]

    def _is_sent(self, node: int, producer: Producer) -> bool:
        """Whether no code reads the stream itself, and no part of the code around it declares a file."""
        if node in self._consumed:
            return False
        return producer.kind != "readable" or self._downloads.isdisjoint(self._parts[node])

    def _walk(self, at: Bound) -> None:
        """Visits every node, with its scope, whether it is inside a request, its endpoint, and the parts of
        the code around it that answer by themselves.
        """
        stack: list[tuple[Node, NameScope, bool, str, tuple[int, ...]]] = []
        stack.append((at.node, at.scope, False, "", (id(at.node),)))
        while stack:
            node, scope, requests, route, parts = stack.pop()
            if _answers(node):
                parts = (*parts, id(node))
            self._sent(node, scope, requests, route, parts)
            if isinstance(node, FunctionNode):
                scope = function_scope(node, scope)
            inner = children(node)
            if isinstance(node, nodes.Identifier):
                self._name(node.name, node, scope)
            elif isinstance(node, nodes.Opaque):  # JSX, which is not parsed
                for name in dict.fromkeys(_NAME.findall(node.text)):
                    self._name(name, node, scope)
            elif isinstance(node, nodes.Member):
                self._consume(node, scope)
                inner = [] if self._of_module(node, scope) else inner
            elif isinstance(node, nodes.ImportCall):
                specifier = text_of(node.argument)
                if specifier is not None:
                    self.edges.append((Imported(specifier, "*", scope.file.path), node))
            elif isinstance(node, nodes.Call) and (module := required(Bound(node, scope))) is not None:
                self.edges.append((module, node))
            elif isinstance(node, (nodes.Call, nodes.New)) and _is_request(node):
                requests = True
            elif isinstance(node, nodes.Call) and (own := endpoint(node)):
                # Not of the callee: in `app.use(f).get("/chat", g)` only `g` answers `/chat`.
                stack.append((node.callee, scope, requests, route, parts))
                inner, route, parts = node.arguments, own, (id(node),)
            stack += [(each, scope, requests, route, parts) for each in inner]

    def _sent(self, node: Node, scope: NameScope, requests: bool, route: str, parts: tuple[int, ...]) -> None:
        """Notes a producer or a declared download; headers of a request are neither."""
        header = requests and isinstance(node, nodes.Entry)
        producer = None if header else self.around.producers.at(node, scope)
        if producer is not None:
            self._found[id(node)], self._parts[id(node)] = producer._replace(route=route), parts
        if not requests and declares_download(node):
            self._downloads.add(parts[-1])

    def _name(self, name: str, node: Node, scope: NameScope) -> None:
        found = scope.find(name)
        top = scope.file.scope
        if found is None and not scope.declares(name):
            found = self.around.auto_imports.find(name, scope.file.path)
        if isinstance(found, Imported) or (isinstance(found, Bound) and found.scope is top):
            self.edges.append((found, node))
        if top.names.get(name, top) is found:
            self.edges += [(Bound(each, top), node) for each in self.around.uses(scope.file, name)]

    def _consume(self, node: nodes.Member, scope: NameScope) -> None:
        """`new Response(stream).text()`: the code reads the stream itself, so no client receives it."""
        held = Bound(node.object, scope) if node.name in CONSUMING else None
        found = self.around.files.origin(held) if held is not None else None
        if isinstance(found, Bound):
            self._consumed.add(id(found.node))

    def _of_module(self, node: nodes.Member, scope: NameScope) -> bool:
        """`module.name` of `import * as module`, of `require("module")`, or of `export * as module`: uses
        only that export.
        """
        holder: Bound | Imported | None = Bound(node.object, scope)
        if isinstance(node.object, nodes.Identifier):
            holder = scope.find(node.object.name)
        found = required(holder) if isinstance(holder, Bound) else self._namespace(holder)
        if found is None:
            return False
        self.edges.append((Imported(found.specifier, node.name, found.importer), node))
        return True

    def _namespace(self, found: Bound | Imported | None) -> Imported | None:
        """The module that a name stands for as a whole, through modules that only re-export it."""
        files = self.around.files
        for _ in range(MOST_HOPS):
            if not isinstance(found, Imported) or found.name == "*":
                return found if isinstance(found, Imported) else None
            target = files.resolver.resolve(found.specifier, found.importer)
            file = files.get(target) if isinstance(target, str) and self.around.leads(target) else None
            found = files.exported(file, found.name) if isinstance(file, File) else None
        return None


def _answers(node: Node) -> bool:
    """Whether code makes a response of its own: a `new Response(...)`, or a block that returns."""
    if isinstance(node, nodes.New):
        return last_name(node.callee) in RESPONSES
    return isinstance(node, nodes.Return) or (isinstance(node, nodes.Block) and leaves(node))


def _is_request(node: nodes.Call | nodes.New) -> bool:
    """Whether a call sends or makes a request, so that headers inside it are not a response's."""
    callee = node.callee
    holder = callee.object if isinstance(callee, nodes.Member) else None
    names = {last_name(callee), last_name(holder) if holder is not None else ""}
    return not names.isdisjoint(REQUESTS if isinstance(node, nodes.Call) else REQUEST_CLASSES)
