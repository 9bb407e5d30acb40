"""Combinations of arguments that SST's components refuse, by release.

Paths are relative to the constructor's arguments object. Messages are SST's own, with `{name}` for the
component's name and `{type}` for its type. "First release" is the lowest tag whose source has the message;
files are those of `platform/src/components/aws` at v4.17.0 if no tag is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from policy_bot.record import dataclass
from policy_bot.sst.catalog.sites import SITES


@dataclass(frozen=True, slots=True)
class Combination:
    """A combination that SST refuses: `together` are all set, `off` are `false`, `without` are not set, and
    those in `only` have these values. A value that is falsy (unless `falsy`) or in `unless` counts as not
    set.

    `where` restricts it to a component that is "deployed" (a site has a stub in `sst dev`), or to "dev".
    """

    together: tuple[str, ...]
    message: str
    remedy: str
    since: str
    without: tuple[str, ...] = ()
    before: str = ""
    unless: tuple[object, ...] = ()
    off: tuple[str, ...] = ()
    only: tuple[tuple[str, object], ...] = ()
    falsy: bool = False
    where: Literal["", "deployed", "dev"] = ""


_ON_ROUTER = 'Use the "{key}" prop on the "Router" component when serving your site through a Router.'


def _with_router(key: str) -> tuple[Combination, ...]:
    """C/aws/ssr-site.ts:1258-1267, static-site.ts: the argument was first called `route`, then `router`."""
    message = f'Cannot provide both "{key}" and "route". ' + _ON_ROUTER.format(key=key)
    remedy = f'Move "{key}" to the Router.'
    return tuple(
        Combination((router, key), message, remedy, since)
        for router, since in (("route", "3.12.5"), ("router", "3.13.12"))
    )


def _removed(key: str, text: str, remedy: str) -> Combination:
    """An argument that is refused with any value."""
    return Combination((key,), text, remedy, "3.12.5", falsy=True)


_CERT_REMEDY = 'Set "domain.cert" to the ARN of a validated certificate, or remove `dns: false`.'
# cdn.ts:343, 3.0.0 too; the components of `_WITH_CDN` pass their `domain` on
_CERT = Combination(
    ("domain",),
    'Need to provide a validated certificate via "cert" when DNS is disabled',
    _CERT_REMEDY,
    "3.0.0",
    without=("domain.cert",),
    off=("domain.dns",),
    where="deployed",
)
_CDN = _removed(
    "cdn",
    '"cdn" prop is deprecated. Use the "route.router" prop instead to use an existing "Router" component to '
    "serve your site.",
    'Remove "cdn"; "router" serves the site through a Router.',
)  # ssr-site.ts:1178, static-site.ts:824
_SITE = (*_with_router("domain"), *_with_router("edge"), _CDN, _CERT)
# C/aws/ssr-site.ts:1268; accepted from 3.17.36 (`protection`) to 4.0, where every request returned 403.
_PROTECTED = Combination(
    ("router", "protection"),
    'Cannot set "protection" when routing through a Router. '
    'Set "protection" on the Router component instead.',
    'Move "protection" to the Router.',
    "4.1.0",
)
ROUTED_PROTECTION = ("3.17.36", "4.1.0")
_CRON = (
    Combination(
        ("job", "function"),
        'You cannot provide both "job" and "function" in the "{name}" {type} component. '
        'The "job" property has been deprecated. Use "function" instead.',
        'Remove "job".',
        "3.4.25",
    ),
    *(
        Combination(
            (key, "task"),
            'You cannot provide both a function and a task in the "{name}" {type} component.',
            "Write two components, one for each.",
            "3.4.25",
        )
        for key in ("function", "job")
    ),
)  # cron.ts:261-274, cron-v2.ts:326-338

_SUBNETS = Combination(
    ("vpc.subnets",),
    'The "vpc.subnets" property has been renamed to "vpc.privateSubnets". '
    'Update your code to use "vpc.privateSubnets" instead.',
    "",
    "3.0.0",
)  # function.ts:2060, at 3.0.0 too; a site passes its `vpc` on (ssr-site.ts:1483, 3.0.0:611)

_EDGE = Combination(
    ("server.edge",),
    'The "server.edge" prop is deprecated. Use the "edge" prop on the top level instead.',
    'Move "server.edge" to "edge".',
    "3.12.5",
)  # ssr-site.ts:1280


def _api_domain(since: str) -> tuple[Combination, ...]:
    """apigatewayv1.ts:1349-1360, apigatewayv2.ts:750-761, apigateway-websocket.ts:464-475."""
    return (
        Combination(
            ("domain.name", "domain.nameId"),
            'Cannot configure both domain "name" and "nameId" for the "{name}" API.',
            "Remove one of the two.",
            since,
        ),
        Combination(
            ("domain",),
            'Either domain "name" or "nameId" is required for the "{name}" API.',
            "",
            since,
            without=("domain.name", "domain.nameId"),
        ),
        Combination(
            ("domain",),
            'Domain "cert" is required when "dns" is disabled for the "{name}" API.',
            _CERT_REMEDY,
            since,
            without=("domain.cert",),
            off=("domain.dns",),
        ),
    )


def _own_database(name: str, since: str) -> Combination:
    """aurora.ts:837, mysql.ts:600, postgres.ts:629."""
    return Combination(
        ("dev",),
        f"You must provide the password to connect to your locally running {name} either by setting the "
        '"dev.password" or by setting the top-level "password" property.',
        'Set "dev.password".',
        since,
        without=("dev.password", "password"),
        where="dev",
    )


def _containers(what: str) -> tuple[Combination, ...]:
    """fargate.ts:852-870, service-v1.ts and earlier."""
    keys = ("image", "logging", "environment", "environmentFiles", "volumes", "ssm")
    return tuple(
        Combination(
            ("containers", key),
            f'You cannot provide both "containers" and "image", "logging", "environment", {what}',
            f'Move "{key}" into "containers".',
            "3.8.6",
        )
        for key in keys
    )


COMBINATIONS: Mapping[str, tuple[Combination, ...]] = {
    **dict.fromkeys(SITES, (*_SITE, _EDGE, _PROTECTED, _SUBNETS)),
    "sst.aws.StaticSite": (
        *_SITE,
        _removed(
            "base",
            '"base" prop is deprecated. Use the "route.path" prop instead to set the base path of the site.',
            'Remove "base"; "router.path" sets the path at which a Router serves the site.',
        ),  # static-site.ts:819
    ),
    "sst.aws.Cdn": (_CERT,),
    "sst.aws.ApiGatewayV1": (
        *_api_domain("3.4.5"),
        Combination(
            ("endpoint",),
            "Please provide the VPC endpoint IDs for the private endpoint.",
            'Set "endpoint.vpcEndpointIds".',
            "3.0.0",
            without=("endpoint.vpcEndpointIds",),
            only=(("endpoint.type", "private"),),
        ),  # apigatewayv1.ts:812
    ),
    "sst.aws.ApiGatewayV2": _api_domain("3.1.57"),
    "sst.aws.ApiGatewayWebSocket": _api_domain("3.1.57"),
    "sst.aws.Aurora": (
        _own_database("database", "3.4.47"),
        Combination(
            ("scaling.min", "scaling.pauseAfter"),
            'Cannot configure "pauseAfter" when the minimum ACU is not 0 for the "{name}" Aurora database.',
            'Set "scaling.min" to "0 ACU", or remove "pauseAfter".',
            "3.4.47",
            unless=("0 ACU",),
        ),  # aurora.ts:794
    ),
    "sst.aws.Cluster": (
        Combination(
            ("vpc.serviceSubnets", "vpc.containerSubnets"),
            'You cannot provide both "vpc.containerSubnets" and "vpc.serviceSubnets" in the "{name}" Cluster '
            'component. The "serviceSubnets" property has been deprecated. Use "containerSubnets" instead.',
            'Remove "serviceSubnets".',
            "3.4.25",
        ),  # cluster.ts:281
        Combination(
            ("vpc",),
            'Missing "vpc.containerSubnets" for the "{name}" Cluster component.',
            "",
            "3.4.25",
            without=("vpc.containerSubnets", "vpc.serviceSubnets"),
        ),  # cluster.ts:285
        *(
            Combination(
                (f"vpc.{given}",),
                'You must provide both "vpc.cloudmapNamespaceId" and "vpc.cloudmapNamespaceName" for the '
                '"{name}" Cluster component.',
                f'Set "vpc.{other}" too.',
                "3.11.19",
                without=(f"vpc.{other}",),
            )
            for given, other in (
                ("cloudmapNamespaceId", "cloudmapNamespaceName"),
                ("cloudmapNamespaceName", "cloudmapNamespaceId"),
            )
        ),  # cluster.ts:293
    ),
    "sst.aws.Mysql": (_own_database("MySQL database", "3.13.18"),),
    "sst.aws.Postgres": (_own_database("Postgres database", "3.3.28"),),
    "sst.aws.CognitoUserPool": (
        Combination(
            ("aliases", "usernames"),
            "You cannot set both aliases and usernames.",
            "Remove one of the two.",
            "3.0.0",
        ),  # cognito-user-pool.ts:629
        *(
            Combination(
                (f"triggers.{key}",),
                "You must provide a KMS key via `kmsKey` when configuring `customEmailSender` or "
                "`customSmsSender`.",
                'Set "triggers.kmsKey".',
                "3.0.0",
                without=("triggers.kmsKey",),
            )
            for key in ("customEmailSender", "customSmsSender")
        ),  # cognito-user-pool.ts:640
    ),
    "sst.aws.Dsql": (
        Combination(
            ("regions", "vpc"),
            'Cannot use "vpc" with multi-region "regions". '
            "VPC endpoints are only supported for single-region clusters.",
            "Remove one of the two.",
            "4.3.5",
        ),  # dsql.ts:319
    ),
    "sst.aws.Service": _containers('"environmentFiles", "volumes", "health" or "ssm".'),
    "sst.aws.Task": (
        *_containers('"environmentFiles", "volumes" or "ssm".'),
        Combination(
            ("public", "publicIp"),
            'Do not set both "public" and "publicIp" for the "{name}" Task. '
            '"publicIp" has been deprecated, use "public" instead.',
            'Remove "publicIp".',
            "4.3.7",
            falsy=True,
        ),  # task.ts:310
    ),
    "sst.aws.Vpc": (
        Combination(
            ("nat.ec2", "nat.type"),
            'The "nat.type" cannot be "managed" when "nat.ec2" is specified.',
            'Remove "nat.ec2", or set "nat.type" to "ec2".',
            "3.18.5",
            only=(("nat.type", "managed"),),
        ),  # vpc.ts:862
        Combination(
            ("nat",),
            'Missing "nat.type" for the "{name}" VPC. It is required when "nat.ec2" is not specified.',
            'Set "nat.type" to "ec2" or "managed".',
            "3.11.18",
            without=("nat.type", "nat.ec2"),
        ),  # vpc.ts:867
    ),
    "sst.aws.Cron": _CRON,
    "sst.aws.CronV2": _CRON,
    "sst.aws.Router": (
        _CERT,
        Combination(
            ("routes", "protection"),
            'Cannot set "protection" on a Router with inline routes. Use lazy routes instead.',
            'Move the routes to router.route(), whose path is a prefix ("/", not "/*").',
            "4.1.0",
            unless=("none",),
        ),  # router.ts:1404
    ),
    "sst.aws.Function": (
        Combination(
            ("logging.retention", "logging.logGroup"),
            'Cannot set both "logging.retention" and "logging.logGroup"',
            "Remove one of the two.",
            "3.0.102",
        ),  # function.ts:1943
        Combination(
            ("concurrency.provisioned",),
            "Provisioned concurrency requires function versioning. "
            'Set "versioning: true" to enable function versioning.',
            "",
            "3.1.27",
            without=("versioning",),
            unless=(0,),
        ),  # function.ts:2905
        Combination(
            ("durable", "logging.format"),
            'Durable functions require "logging.format" to be set to "json"',
            "",
            "4.4.0",
            unless=("json",),
        ),  # function.ts:1948
        _SUBNETS,
    ),
}
