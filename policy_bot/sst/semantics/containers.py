"""What SST refuses of the sizes and load balancers of Fargate containers (`Service` and `Task`)."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.catalog import refusals as catalog
from policy_bot.sst.deployment import Crash
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr, Construction
from policy_bot.sst.places import place_of
from policy_bot.sst.recording import RunProgram
from policy_bot.sst.semantics.look import is_nothing, known_objects, look
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, OptionalItem

_CPU_REMEDY = "Write one of these values."
_MEMORY_REMEDY = "Set `memory` to one of these values."
_RULES_REMEDY = 'Write at least one rule, such as { listen: "80/http" }.'
_HEALTH_REMEDY = "Name the port and protocol that a rule forwards to (`forward`, or else `listen`)."
_DOMAIN_REMEDY = 'Set "loadBalancer.domain", or listen on "80/http".'


def container_refusals(machine: RunProgram, record: Construction) -> Iterator[Crash]:
    """The refusals of one component."""
    if record.type not in catalog.CONTAINERS:
        return
    args = strip(record.args)
    yield from _sizes(machine, args, record.span)
    if record.type == "sst.aws.Service":
        for key in ("loadBalancer", "public"):
            yield from _rules(machine, look(machine, args, key), record.span)


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
    """What is written at a key, its default without anything, "" for what is unknown; and where."""
    if not known_objects(args):
        return "", None
    value = look(machine, args, key)
    data = value.data if isinstance(value, Known) else ...
    place = next((place.pair for obj in known_objects(args) if (place := place_of(obj, key))), None)
    if is_nothing(data):
        return default, place
    return (data if isinstance(data, str) else ""), place


def _rules(machine: RunProgram, balancer: AbstractValue, span: Span) -> Iterator[Crash]:
    """A load balancer without rules, and one that encrypts without a domain."""
    if not known_objects(balancer) or not _is_nothing(look(machine, balancer, "instance")):
        return
    rules = look(machine, balancer, "rules")
    if _is_nothing(rules):
        rules = look(machine, balancer, "ports")
    if _is_nothing(rules):
        yield Crash(catalog.NO_RULES, span, "combination", _RULES_REMEDY, catalog.NO_RULES_SINCE)
    yield from _unencrypted(machine, balancer, rules, span)
    yield from _checked(machine, balancer, rules, span)


def _items(rules: AbstractValue) -> list[AbstractValue]:
    """The rules that are certainly there."""
    data = rules.data if isinstance(rules, Known) else None
    items = data.items if isinstance(data, Arr) else []
    return [strip(each) for each in items if not isinstance(each, OptionalItem)]


def _unencrypted(
    machine: RunProgram, balancer: AbstractValue, rules: AbstractValue, span: Span
) -> Iterator[Crash]:
    """A rule that listens on https or tls, without a domain whose certificate it could use."""
    if not _is_nothing(look(machine, balancer, "domain")):
        return
    for rule in _items(rules):
        protocol = _written(machine, rule, "listen").partition("/")[2]
        if protocol in ("https", "tls"):
            place = next((place_of(obj, "listen") for obj in known_objects(rule)), None)
            text = catalog.NO_DOMAIN.format(protocol=protocol.upper())
            yield Crash(text, place.pair if place else span, "combination", _DOMAIN_REMEDY)


def _checked(
    machine: RunProgram, balancer: AbstractValue, rules: AbstractValue, span: Span
) -> Iterator[Crash]:
    """A health check of a port that no rule forwards to."""
    data = rules.data if isinstance(rules, Known) else None
    whole = isinstance(data, Arr) and data.open is None and len(_items(rules)) == len(data.items)
    targets = [_target(machine, each) for each in _items(rules)]
    if not whole or None in targets:
        return
    since, message = catalog.NO_TARGET
    for health in known_objects(look(machine, balancer, "health")):
        for key in health.props if health.rest is None else ():
            if key not in targets:
                place = place_of(health, key)
                where = place.pair if place else span
                yield Crash(message.format(target=key), where, "combination", _HEALTH_REMEDY, since)


def _target(machine: RunProgram, rule: AbstractValue) -> str | None:
    """The port and protocol that a rule forwards to, "" for one that redirects; None if unknown."""
    if not known_objects(rule):
        return None
    if not _is_nothing(look(machine, rule, "redirect")):
        return ""
    forward = look(machine, rule, "forward")
    return _written(machine, rule, "listen" if _is_nothing(forward) else "forward") or None


def _written(machine: RunProgram, rule: AbstractValue, key: str) -> str:
    """A text at a key; "" for anything else."""
    value = look(machine, rule, key)
    return value.data if isinstance(value, Known) and isinstance(value.data, str) else ""


def _is_nothing(value: AbstractValue) -> bool:
    return isinstance(value, Known) and is_nothing(value.data)
