"""Adds the facts that depend on application code to the functions and sites of one project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from policy_bot.record import replace
from policy_bot.sst.catalog.handlers import PLAIN, STREAMIFIED
from policy_bot.sst.deployment import Context, Step, Subject, Value
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Obj
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.recording import Recording, RunProgram
from policy_bot.sst.repository.resolver import Resolver
from policy_bot.sst.semantics.functions import LambdaFacts
from policy_bot.sst.semantics.lookup import fact
from policy_bot.sst.semantics.routers import Routing
from policy_bot.sst.semantics.servers import Server
from policy_bot.sst.semantics.subjects import function_subject, site_subject
from policy_bot.sst.source import SourceTree
from policy_bot.sst.streams.endpoints import serves
from policy_bot.sst.streams.files import PYTHON, SCRIPTS, CodeTree, Files
from policy_bot.sst.streams.handlers import Handlers
from policy_bot.sst.streams.path import Reached, Search, function_stream
from policy_bot.sst.streams.services import service_streams
from policy_bot.sst.streams.workers import WORKER, module_of, reached_by_url, worker_streams
from policy_bot.sst.syntax import Parsed
from policy_bot.sst.values import AbstractValue, Known

if TYPE_CHECKING:
    from policy_bot.sst.frameworks import Frameworks
    from policy_bot.sst.streams.reach import Reach
    from policy_bot.sst.streams.site_streams import SiteStreams
    from policy_bot.sst.streams.sites import SiteCode

_STREAM_WORD = b"tream"
"""Part of every name in `catalog.handlers` that makes a handler stream."""
_HTTP = ("url", "rest", "http")
"""Entries whose clients read a response."""
_SMALL = 2048
"""Largest size in bytes of a handler's file that may only re-export another module's handler."""


class ProjectStreams:
    """Reads the code of a project's functions and sites; each file once for all contexts."""

    def __init__(
        self,
        tree: SourceTree,
        config: str,
        parsed: Parsed,
        frameworks: Callable[[], Frameworks],
        release: str,
    ) -> None:
        self.resolver = Resolver(CodeTree(tree))
        self.code = Files(self.resolver, parsed)
        self.handlers = Handlers(self.code, config.rpartition("/")[0])
        self._frameworks = frameworks
        self._release = release
        self._searches: dict[str, Search] = {}

    @cached_property
    def reach(self) -> Reach:
        """Follows handlers and routes to producers."""
        from policy_bot.sst.streams.reach import Reach

        return Reach(self.code)

    @cached_property
    def site_code(self) -> SiteCode:
        """The code of the sites; few projects have any."""
        from policy_bot.sst.streams.sites import SiteCode

        return SiteCode(self.code, self._frameworks(), self.handlers.home, self._release)

    @cached_property
    def site_streams(self) -> SiteStreams:
        """The streams of the sites."""
        from policy_bot.sst.streams.site_streams import SiteStreams

        return SiteStreams(self.site_code, self.reach)

    @property
    def files(self) -> set[str]:
        """All paths that were read or tested for existence."""
        return self.resolver.files

    def announce(self, machine: RunProgram, made: Sequence[LambdaFacts], sites: Sequence[Server]) -> None:
        """Prefetches the handlers and routes of all functions and sites at once, then their imports; a remote
        tree returns little more than that.
        """
        paths: dict[str, bool] = {}  # whether clients read the response
        for each in made:
            handler, entry = each.facts.get("handler"), each.facts.get("entry")
            path = self.handlers.path(str(handler.value)) if handler is not None and handler.value else None
            if path is not None:
                read = entry is not None and (not entry.is_known or entry.value in _HTTP)
                paths[path] = paths.get(path, False) or read
        home = self.handlers.home
        near = [f"{home}/{name}" if home else name for name in ("tsconfig.json", "package.json")]
        routes = [path for site in sites for path in self.site_streams.code_of(machine, site)]
        self.code.announce([*sorted(paths), *near, *routes] if paths else routes)
        answering = [path for path in (*sorted(paths), *routes) if paths.get(path, True)]
        imported = chain.from_iterable(map(self._imports, answering))
        self.code.announce(list(dict.fromkeys(imported)))

    def _imports(self, path: str) -> Iterable[str]:
        """The modules that a route or handler imports, by its bytes."""
        if path.endswith(PYTHON) and isinstance(content := self.code.own(path), bytes):
            from policy_bot.sst.streams import python

            return python.imports(self.code, path, content)
        return self.reach.imports(path) if path.endswith(SCRIPTS) else ()

    def functions(self, context: Context, made: Sequence[LambdaFacts]) -> list[Subject]:
        """The functions, with the facts that their code decides, then the streams that they serve."""
        functions, streams = [], []
        for each in made:
            kind, search = self._kind(context, each), self._search(each)
            if search is not None and each.source.via == "route":
                served = (one for one in search.found if serves(each.label, one.producer.route))
                search = search._replace(found=tuple(served))
            known = fact(kind.is_known and kind.value == STREAMIFIED)
            code = {"handler_kind": kind, "handler_streams": known, **_sends(search, kind)}
            subject = function_subject(each, code)
            functions.append(subject)
            for reached in _to_show(search, subject):
                edge = self._edge_endpoint(each)
                streams.append(function_stream(subject.name, reached, subject, edge, context.dev))
        return functions + streams

    def sites(self, machine: RunProgram, sites: Sequence[Server]) -> Iterator[Subject]:
        """The sites with the facts that their code decides, then routes that declare something, then
        streams.
        """
        made = [(site, self._site(machine, site)) for site in sites]
        yield from (subject for _, subject in made)
        for site, subject in made:
            yield from self.site_code.declarations(machine, site)
            yield from self.site_streams.subjects(machine, site, subject)

    def services(
        self, context: Context, recording: Recording, routes: Sequence[Routing]
    ) -> Iterator[Subject]:
        """The streams of the project's containers and Workers."""
        yield from service_streams(context, recording, routes)
        for record in recording.constructions:
            if record.type == WORKER and not record.reference and reached_by_url(recording.machine, record):
                path = module_of(recording.machine, record, self.handlers.home)
                yield from worker_streams(record, self._of_worker(path))

    def _of_worker(self, path: str | None) -> Search:
        """What the module of a Cloudflare Worker leads to, from its default export."""
        mentioned, unread = self.reach.mentions(path) if path is not None else (False, None)
        file = self.code.get(path) if path is not None and mentioned else None
        if path is None or isinstance(file, Reason):
            return Search((), file if isinstance(file, Reason) else Why.HANDLER_UNKNOWN())
        return self.reach.search(file, ["default"]) if file is not None else Search((), unread)

    def _site(self, machine: RunProgram, site: Server) -> Subject:
        subject = site_subject(site)
        facts = {**self.site_code.facts(machine, site), **self.site_streams.counts(machine, site)}
        return replace(subject, facts={**subject.facts, **facts})

    def _search(self, made: LambdaFacts) -> Search | None:
        """Searches the handler of a function with an HTTP entry for producers; None for any other."""
        entry, handler = made.facts.get("entry"), made.facts.get("handler")
        if made.source.via == "raw" or entry is None or (entry.is_known and entry.value not in _HTTP):
            return None
        if handler is None or not handler.value:
            return Search((), Why.HANDLER_UNKNOWN())
        replaced = _replaced(made.facts)
        if replaced:
            return Search((), Why.HANDLER_REPLACED(replaced))
        found = self._searches.get(str(handler.value))
        if found is None:
            found = self._searches[str(handler.value)] = self._searched(str(handler.value))
        return found

    def _searched(self, handler: str) -> Search:
        path = self.handlers.path(handler)
        if path is None:
            return Search((), Why.HANDLER_FILE(handler))
        if path.endswith(PYTHON):
            from policy_bot.sst.streams import python

            return python.search(self.code, path)
        self.reach.holds_word(path)
        mentioned, unread = self.reach.mentions(path)
        if not mentioned:
            return Search((), unread)
        exported = self.handlers.exported(handler)
        if isinstance(exported, Reason):
            return Search((), exported)
        file, name = exported
        return self.reach.search(file, [name])

    def _edge_endpoint(self, made: LambdaFacts) -> bool:
        """Whether its REST API has an edge-optimized endpoint, SST's default."""
        use = next((use for use in made.uses if use.row.entry == "rest"), None)
        owner = use.owner.construction if use is not None and use.owner is not None else None
        if owner is None:
            return True
        kind: AbstractValue = strip(owner.args)
        for key in ("endpoint", "type"):
            given = kind.data if isinstance(kind, Known) else None
            kind = strip(given.props.get(key, Known(None))) if isinstance(given, Obj) else kind
        return not isinstance(kind, Known) or kind.data not in ("regional", "private")

    def _kind(self, context: Context, made: LambdaFacts) -> Value:
        facts = made.facts
        handler, runtime = facts.get("handler"), facts.get("runtime")
        if handler is None or runtime is None or not (handler.is_known and runtime.is_known):
            return Value.unknown(Why.HANDLER_UNKNOWN())
        replaced = _replaced(facts)
        if made.source.via == "raw" or not handler.value:
            return Value.unknown(Why.CODE_ELSEWHERE())
        if not str(runtime.value).startswith("nodejs"):
            return Value.unknown(Why.HANDLER_RUNTIME(str(runtime.value)))
        if replaced:
            return Value.unknown(Why.HANDLER_REPLACED(replaced))
        live = context.dev and facts["dev_live"] == Value(True, facts["dev_live"].origin)
        streaming = facts["streaming"]
        if streaming.is_known and not streaming.value:
            entry = facts.get("entry")
            read_by_nobody = entry is not None and entry.is_known and not entry.value
            if (read_by_nobody and made.source.via != "component") or not self._may_stream(
                handler.value, read_by_nobody
            ):
                return _NOT_FOLLOWED
        return self.handlers.kind(str(handler.value), live)

    def _may_stream(self, handler: object, read_by_nobody: bool) -> bool:
        """Whether a handler is worth following: its file contains part of a streaming name, or is so small
        that it may only re-export another. Without a client, only a streaming handler matters.
        """
        path = self.handlers.path(str(handler))
        content = self.handlers.files.content(path) if path is not None else None
        if content is None or _STREAM_WORD in content:
            return content is not None
        return len(content) < _SMALL and (not read_by_nobody or b" from " in content)


