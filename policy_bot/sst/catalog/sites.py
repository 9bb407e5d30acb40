"""How SST treats the server of a site: its timeout, streaming, and auxiliary functions; and the auxiliary
functions of other components.

Sources:
`platform/src/components/aws/{nextjs,astro,react,remix,solid-start,tan-stack-start,nuxt,svelte-kit,analog}.ts`,
`ssr-site.ts`, from 3.0.0 to 4.17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from policy_bot.record import dataclass
from policy_bot.sst.ranges import at_least

Framework = Literal["always", "never", "open-next", "astro", "nitro", "nitro-preset", "react-router"]


@dataclass(frozen=True, slots=True)
class AuxiliaryFunction:
    """An auxiliary function: a Lambda of SST's own code. `transforms` are the keys of the component's
    `transform` that reach it, each with the first release that reads it and the first that no longer does
    ("" for none). `immediate`: made at once by `new`, so only transforms registered earlier reach it.
    """

    name: str
    seconds: int
    transforms: tuple[tuple[str, str, str], ...] = ()
    url: bool = False
    immediate: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """A site component.

    `streams`: what decides about streaming from which release on, newest first; before the last one, no site
    streams. `configs`: the framework's config files, of which the first that exists is read; `fallbacks` are
    read if those decide nothing. `since`: the first release with the component. `presets`: Nitro presets that
    SST accepts, by first release, newest first; it refuses any other. Before `edge_before`, a server with
    `edge: true` runs at CloudFront's edge, which does not stream.
    """

    streams: tuple[tuple[str, Framework], ...]
    configs: tuple[str, ...] = ()
    since: str = "3.0.0"
    auxiliaries: tuple[AuxiliaryFunction, ...] = ()
    fallbacks: tuple[str, ...] = ()
    presets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    edge_before: str = "0.0.0"


def scripts(stem: str) -> tuple[str, ...]:
    """The names that a framework's config may have."""
    return tuple(f"{stem}.{ending}" for ending in ("ts", "mts", "mjs", "js", "cjs"))


# From this release on a site's `server.timeout` sets the Lambda and CloudFront's read timeout.
SERVER_TIMEOUT = "3.10.7"
# It refuses over 60 seconds in these releases; after that, until 3.19.1, over the account's quota, which is
# unknown here.
SERVER_TIMEOUT_60 = ("3.10.7", "3.14.16")

WARMER_SECONDS = 900
SERVER_TRANSFORM = "transform.server"

# C/aws/ssr-site.ts: `transform.imageOptimization` from 3.0.0 to v3.9.44 (:782), no transform at all from
# v3.10.0 to v3.17.x, `transform.imageOptimizer` from v3.18.0 (:1547 at v3.19.3). C/aws/nextjs.ts: the
# revalidation functions have a transform from v3.18.0 on.
IMAGES = "imageOptimizer"
_IMAGES = (("imageOptimization", "3.0.0", "3.10.0"), ("imageOptimizer", "3.18.0", ""))
_NEXT_LAMBDAS = (
    AuxiliaryFunction(IMAGES, 25, _IMAGES, url=True),
    AuxiliaryFunction("revalidationEventsSubscriber", 30, (("revalidationEventsSubscriber", "3.18.0", ""),)),
    AuxiliaryFunction("revalidationSeeder", 900, (("revalidationSeeder", "3.18.0", ""),)),
)

_LAMBDA, _STREAMING = "aws-lambda", "aws-lambda-streaming"

