"""The effective settings of one Lambda: its final arguments with SST's defaults, as facts."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from policy_bot.sst import durations
from policy_bot.sst.catalog import lambdas as catalog
from policy_bot.sst.catalog.handlers import (
    EXEC_WRAPPER,
    WEB_ADAPTER_LAYER,
    WEB_ADAPTER_MODE,
    WEB_ADAPTER_STREAMS,
)
from policy_bot.sst.catalog.http import (
    BUFFERED_URL,
    CLOUDFRONT_SECONDS,
    URL_ROUTER_READ_TIMEOUT,
    URL_ROUTERS,
)
from policy_bot.sst.deployment import Place, Step, Value
from policy_bot.sst.freeze import steps
from policy_bot.sst.heap import Arr, Obj
from policy_bot.sst.ranges import at_least
from policy_bot.sst.reasons import Reason
from policy_bot.sst.recording import RunProgram
from policy_bot.sst.semantics import sizes
from policy_bot.sst.semantics.lookup import (
    Converter,
    aspects,
    both,
    combine,
    fact,
    integer,
    is_nothing,
    is_set,
    known_text,
    located,
    lookup,
    text,
    to_plain,
    truth,
)
from policy_bot.sst.semantics.timeouts import duration, seconds
from policy_bot.sst.values import NOTHING, AbstractValue, Known, OneOf, is_nullish, value_of

Facts = dict[str, Value]
_REPLACING = frozenset({"bundle", "environment", "layers"})
"""Arguments that may replace the handler by another program."""
_STREAMING_KEYS = frozenset({"streaming", *(path.partition(".")[0] for path in catalog.UNREAD_STREAMING)})
NO = fact(False)
YES = fact(True)
UNSET = fact("")
NONE = fact(-1)


class Effects:
    """Derives facts from arguments, for one program and one SST version."""

    def __init__(self, machine: RunProgram, version: str) -> None:
        self.machine = machine
        self.version = version

    def timing(self, args: Obj, default: str, places: dict[str, Place], path: str = "timeout") -> Facts:
        """The facts about a written timeout; `timeout` itself is its value in seconds."""
        value = lookup(self.machine, Known(args), path)
        if value is NOTHING and path not in places:
            return _unset_timing(default)
        return _timing(value, default, _ahead(places, path, value, default))

    def streaming(self, args: Obj, places: dict[str, Place]) -> Facts:
        """The facts about a written `streaming`."""
        keys = _STREAMING_KEYS
        if args.rest is None and keys.isdisjoint(args.props) and keys.isdisjoint(places):
            return _UNSET_STREAMING  # most functions set none of them
        value = lookup(self.machine, Known(args), "streaming")
        ahead = _ahead(places, "streaming", value, "")
        return {**aspects(value, _STREAMING, ahead), "streaming_elsewhere": self.elsewhere(args, places)}

    def elsewhere(self, args: Obj, places: dict[str, Place]) -> Value:
        """The path in the definition at which `streaming` is set and not read."""
        for path in catalog.UNREAD_STREAMING:
            value = lookup(self.machine, Known(args), path)
            if isinstance(value, Known) and (is_nothing(value.data) or value.data == BUFFERED_URL):
                continue
            if isinstance(value, (Known, OneOf)):
                return located(Value(path, steps(value.origin)), places.get(path))
        return UNSET

    def http_entry(self, args: Obj, forced: bool, places: dict[str, Place]) -> Facts:
        """The function URL and the Router in front of it."""
        if args.rest is None and "url" not in args.props and "url" not in places:
            return {"url": YES if forced else NO, "read_timeout": NONE}
        value = lookup(self.machine, Known(args), "url")
        url = YES if forced else to_plain(value, truth, _ahead(places, "url", value, ""))
        return {"url": url, "read_timeout": self.read_timeout(args)}

    def read_timeout(self, args: Obj) -> Value:
        """Seconds that CloudFront waits for the URL; -1 without a Router."""
        form = self.router_form(args)
        router = to_plain(lookup(self.machine, Known(args), form), is_set) if form else NO
        if router.is_known and not router.value:
            return NONE
        if not at_least(self.version, URL_ROUTER_READ_TIMEOUT):
            return combine(lambda routed: CLOUDFRONT_SECONDS if routed else -1, router)
        value = lookup(self.machine, Known(args), f"{form}.readTimeout")
        return combine(
            lambda routed, wait: wait if routed else -1, router, to_plain(value, seconds(CLOUDFRONT_SECONDS))
        )

    def router_form(self, args: Obj) -> str:
        """The argument by which the URL names its Router: the first that this release reads; "" for none."""
        for form, since in URL_ROUTERS:
            value = lookup(self.machine, Known(args), form) if at_least(self.version, since) else NOTHING
            if not is_nullish(value):
                return form
        return ""

    def runtime_facts(self, args: Obj, places: dict[str, Place]) -> Facts:
        """Runtime, logging, retries, live development, size."""
        facts = _default_runtime_facts(self.version)
        get = partial(lookup, self.machine, Known(args))
        for key, derive in _GROUND.items():
            if key in args.props or args.rest is not None or key in places:  # most are not set
                facts = {**facts, **derive(self.version, get, places)}
        return facts

    def code(self, args: AbstractValue, places: dict[str, Place]) -> Facts:
        """The handler, and the program that may answer instead; `handler_replaced` gives the reason."""
        handler = lookup(self.machine, args, "handler")
        shown = to_plain(handler, text, _ahead(places, "handler", handler, ""))
        data = args.data if isinstance(args, Known) else None
        if isinstance(data, Obj) and data.rest is None and _REPLACING.isdisjoint(data.props):
            return {"handler": shown, "web_adapter": UNSET, "handler_replaced": UNSET}
        bundle = lookup(self.machine, args, "bundle")
        wrapper = lookup(self.machine, args, f"environment.{EXEC_WRAPPER}")
        return {
            "handler": shown,
            "web_adapter": self._web_adapter(args),
            "handler_replaced": combine(
                lambda bundled, wrapped: bundled or wrapped,
                to_plain(bundle, lambda data: "" if is_nothing(data) else "`bundle` names a built folder"),
                to_plain(wrapper, lambda data: "" if is_nothing(data) else f"`{EXEC_WRAPPER}` starts it"),
            ),
        }

    def _web_adapter(self, args: AbstractValue) -> Value:
        """The response mode of AWS's Lambda Web Adapter; "" if it is not used."""
        mode = lookup(self.machine, args, f"environment.{WEB_ADAPTER_MODE}")
        layers = lookup(self.machine, args, "layers")
        items = layers.data.items if isinstance(layers, Known) and isinstance(layers.data, Arr) else ()
        layer = any(WEB_ADAPTER_LAYER in known_text(value_of(item)) for item in items)

        def convert(data: object) -> str:
            if is_nothing(data):
                return "buffered" if layer else ""
            return "streams" if text(data).lower() == WEB_ADAPTER_STREAMS else "buffered"

        return to_plain(mode, convert)

    def raw_size(self, args: Obj) -> Facts:
        """The size by Lambda-level arguments: a number of MB, a list of one architecture."""
        memory = lookup(self.machine, Known(args), "memorySize")
        processor = lookup(self.machine, Known(args), "architectures.0")
        return {
            "memory": to_plain(memory, integer(catalog.RAW_MEMORY)),
            "architecture": to_plain(processor, sizes.processor),
        }


