"""Method calls that SST's components, or AWS at deployment, refuse, and names that a release of SST lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from policy_bot.sst.catalog import arguments
from policy_bot.sst.catalog import refusals as catalog
from policy_bot.sst.deployment import Crash
from policy_bot.sst.recording import MethodCall, Recording, RunProgram
from policy_bot.sst.semantics.elements import notification_refusals
from policy_bot.sst.semantics.given import given, missing, written_at
from policy_bot.sst.semantics.lambdas import argument_at
from policy_bot.sst.semantics.lookup import known_objects, known_text, lookup
from policy_bot.sst.semantics.names import named
from policy_bot.sst.span import Span


def call_refusals(recording: Recording) -> Iterator[Crash]:
    """The refusals of method calls."""
    machine = recording.machine
    counted: defaultdict[tuple[int, str], int] = defaultdict(int)
    for call in recording.calls:
        if not call.certain:
            continue
        made = call.receiver.construction if call.receiver is not None else None
        static = "static " if call.receiver is None else ""
        lacking = f"{call.type}.{call.method} is not a function"
        yield from absent_refusals(recording, call.span, lacking, call.type, static + call.method)
        if (call.type, call.method) in catalog.REFUSED_METHODS:
            since, message, remedy = catalog.REFUSED_METHODS[call.type, call.method]
            yield Crash(message, call.span, "combination", remedy, since)
        yield from _step(machine, call)
        yield from _api_route(machine, call)
        yield from _authorizer(machine, call)
        if (call.type, call.method) == ("sst.aws.Bucket", "notify"):
            yield from notification_refusals(machine, call)
        if made is None or made.reference:
            continue
        counted[id(call.receiver), call.method] += 1
        once = catalog.ONCE.get((call.type, call.method))
        if once and counted[id(call.receiver), call.method] == 2:
            since, message = once
            yield Crash(message.format(name=named(made)), call.span, "twice", _TWICE_REMEDY, since)
        key, message, remedy = catalog.NEEDED_BY_CALL.get((call.type, call.method), ("", "", ""))
        if key and missing(machine, made.args, key):
            name = named(made)
            text, remedy = message.format(name=name), remedy.format(name=name)
            yield Crash(text, call.span, "combination", remedy)


def absent_refusals(
    recording: Recording, span: Span, message: str, component: str, method: str = ""
) -> Iterator[Crash]:
    """A component or method that SST has in other releases only."""
    if recording.form != "v3":
        return
    first, gone = arguments.lifetime(component, method)
    text, name = f"TypeError: {message}", method.removeprefix("static ") or component.rpartition(".")[2]
    if first:
        yield Crash(text, span, "absent", f"SST has `{name}` from {first} on: upgrade.", before=first)
    if gone:
        yield Crash(text, span, "absent", f"SST removed `{name}` in {gone}.", gone)


def _step(machine: RunProgram, call: MethodCall) -> Iterator[Crash]:
    is_task = call.type == catalog.STEP_FUNCTIONS and call.method in catalog.STEP_TASKS
    args = argument_at(call, 0)
    if is_task and given(machine, args, "timeout"):
        since, why = catalog.STEP_TIMEOUT
        name = known_text(lookup(machine, args, "name"))
        text = f'AWS refuses the state machine with the state "{name}": {why}'
        place = written_at(machine, args, "timeout", call.span)
        yield Crash(text, place, "aws-step-timeout", _STEP_REMEDY, since)


def _authorizer(machine: RunProgram, call: MethodCall) -> Iterator[Crash]:
    """An authorizer that names no way to authorize, or two."""
    since, keys, wanted = catalog.AUTHORIZERS.get(call.type, ("", (), ""))
    args = argument_at(call, 0)
    if call.method != "addAuthorizer" or not keys or not known_objects(args):
        return
    count = sum(given(machine, args, key) for key in keys)
    if count > 1 or all(missing(machine, args, key) for key in keys):
        message = catalog.AUTHORIZER_TWICE if count > 1 else catalog.AUTHORIZER_MISSING
        name = known_text(lookup(machine, args, "name"))
        yield Crash(message.format(wanted=wanted, name=name), call.span, "combination", "", since)


def _api_route(machine: RunProgram, call: MethodCall) -> Iterator[Crash]:
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


_TWICE_REMEDY = "Keep one call, and combine the functions or rules of both in it."
_STEP_REMEDY = (
    "SST up to 4.17.0 offers no alternative: remove the timeout here, and set one on the resource "
    "that the state starts."
)
