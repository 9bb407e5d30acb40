"""Streaming and timeouts of SST v2 projects: functions with their defaults, and sites."""

from __future__ import annotations

from policy_bot.sst import durations
from policy_bot.sst.catalog import v2 as catalog
from policy_bot.sst.catalog.http import GATEWAY_SECONDS
from policy_bot.sst.catalog.lambdas import DEFAULT_MEMORY
from policy_bot.sst.deployment import Crash, Place, Value
from policy_bot.sst.durations import Duration
from policy_bot.sst.fields import strip
from policy_bot.sst.frameworks.astro import STATIC
from policy_bot.sst.heap import Construction, Obj
from policy_bot.sst.ranges import at_least, number
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.effects import NO, Effects, Facts
from policy_bot.sst.semantics.entries import entry_of
from policy_bot.sst.semantics.functions import LambdaFacts, attach
from policy_bot.sst.semantics.lambdas import Lambda, argument_at, find_lambdas, written
from policy_bot.sst.semantics.lookup import (
    Unclear,
    both,
    combine,
    fact,
    integer,
    is_set,
    located,
    lookup,
    or_else,
    text,
    to_plain,
    truth,
)
from policy_bot.sst.semantics.servers import Server, Surroundings
from policy_bot.sst.semantics.sizes import megabytes
from policy_bot.sst.semantics.timeouts import as_written
from policy_bot.sst.semantics.v2_defaults import Defaults
from policy_bot.sst.values import AbstractValue, Known

FUNCTION_KEYS = (
    "timeout", "url", "url.streaming", "runtime", "logRetention", "memorySize", "architecture", "handler",
    "enableLiveDev",
)  # fmt: skip
SITE_KEYS = ("warm", "timeout", "experimental.streaming", "streaming", "path", "edge")


class V2:
    """Derives the functions and sites of a v2 project for one version."""

    def __init__(self, recording: Recording, version: str, around: Surroundings | None) -> None:
        self.recording = recording
        self.machine = recording.machine
        self.version = version
        self.around = around
        self.defaults = Defaults(recording)

    def functions(self) -> list[LambdaFacts]:
        """Every Lambda whose definition is in the project."""
        found = find_lambdas(self.recording, self.version, catalog.CONSTRUCTS)
        made = [self._made(each) for each in found if each.target is None]
        attach(made, found)
        for each in made:
            each.facts |= _entry_facts(each)
        return made

    def _made(self, source: Lambda) -> LambdaFacts:
        own = strip(source.definition)
        places, literals = written(self.machine, own, FUNCTION_KEYS)
        return LambdaFacts(source, self._facts(source, own, places), places, literals)

    def _facts(self, source: Lambda, own: AbstractValue, places: dict[str, Place]) -> Facts:
        timeout = self.defaults.over(source, own, "timeout")
        url = lookup(self.machine, own, "url")
        streaming = lookup(self.machine, own, "url.streaming")
        streams = both(to_plain(url, truth), to_plain(streaming, truth))
        if not at_least(self.version, catalog.URL_STREAMING):
            streams = NO
        return {
            **_timing(timeout, catalog.DEFAULT_SECONDS),
            "streaming": streams,
            "streaming_set": to_plain(streaming, is_set),
            "streams": streams,
            "url": to_plain(url, truth),
            "runtime": to_plain(
                self.defaults.over(source, own, "runtime"), lambda data: text(data) or catalog.DEFAULT_RUNTIME
            ),
            "memory": to_plain(self.defaults.over(source, own, "memorySize"), _megabytes),
            "architecture": to_plain(
                self.defaults.over(source, own, "architecture"),
                lambda data: "arm64" if text(data) == "arm_64" else "x86_64",
            ),
            "transform_timeout_form": fact("none"),
            "timeout_oddity": fact(""),
            "logging": fact(True),
            "dev_live": to_plain(lookup(self.machine, own, "enableLiveDev"), lambda data: data is not False),
            **Effects(self.machine, self.version).code(_as_props(own), places),
            "read_timeout": fact(-1),
            "visibility_timeout": fact(-1),
            "schedule_seconds": fact(-1),
            "retries": fact(-1),
        }

    def sites(self) -> list[Server]:
        """Every site."""
        return [self._site(each) for each in self.recording.constructions if each.type in catalog.SITES]

    def _site(self, record: Construction) -> Server:
        props = argument_at(record, 2)
        places, literals = written(self.machine, props, SITE_KEYS)
        timing = _timing(lookup(self.machine, props, "timeout"), catalog.SITE_SECONDS)
        experimental = to_plain(lookup(self.machine, props, "experimental.streaming"), truth)
        own = lookup(self.machine, props, "streaming")
        by_config = self._streams(record, props, experimental)
        streams = combine(bool, by_config)
        facts: Facts = {
            "streams": streams,
            "deployed": fact(not self.recording.context.dev),
            "server": combine(lambda data: data is not STATIC, by_config),
            "framework_streaming": NO if experimental == streams else streams,
            "warm": located(to_plain(lookup(self.machine, props, "warm"), integer(0)), places.get("warm")),
            "experimental_streaming": experimental,
            "streaming_arg": to_plain(own, is_set),
            "server_timeout": timing["timeout"],
            "server_timeout_set": timing["timeout_set"],
            "server_timeout_error": timing["timeout_error"],
            "read_timeout": timing["timeout"],
            "edge_timeout": fact(-1),
        }
        return Server(record, facts, [], places, literals)

    def _streams(self, record: Construction, props: AbstractValue, experimental: Value) -> Value:
        """Whether its server streams; `STATIC` if its framework prerenders all pages."""
        if record.type == catalog.NEXT and number(self.version) <= number(catalog.NEXT_STREAMING[1]):
            low, high = catalog.NEXT_STREAMING
            return experimental if number(low) <= number(self.version) <= number(high) else NO
        for site, since, kind, names in catalog.STREAMS_BY_CONFIG:
            if record.type == site and at_least(self.version, since) and self.around is not None:
                folder = or_else(lookup(self.machine, props, "path"), Known("."))
                return to_plain(self.around.frameworks.streams(kind, names, folder), lambda data: data)
        return NO


