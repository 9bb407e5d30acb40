"""HTTP entries and other triggers of a Lambda: routes, gateways, Routers, queues, schedules; and whether its
response streams.
"""

from __future__ import annotations

from functools import reduce

from policy_bot.sst.catalog import http
from policy_bot.sst.deployment import Step, Value
from policy_bot.sst.fields import strip
from policy_bot.sst.heap import Obj, Property
from policy_bot.sst.ranges import at_least
from policy_bot.sst.reasons import Why
from policy_bot.sst.recording import Recording
from policy_bot.sst.semantics.cdn import Distributions
from policy_bot.sst.semantics.effects import NO, NONE, UNSET, YES, Facts
from policy_bot.sst.semantics.functions import Functions, LambdaFacts, owner_queue
from policy_bot.sst.semantics.lambdas import Lambda, argument_at, written
from policy_bot.sst.semantics.lookup import (
    Unclear,
    both,
    combine,
    either,
    fact,
    located,
    lookup,
    may_be_set,
    or_else,
    text,
    to_plain,
    truth,
)
from policy_bot.sst.semantics.queues import Queue, window
from policy_bot.sst.semantics.routers import Routings
from policy_bot.sst.values import AbstractValue, Known, is_nullish

_WITH_URL = ("component", "workflow", "issuer", "server")
"""Ways to make a Lambda whose URL is also the component's `url`."""


