"""Services behind a load balancer: the code of their containers is unknown, but how long a client may wait in
silence is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_bot.sst.catalog.http import BALANCER_SILENCE_SECONDS, NETWORK_BALANCER_SILENCE_SECONDS
from policy_bot.sst.deployment import Context, Subject, Value
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr, Construction
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording, RunProgram
from policy_bot.sst.semantics.lambdas import component_name
from policy_bot.sst.semantics.lookup import (
    combine,
    fact,
    integer,
    known_objects,
    lookup,
    or_else,
    to_plain,
    truth,
)
from policy_bot.sst.semantics.routers import Routing
from policy_bot.sst.semantics.subjects import label
from policy_bot.sst.streams.path import service_stream
from policy_bot.sst.values import AbstractValue, Known, value_of

SERVICE = "sst.aws.Service"
BALANCER_KEYS = ("loadBalancer", "public")
"""Arguments that put a load balancer in front; until SST 3.6 it was named `public`."""
_NETWORK = ("/tcp", "/udp", "/tcp_udp", "/tls")


def service_streams(context: Context, recording: Recording, routes: Sequence[Routing]) -> Iterator[Subject]:
    """A stream for each Service that clients reach, with an unknown producer."""
    for record in recording.constructions:
        if record.type != SERVICE or record.reference:
            continue
        wait = _balancer_silence(recording.machine, record)
        if wait is None:
            continue
        name = label(component_name(record))
        service = Subject("service", name, record.type, record.span, {}, record.certain)
        route = next((each for each in routes if each.origin is record.instance), None)
        entry: Value = fact("load balancer")
        if route is not None:
            first = combine(_first, wait, route.wait)
            entry = combine(_entry, wait, route.wait)
            wait = first
        deployed = _deployed(context, recording.machine, record)
        yield service_stream(service, Why.NO_ENTRY_CODE(), deployed, entry, wait)


def _first(balancer: int, read: int) -> int:
    """The earlier of two waits; a Router without a wait does not count."""
    return min(balancer, read) if read >= 0 else balancer


def _entry(balancer: int, read: int) -> str:
    return "cloudfront" if 0 <= read < balancer else "load balancer"


def _deployed(context: Context, machine: RunProgram, record: Construction) -> Value:
    """Whether it is deployed: `sst dev` runs its `dev.command` locally, unless `dev: false`."""
    if not context.dev:
        return fact(True)
    return to_plain(lookup(machine, record.args, "dev"), lambda data: data is False)


def _balancer_silence(machine: RunProgram, record: Construction) -> Value | None:
    """Seconds without a byte after which the load balancer closes a connection; None if there is none."""
    for key in BALANCER_KEYS:
        balancer = lookup(machine, record.args, key)
        written = to_plain(balancer, truth)
        if written.value is not False:
            default = _default(machine, balancer)
            idle = lookup(machine, record.args, "transform.loadBalancer.idleTimeout")
            return to_plain(or_else(idle, Known(default)), integer(default))
    return None


def _default(machine: RunProgram, balancer: AbstractValue) -> int:
    """AWS's default, since SST sets none; a listener other than HTTP makes it a network load balancer."""
    for key in ("rules", "ports"):
        rules = strip(lookup(machine, balancer, key))
        items = rules.data.items if isinstance(rules, Known) and isinstance(rules.data, Arr) else ()
        for item in items:
            for rule in known_objects(value_of(item)):
                listen = strip(rule.props.get("listen", Known(None)))
                if isinstance(listen, Known) and str(listen.data).endswith(_NETWORK):
                    return NETWORK_BALANCER_SILENCE_SECONDS
    return BALANCER_SILENCE_SECONDS
