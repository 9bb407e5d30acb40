"""The streams of a site: the producers that its routes lead to, joined with the site's deployment."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from policy_bot.record import NamedTuple, replace
from policy_bot.regex import regex
from policy_bot.sst.catalog.producers import LOADING, OF_ACTIONS, SUSPENSE
from policy_bot.sst.catalog.sites import streaming_switch
from policy_bot.sst.deployment import Subject
from policy_bot.sst.nodes import FunctionNode
from policy_bot.sst.recording import RunProgram
from policy_bot.sst.semantics.lookup import fact
from policy_bot.sst.semantics.servers import Server
from policy_bot.sst.span import Span
from policy_bot.sst.streams.auto_imports import FOLDERS, MOST_FILES
from policy_bot.sst.streams.files import SCRIPTS
from policy_bot.sst.streams.path import Reached, Search, site_stream
from policy_bot.sst.streams.producers import Producer
from policy_bot.sst.streams.reach import Reach
from policy_bot.sst.streams.routes import ANY_EXPORT, PAGE, RouteFile, files_below
from policy_bot.sst.streams.scopes import Bound, File
from policy_bot.sst.streams.sites import NEXT, NITRO, Facts, SiteCode
from policy_bot.sst.streams.walk import text_of

_COMPONENT = regex(rb"<([A-Z]\w{0,99})")
MOST_PAGES = 40
"""Pages of a site that are fetched and searched."""
MOST_COMPONENTS = 20
"""Components of one page that are looked up."""


class RouteStream(NamedTuple):
    """A producer that a route leads to, and the methods whose handlers lead to it."""

    route: RouteFile
    reached: Reached
    methods: tuple[str, ...]

    @property
    def title(self) -> str:
        """`POST /api/chat`; without a method if the code answers any."""
        named = [method for method in self.methods if method]
        return f"{'/'.join(named)} {self.route.url}" if named else self.route.url


class _Found(NamedTuple):
    streams: tuple[RouteStream, ...]
    read: int
    unread: int


class SiteStreams:
    """Searches the routes of each site once, for all contexts."""

    def __init__(self, code: SiteCode, reach: Reach) -> None:
        self.code = code
        self.reach = reach
        self._found: dict[tuple[str, str], _Found] = {}

    def counts(self, machine: RunProgram, site: Server) -> Facts:
        """The number of a site's routes that were searched."""
        found = self._of(machine, site)
        return {"routes_read": fact(found.read), "routes_unread": fact(found.unread)}

    def subjects(self, machine: RunProgram, site: Server, subject: Subject) -> Iterator[Subject]:
        """The streams of a site; `subject` is the site with all its facts."""
        folder = self.code.folder(machine, site)
        remedy = streaming_switch(site.record.type, self.code.release)
        missing, places, literals = self.code.adapter_config(machine, site, folder or "")
        for each in self._of(machine, site).streams:
            seen, split = self.code.as_route(machine, subject, each.route, folder or "")
            stream = site_stream(each.title, each.reached, seen, split, missing, remedy)
            yield replace(stream, places=places, literals=literals)
        known = subject.facts["adapter_streams"].is_known and subject.facts["own_build"].value is not True
        for url, reached in self._pages(machine, site, known):
            yield site_stream(url, reached, subject, fact(False), missing, remedy)

    def _pages(self, machine: RunProgram, site: Server, known: bool) -> Iterator[tuple[str, Reached]]:
        """The first page of a site that arrives in parts, if its adapter is known: one with `<Suspense`,
        or else one with `loading`.
        """
        folder = self._served(machine, site)
        if site.record.type != NEXT or folder is None or not known:
            return
        loading: list[tuple[str, Reached]] = []
        pages = (route for route in self.code.routes(NEXT, folder) if route.page)
        for route in islice(pages, MOST_PAGES):
            content = self.code.files.own(route.path)
            name = self._parts(route.path, content) if isinstance(content, bytes) else None
            if name == SUSPENSE.decode() and isinstance(content, bytes):
                line = content.count(b"\n", 0, content.find(SUSPENSE)) + 1
                span = Span(route.path, line, 1, line, 1, 0, 0)
                yield route.url, Reached(Producer("page", name, span), ())
                return
            if name is not None:
                loading.append((route.url, Reached(Producer("page", name, Span.of_file(route.path)), ())))
        yield from loading[:1]

    def _parts(self, path: str, content: bytes) -> str | None:
        """The reason why a page arrives in parts: `<Suspense` around a component that waits, or a
        `loading.tsx` next to it.
        """
        if SUSPENSE in content and self._waits(path, content[content.find(SUSPENSE) :]):
            return SUSPENSE.decode()
        siblings = self.code.resolver.entries(path.rpartition("/")[0]) or ()
        return next((name for name in LOADING if name in siblings), None)

    def _waits(self, path: str, content: bytes) -> bool:
        """Whether a page uses a component that is an asynchronous function, as only the server runs."""
        file = self.code.files.get(path)
        names = dict.fromkeys(name.decode() for name in _COMPONENT.findall(content))
        found = (
            self.code.files.origin(file.scope.find(name))
            for name in islice(names, MOST_COMPONENTS)
            if isinstance(file, File)
        )
        return any(
            isinstance(each, Bound) and isinstance(each.node, FunctionNode) and each.node.asynchronous
            for each in found
        )

    def _served(self, machine: RunProgram, site: Server) -> str | None:
        """The folder of a site that has a server."""
        server = site.facts.get("server")
        built_without = server is not None and server.is_known and not server.value
        return None if built_without else self.code.folder(machine, site)

    def _of(self, machine: RunProgram, site: Server) -> _Found:
        folder = self._served(machine, site)
        if folder is None:
            return _Found((), 0, 0)
        key = (site.record.type, folder)
        if key not in self._found:
            self._found[key] = self._search(*key)
        return self._found[key]

    def code_of(self, machine: RunProgram, site: Server) -> list[str]:
        """The paths of a site's routes, and of what decides where their imports lead."""
        folder = self._served(machine, site)
        if folder is None:
            return []
        routes = self.code.routes(site.record.type, folder)
        answering = [each.path for each in routes if not each.page]
        pages = [each.path for each in routes if each.page]
        listed = [*answering, *pages[:MOST_PAGES]]
        near = (f"{folder}/{name}" if folder else name for name in ("tsconfig.json", "package.json"))
        implied = self._implied(folder) if site.record.type in NITRO else []
        return [*listed, *implied, *near] if listed else []

    def _search(self, component: str, folder: str) -> _Found:
        listed = [each for each in self.code.routes(component, folder) if not each.page]
        if component in NITRO:
            self.reach.import_by_themselves(folder, self._implied(folder))
        streams: list[RouteStream] = []
        unread = 0
        certain = {each.path for each in listed if self.reach.holds_word(each.path)}
        for route in sorted(listed, key=lambda each: each.path not in certain):
            mentioned, missing = self.reach.mentions(route.path)
            file = self.code.files.get(route.path) if mentioned else None
            if isinstance(file, File) and not _is_prerendered(file):
                found = list(self._methods(route, file))
                streams += _joined(route, found)
                missing = next((search.unread for _, search in found if search.unread is not None), None)
            unread += missing is not None
        return _Found(tuple(streams), len(listed) - unread, unread)

    def _implied(self, folder: str) -> list[str]:
        """The files whose exports Nitro imports automatically."""
        inner = (f"{folder}/{each}" if folder else each for each in FOLDERS)
        below = chain.from_iterable(files_below(self.code.resolver, each) for each in inner)
        return [path for path in islice(below, MOST_FILES) if path.endswith(SCRIPTS)]

    def _methods(self, route: RouteFile, file: File) -> Iterator[tuple[str, Search]]:
        """The producers that each exported handler of a route leads to."""
        handlers = dict.fromkeys(file.exports, PAGE) if route.handlers is ANY_EXPORT else route.handlers
        for export, method in handlers.items():
            if self.reach.files.exported(file, export) is not None:
                search = self.reach.search(file, [export])
                found = tuple(each for each in search.found if method != PAGE or _is_of_action(each))
                yield method.removeprefix(PAGE), search._replace(found=found)


def _is_of_action(reached: Reached) -> bool:
    return reached.producer.name in OF_ACTIONS


def _joined(route: RouteFile, found: list[tuple[str, Search]]) -> list[RouteStream]:
    """Joins streams of one producer, with all methods that lead to it."""
    methods: dict[tuple[str, int], list[str]] = {}
    reached: dict[tuple[str, int], Reached] = {}
    for method, search in found:
        for each in search.shown:
            key = (each.producer.span.path, each.producer.span.start)
            reached.setdefault(key, each)
            methods.setdefault(key, []).append(method)
    return [RouteStream(route, each, tuple(methods[key])) for key, each in reached.items()]


def _is_prerendered(file: File) -> bool:
    """Whether an endpoint is rendered at build time: `export const prerender = true` (Astro, SvelteKit)."""
    exported = file.exports.get("prerender")
    bound = file.scope.find("prerender") if exported is not None else None
    node = getattr(bound, "node", None)
    return node is not None and text_of(node) is None and node.text == "true"