_Get = Callable[[str], AbstractValue]
_Deriving = Callable[[str, _Get, dict[str, Place]], Facts]
"""Derives facts for a release from the arguments, which are read by path, and their places."""


def _runtime(version: str, get: _Get, places: dict[str, Place]) -> Facts:
    default = next(name for since, name in catalog.DEFAULT_RUNTIME if at_least(version, since))
    value = get("runtime")
    ahead = _ahead(places, "runtime", value, "")
    return {"runtime": to_plain(value, lambda data: text(data) or default, ahead)}


def _logging(version: str, get: _Get, places: dict[str, Place]) -> Facts:
    logging, retention = get("logging"), get("logging.retention")
    on = to_plain(logging, _is_not_false, _ahead(places, "logging", logging, ""))
    kept = to_plain(retention, lambda data: text(data) or catalog.DEFAULT_RETENTION,
                    _ahead(places, "logging.retention", retention, ""))  # fmt: skip
    return {"logging": on, "log_retention": combine(lambda keep, log: keep if log else "", kept, on)}


def _development(version: str, get: _Get, places: dict[str, Place]) -> Facts:
    dev = get("dev") if at_least(version, catalog.DEV_ARGUMENT) else NOTHING
    live = get("live")
    on = both(
        to_plain(dev, _is_not_false, _ahead(places, "dev", dev, "")),
        to_plain(live, _is_not_false, _ahead(places, "live", live, "")),
    )
    return {"dev_live": on}


