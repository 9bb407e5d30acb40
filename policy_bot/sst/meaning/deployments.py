"""What a project means in one context: everything of `meaning` put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from policy_bot.sst import deployment as plain
from policy_bot.sst.catalog.lambdas import NO_TIMEOUT, WORKERS
from policy_bot.sst.deployment import Component, Deployment, Function, Hidden, Subject, Value
from policy_bot.sst.freeze import freeze
from policy_bot.sst.meaning import subjects
from policy_bot.sst.meaning.configs import config_of
from policy_bot.sst.meaning.crashes import catalog_version, find_crashes
from policy_bot.sst.meaning.entries import Entries
from policy_bot.sst.meaning.functions import Functions, Made
from policy_bot.sst.meaning.lambdas import Lambda, component_name, find_lambdas
from policy_bot.sst.meaning.look import fact, text, to_plain
from policy_bot.sst.meaning.queues import Queue, find_queues
from policy_bot.sst.meaning.servers import Server, Sites, Streams
from policy_bot.sst.meaning.v2 import V2
from policy_bot.sst.recording import Recording
from policy_bot.sst.values import Box


class Surroundings(Protocol):
    """What stands around a program in its repository: `policy_bot.sst.frameworks.Frameworks`."""

    def streams(self, kind: str, names: tuple[str, ...], folder: Box) -> Box:
        """Whether the framework's own config in a site's folder makes its server stream."""

    def uses_globals(self, path: str) -> bool:
        """Whether a file uses what SST injects."""


def deployment_of(recording: Recording, version: plain.Version, around: Surroundings) -> Deployment:
    """The deployment of one recording."""
    release = catalog_version(version)
    made, queues, sites = _made(recording, release, around.streams)
    crashes = find_crashes(recording, version, made, sites, queues)
    judged: list[Subject] = [subjects.function_subject(each) for each in made]
    judged += [subjects.site_subject(each) for each in sites]
    judged += [subjects.queue_subject(each) for each in queues]
    judged += [subjects.crash_subject(each) for each in crashes]
    config = config_of(recording, version, crashes, judged, _uninjected(recording, around))
    return Deployment(
        recording.context,
        _frozen(recording.root),
        _frozen(recording.app),
        crashes,
        tuple(_components(recording)),
        (*map(_function, made), *(each for site in sites for each in _servers(site)), *_workers(recording)),
        (config, *judged),
        _unknown(recording, made),
    )


def _made(
    recording: Recording, release: str, streams: Streams
) -> tuple[list[Made], list[Queue], list[Server]]:
    """Functions, queues and sites; of a v2 project functions and sites."""
    if recording.form == "v2":
        old = V2(recording, release, streams)
        return old.functions(), [], old.sites()
    functions = Functions(recording, release)
    made = functions.all(find_lambdas(recording))
    queues = find_queues(recording, functions.transforms, made)
    entries = Entries(recording, release, functions, queues)
    for each in made:
        entries.add(each)
    return made, queues, Sites(recording, release, functions.transforms, streams).all()


def _frozen(box: Box) -> Mapping[str, Value]:
    value = freeze(box)
    if isinstance(value, plain.Known) and isinstance(value.value, dict):
        return value.value
    return {} if isinstance(value, plain.Known) else {"...": value}


def _components(recording: Recording) -> list[Component]:
    """What certainly exists; the rest is among the unknown, with the condition that hides it."""
    return [
        Component(each.type, to_plain(component_name(each), text), each.span, freeze(each.args))
        for each in recording.constructions
        if each.certain
    ]


def _function(made: Made) -> Function:
    source = made.source
    effective = {
        "timeout_seconds": made.facts["timeout"],
        "streaming": made.facts["streaming"],
        "url": made.facts["url"],
    }
    name = subjects.name_of(source)
    return Function(
        source.via, source.owner_type, _owner(source), name, source.span, effective, source.certain
    )


def _workers(recording: Recording) -> list[Function]:
    """Cloudflare's Workers, which have none of what is asked of a Lambda."""
    effective = dict.fromkeys(("timeout_seconds", "streaming", "url"), plain.Unknown(NO_TIMEOUT))
    return [
        Function(
            each.via,
            each.owner_type,
            _owner(each),
            subjects.name_of(each),
            each.span,
            effective,
            each.certain,
        )
        for each in find_lambdas(recording, WORKERS)
        if each.target is None
    ]


def _owner(source: Lambda) -> Value:
    maker = source.owner.construction if source.owner is not None else None
    return to_plain(component_name(maker), text) if maker is not None else fact("")


def _servers(site: Server) -> list[Function]:
    record = site.record
    name = to_plain(component_name(record), text)
    deployed = site.facts["deployed"]
    server = {
        "timeout_seconds": site.facts["server_timeout"],
        "streaming": site.facts["streams"],
        "url": deployed,
    }
    if site.facts["server"] == plain.Known(False, site.facts["server"].origin):
        return []
    made = [Function("server", record.type, name, name, record.span, server, record.certain)]
    for side in site.sides:
        effective = {"timeout_seconds": side.timeout, "streaming": side.streaming, "url": side.url}
        made.append(
            Function(side.name, record.type, name, fact(side.name), record.span, effective, record.certain)
        )
    return made


def _unknown(recording: Recording, made: list[Made]) -> tuple[Hidden, ...]:
    """Every place that hides something, once, in the order of the program."""
    found = dict.fromkeys(recording.hidden)
    for each in recording.constructions:
        if not each.certain:
            found.setdefault(
                Hidden(f"{each.type}: {each.reason or 'a condition that could not be seen'}", each.span)
            )
    for function in made:
        for value in function.facts.values():
            if isinstance(value, plain.Unknown) and not value.reason.startswith("SST stops here"):
                found.setdefault(Hidden(value.reason, value.span or function.source.span))
    return tuple(found)


def _uninjected(recording: Recording, around: Surroundings) -> list[str]:
    """Files that use SST's globals, but whose name keeps SST from injecting them (`pkg/js/js.go`)."""
    suspects = [path for path in recording.loaded if ".sst" in path or path.endswith((".mts", ".cts"))]
    return [path for path in suspects if path != recording.path and around.uses_globals(path)]
