"""Combines everything in this package into the deployment of a project in one context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Protocol

from policy_bot.sst.deployment import BlindSpot, Context, Deployment, Subject, Value, Version
from policy_bot.sst.freeze import freeze
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording, RunProgram
from policy_bot.sst.semantics import subjects
from policy_bot.sst.semantics.arguments import unknown_arguments, without_judged
from policy_bot.sst.semantics.configs import config_of
from policy_bot.sst.semantics.crashes import catalog_version, find_crashes
from policy_bot.sst.semantics.functions import LambdaFacts
from policy_bot.sst.semantics.program import Program, servers
from policy_bot.sst.semantics.routers import Routing
from policy_bot.sst.semantics.servers import Server, Surroundings
from policy_bot.sst.semantics.unfamiliar import unfamiliar
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue


class Code(Protocol):
    """The code that functions and sites run: `policy_bot.sst.streams.project.ProjectStreams`."""

    def announce(self, machine: RunProgram, made: list[LambdaFacts], sites: list[Server]) -> None:
        """Prefetches the application code that will be read, if the tree is remote."""

    def functions(self, context: Context, made: list[LambdaFacts]) -> list[Subject]:
        """The functions, with the facts that their code decides."""

    def sites(self, machine: RunProgram, sites: list[Server]) -> Iterable[Subject]:
        """The sites with the facts that their code decides, and their routes."""

    def services(self, context: Context, recording: Recording, routes: list[Routing]) -> Iterable[Subject]:
        """The streams of containers."""


def deployment_of(
    recording: Recording, version: Version, around: Surroundings, program: Program, code: Code
) -> Deployment:
    """The deployment of one recording, whose `run()` made `program`."""
    release = catalog_version(version)
    sites = program.sites(recording, release, around)
    crashes = find_crashes(recording, version, program, sites)
    code.announce(recording.machine, program.made, sites)
    made = [
        *code.functions(recording.context, program.made),
        *code.sites(recording.machine, sites),
        *code.services(recording.context, recording, program.routes),
    ]
    unknown = [*recording.blind_spots, *unfamiliar(recording)]
    judged = [
        *made,
        *map(subjects.queue_subject, program.queues),
        *program.component_subjects,
        *without_judged(unknown_arguments(recording, version), made),
        *(subjects.routing_subject(each, release) for each in program.routes),
        *map(subjects.crash_subject, crashes),
        *(subjects.unseen_subject(each) for each in unknown if not each.cut_short),
    ]
    config = config_of(recording, version, crashes, judged, _uninjected(recording, around))
    return Deployment(
        recording.context,
        _frozen(recording.root),
        _frozen(recording.app),
        crashes,
        program.components,
        (*program.functions, *(each for site in sites for each in servers(site))),
        (config, *judged),
        _unknown(recording, unknown, program.made),
    )


def _frozen(abstract: AbstractValue) -> Mapping[str, Value]:
    value = freeze(abstract)
    if isinstance(value.value, dict):
        return value.value
    return {} if value.is_known else {"...": value}


_CODE = frozenset({"handler", "handler_replaced", "web_adapter"})
"""Facts of a function about its code; if unknown, they hide no setting."""


def _unknown(recording: Recording, spots: list[BlindSpot], made: list[LambdaFacts]) -> tuple[BlindSpot, ...]:
    """Every blind spot once, in the order of the program."""
    found = dict.fromkeys(spots)
    for each in recording.constructions:
        if not each.certain:
            found.setdefault(
                BlindSpot(Why.UNCERTAIN_COMPONENT(each.type, each.reason or Why.CONDITION()), each.span)
            )
    for function in made:
        for name, value in function.facts.items():
            reason = value.reason
            if reason is not None and not (value.choices or name in _CODE or reason.stops):
                found.setdefault(BlindSpot(reason, value.span or function.source.span))
    return tuple(_innermost(list(found)))


def _innermost(found: list[BlindSpot]) -> Iterator[BlindSpot]:
    """Drops syntax errors that contain a more exact one.

    Nodes of a tree are nested or disjoint, so in sorted order it suffices to compare neighbours.
    """
    broken = [each.span for each in found if each.reason.syntax_error]
    broken.sort(key=lambda span: (span.path, span.start, -span.end))
    outer = {span for span, following in pairwise(broken) if _holds(span, following)}
    for each in found:
        if each.span not in outer or not each.reason.syntax_error:
            yield each


def _holds(outer: Span, inner: Span) -> bool:
    """Whether a span contains another, smaller one."""
    larger = outer.end - outer.start > inner.end - inner.start
    return larger and outer.path == inner.path and outer.start <= inner.start and inner.end <= outer.end


def _uninjected(recording: Recording, around: Surroundings) -> list[str]:
    """Files that use SST's globals but, by their name, do not get them (`pkg/js/js.go`)."""
    suspects = [path for path in recording.loaded if ".sst" in path or path.endswith((".mts", ".cts"))]
    return [path for path in suspects if path != recording.path and around.uses_globals(path)]
