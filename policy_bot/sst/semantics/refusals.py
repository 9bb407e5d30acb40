"""Arguments that SST's components, or AWS at deployment, refuse, decided from the recording.

Reports only certainties: components that certainly exist, with known arguments.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.catalog import http, lambdas, sites
from policy_bot.sst.catalog import refusals as catalog
from policy_bot.sst.catalog.combinations import COMBINATIONS, Combination
from policy_bot.sst.deployment import Crash
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Construction, Instance, Obj
from policy_bot.sst.recording import Recording, RunProgram
from policy_bot.sst.semantics.calls import absent_refusals, call_refusals
from policy_bot.sst.semantics.containers import container_refusals
from policy_bot.sst.semantics.elements import element_refusals, link_refusals
from policy_bot.sst.semantics.functions import LambdaFacts
from policy_bot.sst.semantics.given import given, in_object, is_exactly, missing, written_at
from policy_bot.sst.semantics.lambdas import argument_at
from policy_bot.sst.semantics.lookup import is_nothing, known_objects, known_text, lookup
from policy_bot.sst.semantics.names import name_refusals, named
from policy_bot.sst.semantics.routers import Routing, has_inline_routes, router_of
from policy_bot.sst.semantics.sizes import gigabytes, size_error
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known


def find_refusals(recording: Recording, made: list[LambdaFacts], routes: list[Routing]) -> Iterator[Crash]:
    """The refusals, in no particular order."""
    yield from name_refusals(recording)
    for each in recording.constructions:
        if each.certain and not each.reference:
            yield from _of_component(recording, each)
    for function in made:
        if function.source.certain:
            yield from _of_function(recording.machine, function)
    for route in routes:
        if route.record.certain:
            yield from _of_route(recording, route)
    yield from call_refusals(recording)


def _of_component(recording: Recording, record: Construction) -> Iterator[Crash]:
    """The refusals of one component's arguments."""
    machine, args = recording.machine, strip(record.args)
    yield from absent_refusals(recording, record.span, f"{record.type} is not a constructor", record.type)
    for row in COMBINATIONS.get(record.type, ()):
        if _is_met(recording, row, args):
            text = row.message.format(name=named(record), type=record.type.rpartition(".")[2])
            span = written_at(machine, args, row.together[-1], record.span)
            yield Crash(text, span, "combination", row.remedy, row.since, row.before)
    if record.type in catalog.REQUIRED or record.type == http.AUTH:
        yield from _required(recording, record, args)
    if record.type in catalog.CONTAINERS:
        yield from container_refusals(machine, record)
    yield from element_refusals(machine, record, args)
    if record.type in catalog.STORAGES:
        yield from _storage(machine, record, args)
    if record.type == catalog.AURORA:
        yield from _replicas(machine, record, args)
    for path in catalog.SIZES.get(record.type, ()):
        yield from _size(machine, args, path, record.span)
    if record.type in _WITH_FUNCTIONS:
        yield from _vpc(machine, args, record.span)
    if record.type in catalog.SCHEDULES:
        yield from _schedule(machine, record)


def _is_met(recording: Recording, row: Combination, args: AbstractValue) -> bool:
    machine, dev = recording.machine, recording.context.dev
    if row.where == "dev" and not dev:
        return False
    if row.where == "deployed" and dev and not is_exactly(machine, args, "dev", False):
        return False
    for path in row.together:  # the first is seldom set
        if not given(machine, args, path, row.unless, falsy=row.falsy):
            return False
    return (
        all(is_exactly(machine, args, path, False) for path in row.off)
        and all(is_exactly(machine, args, path, value) for path, value in row.only)
        and all(in_object(machine, args, path) and missing(machine, args, path) for path in row.without)
    )


def _required(recording: Recording, record: Construction, args: AbstractValue) -> Iterator[Crash]:
    machine, name = recording.machine, strip(record.name)
    is_visible = (
        isinstance(args, Known)
        and (is_nothing(args.data) or isinstance(args.data, Obj))
        and not (isinstance(name, Known) and not isinstance(name.data, str))
        and not _is_local(recording, record, args)
    )
    for alternatives in catalog.REQUIRED.get(record.type, ()) if is_visible else ():
        if all(missing(machine, args, path) for path in alternatives):
            wanted = " or ".join(f'"{path}"' for path in alternatives)
            text = f'{wanted} of {record.type.rpartition(".")[2]} "{named(record)}" is missing'
            yield Crash(text, record.span, "missing-argument", f"Give it {wanted}.")
    if record.type == http.AUTH and is_visible:
        since, message = catalog.NO_ISSUER
        if all(missing(machine, args, key) for key in ("issuer", "authorizer")):
            yield Crash(message, record.span, "combination", "Give it an issuer.", since)


def _is_local(recording: Recording, record: Construction, args: AbstractValue) -> bool:
    """Whether a local database replaces it in `sst dev`."""
    is_dev = recording.context.dev and record.type in catalog.LOCAL_IN_DEV
    return is_dev and not missing(recording.machine, args, "dev")


