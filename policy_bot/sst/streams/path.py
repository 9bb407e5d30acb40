"""Joins the links from the producer of a stream to the client, and names the first that breaks it.

    code (producer) -> adapter (of a framework) or handler -> Lambda (mode, timeout) -> entry -> client

Every fact is a `Value` whose origin is the place of the link, then the imports to the producer, then the
producer. `breaks_at` is known if the producer and all links are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from policy_bot.record import NamedTuple
from policy_bot.sst.catalog import handlers as catalog
from policy_bot.sst.catalog.http import REST_SILENCE_SECONDS
from policy_bot.sst.deployment import Step, Subject, Value
from policy_bot.sst.reasons import Reason, Why
from policy_bot.sst.semantics.lookup import combine, fact
from policy_bot.sst.semantics.subjects import total

if TYPE_CHECKING:
    from policy_bot.sst.streams.producers import Producer

NONE = -1
"""Instead of seconds: no limit."""


class Reached(NamedTuple):
    """A producer, and the imports that lead to it."""

    producer: Producer
    chain: tuple[Step, ...]


class Search(NamedTuple):
    """The producers found from one start; `unread` is the reason if some code was not read."""

    found: tuple[Reached, ...]
    unread: Reason | None

    @property
    def shown(self) -> tuple[Reached, ...]:
        """The most certain producer of each file."""
        return best_of(self.found, lambda each: each.producer.span.path)


def best_of(found: Sequence[Reached], key: Callable[[Reached], Hashable]) -> tuple[Reached, ...]:
    """The most certain producer of each key, in the order in which the keys were found."""
    if len(found) < 2:
        return tuple(found)
    from policy_bot.sst.catalog.producers import KINDS

    def rank(each: Reached) -> tuple[int, int, int]:
        return KINDS.index(each.producer.kind), len(each.chain), each.producer.span.start

    best: dict[Hashable, Reached] = {}
    for each in found:
        before = best.setdefault(key(each), each)
        if rank(each) < rank(before):
            best[key(each)] = each
    return tuple(best.values())


def site_stream(
    route: str, reached: Reached, site: Subject, split: Value, missing_config: str, remedy: str
) -> Subject:
    """The stream of a site's route."""
    facts = site.facts
    here = Step(f"{site.type} `{site.name}`", site.span)
    adapter, streams = facts["adapter"], facts["adapter_streams"]
    if facts["own_build"].value is True:
        adapter = streams = Value.unknown(Why.OWN_BUILD(), site.span)
    breaks = combine(_site_break, facts["deployed"], split, streams, facts["framework_streaming"])
    ends: dict[str, Value] = {
        "route": fact(route),
        "owner": facts["name"],
        "kind": fact("site"),
        "deployed": facts["deployed"],
        "adapter": adapter,
        "mode": combine(
            lambda on, here: "streaming" if on or not here else "buffered",
            facts["streams"],
            facts["deployed"],
        ),
        "entry": combine(lambda here: "cloudfront" if here else "", facts["deployed"]),
        "limit": combine(
            lambda on, seconds: seconds if on else NONE, facts["deployed"], facts["server_timeout"]
        ),
        "limit_by": combine(lambda on: "Lambda" if on else "", facts["deployed"]),
        "silence": facts["read_timeout"],
        "silence_by": combine(lambda wait: "CloudFront" if wait >= 0 else "", facts["read_timeout"]),
        "split": split,
        "missing_config": fact(missing_config),
        "remedy": fact(remedy),
        "breaks_at": breaks,
    }
    places = {
        "breaks_at": (*_spans(split if split.value is True else adapter), here),
        "limit": (*_spans(facts["server_timeout"]), here),
        "silence": (*_spans(facts["read_timeout"]), here),
    }
    return _subject(site, ends, places, reached)


def _site_break(deployed: bool, split: bool, adapter_streams: bool, url_streams: bool) -> str:
    """The first link of a site that breaks; a split route is not deployed."""
    if not deployed:
        return ""
    if split or (not adapter_streams and not url_streams):
        return "adapter"
    return "" if adapter_streams and url_streams else "lambda" if adapter_streams else "adapter"


def function_stream(
    route: str, reached: Reached | Reason, function: Subject, edge_endpoint: bool, dev: bool
) -> Subject:
    """The stream of a function with an HTTP entry; with a reason if its code is unknown."""
    facts = function.facts
    here = Step(f"{function.type} `{function.name}`", function.span)
    mode = combine(lambda on: "streaming" if on else "buffered", facts["streams"])
    deployed = combine(lambda live: not (dev and live), facts["dev_live"])
    kind = facts["handler_kind"]
    adapter = facts["web_adapter"]
    if adapter.value:
        kind = fact(catalog.STREAMIFIED if adapter.value == "streams" else catalog.PLAIN)
    elif str(facts["runtime"].value).startswith("python"):
        kind = fact(catalog.PLAIN)
    silence, silence_by = _silence(facts, edge_endpoint)
    gateway = combine(
        lambda via, most: NONE if via == "url" else most, facts["entry"], facts["gateway_limit"]
    )
    ends: dict[str, Value] = {
        "route": fact(route),
        "owner": facts["name"],
        "kind": fact("function"),
        "deployed": deployed,
        "handler": kind,
        "unseen": fact("producer" if isinstance(reached, Reason) else "handler" if kind.is_unknown else ""),
        "mode": mode,
        "entry": facts["entry"],
        "limit": combine(_least, facts["timeout"], gateway),
        "limit_by": combine(_limit_by, facts["timeout"], gateway),
        "silence": silence,
        "silence_by": silence_by,
        "breaks_at": _function_break(kind, mode, facts["entry"]),
    }
    link = facts["streaming"] if ends["breaks_at"].value == "lambda" else kind
    places = {
        "breaks_at": (here,) if ends["breaks_at"].value == "entry" else (*_spans(link), here),
        "limit": (*_spans(facts["timeout"]), here),
        "silence": (here,),
    }
    return _subject(function, ends, places, reached)