def _to_show(search: Search | None, function: Subject) -> Sequence[Reached | Reason]:
    """What a function sends; a reason if another program or runtime answers."""
    if search is None:
        return ()
    mode = function.facts["streams"]
    runtime, entry = function.facts["runtime"], function.facts["entry"]
    foreign = runtime.is_known and not str(runtime.value).startswith(("nodejs", "python"))
    if str(runtime.value).startswith("python"):
        hidden = search.unread
    elif foreign and entry.value in ("url", "rest"):
        hidden = Why.HANDLER_RUNTIME(str(runtime.value))
    else:
        hidden = search.unread if _replaced(function.facts) and mode.value is True else None
    return search.shown or ((hidden,) if hidden is not None else ())


_NOT_FOLLOWED = Value.unknown(Why.HANDLER_NOT_FOLLOWED())
_NOTHING = {"sends": fact("no"), "sends_by": fact("")}


def _sends(search: Search | None, kind: Value) -> Mapping[str, Value]:
    """Whether a function's code sends a stream, and which."""
    if search is None or kind == Value(PLAIN, kind.origin):
        return _NOTHING
    if search.found:
        from policy_bot.sst.catalog.producers import KINDS, MAY_BE_SHORT

        sent = min((each.producer for each in search.found), key=lambda each: KINDS.index(each.kind))
        step = Step(f"`{sent.name}` sends the stream", sent.span)
        sends = "maybe" if sent.kind in MAY_BE_SHORT else "yes"
        return {"sends": Value(sends, (step,)), "sends_by": Value(sent.name, (step,))}
    if search.unread is not None:
        return {"sends": fact("unknown"), "sends_by": fact(f"unknown sender: {search.unread}")}
    return _NOTHING


def _replaced(facts: Mapping[str, Value]) -> str:
    """The program that runs instead of the handler; "" for none."""
    adapter, replaced = facts.get("web_adapter"), facts.get("handler_replaced")
    if adapter is not None and adapter.value:
        return "the Lambda Web Adapter answers"
    return str(replaced.value) if replaced is not None and replaced.is_known else ""
