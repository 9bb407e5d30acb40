"""Facts that a site's code decides: its adapter, its split functions, and its routes' declarations."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TypeGuard

from policy_bot.record import replace
from policy_bot.sst.catalog import sites as catalog
from policy_bot.sst.catalog.v2 import PREFIX
from policy_bot.sst.deployment import Place, Subject, Value
from policy_bot.sst.fields import strip
from policy_bot.sst.frameworks import Frameworks
from policy_bot.sst.frameworks.open_next import DEFAULT_WRAPPER, GATEWAY_WRAPPER, STREAMING_WRAPPERS
from policy_bot.sst.frameworks.values import at, settings
from policy_bot.sst.heap import Arr, Obj
from policy_bot.sst.ranges import at_least
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import RunProgram
from policy_bot.sst.repository.resolver import Resolver
from policy_bot.sst.semantics.lambdas import argument_at, component_name, written
from policy_bot.sst.semantics.lookup import (
    both,
    combine,
    fact,
    is_nothing,
    lookup,
    name_text,
    or_else,
    text,
    to_plain,
    truth,
)
from policy_bot.sst.semantics.servers import Server
from policy_bot.sst.semantics.subjects import total
from policy_bot.sst.span import Span
from policy_bot.sst.streams.declarations import UNDECLARED, WORDS, declared
from policy_bot.sst.streams.files import Files
from policy_bot.sst.streams.route_config import listed_routes
from policy_bot.sst.streams.routes import MOST_FILES, SOURCES, RouteFile, aliases, routes
from policy_bot.sst.streams.scopes import File
from policy_bot.sst.values import NOTHING, AbstractValue, Known, value_of

NEXT, REACT = "sst.aws.Nextjs", "sst.aws.React"
NITRO = tuple(f"sst.aws.{n}" for n in ("Analog", "Nuxt", "SolidStart", "TanStackStart", "TanstackStart"))
"""Sites that Nitro builds: with `awsLambda.streaming` their handler streams in either mode of the URL."""
EDGE = "edge"
"""The adapter of a route that OpenNext does not build."""
Facts = dict[str, Value]


class SiteCode:
    """Reads the code of a project's sites; `home` is the folder of its config."""

    def __init__(self, files: Files, frameworks: Frameworks, home: str, release: str) -> None:
        self.files = files
        self.release = release
        self.resolver: Resolver = files.resolver
        self.frameworks = frameworks
        self.home = home
        self._routes: dict[tuple[str, str], list[RouteFile]] = {}

    def folder(self, machine: RunProgram, site: Server) -> str | None:
        """The site's folder in the repository; None if it is unknown or outside."""
        value = strip(lookup(machine, _args(site), "path"))
        given = value.data if isinstance(value, Known) else None
        if isinstance(value, Known) and not isinstance(given, str):
            given = "."
        if not isinstance(given, str):
            return None
        path = posixpath.normpath(posixpath.join(self.home, given))
        return None if path.startswith(("..", "/")) else "" if path == "." else path

    def facts(self, machine: RunProgram, site: Server) -> Facts:
        """The facts of a site that its framework's config decides."""
        known = catalog.SITES.get(site.record.type)
        is_own = _is_own_build if site.record.type == NEXT else _has_own_config
        own = to_plain(lookup(machine, _args(site), "buildCommand"), is_own)
        if known is None:
            return {**_adapter(site.facts["streams"]), "own_build": own}
        folder = self.folder(machine, site)
        if folder is None:
            unknown = Value.unknown(Why.SITE_FOLDER(Why.NOT_A_STRING()))
            return {
                "adapter": unknown,
                "adapter_streams": unknown,
                "split_functions": unknown,
                "own_build": own,
            }
        if site.record.type == NEXT:
            return {**self._next(known, folder), "own_build": own}
        streams = site.facts["framework_streaming"]
        if site.record.type in NITRO and _is(streams, False):  # SST may not search for it
            value = self.frameworks.streams("nitro", known.configs, Known(self._given(folder)))
            streams = to_plain(value, truth)
        return {**_adapter(streams), "own_build": own}

    def _given(self, folder: str) -> str:
        """A folder as the config would write it."""
        return posixpath.relpath(folder or ".", self.home or ".")

    def _next(self, known: catalog.Site, folder: str) -> Facts:
        given = self._given(folder)
        wrapper = to_plain(self.frameworks.wrapper(known.configs, given), str)
        split = self.frameworks.split(known.configs, given)
        return {
            "adapter": wrapper,
            "adapter_streams": combine(
                lambda name: name in STREAMING_WRAPPERS and name != GATEWAY_WRAPPER, wrapper
            ),
            "split_functions": _keys(split),
        }

    def adapter_config(
        self, machine: RunProgram, site: Server, folder: str
    ) -> tuple[str, dict[str, Place], dict[str, Span]]:
        """Where the adapter of a Next.js site is chosen: the path of a missing config ("" if it exists), and
        the places and literals of the config's `default`.
        """
        known = catalog.SITES[NEXT]
        if site.record.type != NEXT:
            return "", {}, {}
        given = self.frameworks.config(known.configs, self._given(folder))
        if is_nothing(given.data if isinstance(given, Known) else given):
            return posixpath.join(folder, known.configs[0]), {}, {}
        return "", *written(machine, lookup(machine, given, "default"), ("override.wrapper",))

    # ---- routes

    def routes(self, component: str, folder: str) -> list[RouteFile]:
        """The route files of a site, at most `MOST_FILES`."""
        key = (component, folder)
        if key not in self._routes:
            for prefix, folders in aliases(component, folder).items():
                self.resolver.alias(folder, prefix, folders)
            source = self._source(component, folder)
            listed = listed_routes(self.files, folder, source or "app") if component == REACT else None
            found: Iterable[RouteFile] = listed.routes if listed else ()
            if listed is None or listed.by_convention:
                found = chain(found, routes(self.resolver, component, folder, source))
            once = {each.path: each for each in islice(found, MOST_FILES)}
            self._routes[key] = list(once.values())
        return self._routes[key]

    def _source(self, component: str, folder: str) -> str:
        """The folder of a site's source if its framework's config sets one, else ""."""
        if component not in SOURCES:
            return ""
        config = self.frameworks.config(catalog.SITES[component].configs, self._given(folder))
        value = at(settings(config), (SOURCES[component][0],))
        given = value.data if isinstance(value, Known) else None
        return posixpath.normpath(given).strip("/") if isinstance(given, str) else ""

    def declarations(self, machine: RunProgram, site: Server) -> Iterator[Subject]:
        """The routes of a Next.js site that declare a duration or a runtime."""
        folder = self.folder(machine, site) if site.record.type == NEXT else None
        for route in self.routes(NEXT, folder) if folder is not None else ():
            content = self.files.own(route.path)
            search = isinstance(content, bytes) and WORDS.search(content)
            file = self.files.get(route.path) if search else None
            if isinstance(file, File):
                yield from self._declaration(machine, site, route, file, folder or "")

    def _declaration(
        self, machine: RunProgram, site: Server, route: RouteFile, file: File, folder: str
    ) -> Iterator[Subject]:
        found = declared(file)
        edge = combine(lambda name: name == EDGE, found.runtime)
        if found.duration == Value(UNDECLARED) and not edge.value:
            return
        least = {"Lambda": site.facts["server_timeout"], "CloudFront": site.facts["read_timeout"]}
        streams = combine(bool, site.facts["streams"])
        first = combine(_first, least["Lambda"], least["CloudFront"], streams)
        facts: Facts = {
            "name": fact(route.url),
            "site": to_plain(component_name(site.record), name_text),
            "component": fact(site.record.type),
            "deployed": site.facts["deployed"],
            "max_duration": found.duration,
            "limit": combine(lambda by, one, two: one if by == "Lambda" else two, first, *least.values()),
            "limit_by": first,
            "edge": edge,
            "split": fact(self.split(machine, route, folder) is not None),
        }
        span = next(
            (s.span for v in (found.duration, found.runtime) for s in v.origin if s.span is not None), None
        )
        if span is not None:
            yield Subject(
                "route", route.url, site.record.type, span, total("route", facts), site.record.certain
            )

    def split(self, machine: RunProgram, route: RouteFile, folder: str) -> AbstractValue | None:
        """The function that OpenNext's `functions.*.routes` split a route off into, e.g. for
        `app/api/chat/route`; None for a route of the default function.
        """
        known = catalog.SITES[NEXT]
        split = strip(self.frameworks.split(known.configs, self._given(folder)))
        inner = route.path[len(folder) + 1 :] if folder else route.path
        name = inner.removeprefix("src/").rpartition(".")[0]
        given: dict[str, AbstractValue] = split.data.props if _is_object(split) else {}
        for key, value in given.items():
            listed = strip(lookup(machine, split, f"{key}.routes"))
            if isinstance(listed, Known) and isinstance(listed.data, Arr):
                texts = [strip(value_of(item)) for item in listed.data.items]
                if any(isinstance(text, Known) and text.data == name for text in texts):
                    return value
        return None

    def _edge(self, route: RouteFile) -> Value | None:
        """The declaration of the edge runtime, which OpenNext's default function does not support."""
        file = self.files.get(route.path)
        runtime = declared(file).runtime if isinstance(file, File) else None
        return runtime if runtime is not None and runtime.value == EDGE else None

    def as_route(
        self, machine: RunProgram, site: Subject, route: RouteFile, folder: str
    ) -> tuple[Subject, Value]:
        """The facts of the site for one route, including whether the route is split off and so not deployed.

        Until SST 3.9 a split function is deployed, with a wrapper of its own.
        """
        if site.type.startswith(PREFIX):  # v2 has one setting for both
            facts = {**site.facts, "framework_streaming": site.facts["streams"]}
            return replace(site, facts=facts), fact(False)
        value = self.split(machine, route, folder) if site.type == NEXT else None
        if value is None and site.type == NEXT and (edge := self._edge(route)) is not None:
            not_built = Value(False, edge.origin)
            facts = {**site.facts, "adapter": Value(EDGE, edge.origin), "adapter_streams": not_built}
            return replace(site, facts=facts), fact(False)
        if value is None:
            return site, fact(False)
        if at_least(self.release, catalog.SPLIT_DROPPED):
            return site, Value(True, to_plain(value, lambda data: True).origin)
        written = or_else(lookup(machine, value, "override.wrapper"), Known(DEFAULT_WRAPPER))
        wrapper = to_plain(written, str)
        streams = combine(lambda name: name == STREAMING_WRAPPERS[0], wrapper)
        own = {"adapter": wrapper, "adapter_streams": streams, "framework_streaming": streams}
        return replace(
            site, facts={**site.facts, **own, "streams": both(site.facts["deployed"], streams)}
        ), fact(False)