SITES: Mapping[str, Site] = {
    "sst.aws.Nextjs": Site((("3.0.0", "open-next"),), ("open-next.config.ts",), auxiliaries=_NEXT_LAMBDAS),
    "sst.aws.Astro": Site((("3.0.0", "astro"),), scripts("astro.config")),
    # C/aws/react.ts v3.9.0:636, C/aws/remix.ts v3.9.0:681
    "sst.aws.React": Site((("3.0.0", "react-router"),), scripts("react-router.config"), edge_before="3.9.20"),
    "sst.aws.Remix": Site((("3.0.0", "always"),), edge_before="3.10.0"),
    # C/aws/solid-start.ts: requires the streaming preset (3.0.0:406,465), then tests for it (v3.0.60:466)
    "sst.aws.SolidStart": Site(
        (("3.4.18", "nitro"), ("3.0.60", "nitro-preset"), ("3.0.0", "always")),
        scripts("app.config"),
        # v4.17.0:413, v3.4.18, v3.0.60:466, 3.0.0:406
        presets=(("3.4.18", (_LAMBDA,)), ("3.0.60", (_STREAMING, _LAMBDA)), ("3.0.0", (_STREAMING,))),
    ),
    "sst.aws.TanStackStart": Site(
        (("3.10.0", "nitro"),),
        scripts("vite.config") + scripts("app.config"),
        since="3.10.0",
        fallbacks=scripts("nitro.config"),  # examples/aws-tanstack-start-vite at v3.17.8
        presets=(("3.10.0", (_LAMBDA,)),),  # v3.10.0 to v4.17.0:368
    ),
    # C/aws/tanstack-start.ts: the preset (v3.0.95:470), a key that Nitro does not write (v3.4.18:459), then
    # Nitro's setting (v3.4.33)
    "sst.aws.TanstackStart": Site(
        (("3.4.33", "nitro"), ("3.4.18", "never"), ("3.0.95", "nitro-preset")),
        scripts("app.config"),
        since="3.0.95",
        presets=(("3.4.18", (_LAMBDA,)), ("3.0.95", (_STREAMING, _LAMBDA))),  # v3.1.40:398, v3.4.33:387
    ),
    "sst.aws.Nuxt": Site((("4.1.8", "nitro"), ("3.0.0", "never")), scripts("nuxt.config")),
    "sst.aws.SvelteKit": Site((("3.0.0", "never"),)),
    "sst.aws.Analog": Site(
        (("3.0.0", "never"),),
        scripts("vite.config"),
        presets=(("3.1.32", (_LAMBDA,)),),  # v3.1.32:400, v4.17.0:421
    ),
}

_SWITCHES: Mapping[str, str] = {
    "sst.aws.Astro": 'Set responseMode to "stream" in the options of the adapter in astro.config.',
    "sst.aws.Nuxt": "Set nitro.awsLambda.streaming to true in nuxt.config.",
    "sst.aws.SolidStart": "Set server.awsLambda.streaming to true in app.config.",
    "sst.aws.TanStackStart": "Set awsLambda.streaming to true in Nitro's options (nitro.config, or nitro() in"
    " vite.config).",
    "sst.aws.TanstackStart": "Set server.awsLambda.streaming to true in app.config.",
}
"""The setting that makes each framework stream, without backticks, which messages keep for code."""


def streaming_switch(component: str, release: str) -> str:
    """How to make a site stream with a release: by its framework's config, by an upgrade, or not at all."""
    site = SITES.get(component)
    rows = site.streams if site is not None else ()
    now = next((kind for since, kind in rows if at_least(release, since)), "never")
    later = next((since for since, kind in rows if kind != "never" and not at_least(release, since)), "")
    switch = _SWITCHES.get(component, "")
    if now == "nitro-preset":
        return f'Set the preset to "{_STREAMING}".'
    if now != "never":
        return switch
    if later:
        return f"SST {later} and later can stream it: upgrade. {switch}"
    return "No setting changes that: serve it from a function that streams, or by another component."


# Keys of `transform` that every site reads in every release; any other is ignored silently.
# C/aws/ssr-site.ts: 3.0.0, v3.9.44:371-382, v4.17.0:763-779.
TRANSFORMS = frozenset({"assets", "cdn", "server"})

# From this release on only `origins.default` of OpenNext's output is deployed of its servers, and
# `edgeFunctions` stops the deployment (C/aws/nextjs.ts v3.10.0, v4.17.0:623,634). Source of the output:
# opennextjs/opennextjs-aws packages/open-next/src/build/generateOutput.ts:165-190,254-280.
NEXT, SPLIT_DROPPED = "sst.aws.Nextjs", "3.10.0"

# Before 3.10.0 `transform.cdn` may change the default of the distribution's origin, which is the one that
# serves (C/aws/ssr-site.ts v3.6.10:752,1095). From 3.10.0 on it is a placeholder, and each request gets
# CloudFront's wait from its key-value store (v4.17.0:996,1851-1856).
CDN_TRANSFORM_BEFORE = "3.10.0"

# C/aws/vector.ts (v4.17.0:151-193, 3.0.0:131-171): no timeout is set. `Vector.get` (:262) shares only the
# database; its Lambdas are created anew.
AUXILIARIES: Mapping[str, tuple[AuxiliaryFunction, ...]] = {
    "sst.aws.Vector": tuple(
        AuxiliaryFunction(name, 20, immediate=True) for name in ("Query", "Put", "Remove")
    ),
}

# The signer of `protection: "oac-with-edge-signing"`, a raw Lambda@Edge unless an ARN is given:
# C/aws/ssr-site.ts (v3.17.36:1269-1285), C/aws/router.ts (4.1.0:2262; not with inline routes, v4.17.0:1417).
SIGNER = "EdgeFunction"
SIGNER_MODE = "oac-with-edge-signing"
SIGNER_SECONDS = 5
SITE_SIGNER_SINCE = "3.17.36"
ROUTER, ROUTER_SIGNER_SINCE = "sst.aws.Router", "4.1.0"