def _alone(key: str, convert: Converter, default: str = "") -> _Deriving:
    """Derives the fact that has the name of its argument."""

    def derive(version: str, get: _Get, places: dict[str, Place]) -> Facts:
        value = get(key)
        return {key: to_plain(value, convert, _ahead(places, key, value, default))}

    return derive


def _durable(version: str, get: _Get, places: dict[str, Place]) -> Facts:
    """Seconds that a durable execution may take, -1 without one (C/aws/function.ts v4.17.0:2069)."""
    if not at_least(version, catalog.DURABLE):
        return {"durable_seconds": NONE}
    durable = get("durable")
    is_object = isinstance(durable, Known) and isinstance(durable.data, Obj)
    limit = get("durable.timeout") if is_object else NOTHING
    place = places.get("durable.timeout") or places.get("durable")
    wait = to_plain(limit, seconds(catalog.DURABLE_SECONDS))
    taken = combine(lambda on, most: most if on else -1, to_plain(durable, truth), wait)
    return {"durable_seconds": located(taken, place)}


_GROUND: dict[str, _Deriving] = {
    "runtime": _runtime,
    "logging": _logging,
    "dev": _development,
    "live": _development,
    "retries": _alone("retries", integer(-1)),
    "durable": _durable,
    "memory": _alone("memory", sizes.megabytes, f"{catalog.DEFAULT_MEMORY} MB"),
    "architecture": _alone("architecture", sizes.processor, catalog.ARCHITECTURES[0]),
}
"""The facts about runtime, logging, live development, retries and size by the argument that decides them."""


@lru_cache(maxsize=256)
def _default_runtime_facts(version: str) -> Facts:
    return {
        name: value
        for derive in _GROUND.values()
        for name, value in derive(version, lambda path: NOTHING, {}).items()
    }


def _is_not_false(data: object) -> bool:
    return data is not False


def _kind(data: object) -> str:
    if is_nothing(data):
        return "none"
    if isinstance(data, bool):
        return "bool"
    return "string" if isinstance(data, str) else "other"


_TIMING: dict[str, Converter] = {
    "timeout_set": is_set,
    "timeout_form": lambda data: duration(data).form,
    "timeout_text": text,
    "timeout_error": lambda data: duration(data).error,
    "timeout_oddity": lambda data: duration(data).oddity,
}
_STREAMING: dict[str, Converter] = {
    "streaming": truth,
    "streaming_set": is_set,
    "streaming_form": _kind,
}
_UNSET_STREAMING: Facts = {**aspects(NOTHING, _STREAMING), "streaming_elsewhere": UNSET}


def _timing(value: AbstractValue, default: str, ahead: tuple[Step, ...]) -> Facts:
    fallback = durations.read(default).seconds or 0
    return aspects(value, {"timeout": seconds(fallback), **_TIMING}, ahead)


@lru_cache(maxsize=8)
def _unset_timing(default: str) -> Facts:
    return _timing(NOTHING, default, _ahead({}, "timeout", NOTHING, default))


def _ahead(places: dict[str, Place], key: str, value: AbstractValue, default: str) -> tuple[Step, ...]:
    """The first step of a value's origin: the pair that sets it, or SST's default."""
    place = places.get(key)
    if place is not None:
        already = (
            value.origin is not None
            and value.origin.node is not None
            and value.origin.node.span == place.pair
        )
        return () if already else (Step(f"`{key}`", place.pair),)
    if default and is_nullish(value):
        return (Step(f"SST's default, {default}"),)
    return ()


def merged(alternatives: list[Facts], reason: Reason) -> Facts:
    """The facts of a Lambda that may be any of several."""
    if len(alternatives) == 1:
        return alternatives[0]
    return {key: Value.any_of([facts[key] for facts in alternatives], reason) for key in alternatives[0]}
