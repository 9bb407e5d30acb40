"""Subjects of policies: one for each config, function, site, queue and crash, with every declared fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from policy_bot.sst.catalog.http import ROUTE_PREFIXES
from policy_bot.sst.catalog.v2 import PREFIX
from policy_bot.sst.deployment import BlindSpot, Crash, Place, Step, Subject, Value
from policy_bot.sst.ranges import OLDEST_ION, at_least
from policy_bot.sst.reasons import Why
from policy_bot.sst.semantics.access import NOT_READ
from policy_bot.sst.semantics.functions import LambdaFacts
from policy_bot.sst.semantics.lambdas import Lambda, component_name
from policy_bot.sst.semantics.lookup import combine, fact, located, name_text, text, to_plain
from policy_bot.sst.semantics.queues import Queue
from policy_bot.sst.semantics.routers import Routing, path_of, prefix_of, router_name
from policy_bot.sst.semantics.servers import Server
from policy_bot.sst.shape import SHAPES
from policy_bot.sst.span import Span
from policy_bot.sst.values import AbstractValue, Known

_UNREAD = Value.unknown(Why.NO_DEV_CONTEXT())
_EMPTY: Mapping[str, Callable[[], object]] = {
    "string": str, "int": int, "bool": bool, "list": list, "args": dict,
}  # fmt: skip


def total(kind: str, facts: Mapping[str, Value]) -> dict[str, Value]:
    """The declared facts of a kind, in order; a missing one gets the empty value of its type."""
    declared = _declared(kind)
    made = {**declared, **facts}
    if len(made) > len(declared):
        for name in facts.keys() - declared.keys():
            del made[name]
    return made


@cache
def _declared(kind: str) -> dict[str, Value]:
    return {name: Value(_EMPTY[shape.type]()) for name, shape in SHAPES[kind].items()}


def label(abstract: AbstractValue) -> str:
    """A name as text, `?` if it is unknown."""
    if abstract.__class__ is Known and isinstance(abstract.data, str):
        return str(abstract.data)
    value = to_plain(abstract, name_text)
    return str(value.value) if value.is_known else "?"


def name_of(source: Lambda) -> Value:
    """The name of a Lambda: the component, or the route, subscriber or trigger it serves."""
    own = to_plain(source.name, name_text)
    if own.value == "" and source.owner is not None:
        made = source.owner.construction
        return to_plain(component_name(made) if made else source.owner.name, name_text)
    return own


def function_subject(made: LambdaFacts, code: Mapping[str, Value]) -> Subject:
    """A Lambda as a subject; `code` are the facts that its code decides."""
    source = made.source
    facts = {
        **made.facts,
        **code,
        "name": made.name,
        "via": fact(source.via),
        "owner": fact(source.owner_type),
        "timeout": _judgeable(made),
        "in_dev": _UNREAD,
        "streaming_in_dev": _UNREAD,
    }
    facts.pop("handler_replaced", None)  # it decides other facts
    if source.owner_type.startswith(PREFIX):
        facts |= dict.fromkeys(NOT_READ, Value.unknown(Why.SAID("not supported for SST v2")))
    return Subject(
        "function", made.label, source.owner_type, source.span, total("function", facts), source.certain,
        made.places, made.literals,
    )  # fmt: skip


def _judgeable(made: LambdaFacts) -> Value:
    """The timeout; -1 if SST stops at it, which `timeout_error` reports."""
    error = made.facts["timeout_error"]
    timeout = made.facts["timeout"]
    if timeout.is_unknown and error.value:
        return Value(-1, timeout.origin)
    return timeout


def site_subject(site: Server) -> Subject:
    """A site as a subject."""
    record = site.record
    facts = {
        **site.facts,
        "name": to_plain(component_name(record), name_text),
        "component": fact(record.type),
    }
    if site.facts["server_timeout"].is_unknown and site.facts["server_timeout_error"].value:
        facts["server_timeout"] = fact(-1)
    if site.facts["read_timeout"].is_unknown and site.facts["server_timeout_error"].value:
        facts["read_timeout"] = fact(-1)
    return Subject(
        "site", label(component_name(record)), record.type, record.span, total("site", facts), record.certain,
        site.places, site.literals,
    )  # fmt: skip


def queue_subject(queue: Queue) -> Subject:
    """A queue as a subject."""
    record = queue.record
    facts = {**queue.facts, "name": to_plain(record.name, name_text)}
    if facts["visibility_timeout"].is_unknown and facts["visibility_error"].value:
        facts["visibility_timeout"] = fact(-1)
    return Subject(
        "queue", label(record.name), record.type, record.span, total("queue", facts), record.certain,
        queue.places, queue.literals,
    )  # fmt: skip


def crash_subject(crash: Crash) -> Subject:
    """A crash as a subject."""
    step = Step("SST stops here", crash.span)
    missing = crash.message.split()[1] if crash.code == "dev-global" else ""
    facts: dict[str, Value] = {
        "code": fact(crash.code, step),
        "refused": fact(True, step),
        "message": fact(crash.message, step),
        "remedy": fact(crash.remedy, step),
        "global": fact(missing, step),
    }
    if not crash.certain:
        facts["refused"] = Value.unknown(Why.SST_RELEASE(crash.message, _releases(crash)), crash.span)
    return Subject("crash", crash.code, "", crash.span, total("crash", facts))


def _releases(crash: Crash) -> str:
    """The releases that refuse it, in words."""
    if not crash.before:
        return f"from {crash.since or OLDEST_ION} on"
    return f"from {crash.since} until {crash.before}" if crash.since else f"before {crash.before}"


def routing_subject(route: Routing, version: str) -> Subject:
    """A route of a Router as a subject."""
    pattern = to_plain(route.pattern, text)
    written = combine(lambda it: path_of(it, route.form), pattern)
    is_prefix = route.form != "routes" and at_least(version, ROUTE_PREFIXES)
    origin, router = route.origin, router_name(route.router)
    facts: dict[str, Value] = {
        "name": pattern,
        "router": fact(router),
        "form": fact(route.form),
        "path": written,
        "prefix": combine(prefix_of, pattern),
        "literal_star": located(
            combine(lambda it: is_prefix and "*" in it, written), route.places.get("path")
        ),
        "read_timeout": route.wait,
        "target": fact(origin.type if origin is not None else ""),
        "target_name": to_plain(origin.name, name_text) if origin is not None else fact(""),
    }
    shown = str(pattern.value) if pattern.is_known else "?"
    return Subject(
        "routing", shown, route.form, route.span, total("routing", facts), route.record.certain, route.places,
        route.literals,
    )  # fmt: skip


def unseen_subject(spot: BlindSpot) -> Subject:
    """A blind spot as a subject."""
    facts = {"followed": Value.unknown(spot.reason, spot.span)}
    return Subject("unseen", str(spot.reason), "", spot.span, total("unseen", facts), False)


def config_subject(
    path: str,
    facts: Mapping[str, Value],
    span: Span,
    places: Mapping[str, Place],
    literals: Mapping[str, Span],
) -> Subject:
    """The config as a subject."""
    return Subject("config", path, "", span, total("config", facts), True, places, literals)
