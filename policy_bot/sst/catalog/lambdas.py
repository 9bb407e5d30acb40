"""Lambda sources: the constructor arguments and methods of each component that make a Lambda.

A place in a call is the position of the argument and a path in it: `1.triggers.*` is every key of `triggers`
in the second argument, `0.notifications[].function` the `function` of every element. `this` stands for the
receiver's constructor arguments: `this.transform.route.handler`.

Sources: `platform/src/components/aws/*.ts` from 3.0.0 to 4.17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from policy_bot.record import dataclass, replace

Entry = Literal["", "url", "rest", "http", "websocket"]

CONSTRUCTOR = "new"


@dataclass(frozen=True, slots=True)
class LambdaSource:
    """A Lambda source: one way to make a Lambda.

    `call`: a method or `CONSTRUCTOR`. `definition`: alternative places of the function's definition; the
    first that is set counts. `name`: the place of its name, if not the component's. `transform`: the place of
    the component's transform of the function, read from `transform_since` on. `ignored`: places at which
    people write a timeout that SST does not read, with a description. `unnamed`: there is an older form
    without the leading name. `static`: position of a foreign ARN in the static form. `url`: SST gives it a
    Function URL. `asynchronous`: nobody waits for the result, so Lambda retries. `internal_streaming`: SST
    sets `streaming` itself.

    `inner`: the definition may also be at this key of an object; an object with neither this key nor a
    handler makes no Lambda. `dotted`: a string without a dot refers to something else. `scoped`: a construct
    may precede the arguments as the scope.

    `since` is the first release that reads it, `before` the first that no longer does. Before `split_before`
    SST overwrites `streaming` by `!$dev`.
    """

    call: str
    via: str
    definition: tuple[str, ...]
    name: str = ""
    transform: str = ""
    transform_since: str = "3.0.0"
    ignored: tuple[tuple[str, str], ...] = ()
    entry: Entry = ""
    url: bool = False
    unnamed: bool = False
    static: int | None = None
    asynchronous: bool = False
    internal_streaming: bool = False
    inner: str = ""
    dotted: bool = False
    scoped: bool = False
    since: str = "0.0.0"
    before: str = ""
    split_before: str = ""


DEFAULT_TIMEOUT = "20 seconds"  # C/aws/function.ts, 3.0.0 to 4.17.0
DEFAULT_RUNTIME = (("4.0.4", "nodejs24.x"), ("0.0.0", "nodejs20.x"))
DEFAULT_RETENTION = "1 month"  # logging.retention
DURABLE, DURABLE_SECONDS = "4.4.0", 14 * 86_400  # durable.timeout: 14 days (function.ts:2073)
DEV_ARGUMENT = "3.0.116"  # `dev: false`; its old name, `live: false`, is read from 3.0.0 to 4.17.0 (:1861)
# Places at which people enable streaming and SST does not read it (C/aws/function.ts `normalizeUrl`,
# v4.17.0:1990).
UNREAD_STREAMING = ("url.streaming", "url.invokeMode", "experimental.streaming", "nodejs.streaming")
WORKFLOW_TIMEOUT = "5 minutes"  # C/aws/workflow.ts: timeout.invocation
# https://sst.dev/docs/component/aws/function#memory and #architecture. C/aws/function.ts reads `memory ??
# "1024 MB"` by C/size.ts, and treats everything but "arm64" as "x86_64".
DEFAULT_MEMORY = 1024  # MB
ARCHITECTURES = ("x86_64", "arm64")
RAW_MEMORY = 128  # MB, of a raw aws.lambda.Function
RAW_TIMEOUT = 3  # seconds: AWS's default for a raw aws.lambda.Function

_API_ROUTE = LambdaSource(
    "route",
    "route",
    ("1",),
    name="0",
    transform="this.transform.route.handler",
    ignored=(("2.timeout", "timeout in the third argument of route()"),),
)


def _unread_timeouts(position: int) -> tuple[tuple[str, str], ...]:
    """The places of a subscriber's timeout that SST does not read, in the argument after its definition."""
    return (
        (f"{position}.transform.function.timeout", "transform.function"),
        (f"{position}.transform.subscriber.timeout", "transform.subscriber"),
        (f"{position}.timeout", "timeout next to the subscriber"),
    )


# A subscriber, also in the form of constructs that take a name first. Only Queue reads `transform.function`
# (C/aws/queue-lambda-subscriber.ts, since 3.18.0); the others ignore it.
_UNNAMED = LambdaSource("subscribe", "subscribe", ("0",), static=0, ignored=_unread_timeouts(1))
_NAMED = LambdaSource(
    "subscribe", "subscribe", ("1",), name="0", unnamed=True, static=1, ignored=_unread_timeouts(2)
)
_CRON = LambdaSource(
    CONSTRUCTOR,
    "cron",
    ("1.function", "1.job"),
    asynchronous=True,
    ignored=(("1.timeout", "timeout next to the function"),),
)
_AUTHENTICATOR = LambdaSource(CONSTRUCTOR, "issuer", ("1.authenticator",), url=True)

