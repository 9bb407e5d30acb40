"""Finds the code that a route or handler leads to, inside the repository, and the producers in it.

Starts at the exports that answer a request, and follows the names that their code uses through imports. A
name at the top level of a module leads to the statements that use it, because that is how routers are filled:

    const app = new Hono()
    app.route("/chat", chat)      // reached through `app`
    export const handler = streamHandle(app)

Before anything is parsed, the bytes of the imported files are searched for words of producers; nearly all
routes end there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from policy_bot.record import NamedTuple
from policy_bot.regex import regex
from policy_bot.sst import nodes
from policy_bot.sst.catalog.producers import mentions_producer
from policy_bot.sst.deployment import Step
from policy_bot.sst.nodes import Node
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.span import Span
from policy_bot.sst.streams.auto_imports import AutoImports
from policy_bot.sst.streams.endpoints import extended_router
from policy_bot.sst.streams.files import IMPORTED_FILES, Files
from policy_bot.sst.streams.path import Reached, Search, best_of
from policy_bot.sst.streams.producers import Producers
from policy_bot.sst.streams.region import Region
from policy_bot.sst.streams.scopes import Bound, File, Imported
from policy_bot.sst.streams.walk import walk

DEPTH = 12
ROUTE_FILES = 60
"""Maximum length of a chain of imports, and maximum number of modules, followed from one route. A module is
followed only if it mentions a producer, or leads to one that does.
"""
PIPE = "pipeline"
"""A producer of this name passes on a stream; if what makes it is found too, that one is shown."""
_IMPORT = regex(rb"""(?:from|import|require)\s{0,4}\(?\s{0,4}["']([^"'\n]{1,200})["']""")
_MOST_IMPORTS = 100


class _Scan(NamedTuple):
    """The result of scanning a file's bytes: whether it mentions a producer, and its imports."""

    sends: bool
    imports: tuple[str, ...]


class _Place(NamedTuple):
    """Code still to be searched, and the imports that lead to it."""

    at: Bound
    chain: tuple[Step, ...]


class Reach:
    """Follows code through the modules of one repository."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.producers = Producers(files)
        self.auto_imports = AutoImports(files)
        self._scans: dict[str, _Scan | Reason] = {}
        self._silent: set[str] = set()
        self._uses: dict[str, dict[str, list[Node]]] = {}
        self._leads: dict[str, bool] = {}
        self._regions: dict[int, Region] = {}  # keyed by node, whose trees live as long as the files

    # ---- by bytes

    def mentions(self, path: str) -> tuple[bool, Reason | None]:
        """Whether a file or its transitive imports contain a word of a producer, and why some of them were
        not read.
        """
        seen, layer, unread = {path}, [path], None
        for _ in range(DEPTH):
            below: list[str] = []
            self.files.announce(layer)
            for each in layer:
                found = self._scan(each)
                if isinstance(found, Reason):
                    unread = unread or found
                    continue
                if found.sends:
                    return True, unread
                fresh = [target for target in found.imports if target not in seen]
                below += [target for target in fresh if target not in self._silent]
                seen.update(fresh)
            layer = below
            if not layer:
                self._silent |= seen if unread is None else set()
                return False, unread
        return False, unread or Why.CODE_DEPTH(DEPTH, IMPORTED_FILES)

    def import_by_themselves(self, folder: str, paths: Sequence[str]) -> None:
        """Adds files whose exports the framework of the site in `folder` imports automatically."""
        for path in [path for path in paths if self.leads(path)]:
            self.auto_imports.add(folder, path)
        self._scans.clear()  # files may import more now

    def imports(self, path: str) -> tuple[str, ...]:
        """The modules that a route or handler imports, by its bytes."""
        self.files.own(path)
        found = self._scan(path)
        return () if isinstance(found, Reason) else found.imports

    def holds_word(self, path: str) -> bool:
        """Whether a route's or handler's own file contains a word of a producer."""
        content = self.files.own(path)
        return isinstance(content, bytes) and mentions_producer(content)

    def leads(self, path: str) -> bool:
        """Whether a file or its imports mention a producer, as far as they were searched."""
        if path not in self._leads:
            seen, todo = {path}, deque([path])
            while todo:
                found = self._scan(todo.popleft())
                if isinstance(found, Reason):
                    continue
                if found.sends:
                    break
                fresh = [target for target in found.imports if target not in seen]
                todo += fresh
                seen.update(fresh)
            else:
                self._leads.update(dict.fromkeys(seen, False))
                return False
            self._leads[path] = True
        return self._leads[path]

    def _scan(self, path: str) -> _Scan | Reason:
        if path not in self._scans:
            content = self.files.bytes_of(path)
            self._scans[path] = content if isinstance(content, Reason) else self._scanned(path, content)
        return self._scans[path]

    def _scanned(self, path: str, content: bytes) -> _Scan:
        targets = []
        for number, match in enumerate(_IMPORT.finditer(content)):
            if number == _MOST_IMPORTS:
                break
            found = self.files.resolver.resolve(match[1].decode("utf-8", "replace"), path)
            if isinstance(found, str) and not found.endswith((".json", ".css", ".scss", ".svg")):
                targets.append(found)
        targets += self.auto_imports.used_in(content, path)
        return _Scan(mentions_producer(content), tuple(dict.fromkeys(targets)))

    # ---- by names

    def search(self, file: File, names: Iterable[str]) -> Search:
        """Producers that some exports of a file lead to; of each file and route the most certain one."""
        walker = _Walk(self, file)
        for name in names:
            walker.add(self.files.exported(file, name), ())
        walker.run()
        best = best_of(walker.found, lambda each: (each.producer.span.path, each.producer.route))
        own = [each for each in best if each.producer.name != PIPE]
        return Search(tuple(own or best), walker.unread)

    def region(self, at: Bound) -> Region:
        """The region of an expression or statement, computed once for all routes."""
        found = self._regions.get(id(at.node))
        if found is None:
            found = self._regions[id(at.node)] = Region(self, at)
        return found

    def uses(self, file: File, name: str) -> list[Node]:
        """The statements at the top level of a module that use a name, e.g. `app.get(...)`."""
        found = self._uses.get(file.path)
        if found is None:
            found = self._uses[file.path] = {}
            for statement in file.module.block.statements:
                for used in _used_by(statement):
                    found.setdefault(used, []).append(statement)
        return found.get(name, [])


_DECLARING = (nodes.Import, nodes.Export, nodes.FunctionDeclaration, nodes.ClassDeclaration)


def _used_by(statement: Node) -> set[str]:
    """The names to which a statement at the top level may add routes: those in an expression, and in a
    declaration those of which it calls a router's method (`const routes = app.post("/chat", ...)`).
    """
    inner = statement.declaration if isinstance(statement, nodes.Export) else statement
    if isinstance(inner, nodes.Declaration):
        return {extended_router(value) for _, value in inner.pairs if value is not None}
    if isinstance(statement, _DECLARING):
        return set()
    inside = walk(statement, into_functions=False)
    return {node.name for node in inside if isinstance(node, nodes.Identifier)}


class _Walk:
    """One search: the code visited and the code still to visit."""

    def __init__(self, reach: Reach, file: File) -> None:
        self.reach = reach
        self.files = reach.files
        self.found: list[Reached] = []
        self.unread: Reason | None = None
        self._visited: set[int] = set()
        self._modules: set[str] = set()
        self._todo: deque[_Place] = deque()
        self._enter(file, ())

    def run(self) -> None:
        while self._todo:
            place = self._todo.popleft()
            if id(place.at.node) not in self._visited:
                self._visited.add(id(place.at.node))
                self._region(place)

    def add(self, found: Bound | Imported | None, chain: tuple[Step, ...], site: Node | None = None) -> None:
        """Queues an expression of the top level, or the target of an import."""
        if isinstance(found, Bound):
            self._todo.append(_Place(found, chain))
        elif isinstance(found, Imported):
            self._follow(found, chain, site)

    def _follow(self, imported: Imported, chain: tuple[Step, ...], site: Node | None) -> None:
        target = self.files.resolver.resolve(imported.specifier, imported.importer)
        if not isinstance(target, str) or not self.reach.leads(target):
            return
        if len(chain) >= DEPTH or (target not in self._modules and len(self._modules) >= ROUTE_FILES):
            self.unread = self.unread or Why.CODE_DEPTH(DEPTH, ROUTE_FILES)
            return
        file = self.files.get(target)
        if isinstance(file, Reason):
            self.unread = self.unread or file
            return
        place = site.span if site is not None else Span.of_file(imported.importer)
        step = Step(f'imports "{imported.specifier}"', place)
        longer = (*chain, step)
        self._enter(file, longer)
        if not imported.name:
            for statement in file.module.block.statements:
                if isinstance(statement, nodes.ExpressionStatement):
                    self.add(Bound(statement, file.scope), longer)
        elif imported.name == "*":
            for name in list(file.exports):
                self.add(file.exports[name], longer, site)
            for specifier in file.stars:
                self._follow(Imported(specifier, "*", file.path), longer, site)
        else:
            self.add(self.files.exported(file, imported.name), longer, site)

    def _enter(self, file: File, chain: tuple[Step, ...]) -> None:
        """Notes a module, and follows its imports without names: `import "./routes"` runs the statements of
        that module.
        """
        if file.path in self._modules:
            return
        self._modules.add(file.path)
        for statement in file.module.block.statements:
            if isinstance(statement, nodes.Import) and not statement.names and not statement.types:
                self._follow(Imported(statement.specifier, "", file.path), chain, statement)

    def _region(self, place: _Place) -> None:
        """Adds the producers of one expression or statement, and queues the code that it uses."""
        region = self.reach.region(place.at)
        self.found += [Reached(producer, place.chain) for producer in region.producers]
        for target, site in region.edges:
            self.add(target, place.chain, site)
