"""Sizes and load balancers of Fargate containers (`Service` and `Task`) that SST refuses."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.catalog import refusals as catalog
from policy_bot.sst.deployment import Crash
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Construction
from policy_bot.sst.places import place_of
from policy_bot.sst.recording import RunProgram
from policy_bot.sst.semantics.given import items, length, missing, written_at
from policy_bot.sst.semantics.lookup import is_nothing, known_objects, known_text, lookup
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, is_nullish

_CPU_REMEDY = "Write one of these values."
_MEMORY_REMEDY = "Set `memory` to one of these values."
_RULES_REMEDY = 'Write at least one rule, such as { listen: "80/http" }.'
_HEALTH_REMEDY = "Name the port and protocol that a rule forwards to (`forward`, or else `listen`)."
_DOMAIN_REMEDY = 'Set "loadBalancer.domain", or listen on "80/http".'


def container_refusals(machine: RunProgram, record: Construction) -> Iterator[Crash]:
    """The refusals of one component."""
    args = strip(record.args)
    yield from _sizes(machine, args, record.span)
    if record.type == "sst.aws.Service":
        for key in ("loadBalancer", "public"):
            balancer = lookup(machine, args, key)
            yield from _rules(machine, balancer, record.span)
            yield from _protocols(machine, args, balancer, record.span)


def _sizes(machine: RunProgram, args: AbstractValue, span: Span) -> Iterator[Crash]:
    """`cpu`, and `memory`, whose values depend on it: its default may not fit the `cpu`."""
    cpu, place = _text(machine, args, "cpu", catalog.DEFAULT_CPU)
    memory, memory_place = _text(machine, args, "memory", catalog.DEFAULT_CONTAINER_MEMORY)
    if cpu and cpu not in catalog.MEMORIES:
        text = catalog.CPU_UNSUPPORTED.format(cpu=cpu, all=", ".join(catalog.MEMORIES))
        yield Crash(text, place or span, "invalid-size", _CPU_REMEDY)
    elif cpu and memory and memory not in catalog.MEMORIES[cpu]:
        listed = ", ".join(catalog.MEMORIES[cpu])
        text = catalog.MEMORY_UNSUPPORTED.format(memory=memory, cpu=cpu, all=listed)
        yield Crash(text, memory_place or place or span, "invalid-size", _MEMORY_REMEDY)


def _text(machine: RunProgram, args: AbstractValue, key: str, default: str) -> tuple[str, Span | None]:
    """The text at a key and its place: the default if it is not set, "" if it is unknown."""
    if not known_objects(args):
        return "", None
    value = lookup(machine, args, key)
    data = value.data if isinstance(value, Known) else ...
    place = next((place.pair for obj in known_objects(args) if (place := place_of(obj, key))), None)
    if is_nothing(data):
        return default, place
    return (data if isinstance(data, str) else ""), place


def _rules(machine: RunProgram, balancer: AbstractValue, span: Span) -> Iterator[Crash]:
    """A load balancer without rules, or one that encrypts without a domain."""
    if not known_objects(balancer) or not missing(machine, balancer, "instance"):
        return
    rules = lookup(machine, balancer, "rules")
    if is_nullish(rules):
        rules = lookup(machine, balancer, "ports")
    if is_nullish(rules):
        yield Crash(catalog.NO_RULES, span, "combination", _RULES_REMEDY, catalog.NO_RULES_SINCE)
    yield from _unencrypted(machine, balancer, rules, span)
    yield from _checked(machine, balancer, rules, span)


def _protocols(
    machine: RunProgram, args: AbstractValue, balancer: AbstractValue, span: Span
) -> Iterator[Crash]:
    """Rules whose protocols do not go together, and rules that do not name one of several containers."""
    rules = lookup(machine, balancer, "rules")
    several = (length(lookup(machine, args, "containers")) or 0) > 1
    kinds: set[str] = set()
    for rule in items(lookup(machine, balancer, "ports") if is_nullish(rules) else rules):
        listen = known_text(lookup(machine, rule, "listen"))
        if not listen or not missing(machine, balancer, "instance"):
            return
        at = written_at(machine, rule, "listen", span)
        kinds.add(_kind(listen))
        if several and missing(machine, rule, "container"):
            yield Crash(catalog.NO_CONTAINER[1], at, "combination", "", catalog.NO_CONTAINER[0])
        if _kind(listen) == "network" and not all(
            missing(machine, rule, key) for key in ("conditions", "path")
        ):
            since, message = catalog.CONDITIONS
            yield Crash(message.format(listen=listen), at, "combination", "", since)
        since, message = catalog.PROTOCOLS_DIFFER
        for key in ("redirect", "forward"):
            other = known_text(lookup(machine, rule, key))
            if "/" in other and _kind(other) != _kind(listen):
                text = message.format(listen=listen, key=key, other=other)
                yield Crash(text, at, "combination", "", since)
    if len(kinds) > 1:
        yield Crash(catalog.PROTOCOLS_MIXED, span, "combination")


def _kind(port: str) -> str:
    """Kind of load balancer that a port such as `80/http` needs."""
    return "application" if port.partition("/")[2] in ("http", "https") else "network"


def _unencrypted(
    machine: RunProgram, balancer: AbstractValue, rules: AbstractValue, span: Span
) -> Iterator[Crash]:
    """A rule that listens on https or tls, without a domain whose certificate it could use."""
    if not missing(machine, balancer, "domain"):
        return
    for rule in items(rules):
        protocol = known_text(lookup(machine, rule, "listen")).partition("/")[2]
        if protocol in ("https", "tls"):
            text = catalog.NO_DOMAIN.format(protocol=protocol.upper())
            place = written_at(machine, rule, "listen", span)
            yield Crash(text, place, "combination", _DOMAIN_REMEDY)


def _checked(
    machine: RunProgram, balancer: AbstractValue, rules: AbstractValue, span: Span
) -> Iterator[Crash]:
    """A health check of a port that no rule forwards to."""
    targets = [_target(machine, each) for each in items(rules)]
    if length(rules) is None or None in targets:
        return
    since, message = catalog.NO_TARGET
    for health in known_objects(lookup(machine, balancer, "health")):
        for key in health.props if health.rest is None else ():
            if key not in targets:
                place = place_of(health, key)
                where = place.pair if place else span
                yield Crash(message.format(target=key), where, "combination", _HEALTH_REMEDY, since)


def _target(machine: RunProgram, rule: AbstractValue) -> str | None:
    """The port and protocol that a rule forwards to, "" for one that redirects; None if unknown."""
    if not known_objects(rule):
        return None
    if not missing(machine, rule, "redirect"):
        return ""
    key = "listen" if missing(machine, rule, "forward") else "forward"
    return known_text(lookup(machine, rule, key)) or None
