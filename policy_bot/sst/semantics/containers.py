"""What SST refuses of the sizes and load balancers of Fargate containers (`Service` and `Task`)."""

from __future__ import annotations

from collections.abc import Iterator

from policy_bot.sst.catalog import refusals as catalog
from policy_bot.sst.deployment import Crash
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Arr, Construction, Obj
from policy_bot.sst.places import place_of
from policy_bot.sst.recording import RunProgram
from policy_bot.sst.semantics.look import is_nothing, known_objects, look
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known, OptionalItem

_CPU_REMEDY = "Write one of these values."
_MEMORY_REMEDY = "Set `memory` to one of these values."
_RULES_REMEDY = 'Write at least one rule, such as { listen: "80/http" }.'
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
    data = rules.data if isinstance(rules, Known) else None
    if not isinstance(data, Arr) or not _is_nothing(look(machine, balancer, "domain")):
        return
    for each in data.items:
        rule = strip(each) if not isinstance(each, OptionalItem) else None
        if isinstance(rule, Known) and isinstance(rule.data, Obj):
            listen = look(machine, rule, "listen")
            written = listen.data if isinstance(listen, Known) and isinstance(listen.data, str) else ""
            protocol = written.partition("/")[2]
            if protocol in ("https", "tls"):
                place = place_of(rule.data, "listen")
                text = catalog.NO_DOMAIN.format(protocol=protocol.upper())
                yield Crash(text, place.pair if place else span, "combination", _DOMAIN_REMEDY)


def _is_nothing(value: AbstractValue) -> bool:
    return isinstance(value, Known) and is_nothing(value.data)