def _storage(machine: RunProgram, record: Construction, args: AbstractValue) -> Iterator[Crash]:
    """A database's storage that is too small or too large."""
    since, least, message = catalog.STORAGES[record.type]
    value = lookup(machine, args, "storage")
    size = gigabytes(value.data) if isinstance(value, Known) else None
    if size is not None and size > catalog.STORAGE_MOST[0]:
        message = catalog.STORAGE_MOST[1] if record.type in catalog.STORAGE_KINDS else ""
    if size is not None and message and not least <= size <= catalog.STORAGE_MOST[0]:
        text = message.format(name=named(record), kind=catalog.STORAGE_KINDS.get(record.type, ""))
        yield Crash(text, written_at(machine, args, "storage", record.span), "invalid-size", "", since)


def _replicas(machine: RunProgram, record: Construction, args: AbstractValue) -> Iterator[Crash]:
    """More replicas than Aurora may have."""
    since, most, message = catalog.REPLICAS
    value = lookup(machine, args, "replicas")
    if isinstance(value, Known) and isinstance(value.data, (int, float)) and value.data > most:
        span = written_at(machine, args, "replicas", record.span)
        yield Crash(message.format(name=named(record)), span, "combination", "", since)


def _of_function(machine: RunProgram, made: LambdaFacts) -> Iterator[Crash]:
    """The refusals of a function's definition, wherever it is written."""
    source = made.source
    value = strip(source.definition)
    if source.via == "raw" or not known_objects(value) or not isinstance(value, Known):
        return
    for path in ("memory", "storage"):
        yield from _size(machine, value, path, source.span)
    if source.via not in ("component", "workflow"):  # their own arguments: see `_of_component`
        yield from link_refusals(machine, value, source.span)
        if source.record.type in _WITH_FUNCTIONS:
            yield from _vpc(machine, value, source.span)
        if source.via != "stepFunction" and missing(machine, value, "handler"):
            short = source.owner_type.rpartition(".")[2]
            text = f'"handler" of the function "{known_text(source.name) or short}" is missing'
            yield Crash(text, source.span, "missing-argument", "Give it a handler.")


def _size(machine: RunProgram, args: AbstractValue, path: str, otherwise: Span) -> Iterator[Crash]:
    value = lookup(machine, args, path)
    error = size_error(value.data) if isinstance(value, Known) else ""
    if error:
        yield Crash(error, written_at(machine, args, path, otherwise), "invalid-size", catalog.SIZE_REMEDY)


def _vpc(machine: RunProgram, args: AbstractValue, otherwise: Span) -> Iterator[Crash]:
    """A function in a VPC of the project that has no route to the internet."""
    value = lookup(machine, args, "vpc")
    vpc = value.data if isinstance(value, Known) else None
    made = vpc.construction if isinstance(vpc, Instance) else None
    if made is None or made.type != catalog.VPC or made.reference or not missing(machine, made.args, "nat"):
        return
    remedy = f'Set "nat" of the Vpc "{named(made)}" to "ec2" or "managed".'
    span = written_at(machine, args, "vpc", otherwise)
    for since, before, message in catalog.NO_NAT:
        yield Crash(message, span, "vpc-without-nat", remedy, since, before)


def _schedule(machine: RunProgram, record: Construction) -> Iterator[Crash]:
    place, scheduler = catalog.SCHEDULES[record.type]
    position, _, path = place.partition(".")
    argument = argument_at(record, int(position))
    text = known_text(lookup(machine, argument, path))
    if not text:
        return
    from policy_bot.sst import schedules

    wrong = schedules.refusal(text, scheduler)
    if wrong:
        message = f'AWS refuses the schedule "{text[:80]}": {wrong}'
        span = written_at(machine, argument, path, record.span)
        yield Crash(message, span, "aws-schedule", _SCHEDULE_REMEDY)


def _of_route(recording: Recording, route: Routing) -> Iterator[Crash]:
    """The refusals of one route."""
    machine, router = recording.machine, router_of(recording, route.router)
    made = route.origin.construction if route.origin is not None else None
    if (
        route.form in ("route", "routes")
        and made is not None
        and made.type == "sst.aws.Function"
        and not made.reference
        and (missing(machine, made.args, "url") or is_exactly(machine, made.args, "url", False))
    ):
        yield Crash(catalog.NO_URL, made.span, "combination", "")
    if route.form == "routes":
        yield from _inline_path(route)
    elif router is not None and router.certain and has_inline_routes(recording, router):
        if route.form in ("route", "routeBucket"):
            since, message = catalog.BOTH_ROUTES
            message = message.format(method=route.form)
        else:
            since, message = catalog.INLINE_ROUTER
        place = route.places.get("path")
        span = route.span if place is None or route.form in ("route", "routeBucket") else place.pair
        yield Crash(message, span, "both-routes", catalog.INLINE_REMEDY, since)


def _inline_path(route: Routing) -> Iterator[Crash]:
    path = known_text(route.pattern)
    if path and not path.startswith("/") and isinstance(route.record, Construction):
        text = catalog.INLINE_PATH.format(name=named(route.record), path=path)
        yield Crash(text, route.span, "route-path", "Begin the path with a slash.")


_WITH_FUNCTIONS = frozenset({*lambdas.COMPONENTS, *sites.SITES})
_SCHEDULE_REMEDY = 'Write "rate(5 minutes)", or six fields such as "cron(15 10 * * ? *)".'