class Entries:
    """Adds to each Lambda the facts about its HTTP entries."""

    def __init__(
        self,
        recording: Recording,
        version: str,
        functions: Functions,
        queues: list[Queue],
        found: list[Lambda],
    ) -> None:
        self.recording = recording
        self.machine = recording.machine
        self.version = version
        self.transforms = functions.transforms
        self.visibility = {id(queue.record.instance): queue.facts["visibility_timeout"] for queue in queues}
        self.routes = Routings(recording, Distributions(functions.transforms, version)).all(found)
        self.waits = self._waits()
        self.deploys = [
            call for call in recording.calls if call.method == "deploy" and call.type == http.REST_API
        ]
        self.deploying = any(each.type == http.REST_DEPLOYMENT for each in recording.constructions)
        self.raw_urls = self._raw_urls()

    def add(self, made: LambdaFacts) -> None:
        """Completes the facts of one Lambda."""
        facts = made.facts
        instance = made.source.owner if made.source.via in _WITH_URL else None
        streams = both(self._url_streams(made), facts["url"])
        if instance is not None and id(instance) in self.raw_urls:
            facts["url"] = either(facts["url"], YES)
            streams = either(streams, self.raw_urls[id(instance)])
        facts["router_form"] = combine(lambda wait: "" if wait == -1 else "url.router", facts["read_timeout"])
        own = self._own_router(made)
        if own is not NONE:
            facts["router_form"], facts["read_timeout"] = fact("domain"), own
        if instance is not None and id(instance) in self.waits:
            facts["router_form"], facts["read_timeout"] = self.waits[id(instance)]
        facts |= self._gateways(made)
        facts |= self._events(made)
        facts["streams"] = either(streams, facts["integration_streams"])
        facts["streams_in_dev"] = self._in_dev(facts)
        facts["missed_default"] = self._missed(made)
        facts["ignored_timeout"] = self._ignored(made)

    def _url_streams(self, made: LambdaFacts) -> Value:
        """Whether a URL streams: by `streaming`, unless `$transform(aws.lambda.FunctionUrl)` says so."""
        if http.RAW_URL not in self.transforms.by_type:
            return made.facts["streaming"]
        unset = Known("")
        args = Obj({"invokeMode": unset})
        args = self.transforms.raw(args, made.source.record, made.source.name, http.RAW_URL)
        mode = args.props.get("invokeMode", unset)
        return (
            made.facts["streaming"]
            if mode is unset
            else to_plain(mode, lambda data: data == http.STREAMING_URL)
        )

    def _in_dev(self, facts: Facts) -> Value:
        """Whether `sst dev` passes the stream on: before 4.2.1 only deployed code does."""
        if at_least(self.version, http.DEV_STREAMING):
            return facts["streaming"]
        return combine(lambda on, live: on and not live, facts["streaming"], facts["dev_live"])

    def _gateways(self, made: LambdaFacts) -> Facts:
        rest = [use for use in made.uses if use.row.entry == "rest"]
        streams: Value = (
            Value.any_of([self.integration(use) for use in rest], Why.SEVERAL_ROUTES()) if rest else NO
        )
        entry = combine(lambda url, other: "url" if url else other, made.facts["url"], entry_of(made.uses))
        return {
            "integration_streams": streams,
            "routed_by_rest": _yes_if(bool(rest)),
            "rest_undeployed": reduce(either, map(self._is_undeployed, rest), NO),
            "entry": entry,
            "gateway": fact(next((use.owner_type for use in made.uses if use.row.entry), "")),
            "gateway_limit": self._limit(made),
        }

    def integration(self, use: Lambda) -> Value:
        """Whether the integration of a REST route streams: the route's argument, or else the definition's
        `streaming`.
        """
        if not at_least(self.version, http.REST_ROUTE_STREAMING):
            return NO
        value = lookup(self.machine, argument_at(use.record, 2), "streaming")
        if at_least(self.version, http.REST_DEFINITION_STREAMING) and use.target is None and not use.foreign:
            value = or_else(value, self._definition_streaming(strip(use.definition)))
        return to_plain(value, truth)

    def _is_undeployed(self, use: Lambda) -> Value:
        """Whether nothing deploys the REST API of a route: neither its `deploy()`, without which SST makes no
        stage (C/aws/apigatewayv1.ts v4.17.0, `deploy`), nor a resource of Pulumi's.
        """
        api = use.owner.construction if use.owner is not None else None
        if api is None or api.type != http.REST_API or api.reference or self.deploying:
            return NO
        calls = [each.certain for each in self.deploys if each.receiver in (api.instance, None)]
        if True in calls:
            return NO
        if calls or self.recording.blind_spots:
            return Value.unknown(Why.BRANCH_OF_DEPLOY(), api.span)
        return fact(True, Step("nothing calls `deploy()` on it", api.span))

    def _definition_streaming(self, definition: AbstractValue) -> AbstractValue:
        if isinstance(definition, Known) and not isinstance(definition.data, Obj):
            return Known(False)
        return lookup(self.machine, definition, "streaming")

    def _limit(self, made: LambdaFacts) -> Value:
        limits = [self._route_limit(use) for use in made.uses if use.row.entry]
        if not limits:
            return NONE
        return combine(min, *limits[:4]) if len(limits) > 1 else limits[0]

    def _route_limit(self, use: Lambda) -> Value:
        written = lookup(
            self.machine, argument_at(use.record, 2), "transform.integration.timeoutMilliseconds"
        )
        limit: Value = fact(http.GATEWAY_SECONDS[use.row.entry])
        if use.row.entry == "rest":
            streaming = self.integration(use)
            limit = combine(
                lambda on: http.REST_STREAM_SECONDS if on else http.GATEWAY_SECONDS["rest"], streaming
            )
        if is_nullish(written):
            return limit
        return to_plain(written, lambda data: int(data) // 1000 if isinstance(data, int) else -1)

    def _events(self, made: LambdaFacts) -> Facts:
        visibility, windows, rates = [], [], []
        for use in made.uses:
            queue = owner_queue(use) if use.owner_type == "sst.aws.Queue" else None
            if queue is not None and id(queue) in self.visibility:
                visibility.append(self.visibility[id(queue)])
                windows.append(window(self.recording, use))
            if use.via == "cron":
                rates.append(self._interval(use))
        return {
            "visibility_timeout": Value.any_of(visibility, Why.SEVERAL_QUEUES()) if visibility else NONE,
            "batch_window": Value.any_of(windows, Why.SEVERAL_QUEUES()) if windows else _NO_WINDOW,
            "schedule_seconds": Value.any_of(rates, Why.SEVERAL_SCHEDULES()) if rates else NONE,
            "polled": _yes_if(
                any(use.owner_type in http.POLLED and use.via == "subscribe" for use in made.uses)
            ),
            "asynchronous": _yes_if(bool(made.uses) and all(use.row.asynchronous for use in made.uses)),
        }

    def _interval(self, use: Lambda) -> Value:
        def convert(data: object) -> int:
            schedule = text(data)
            if not schedule or schedule.startswith("at("):  # never triggered again
                return -1
            from policy_bot.sst.schedules import least_interval

            seconds = least_interval(schedule)
            if seconds is None:
                raise Unclear(Why.RESTARTS(schedule[:60]))
            return seconds

        return to_plain(lookup(self.machine, argument_at(use.record, 1), "schedule"), convert)

    def _missed(self, made: LambdaFacts) -> Value:
        """The reason why a default timeout of a `$transform` does not reach this Lambda."""
        source = made.source
        if source.via == "raw":
            return UNSET
        written = made.facts["timeout_set"]
        if written.value is not False:
            return UNSET
        late = self.transforms.missing(source.record, source.immediate)
        return fact("registered later", Step("$transform", late.span)) if late else UNSET

    def _ignored(self, made: LambdaFacts) -> Value:
        """The place next to the definition at which a timeout is written and not read."""
        for use in made.uses:
            for place, called in use.row.ignored:
                position, _, path = place.partition(".")
                argument = argument_at(use.record, int(position) + use.shift)
                if may_be_set(lookup(self.machine, argument, path)):
                    places, _ = written(self.machine, argument, (path,))
                    return located(fact(called), places.get(path))
        if made.source.via == "workflow":
            value = lookup(self.machine, argument_at(made.source.record, 1), "timeout")
            if isinstance(value, Known) and isinstance(value.data, str):
                return located(fact("timeout as a string"), made.places.get("timeout"))
        return UNSET

    def _waits(self) -> dict[int, tuple[Value, Value]]:
        """Components whose URL a Router serves: instance -> how, and seconds that CloudFront waits."""
        return {
            id(route.origin): (fact(route.form), route.wait)
            for route in self.routes
            if route.origin is not None and route.form in ("routes", "route")
        }

    def _own_router(self, made: LambdaFacts) -> Value:
        """Seconds that CloudFront waits for an Auth's issuer, whose `domain` creates a Router without
        `readTimeout` (C/aws/auth.ts: v3.3.60 with inline `routes`, v3.10.10 with `route("/")`).
        """
        owner = made.source.owner.construction if made.source.owner is not None else None
        if made.source.owner_type != http.AUTH or owner is None or not self._has_domain(owner.args):
            return NONE
        return fact(http.CLOUDFRONT_SECONDS)

    def _has_domain(self, args: AbstractValue) -> bool:
        return at_least(self.version, http.AUTH_DOMAIN) and may_be_set(lookup(self.machine, args, "domain"))

    def _raw_urls(self) -> dict[int, Value]:
        """Functions that a raw `aws.lambda.FunctionUrl` makes reachable -> whether that URL streams."""
        found: dict[int, Value] = {}
        for each in self.recording.constructions:
            if each.type == http.RAW_URL:
                value = lookup(self.machine, each.args, "functionName")
                if isinstance(value, Known) and isinstance(value.data, Property):
                    mode = lookup(self.machine, each.args, "invokeMode")
                    streams = to_plain(mode, lambda data: data == http.STREAMING_URL)
                    found[id(value.data.instance)] = streams
        return found


_NO_WINDOW = fact(0)


def _yes_if(condition: bool) -> Value:
    return YES if condition else NO


def entry_of(uses: list[Lambda]) -> Value:
    """The HTTP entry that routes give a Lambda, "" for none."""
    entries = [(use.row.entry, use.certain) for use in uses if use.row.entry]
    if not entries:
        return UNSET
    first = entries[0][0]
    if (first, True) not in entries:
        return Value.any_of([fact(first), UNSET], Why.BRANCH_OF_ROUTE())
    return fact(first)
