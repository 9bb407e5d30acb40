"""Durations that SST reads besides a Lambda's own timeout; an invalid one stops the deployment too.

(component, call) -> (first release that reads it, place); places are written as in `lambdas`.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy_bot.sst.catalog.lambdas import CONSTRUCTOR

_ROUTER = tuple(
    ("3.10.3", f"2.{key}") for key in ("readTimeout", "keepAliveTimeout", "connectionTimeout")
)  # C/aws/router.ts

PLACES: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("sst.aws.Router", "route"): _ROUTER,
    ("sst.aws.Function", CONSTRUCTOR): (
        ("4.6.1", "1.url.router.readTimeout"),
        ("4.6.1", "1.url.router.keepAliveTimeout"),
    ),
    ("sst.aws.Queue", CONSTRUCTOR): (("3.0.0", "1.delay"),),
    ("sst.aws.Queue", "subscribe"): (("3.0.0", "1.batch.window"),),
}
