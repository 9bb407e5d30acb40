"""Streaming and timeouts of SST v2: the constructs and properties that make a Lambda.

Constructs take (scope, id, props); places are written as in `lambdas`. Source: `packages/sst/src/constructs`
at v2.44.0.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy_bot.record import replace
from policy_bot.sst.catalog.lambdas import CONSTRUCTOR, Entry, LambdaSource
from policy_bot.sst.catalog.sites import scripts

LambdaSources = tuple[LambdaSource, ...]

PREFIX = "sst2."  # the interpreter's prefix for imports from "sst/constructs"

DEFAULT_SECONDS = 10  # Function.ts: `timeout || 10`
SITE_SECONDS = 10  # SsrSite.ts
SITE_LIMIT = 180  # SsrSite.ts; 30 with edge
SITE_OVER_LIMIT = 'In the "{name}" construct, timeout must be less than or equal to {limit} seconds.'
DEFAULT_RUNTIME = "nodejs18.x"

NEXT_STREAMING = ("2.28.0", "2.42.999")  # experimental.streaming of NextjsSite
URL_STREAMING = "2.36.5"  # Function's url.streaming


def _sources(
    via: str, *places: tuple[str, str], entry: Entry = "", asynchronous: bool = False
) -> LambdaSources:
    """One row for each call and place; `{ function: <definition> }` and the bare definition mean the same."""
    return tuple(
        LambdaSource(call, via, (place,), entry=entry, asynchronous=asynchronous, inner="function")
        for call, place in places
    )


# `fromDefinition` makes a function of a string or of props, and returns a Function unchanged
# (Function.ts:1448-1482). Besides functions many places accept a queue, a topic, a URL or a CDK function.
CONSTRUCTS: Mapping[str, LambdaSources] = {
    "sst2.Function": (LambdaSource(CONSTRUCTOR, "component", ("2",), name="1"),),
    # Api.ts:842,1244-1309; ApiGatewayV1Api.ts:661,1362; WebSocketApi.ts:355,674
    "sst2.Api": _sources("route", (CONSTRUCTOR, "2.routes.*"), ("addRoutes", "1.*"), entry="http"),
    "sst2.ApiGatewayV1Api": _sources(
        "route", (CONSTRUCTOR, "2.routes.*"), ("addRoutes", "1.*"), entry="rest"
    ),
    "sst2.WebSocketApi": _sources(
        "route", (CONSTRUCTOR, "2.routes.*"), ("addRoutes", "1.*"), entry="websocket"
    ),
    # AppSyncApi.ts:572,849-963 data sources; :600,1021-1083 resolvers, where a string may name a data source
    "sst2.AppSyncApi": (
        *_sources("dataSource", (CONSTRUCTOR, "2.dataSources.*"), ("addDataSources", "1.*")),
        *(
            replace(each, dotted=True)
            for each in _sources("dataSource", (CONSTRUCTOR, "2.resolvers.*"), ("addResolvers", "1.*"))
        ),
    ),
    # Queue.ts:192,225-246; Table.ts:503,722-733; KinesisStream.ts:204,352-366
    "sst2.Queue": _sources("subscribe", (CONSTRUCTOR, "2.consumer"), ("addConsumer", "1")),
    "sst2.Table": _sources("subscribe", (CONSTRUCTOR, "2.consumers.*"), ("addConsumers", "1.*")),
    "sst2.KinesisStream": _sources("subscribe", (CONSTRUCTOR, "2.consumers.*"), ("addConsumers", "1.*")),
    # Topic.ts:260,463-486; Bucket.ts:355,620-645
    "sst2.Topic": _sources(
        "subscribe", (CONSTRUCTOR, "2.subscribers.*"), ("addSubscribers", "1.*"), asynchronous=True
    ),
    "sst2.Bucket": _sources(
        "notify", (CONSTRUCTOR, "2.notifications.*"), ("addNotifications", "1.*"), asynchronous=True
    ),
    # EventBus.ts:405,425,663-695,853-881; `subscribe` (:787-836) takes only the function
    "sst2.EventBus": (
        *_sources(
            "subscribe",
            (CONSTRUCTOR, "2.rules.*.targets.*"),
            ("addRules", "1.*.targets.*"),
            ("addTargets", "2.*"),
            asynchronous=True,
        ),
        LambdaSource("subscribe", "subscribe", ("1",), name="0", asynchronous=True, scoped=True),
    ),
    "sst2.Cron": _sources("cron", (CONSTRUCTOR, "2.job"), asynchronous=True),  # Cron.ts:224-235
    "sst2.Cognito": _sources("trigger", (CONSTRUCTOR, "2.triggers.*")),  # Cognito.ts:600-620
    "sst2.Auth": _sources("authorizer", (CONSTRUCTOR, "2.authenticator")),
    "sst2.Script": _sources(  # Script.ts:154-156
        "trigger", *((CONSTRUCTOR, f"2.{key}") for key in ("onCreate", "onUpdate", "onDelete"))
    ),
}

# Values that a construct sets for its functions before the stack's defaults apply (Script.ts:227,242).
OWN_SECONDS = {"sst2.Script": 900}

# Methods that return the construct itself (EventBus.ts:850).
RETURNS_ITSELF = frozenset({("sst2.EventBus", "subscribe")})

APP, STACK = "sst2.App", "sst2.Stack"
SET_DEFAULTS = "setDefaultFunctionProps"  # App.ts:199, Stack.ts:102

# The property of each construct with the defaults of its functions.
DEFAULTS = "2.defaults.function"

SITES = frozenset(
    {"sst2.NextjsSite", "sst2.AstroSite", "sst2.RemixSite", "sst2.SolidStartSite", "sst2.SvelteKitSite"}
)
NEXT = "sst2.NextjsSite"
# Sites whose framework's config decides, by first release: the adapter of Astro; OpenNext 3, whose output has
# `streaming` (packages/sst/src/constructs/NextjsSite.ts v2.43.7:277; it also reads `warm`).
STREAMS_BY_CONFIG = (
    ("sst2.AstroSite", "2.22.11", "astro", scripts("astro.config")),
    (NEXT, "2.43.0", "open-next", ("open-next.config.ts",)),
)
