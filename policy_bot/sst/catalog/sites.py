"""What SST does with the server of a site: its timeout, whether it streams, and the Lambdas it brings along;
and what other components bring along.

Sources:
`platform/src/components/aws/{nextjs,astro,react,remix,solid-start,tan-stack-start,nuxt,svelte-kit,analog}.ts`,
`ssr-site.ts`, from 3.0.0 to 4.17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from policy_bot.sst.record import dataclass

Framework = Literal["always", "never", "open-next", "astro", "nitro", "nitro-preset"]


@dataclass(frozen=True, slots=True)
class Side:
    """A Lambda that a component brings along: `transform` is its key in the component's `transform`.
    `immediate`: made by `new` at once, so that only transforms registered before reach it.
    """

    name: str
    seconds: int
    transform: str = ""
    url: bool = False
    immediate: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """One site component.

    `streams` says who decides from which release on, newest first; before the last one nobody does. `configs`
    are the framework's config files, the first that exists; `since` the first release that has the component.
    """

    streams: tuple[tuple[str, Framework], ...]
    configs: tuple[str, ...] = ()
    since: str = "3.0.0"
    sides: tuple[Side, ...] = ()


def _scripts(stem: str) -> tuple[str, ...]:
    return tuple(f"{stem}.{ending}" for ending in ("ts", "mts", "mjs", "js", "cjs"))


# From this release on a site's `server.timeout` sets the Lambda and CloudFront's read timeout.
SERVER_TIMEOUT = "3.10.7"
# Where it refuses over 60 seconds (until 3.19.1 then over the account's quota, which cannot be seen here).
SERVER_TIMEOUT_60 = ("3.10.7", "3.14.16")

WARMER_SECONDS = 900
SERVER_TRANSFORM = "transform.server"

_NEXT_SIDES = (
    Side("imageOptimizer", 25, "imageOptimizer", url=True),
    Side("revalidationEventsSubscriber", 30, "revalidationEventsSubscriber"),
    Side("revalidationSeeder", 900, "revalidationSeeder"),
)

SITES: Mapping[str, Site] = {
    "sst.aws.Nextjs": Site((("3.0.0", "open-next"),), ("open-next.config.ts",), sides=_NEXT_SIDES),
    "sst.aws.Astro": Site((("3.0.0", "astro"),), _scripts("astro.config")),
    "sst.aws.React": Site((("3.0.0", "always"),)),
    "sst.aws.Remix": Site((("3.0.0", "always"),)),
    # C/aws/solid-start.ts: the streaming preset is demanded (3.0.0:406,465), then compared (v3.0.60:466)
    "sst.aws.SolidStart": Site(
        (("3.4.18", "nitro"), ("3.0.60", "nitro-preset"), ("3.0.0", "always")), _scripts("app.config")
    ),
    "sst.aws.TanStackStart": Site(
        (("3.10.0", "nitro"),), _scripts("vite.config") + _scripts("app.config"), since="3.10.0"
    ),
    # C/aws/tanstack-start.ts: the preset (v3.0.95:470), a key that Nitro does not write (v3.4.18:459), then
    # Nitro's own (v3.4.33)
    "sst.aws.TanstackStart": Site(
        (("3.4.33", "nitro"), ("3.4.18", "never"), ("3.0.95", "nitro-preset")),
        _scripts("app.config"),
        since="3.0.95",
    ),
    "sst.aws.Nuxt": Site((("4.1.8", "nitro"), ("3.0.0", "never")), _scripts("nuxt.config")),
    "sst.aws.SvelteKit": Site((("3.0.0", "never"),)),
    "sst.aws.Analog": Site((("3.0.0", "never"),), _scripts("vite.config")),
}

SPLIT_DROPPED = "3.10.0"
"""From this release on SST deploys only `origins.default` of OpenNext's output (C/aws/nextjs.ts, v3.10.0:555;
v3.9.20:883 deployed every function), and no edge function (it warns).
"""

# Keys of a site's `transform` that SST reads; any other is dropped without a word.
TRANSFORMS = frozenset(
    {
        "assets", "cdn", "server", "imageOptimizer", "revalidationSeeder", "revalidationEventsSubscriber",
        "bucketPolicy", "invalidation",
    }
)  # fmt: skip

# C/aws/vector.ts (v4.17.0:151-193, 3.0.0:131-171): nothing is said of their timeout. `Vector.get` (:262)
# shares the database alone, its Lambdas are made anew.
BROUGHT: Mapping[str, tuple[Side, ...]] = {
    "sst.aws.Vector": tuple(Side(name, 20, immediate=True) for name in ("Query", "Put", "Remove")),
}

# The signer of `protection: "oac-with-edge-signing"`, a raw Lambda@Edge of its own unless an ARN is given:
# C/aws/ssr-site.ts (v3.17.36:1269-1285), C/aws/router.ts (4.1.0:2262; not with inline routes, v4.17.0:1417).
SIGNER = "EdgeFunction"
SIGNER_MODE = "oac-with-edge-signing"
SIGNER_SECONDS = 5
SITE_SIGNER_SINCE = "3.17.36"
ROUTER, ROUTER_SIGNER_SINCE = "sst.aws.Router", "4.1.0"