def crashes(sites: list[Server]) -> list[Crash]:
    """Site timeouts that v2 refuses."""
    found = []
    for site in sites:
        timeout = site.facts["server_timeout"]
        seconds = timeout.value if timeout.is_known else None
        if isinstance(seconds, int) and seconds > catalog.SITE_LIMIT:
            name = to_plain(argument_at(site.record, 1), text)
            shown = name.value if name.is_known else "?"
            place = site.places.get("timeout")
            message = catalog.SITE_OVER_LIMIT.format(name=shown, limit=catalog.SITE_LIMIT)
            found.append(Crash(message, place.pair if place else site.record.span, "site-timeout"))
    return found


def _as_props(own: AbstractValue) -> AbstractValue:
    """A definition as properties: a string is the handler (`Function.fromDefinition`, Function.ts)."""
    is_text = isinstance(own, Known) and isinstance(own.data, str)
    return Known(Obj({"handler": own})) if is_text else own


def _megabytes(data: object) -> int:
    """`normalizeMemorySize` of Function.ts: a number is MB, a string a size, nothing the default."""
    return megabytes(data) if isinstance(data, str) else integer(DEFAULT_MEMORY)(data) or DEFAULT_MEMORY


def _entry_facts(made: LambdaFacts) -> Facts:
    """The facts that the routes, consumers and schedules of a Lambda decide."""
    entries = [use.row.entry for use in made.uses if use.row.entry]
    url = made.facts["url"]
    return {
        "entry": combine(lambda on, other: "url" if on else other, url, entry_of(made.uses)),
        "gateway": fact(next((use.owner_type for use in made.uses if use.row.entry), "")),
        "routed_by_rest": fact("rest" in entries),
        "asynchronous": fact(bool(made.uses) and all(use.row.asynchronous for use in made.uses)),
        "gateway_limit": fact(min((GATEWAY_SECONDS[entry] for entry in entries), default=-1)),
    }


def _timing(value: AbstractValue, default: int) -> Facts:
    def seconds(data: object) -> int:
        read = _read(data)
        if read.error:
            raise Unclear(Why.STOPS(read.error))
        return default if read.seconds is None else read.seconds

    return {
        "timeout": to_plain(value, seconds),
        "timeout_set": to_plain(value, is_set),
        "timeout_form": to_plain(value, lambda data: _read(data).form),
        "timeout_text": to_plain(value, text),
        "timeout_error": to_plain(value, lambda data: _read(data).error),
    }


def _read(data: object) -> Duration:
    return durations.read_v2(as_written(data))
