"""The Lambdas, queues, sites and components of a program."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.catalog.lambdas import WORKERS
from policy_bot.sst.deployment import Component, Function, Value
from policy_bot.sst.freeze import freeze
from policy_bot.sst.heap import Construction
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics import subjects
from policy_bot.sst.semantics.auxiliaries import Auxiliaries, AuxiliaryLambda
from policy_bot.sst.semantics.components import component_args, component_subjects
from policy_bot.sst.semantics.entries import Entries
from policy_bot.sst.semantics.functions import Functions, LambdaFacts
from policy_bot.sst.semantics.lambdas import Lambda, component_name, find_lambdas
from policy_bot.sst.semantics.lookup import fact, name_text, to_plain
from policy_bot.sst.semantics.queues import Queue, find_queues
from policy_bot.sst.semantics.routers import Routing
from policy_bot.sst.semantics.servers import Server, Sites, Surroundings
from policy_bot.sst.semantics.transforms import Transforms


class Program:
    """The results of a recording's constructions and calls."""

    def __init__(self, recording: Recording, release: str) -> None:
        self.made: list[LambdaFacts] = []
        self.queues: list[Queue] = []
        self.routes: list[Routing] = []
        self.transforms: Transforms | None = None
        if recording.form == "v2":
            from policy_bot.sst.semantics.v2 import V2

            self.made = V2(recording, release, None).functions()
        else:
            self._find(recording, release)
        constructed = [(each, _component(each)) for each in recording.constructions]
        # those that may not exist are blind spots
        self.components = tuple(component for _, component in constructed if component.certain)
        self.component_subjects = tuple(component_subjects(constructed, self.made))
        others = () if self.transforms is None else _outside_sites(recording, release, self.transforms)
        for each in self.made:
            each.name = subjects.name_of(each.source)
        self.functions = (*map(_function, self.made), *_workers(recording, release), *others)

    def _find(self, recording: Recording, release: str) -> None:
        functions = Functions(recording, release)
        self.transforms = functions.transforms
        found = find_lambdas(recording, release)
        self.made = functions.all(found)
        self.queues = find_queues(recording, self.transforms, self.made)
        entries = Entries(recording, release, functions, self.queues, found)
        self.routes = entries.routes
        for each in self.made:
            entries.add(each)

    def sites(self, recording: Recording, release: str, around: Surroundings) -> list[Server]:
        """The sites in the recording's context."""
        if self.transforms is None:
            from policy_bot.sst.semantics.v2 import V2

            return V2(recording, release, around).sites()
        return Sites(recording, release, self.transforms, around).all()


def _component(made: Construction) -> Component:
    name = to_plain(component_name(made), name_text)
    return Component(made.type, name, made.span, freeze(component_args(made)), made.certain)


def _function(made: LambdaFacts) -> Function:
    source = made.source
    effective = {
        "timeout_seconds": made.facts["timeout"],
        "streaming": made.facts["streaming"],
        "url": made.facts["url"],
    }
    name = made.name
    return Function(
        source.via, source.owner_type, _owner(source), name, source.span, effective, source.certain
    )


_WORKER = dict.fromkeys(("timeout_seconds", "streaming", "url"), Value.unknown(Why.NO_WORKER_TIMEOUT()))


def _workers(recording: Recording, release: str) -> list[Function]:
    """Cloudflare Workers, which lack the settings of a Lambda."""
    return [
        Function(
            each.via,
            each.owner_type,
            _owner(each),
            subjects.name_of(each),
            each.span,
            _WORKER,
            each.certain,
        )
        for each in find_lambdas(recording, release, WORKERS)
        if each.target is None
    ]


def _owner(source: Lambda) -> Value:
    row = source.owner.construction if source.owner is not None else None
    return to_plain(component_name(row), name_text) if row is not None else fact("")


def servers(site: Server) -> list[Function]:
    """The Lambdas of a site as functions: its server and its auxiliary functions; none for a static build."""
    record = site.record
    name = to_plain(component_name(record), name_text)
    deployed = site.facts["deployed"]
    server = {
        "timeout_seconds": site.facts["server_timeout"],
        "streaming": site.facts["streams"],
        "url": deployed,
    }
    if site.facts["server"] == Value(False, site.facts["server"].origin):
        return []
    certain = record.certain and site.facts["server"].is_known
    made = [Function("server", record.type, name, name, record.span, server, certain)]
    return [*made, *_auxiliaries(record, "site", site.auxiliaries)]


def _outside_sites(recording: Recording, release: str, transforms: Transforms) -> Iterator[Function]:
    """The auxiliary functions of components that are not sites."""
    for record, auxiliaries in Auxiliaries(recording, release, transforms).outside_sites():
        yield from _auxiliaries(record, "part", auxiliaries)


def _auxiliaries(record: Construction, via: str, auxiliaries: list[AuxiliaryLambda]) -> list[Function]:
    owner = to_plain(component_name(record), name_text)
    return [
        Function(
            via,
            record.type,
            owner,
            fact(auxiliary.name),
            record.span,
            {"timeout_seconds": auxiliary.timeout, "streaming": auxiliary.streaming, "url": auxiliary.url},
            record.certain and auxiliary.certain,
        )
        for auxiliary in auxiliaries
    ]