COMPONENTS: Mapping[str, tuple[LambdaSource, ...]] = {
    "sst.aws.Function": (
        LambdaSource(CONSTRUCTOR, "component", ("1",), name="0"),
        LambdaSource("fromDefinition", "definition", ("1",), name="0", transform="3"),
    ),
    "sst.aws.Workflow": (LambdaSource(CONSTRUCTOR, "workflow", ("1",), name="0"),),
    "aws.lambda.Function": (LambdaSource(CONSTRUCTOR, "raw", ("1",), name="0"),),
    "sst.aws.ApiGatewayV1": (
        replace(_API_ROUTE, entry="rest", internal_streaming=True),
        LambdaSource("addAuthorizer", "authorizer", ("0.tokenFunction", "0.requestFunction"), name="0.name"),
    ),
    "sst.aws.ApiGatewayV2": (
        replace(_API_ROUTE, entry="http"),
        LambdaSource("addAuthorizer", "authorizer", ("0.lambda.function",), name="0.name"),
    ),
    "sst.aws.ApiGatewayWebSocket": (
        replace(_API_ROUTE, entry="websocket"),
        LambdaSource("addAuthorizer", "authorizer", ("1.lambda.function",), name="0"),
    ),
    "sst.aws.Queue": (
        replace(
            _UNNAMED, transform="1.transform.function", transform_since="3.18.0", ignored=_UNNAMED.ignored[1:]
        ),
    ),
    "sst.aws.Bucket": (
        LambdaSource(
            "notify",
            "notify",
            ("0.notifications[].function",),
            name="0.notifications[].name",
            asynchronous=True,
        ),
        replace(_UNNAMED, asynchronous=True),
    ),
    "sst.aws.Bus": (replace(_NAMED, asynchronous=True),),
    "sst.aws.SnsTopic": (replace(_NAMED, asynchronous=True),),
    "sst.aws.Dynamo": (_NAMED,),
    "sst.aws.KinesisStream": (_NAMED,),
    "sst.aws.Realtime": (
        LambdaSource(CONSTRUCTOR, "authorizer", ("1.authorizer",)),
        replace(_UNNAMED, asynchronous=True, static=None),
    ),
    "sst.aws.Cron": (_CRON,),
    "sst.aws.CronV2": (_CRON,),
    "sst.aws.CognitoUserPool": (LambdaSource(CONSTRUCTOR, "trigger", ("1.triggers.*",)),),
    "sst.aws.AppSync": (LambdaSource("addDataSource", "dataSource", ("0.lambda",), name="0.name"),),
    # C/aws/auth.ts: `authenticator` until v3.3.59 (:31), with `streaming: !$dev` until 3.0.42 (:35);
    # `authorizer` from v3.3.60 (:174), `issuer` after it from v3.5.1 (:204)
    "sst.aws.Auth": (
        replace(_AUTHENTICATOR, before="3.3.60", split_before="3.0.43"),
        LambdaSource(CONSTRUCTOR, "issuer", ("1.authorizer",), url=True, since="3.3.60", before="3.5.1"),
        LambdaSource(CONSTRUCTOR, "issuer", ("1.authorizer", "1.issuer"), url=True, since="3.5.1"),
    ),
    "sst.aws.Auth.v1": (_AUTHENTICATOR,),  # v3.3.60:119; C/aws/auth-v1.ts:31
    "sst.aws.OpenControl": (LambdaSource(CONSTRUCTOR, "server", ("1.server",), url=True),),
    "sst.aws.StepFunctions": (LambdaSource("lambdaInvoke", "stepFunction", ("0.function",), name="0.name"),),
}

# Not Lambdas: SST sets neither timeout nor streaming for them. Shown, never judged.
WORKERS: Mapping[str, tuple[LambdaSource, ...]] = {
    "sst.cloudflare.Worker": (LambdaSource(CONSTRUCTOR, "component", ("1",), name="0"),),
    "sst.cloudflare.Cron": (LambdaSource(CONSTRUCTOR, "cron", ("1.job", "1.worker")),),
    "sst.cloudflare.Queue": (LambdaSource("subscribe", "subscribe", ("0",)),),
}

# Static methods that make no Lambda and have no arguments object, so the argument types lack them:
# C/aws/queue.ts:674 (from 3.0.0 on), and those that every component inherits from Pulumi's Resource.
PLAIN_METHODS = frozenset({"createPolicy", "isInstance"})

# Keys of CognitoUserPool.triggers, as of `addTrigger`, that are not functions (C/aws/cognito-user-pool.ts).
NOT_TRIGGERS = frozenset({"kmsKey", "preTokenGenerationVersion"})

# Lambdas made at once by `new`; all others are constructed one tick later, so that a `$transform` further
# down in the same tick still reaches them.
IMMEDIATE = frozenset({"sst.aws.Function", "sst.aws.Workflow"})
