"""Arguments that SST's components, or AWS at deployment, refuse, decided from the recording.

Reports only certainties: components that certainly exist, with known arguments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from policy_bot.sst.catalog import arguments, http, lambdas, sites
from policy_bot.sst.catalog import refusals as catalog
from policy_bot.sst.catalog.combinations import COMBINATIONS, Combination
from policy_bot.sst.deployment import Crash
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Construction, Instance, Obj
from policy_bot.sst.places import place_of
from policy_bot.sst.recording import MethodCall, Recording
from policy_bot.sst.semantics.containers import container_refusals
from policy_bot.sst.semantics.elements import element_refusals, link_refusals, notification_refusals
from policy_bot.sst.semantics.functions import LambdaFacts
from policy_bot.sst.semantics.lambdas import argument_at
from policy_bot.sst.semantics.lookup import is_nothing, known_objects, known_text, lookup
from policy_bot.sst.semantics.names import name_refusals, named
from policy_bot.sst.semantics.routers import Routing, has_inline_routes, router_of
from policy_bot.sst.semantics.sizes import gigabytes, size_error
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, is_nullish


def find_refusals(recording: Recording, made: list[LambdaFacts], routes: list[Routing]) -> Iterator[Crash]:
    """The refusals, in no particular order."""
    refusals = _Refusals(recording)
    yield from name_refusals(recording)
    for each in recording.constructions:
        if each.certain and not each.reference:
            yield from refusals.of_component(each)
    for function in made:
        if function.source.certain:
            yield from refusals.of_function(function)
    for route in routes:
        if route.record.certain:
            yield from refusals.of_route(route)
    yield from refusals.of_calls()


class _Refusals:
    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.machine = recording.machine

    def given(
        self, args: AbstractValue, path: str, unless: tuple[object, ...] = (), *, falsy: bool = False
    ) -> bool:
        """Whether a value is certainly set at a path (a truthy one, unless `falsy`)."""
        value = lookup(self.machine, args, path)
        data = value.data if isinstance(value, Known) else None
        if is_nothing(data) or not self._in_object(args, path):
            return False
        is_plain = isinstance(data, (str, int, float))
        return not (is_plain and ((not data and not falsy) or data in unless))

    def missing(self, args: AbstractValue, path: str) -> bool:
        """Whether a path is certainly not set."""
        return is_nullish(lookup(self.machine, args, path))

    def is_exactly(self, args: AbstractValue, path: str, wanted: object) -> bool:
        """Whether a path certainly has this value."""
        value = lookup(self.machine, args, path)
        return isinstance(value, Known) and value.data.__class__ is wanted.__class__ and value.data == wanted

    def _in_object(self, args: AbstractValue, path: str) -> bool:
        return bool(known_objects(lookup(self.machine, args, path.rpartition(".")[0])))

    def at(self, args: AbstractValue, path: str, otherwise: Span) -> Span:
        """The place of a path."""
        folder, _, key = path.rpartition(".")
        for obj in known_objects(lookup(self.machine, args, folder)):
            place = place_of(obj, key)
            if place is not None:
                return place.pair
        return otherwise

    def of_component(self, record: Construction) -> Iterator[Crash]:
        """The refusals of one component's arguments."""
        args = strip(record.args)
        yield from self._absent(record.span, f"{record.type} is not a constructor", record.type)
        for row in COMBINATIONS.get(record.type, ()):
            if self._is_met(row, args):
                text = row.message.format(name=named(record), type=record.type.rpartition(".")[2])
                span = self.at(args, row.together[-1], record.span)
                yield Crash(text, span, "combination", row.remedy, row.since, row.before)
        if record.type in catalog.REQUIRED or record.type == http.AUTH:
            yield from self._required(record, args)
        if record.type in catalog.CONTAINERS:
            yield from container_refusals(self.machine, record)
        yield from element_refusals(self.machine, record, args)
        if record.type in catalog.STORAGES:
            yield from self._storage(record, args)
        if record.type == catalog.AURORA:
            yield from self._replicas(record, args)
        for path in catalog.SIZES.get(record.type, ()):
            yield from self._size(args, path, record.span)
        if record.type in _WITH_FUNCTIONS:
            yield from self._vpc(args, record.span)
        if record.type in catalog.SCHEDULES:
            yield from self._schedule(record)

    def _absent(self, span: Span, message: str, component: str, method: str = "") -> Iterator[Crash]:
        """A component or method that SST has in other releases only."""
        if self.recording.form != "v3":
            return
        first, gone = arguments.lifetime(component, method)
        text, name = f"TypeError: {message}", method or component.rpartition(".")[2]
        if first:
            yield Crash(text, span, "absent", f"SST has `{name}` from {first} on: upgrade.", before=first)
        if gone:
            yield Crash(text, span, "absent", f"SST removed `{name}` in {gone}.", gone)

    def _is_met(self, row: Combination, args: AbstractValue) -> bool:
        dev = self.recording.context.dev
        if row.where == "dev" and not dev:
            return False
        if row.where == "deployed" and dev and not self.is_exactly(args, "dev", False):
            return False
        for path in row.together:  # the first is seldom set
            if not self.given(args, path, row.unless, falsy=row.falsy):
                return False
        return (
            all(self.is_exactly(args, path, False) for path in row.off)
            and all(self.is_exactly(args, path, value) for path, value in row.only)
            and all(self._in_object(args, path) and self.missing(args, path) for path in row.without)
        )

    def _required(self, record: Construction, args: AbstractValue) -> Iterator[Crash]:
        name = strip(record.name)
        is_visible = (
            isinstance(args, Known)
            and (is_nothing(args.data) or isinstance(args.data, Obj))
            and not (isinstance(name, Known) and not isinstance(name.data, str))
            and not self._is_local(record, args)
        )
        for alternatives in catalog.REQUIRED.get(record.type, ()) if is_visible else ():
            if all(self.missing(args, path) for path in alternatives):
                wanted = " or ".join(f'"{path}"' for path in alternatives)
                text = f'{wanted} of {record.type.rpartition(".")[2]} "{named(record)}" is missing'
                yield Crash(text, record.span, "missing-argument", f"Give it {wanted}.")
        if record.type == http.AUTH and is_visible:
            since, message = catalog.NO_ISSUER
            if all(self.missing(args, key) for key in ("issuer", "authorizer")):
                yield Crash(message, record.span, "combination", "Give it an issuer.", since)

    def _is_local(self, record: Construction, args: AbstractValue) -> bool:
        """Whether a local database replaces it in `sst dev`."""
        is_dev = self.recording.context.dev and record.type in catalog.LOCAL_IN_DEV
        return is_dev and not self.missing(args, "dev")

    def _storage(self, record: Construction, args: AbstractValue) -> Iterator[Crash]:
        """A database's storage that is too small or too large."""
        since, least, message = catalog.STORAGES[record.type]
        value = lookup(self.machine, args, "storage")
        size = gigabytes(value.data) if isinstance(value, Known) else None
        if size is not None and size > catalog.STORAGE_MOST[0]:
            message = catalog.STORAGE_MOST[1] if record.type in catalog.STORAGE_KINDS else ""
        if size is not None and message and not least <= size <= catalog.STORAGE_MOST[0]:
            text = message.format(name=named(record), kind=catalog.STORAGE_KINDS.get(record.type, ""))
            yield Crash(text, self.at(args, "storage", record.span), "invalid-size", "", since)

    def _replicas(self, record: Construction, args: AbstractValue) -> Iterator[Crash]:
        """More replicas than Aurora may have."""
        since, most, message = catalog.REPLICAS
        value = lookup(self.machine, args, "replicas")
        if isinstance(value, Known) and isinstance(value.data, (int, float)) and value.data > most:
            span = self.at(args, "replicas", record.span)
            yield Crash(message.format(name=named(record)), span, "combination", "", since)

    def of_function(self, made: LambdaFacts) -> Iterator[Crash]:
        """The refusals of a function's definition, wherever it is written."""
        source = made.source
        value = strip(source.definition)
        if source.via in ("raw",) or not known_objects(value) or not isinstance(value, Known):
            return
        for path in ("memory", "storage"):
            yield from self._size(value, path, source.span)
        if source.via not in ("component", "workflow"):  # their own arguments: see `of_component`
            yield from link_refusals(self.machine, value, source.span)
            if source.record.type in _WITH_FUNCTIONS:
                yield from self._vpc(value, source.span)
            if source.via != "stepFunction" and self.missing(value, "handler"):
                short = source.owner_type.rpartition(".")[2]
                text = f'"handler" of the function "{known_text(source.name) or short}" is missing'
                yield Crash(text, source.span, "missing-argument", "Give it a handler.")

    def _size(self, args: AbstractValue, path: str, otherwise: Span) -> Iterator[Crash]:
        value = lookup(self.machine, args, path)
        error = size_error(value.data) if isinstance(value, Known) else ""
        if error:
            yield Crash(error, self.at(args, path, otherwise), "invalid-size", catalog.SIZE_REMEDY)

    def _vpc(self, args: AbstractValue, otherwise: Span) -> Iterator[Crash]:
        """A function in a VPC of the project that has no route to the internet."""
        value = lookup(self.machine, args, "vpc")
        vpc = value.data if isinstance(value, Known) else None
        made = vpc.construction if isinstance(vpc, Instance) else None
        if made is None or made.type != catalog.VPC or made.reference or not self.missing(made.args, "nat"):
            return
        remedy = f'Set "nat" of the Vpc "{named(made)}" to "ec2" or "managed".'
        span = self.at(args, "vpc", otherwise)
        for since, before, message in catalog.NO_NAT:
            yield Crash(message, span, "vpc-without-nat", remedy, since, before)

    def _schedule(self, record: Construction) -> Iterator[Crash]:
        place, scheduler = catalog.SCHEDULES[record.type]
        position, _, path = place.partition(".")
        argument = argument_at(record, int(position))
        text = known_text(lookup(self.machine, argument, path))
        if not text:
            return
        from policy_bot.sst import schedules

        wrong = schedules.refusal(text, scheduler)
        if wrong:
            span = self.at(argument, path, record.span)
            yield Crash(
                f'AWS refuses the schedule "{text[:80]}": {wrong}', span, "aws-schedule", _SCHEDULE_REMEDY
            )

    def of_route(self, route: Routing) -> Iterator[Crash]:
        """The refusals of one route."""
        router = router_of(self.recording, route.router)
        made = route.origin.construction if route.origin is not None else None
        if (
            route.form in ("route", "routes")
            and made is not None
            and made.type == "sst.aws.Function"
            and not made.reference
            and (self.missing(made.args, "url") or self.is_exactly(made.args, "url", False))
        ):
            yield Crash(catalog.NO_URL, made.span, "combination", "")
        if route.form == "routes":
            yield from self._inline_path(route)
        elif router is not None and router.certain and has_inline_routes(self.recording, router):
            if route.form in ("route", "routeBucket"):
                since, message = catalog.BOTH_ROUTES
                message = message.format(method=route.form)
            else:
                since, message = catalog.INLINE_ROUTER
            place = route.places.get("path")
            span = route.span if place is None or route.form in ("route", "routeBucket") else place.pair
            yield Crash(message, span, "both-routes", catalog.INLINE_REMEDY, since)

    def _inline_path(self, route: Routing) -> Iterator[Crash]:
        path = known_text(route.pattern)
        if path and not path.startswith("/") and isinstance(route.record, Construction):
            text = catalog.INLINE_PATH.format(name=named(route.record), path=path)
            yield Crash(text, route.span, "route-path", "Begin the path with a slash.")

    def of_calls(self) -> Iterator[Crash]:
        """The refusals of method calls."""
        counted: defaultdict[tuple[int, str], int] = defaultdict(int)
        for call in self.recording.calls:
            if not call.certain:
                continue
            made = call.receiver.construction if call.receiver is not None else None
            static = "static " if call.receiver is None else ""
            lacking = f"{call.type}.{call.method} is not a function"
            yield from self._absent(call.span, lacking, call.type, static + call.method)
            yield from self._step(call)
            yield from self._api_route(call)
            yield from self._authorizer(call)
            if (call.type, call.method) == ("sst.aws.Bucket", "notify"):
                yield from notification_refusals(self.machine, call)
            if made is None or made.reference:
                continue
            counted[id(call.receiver), call.method] += 1
            once = catalog.ONCE.get((call.type, call.method))
            if once and counted[id(call.receiver), call.method] == 2:
                since, message = once
                yield Crash(message.format(name=named(made)), call.span, "twice", _TWICE_REMEDY, since)
            key, message, remedy = catalog.NEEDED_BY_CALL.get((call.type, call.method), ("", "", ""))
            if key and self.missing(made.args, key):
                name = named(made)
                text, remedy = message.format(name=name), remedy.format(name=name)
                yield Crash(text, call.span, "combination", remedy)

    def _step(self, call: MethodCall) -> Iterator[Crash]:
        is_task = call.type == catalog.STEP_FUNCTIONS and call.method in catalog.STEP_TASKS
        args = argument_at(call, 0)
        if is_task and self.given(args, "timeout"):
            since, why = catalog.STEP_TIMEOUT
            name = known_text(lookup(self.machine, args, "name"))
            text = f'AWS refuses the state machine with the state "{name}": {why}'
            yield Crash(text, self.at(args, "timeout", call.span), "aws-step-timeout", _STEP_REMEDY, since)

    def _authorizer(self, call: MethodCall) -> Iterator[Crash]:
        """An authorizer that names no way to authorize, or two."""
        since, keys, wanted = catalog.AUTHORIZERS.get(call.type, ("", (), ""))
        args = argument_at(call, 0)
        if call.method != "addAuthorizer" or not keys or not known_objects(args):
            return
        given = sum(self.given(args, key) for key in keys)
        if given > 1 or all(self.missing(args, key) for key in keys):
            message = catalog.AUTHORIZER_TWICE if given > 1 else catalog.AUTHORIZER_MISSING
            name = known_text(lookup(self.machine, args, "name"))
            yield Crash(message.format(wanted=wanted, name=name), call.span, "combination", "", since)

    def _api_route(self, call: MethodCall) -> Iterator[Crash]:
        route = known_text(argument_at(call, 0))
        if call.type not in catalog.APIS or call.method != "route" or not route:
            return
        if route.lower() == catalog.API_DEFAULT and call.type == "sst.aws.ApiGatewayV2":
            return
        method, _, path = route.partition(" ")
        message = ""
        if route.count(" ") != 1:
            message = catalog.ROUTE_FORM.format(route=route)
        elif method.upper() not in catalog.METHODS:
            message = catalog.ROUTE_METHOD.format(method=method, route=route)
        elif not path.startswith("/"):
            message = catalog.ROUTE_PATH.format(path=path, route=route)
        if message:
            yield Crash(message, call.span, "route-path")


_WITH_FUNCTIONS = frozenset({*lambdas.COMPONENTS, *sites.SITES})
_TWICE_REMEDY = "Keep one call, and combine the functions or rules of both in it."
_STEP_REMEDY = (
    "SST up to 4.17.0 offers no alternative: remove the timeout here, and set one on the resource "
    "that the state starts."
)
_SCHEDULE_REMEDY = 'Write "rate(5 minutes)", or six fields such as "cron(15 10 * * ? *)".'