def _args(site: Server) -> AbstractValue:
    """The arguments of a site; in SST v2 a scope precedes its name."""
    return argument_at(site.record, 2) if site.record.type.startswith(PREFIX) else site.record.args


def _adapter(streams: Value) -> Facts:
    return {
        "adapter": combine(lambda on: "stream" if on else "buffer", streams),
        "adapter_streams": streams,
    }


def _is_object(value: AbstractValue) -> TypeGuard[Known[Obj]]:
    return isinstance(value, Known) and isinstance(value.data, Obj)


def _is_own_build(data: object) -> bool:
    """Whether a `buildCommand` builds a Next.js site differently than SST does by default, or with another
    config (https://opennext.js.org/aws/config/simple_example).
    """
    written = text(data)
    return _has_own_config(data) or (
        bool(written) and "open-next" not in written and "opennext" not in written
    )


def _has_own_config(data: object) -> bool:
    """Whether a `buildCommand` names another config than the one that the framework finds by itself."""
    return "--config" in text(data)


def _first(timeout: int, wait: int, streams: bool) -> str:
    """The limit that ends a response first; CloudFront's wait restarts with every byte of a stream."""
    return "CloudFront" if not streams and 0 <= wait < timeout else "Lambda"


def _keys(split: AbstractValue) -> Value:
    """The names of the split functions, with the place of the first."""
    split = strip(split)
    if not isinstance(split, Known):
        return to_plain(split, str)
    if not isinstance(split.data, Obj):
        return fact([])
    if split.data.rest is not None and not split.data.props:
        return to_plain(split.data.rest, str)
    names = list(split.data.props)
    first = split.data.props[names[0]] if names else NOTHING
    return Value(names, to_plain(first, lambda data: names).origin)


def _is(value: Value, wanted: object) -> bool:
    found = value.alternatives
    return len(found) == 1 and found[0].value is wanted
