"""SST v2, as far as streaming and timeouts go: which construct makes a Lambda from which property.

Constructs take (scope, id, props); places are written as in `lambdas`. Source: `packages/sst/src/constructs`
at v2.44.0.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy_bot.sst.catalog.lambdas import CONSTRUCTOR, Entry, Maker

PREFIX = "sst2."  # how the interpreter names what comes from "sst/constructs"

DEFAULT_SECONDS = 10  # Function.ts: `timeout || 10`
SITE_SECONDS = 10  # SsrSite.ts
SITE_LIMIT = 180  # SsrSite.ts; 30 with edge
SITE_OVER_LIMIT = 'In the "{name}" construct, timeout must be less than or equal to {limit} seconds.'
DEFAULT_RUNTIME = "nodejs18.x"

NEXT_STREAMING = ("2.28.0", "2.42.999")  # experimental.streaming of NextjsSite
URL_STREAMING = "2.36.5"  # Function's url.streaming


def _maker(
    via: str, place: str, name: str = "", entry: Entry = "", asynchronous: bool = False
) -> tuple[Maker]:
    return (Maker(CONSTRUCTOR, via, (place,), name=name, entry=entry, asynchronous=asynchronous),)


CONSTRUCTS: Mapping[str, tuple[Maker, ...]] = {
    "sst2.Function": _maker("component", "2", name="1"),
    "sst2.Api": _maker("route", "2.routes.*", entry="http"),
    "sst2.ApiGatewayV1Api": _maker("route", "2.routes.*", entry="rest"),
    "sst2.WebSocketApi": _maker("route", "2.routes.*", entry="websocket"),
    "sst2.AppSyncApi": _maker("dataSource", "2.dataSources.*"),
    "sst2.Queue": _maker("subscribe", "2.consumer"),
    "sst2.Topic": _maker("subscribe", "2.subscribers.*", asynchronous=True),
    "sst2.Bucket": _maker("notify", "2.notifications.*", asynchronous=True),
    "sst2.Table": _maker("subscribe", "2.consumers.*"),
    "sst2.KinesisStream": _maker("subscribe", "2.consumers.*"),
    "sst2.Cron": _maker("cron", "2.job", asynchronous=True),
    "sst2.Cognito": _maker("trigger", "2.triggers.*"),
    "sst2.Auth": _maker("authorizer", "2.authenticator"),
    "sst2.Script": _maker("trigger", "2.onCreate"),
}

# Where each construct keeps what its functions have in common.
DEFAULTS = "2.defaults.function"

SITES = frozenset(
    {"sst2.NextjsSite", "sst2.AstroSite", "sst2.RemixSite", "sst2.SolidStartSite", "sst2.SvelteKitSite"}
)
ASTRO = "sst2.AstroSite"
ASTRO_CONFIGS = tuple(f"astro.config.{ending}" for ending in ("ts", "mts", "mjs", "js", "cjs"))
ASTRO_STREAMING = "2.22.11"
