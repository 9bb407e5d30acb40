"""Which constructor argument or method of which component makes a Lambda, and what then applies to it.

A place in a call is written as the position of the argument and a path in it: `1.triggers.*` is every key of
`triggers` in the second argument, `0.notifications[].function` the `function` of every element. The
receiver's own constructor arguments begin with `this`: `this.transform.route.handler`.

Sources: `platform/src/components/aws/*.ts` from 3.0.0 to 4.17.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from policy_bot.sst.record import dataclass, replace

Entry = Literal["", "url", "rest", "http", "websocket"]

CONSTRUCTOR = "new"


@dataclass(frozen=True, slots=True)
class Maker:
    """One way to make a Lambda.

    `call` is a method's name or `CONSTRUCTOR`; `definition` the place of the function's definition, the first
    of several alternatives that is there; `name` the place of what names it; `transform` the place of the
    component's transform of the function. `label` names the Lambda where `name` has nothing (a Cron's
    argument key). `unnamed`: an old form without the leading name exists too. `static`: where the ARN of
    something foreign goes in the static form. `asynchronous`: nobody waits for the result, so Lambda itself
    retries.
    """

    call: str
    via: str
    definition: tuple[str, ...]
    name: str = ""
    transform: str = ""
    entry: Entry = ""
    url: bool = False
    unnamed: bool = False
    static: int | None = None
    asynchronous: bool = False
    internal_streaming: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """What SST does with one type of component.

    `timeout` is what the Lambda gets where nothing is written. `beside`: arguments next to the definition
    where people write `timeout` and nothing reads it.
    """

    makers: tuple[Maker, ...] = ()
    since: str = "3.0.0"
    beside: tuple[str, ...] = ()


DEFAULT_TIMEOUT = "20 seconds"  # C/aws/function.ts, 3.0.0 to 4.17.0
DEFAULT_RUNTIME = (("4.0.4", "nodejs24.x"), ("0.0.0", "nodejs20.x"))
DEFAULT_RETENTION = "1 month"  # logging.retention
WORKFLOW_TIMEOUT = "5 minutes"  # C/aws/workflow.ts: timeout.invocation
RAW_TIMEOUT = 3  # seconds: what AWS gives a raw aws.lambda.Function

_ROUTE = "this.transform.route.handler"
_SUBSCRIBER = "transform.function"

_NAMED = Maker(
    "subscribe", "subscribe", ("1",), name="0", transform=f"2.{_SUBSCRIBER}", unnamed=True, static=1
)  # fmt: skip

COMPONENTS: Mapping[str, Component] = {
    "sst.aws.Function": Component((Maker(CONSTRUCTOR, "component", ("1",), name="0"),)),
    "sst.aws.Workflow": Component((Maker(CONSTRUCTOR, "workflow", ("1",), name="0"),), since="4.7.0"),
    "sst.aws.ApiGatewayV1": Component(
        (
            Maker("route", "route", ("1",), name="0", transform=_ROUTE, entry="rest",
                  internal_streaming=True),
            Maker("addAuthorizer", "authorizer", ("0.tokenFunction", "0.requestFunction"), name="0.name"),
        )
    ),
    "sst.aws.ApiGatewayV2": Component(
        (
            Maker("route", "route", ("1",), name="0", transform=_ROUTE, entry="http"),
            Maker("routePrivate", "private", (), name="0"),
            Maker("addAuthorizer", "authorizer", ("0.lambda.function",), name="0.name"),
        )
    ),
    "sst.aws.ApiGatewayWebSocket": Component(
        (
            Maker("route", "route", ("1",), name="0", transform=_ROUTE, entry="websocket"),
            Maker("addAuthorizer", "authorizer", ("1.lambda.function",), name="0"),
        )
    ),
    "sst.aws.Queue": Component(
        (Maker("subscribe", "subscribe", ("0",), transform=f"1.{_SUBSCRIBER}", static=0),)
    ),
    "sst.aws.Bucket": Component(
        (
            Maker("notify", "notify", ("0.notifications[].function",), name="0.notifications[].name",
                  asynchronous=True),
            Maker("subscribe", "subscribe", ("0",), transform=f"1.{_SUBSCRIBER}", static=0,
                  asynchronous=True),
        )
    ),
    "sst.aws.Bus": Component((replace(_NAMED, asynchronous=True),)),
    "sst.aws.SnsTopic": Component((replace(_NAMED, asynchronous=True),)),
    "sst.aws.Dynamo": Component((_NAMED,)),
    "sst.aws.KinesisStream": Component((_NAMED,)),
    "sst.aws.Realtime": Component(
        (
            Maker(CONSTRUCTOR, "authorizer", ("1.authorizer",)),
            Maker("subscribe", "subscribe", ("0",), transform=f"1.{_SUBSCRIBER}", asynchronous=True),
        )
    ),
    "sst.aws.Cron": Component(
        (Maker(CONSTRUCTOR, "cron", ("1.function", "1.job"), asynchronous=True),), beside=("1.timeout",)
    ),
    "sst.aws.CronV2": Component(
        (Maker(CONSTRUCTOR, "cron", ("1.function", "1.job"), asynchronous=True),),
        since="4.2.0", beside=("1.timeout",),
    ),
    "sst.aws.CognitoUserPool": Component((Maker(CONSTRUCTOR, "trigger", ("1.triggers.*",)),)),
    "sst.aws.AppSync": Component((Maker("addDataSource", "dataSource", ("0.lambda",), name="0.name"),)),
    "sst.aws.Auth": Component((Maker(CONSTRUCTOR, "issuer", ("1.authorizer", "1.issuer"), url=True),)),
    "sst.aws.OpenControl": Component(
        (Maker(CONSTRUCTOR, "server", ("1.server",), url=True),), since="3.9.32"
    ),
    "sst.aws.StepFunctions": Component(
        (Maker("lambdaInvoke", "stepFunction", ("0.function",), name="0.name"),), since="3.14.14"
    ),
}  # fmt: skip

# No Lambdas: SST sets neither a timeout nor streaming for them. Shown, never judged.
WORKERS: Mapping[str, Component] = {
    "sst.cloudflare.Worker": Component((Maker(CONSTRUCTOR, "component", ("1",), name="0"),)),
    "sst.cloudflare.Cron": Component((Maker(CONSTRUCTOR, "cron", ("1.job", "1.worker")),)),
    "sst.cloudflare.Queue": Component((Maker("subscribe", "subscribe", ("0",)),)),
}
NO_TIMEOUT = "a Cloudflare Worker has no timeout of SST's"

# `addTrigger`-like keys of CognitoUserPool.triggers that are not functions (C/aws/cognito-user-pool.ts).
NOT_TRIGGERS = frozenset({"kmsKey", "preTokenGenerationVersion"})

# A Lambda that is made at once by `new`; all others are constructed a tick later, so that a `$transform`
# further down in the same synchronous stretch still reaches them.
IMMEDIATE = frozenset({"sst.aws.Function", "sst.aws.Workflow"})

# Function types whose own arguments hold when they are handed to a route, a subscriber or a cron.
FUNCTIONS = frozenset({"sst.aws.Function", "sst.aws.Workflow"})