def _function_break(kind: Value, mode: Value, entry: Value) -> Value:
    """The first link of a function that breaks. A buffered invocation breaks the stream of any handler."""
    if kind.is_unknown:
        buffered = combine(
            lambda how, via: ("lambda" if via in ("url", "rest") else "entry") if how == "buffered" else "",
            mode,
            entry,
        )
        return buffered if buffered.value else kind

    def first(handler: str, how: str, via: str) -> str:
        if handler != catalog.STREAMIFIED:
            return "handler"
        if how == "streaming":
            return ""
        return "lambda" if via in ("url", "rest") else "entry"

    return combine(first, kind, mode, entry)


def service_stream(
    service: Subject, reached: Reached | Reason, deployed: Value, entry: Value, silence: Value
) -> Subject:
    """The stream that a container or a Cloudflare Worker sends, or why it is unknown. Nothing buffers it."""
    here = (Step(f"{service.type} `{service.name}`", service.span),)
    ends: dict[str, Value] = {
        "route": fact(service.name),
        "owner": fact(service.name),
        "kind": fact("service"),
        "deployed": deployed,
        "entry": entry,
        "unseen": fact("producer" if isinstance(reached, Reason) else ""),
        "limit": fact(NONE),
        "silence": silence,
        "silence_by": combine(
            lambda way, wait: ("CloudFront" if way == "cloudfront" else way) if wait >= 0 else "",
            entry,
            silence,
        ),
        "breaks_at": Value.unknown(reached, service.span) if isinstance(reached, Reason) else fact(""),
    }
    places = {"breaks_at": here, "silence": (*_spans(silence), *here)}
    return _subject(service, ends, places, reached)


def _silence(facts: Mapping[str, Value], edge_endpoint: bool) -> tuple[Value, Value]:
    """Seconds without a byte after which the entry closes the connection, and the name of that entry."""
    rest = REST_SILENCE_SECONDS[edge_endpoint]
    wait = combine(
        lambda way, read: read if read >= 0 else rest if way == "rest" else NONE,
        facts["entry"],
        facts["read_timeout"],
    )
    by = combine(
        lambda way, read: "CloudFront" if read >= 0 else "API Gateway" if way == "rest" else "",
        facts["entry"],
        facts["read_timeout"],
    )
    return wait, by


def _least(timeout: int, gateway: int) -> int:
    return timeout if gateway < 0 else min(timeout, gateway)


def _limit_by(timeout: int, gateway: int) -> str:
    return "Lambda" if gateway < 0 or timeout <= gateway else "API Gateway"


def _subject(
    owner: Subject, ends: dict[str, Value], places: Mapping[str, Sequence[Step]], reached: Reached | Reason
) -> Subject:
    facts: dict[str, Value] = {**ends, "component": fact(owner.type), **_sent(reached, owner)}
    way = facts["producer"].origin
    if isinstance(reached, Reached):
        way = (*reached.chain, *way)
    for name, links in places.items():
        facts[name] = _with(facts[name], (*links, *way))
    route = str(ends["route"].value) if ends["route"].is_known else "?"
    return Subject("stream", route, owner.type, owner.span, total("stream", facts), owner.certain)


def _sent(reached: Reached | Reason, owner: Subject) -> dict[str, Value]:
    """A description of the code that sends the stream, as far as it is known."""
    if isinstance(reached, Reason):
        return dict.fromkeys(("producer", "producer_kind", "producer_at"), Value.unknown(reached, owner.span))
    producer = reached.producer
    sent = (Step(f"`{producer.name}` sends the stream", producer.span),)
    return {
        "producer": Value(producer.name, sent),
        "producer_kind": Value(producer.kind, sent),
        "producer_at": Value(f"{producer.span.path}:{producer.span.line}", sent),
    }


def _with(value: Value, steps: Sequence[Step]) -> Value:
    """The value with these steps as its origin."""
    found = tuple(dict.fromkeys(steps))
    return value.derived(found)


def _spans(value: Value) -> tuple[Step, ...]:
    unclear = (Step("unknown here", value.span),) if value.span is not None else ()
    return (*unclear, *(step for step in value.origin if step.span is not None))
