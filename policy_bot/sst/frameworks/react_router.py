"""React Router: whether the build has a server."""

from __future__ import annotations

from policy_bot.sst.frameworks.astro import STATIC
from policy_bot.sst.frameworks.values import at, settings
from policy_bot.sst.values import AbstractValue, Known


def streams(value: AbstractValue, path: str) -> AbstractValue:
    """True, or STATIC with `ssr: false`: then the build removes `build/server` (@react-router/dev 7.18
    dist/vite.js), the only folder of which SST makes a server (C/aws/react.ts v4.17.0:408). An unknown
    `ssr` counts as true: if there is a server, it streams.
    """
    ssr = at(settings(value), ("ssr",))
    static = isinstance(ssr, Known) and ssr.data is False
    return Known(STATIC if static else True, ssr.origin)
