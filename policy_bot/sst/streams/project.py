"""The streams of one project: what its code adds to the facts of its functions and sites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_bot.sst.deployment import Context, Known, Subject, Unknown, Value
from policy_bot.sst.frameworks import Frameworks
from policy_bot.sst.meaning.functions import Made
from policy_bot.sst.meaning.servers import Server
from policy_bot.sst.meaning.subjects import site_subject
from policy_bot.sst.modules import Resolver
from policy_bot.sst.reasons import Why
from policy_bot.sst.record import replace
from policy_bot.sst.recording import Machine
from policy_bot.sst.source import SourceTree
from policy_bot.sst.streams.files import Files
from policy_bot.sst.streams.handlers import Handlers
from policy_bot.sst.streams.sites import SiteCode
from policy_bot.sst.syntax import Parsed

_STREAM_WORD = b"tream"
"""Part of every name in `catalog.handlers` that makes a handler stream."""
_SMALL = 2048
"""Bytes of a handler's file that may do nothing but pass on a handler of another module."""


class ProjectStreams:
    """Reads the code that a project's functions and sites run; each file once for all contexts."""

    def __init__(self, tree: SourceTree, config: str, parsed: Parsed, frameworks: Frameworks) -> None:
        self.resolver = Resolver(tree)
        files, home = Files(self.resolver, parsed), config.rpartition("/")[0]
        self.handlers = Handlers(files, home)
        self.site_code = SiteCode(files, frameworks, home)

    @property
    def files(self) -> set[str]:
        """All paths that were read or looked for."""
        return self.resolver.files

    def functions(self, context: Context, made: Sequence[Made], subjects: Sequence[Subject]) -> list[Subject]:
        """The functions with the facts that their code decides."""
        return [
            replace(subject, facts={**subject.facts, "handler_kind": self._kind(context, each)})
            for each, subject in zip(made, subjects, strict=True)
        ]

    def sites(self, machine: Machine, sites: Sequence[Server]) -> Iterator[Subject]:
        """The sites with the facts that their code decides, and the routes that declare something."""
        for site in sites:
            subject = site_subject(site)
            facts = self.site_code.facts(machine, site)
            yield replace(subject, facts={**subject.facts, **facts})
        for site in sites:
            yield from self.site_code.declarations(machine, site)

    def _kind(self, context: Context, made: Made) -> Value:
        facts = made.facts
        handler, runtime = facts.get("handler"), facts.get("runtime")
        for value in (handler, runtime):
            if not isinstance(value, Known):
                return Unknown(Why.HANDLER_UNKNOWN())
        assert isinstance(handler, Known)
        assert isinstance(runtime, Known)
        replaced = _replaced(facts)
        if made.source.via == "raw" or not handler.value:
            return Unknown(Why.CODE_ELSEWHERE())
        if not str(runtime.value).startswith("nodejs"):
            return Unknown(Why.HANDLER_RUNTIME(str(runtime.value)))
        if replaced:
            return Unknown(Why.HANDLER_REPLACED(replaced))
        live = context.dev and facts["dev_live"] == Known(True, facts["dev_live"].origin)
        streaming = facts["streaming"]
        if isinstance(streaming, Known) and not streaming.value and not self._may_stream(handler.value):
            return Unknown(Why.HANDLER_NOT_FOLLOWED())
        return self.handlers.kind(str(handler.value), live)

    def _may_stream(self, handler: object) -> bool:
        """Whether a handler is worth following: its file is small, or holds part of a streaming name."""
        path = self.handlers.path(str(handler))
        content = self.handlers.files.content(path) if path is not None else None
        return content is not None and (len(content) < _SMALL or _STREAM_WORD in content)


def _replaced(facts: dict[str, Value]) -> str:
    """What runs in the handler's place, "" if nothing does."""
    adapter, replaced = facts.get("web_adapter"), facts.get("handler_replaced")
    if isinstance(adapter, Known) and adapter.value:
        return "the Lambda Web Adapter answers"
    return str(replaced.value) if isinstance(replaced, Known) else ""
