"""The facts of every kind of subject that a policy's expression may name, with types and
meaning.

Facts are total: every subject of a kind has every field, with "" / 0 / false if the source says nothing,
so that an expression never meets an absent field. Times are seconds; -1 stands for "does not apply".
"""

from __future__ import annotations

from typing import Literal, NamedTuple

FactType = Literal["string", "int", "bool", "list", "args"]
"""`list`: of strings. `args`: an object of any depth, asked by paths such as `args.server.timeout`."""


class Shape(NamedTuple):
    """A field of a subject: its type, and what it says (one sentence, shown in the authors' guide)."""

    type: FactType
    doc: str


SHAPES: dict[str, dict[str, Shape]] = {
    "config": {
        "streaming_at_root": Shape("bool", "`streaming` is a key of the `$config` root."),
        "streaming_at_root_value": Shape(
            "bool", "The value of the root's `streaming`; false if there is none."
        ),
        "streaming_in_app": Shape("bool", "`streaming` is a key of what `app()` returns."),
        "root_keys": Shape("list", "Keys of the `$config` root."),
        "app_keys": Shape("list", "Keys of what `app()` returns."),
        "later_app_keys": Shape(
            "list", "Those of `unread_app_keys` that a later SST release reads, each with that release."
        ),
        "unread_app_keys": Shape("list", "Keys of what `app()` returns that SST drops, without `streaming`."),
        "import_in_app": Shape("bool", "`app()` uses `import()`."),
        "uninjected_files": Shape(
            "list",
            "Imported files that use SST's globals but do not get them: `.sst` in the path, `.mts`, `.cts`.",
        ),
        "dependency_major": Shape(
            "int", "Major version of `sst` by lockfile or package.json; 0 if neither does."
        ),
        "version_required": Shape("string", '`app().version`; "" if not set.'),
        "version_admitted": Shape(
            "bool", "The installed version satisfies `app().version`; true if either is missing."
        ),
        "removal": Shape("string", '`app().removal`; "retain" if not set.'),
        "protect": Shape("bool", "`app().protect`; false if not set."),
        "streams": Shape("bool", "At least one function or site of the project streams."),
        "early_global": Shape("bool", "`$dev`, `$app` or `$cli` is read before it is defined."),
        "crashes": Shape(
            "bool", "SST stops while it evaluates the config, before it looks at anything else."
        ),
        "form": Shape("string", "`v2` or `v3` (v3 and v4 have one form)."),
        "home": Shape("string", "`app().home`."),
    },
    "function": {
        "name": Shape("string", "The component's name, or the route, subscriber or trigger it serves."),
        "via": Shape(
            "string",
            "How it is made: component, route, subscribe, cron, authorizer, trigger, issuer, server, "
            "notify, dataSource, stepFunction, workflow.",
        ),
        "owner": Shape(
            "string",
            "Type of the component that makes it, e.g. `sst.aws.ApiGatewayV2`; the function's own type for"
            ' `via == "component"`.',
        ),
        "timeout": Shape("int", "Effective Lambda timeout in seconds."),
        "timeout_set": Shape(
            "bool",
            "A timeout is written for it, in its definition or by a transform; false if SST's default holds.",
        ),
        "timeout_form": Shape(
            "string", "How the timeout is written: `duration`, `number`, `invalid`, `none`."
        ),
        "timeout_text": Shape("string", "The timeout as written."),
        "timeout_error": Shape("string", 'What SST throws for it; "" if it is accepted.'),
        "timeout_oddity": Shape(
            "string",
            "Why an accepted timeout may not mean what it looks like: `fraction`, `exponent`, `negative`, "
            '`zero`, `case`, `trailing`, `padded`, `unit`; "" for a plain one.',
        ),
        "transform_timeout_form": Shape(
            "string",
            "How `transform.function.timeout` (seconds as a number) is written: `duration`, `number`, "
            "`invalid`, `none`.",
        ),
        "ignored_timeout": Shape(
            "string",
            "Where a `timeout` is written outside of its definition and nothing reads it, e.g. "
            '`timeout next to the function`; "" if nowhere.',
        ),
        "missed_default": Shape(
            "string",
            "Why a `$transform` that sets a default timeout does not reach it: `registered later`, `already"
            ' set`; "" if it reaches it.',
        ),
        "streaming": Shape("bool", "`streaming` is on for the Lambda (its definition and transforms)."),
        "streaming_set": Shape("bool", "`streaming` is written for it."),
        "streaming_form": Shape("string", "Type of what is written: `bool`, `string`, `other`, `none`."),
        "in_dev": Shape("bool", "`sst dev` makes it too."),
        "streaming_in_dev": Shape(
            "bool", "`streaming` is on in `sst dev`; false if `sst dev` does not create it."
        ),
        "streams_in_dev": Shape(
            "bool",
            "`sst dev` passes its stream on: SST 4.2.1 and later, or `dev: false`, with `streaming` on.",
        ),
        "streaming_elsewhere": Shape(
            "string",
            'Where in its definition `streaming` is written and nothing reads it, e.g. `url.streaming`; "" '
            "if nowhere.",
        ),
        "integration_streams": Shape(
            "bool", "Its REST route's integration streams; false if it serves none."
        ),
        "streams": Shape(
            "bool", "The response really streams: `streaming` with an HTTP entry that can stream."
        ),
        "handler": Shape("string", 'The handler as written, `path/to/file.export`; "" if there is none.'),
        "handler_kind": Shape(
            "string",
            "How the exported handler answers: `plain` returns the whole answer, `streamified` streams, "
            "`needs-wrapping` is written for `streamifyResponse` but not wrapped in it.",
        ),
        "web_adapter": Shape(
            "string",
            "How the Lambda Web Adapter answers for it, by `AWS_LWA_INVOKE_MODE` or its layer: `streams`, "
            '`buffered`; "" without it.',
        ),
        "sends": Shape(
            "string",
            "Whether its code sends a stream: `yes`, `no`, `maybe` for what may be short (MCP, "
            "subscriptions), or `unknown` if some code was not read.",
        ),
        "sends_by": Shape("string", "What sends it, e.g. `streamSSE`, or why that is unknown."),
        "url": Shape("bool", "It has a Function URL."),
        "routed_by_rest": Shape(
            "bool", "It serves an `sst.aws.ApiGatewayV1` route, directly or by reference."
        ),
        "entry": Shape("string", 'Its HTTP entry: `url`, `rest`, `http`, `websocket`, or "".'),
        "runtime": Shape("string", "`runtime`; SST's default if not set."),
        "memory": Shape("int", "Memory in MB; SST's default if not set."),
        "architecture": Shape("string", "`x86_64` or `arm64`."),
        "read_timeout": Shape(
            "int", "Seconds CloudFront waits for it (Router or site); -1 if it is not behind CloudFront."
        ),
        "router_form": Shape(
            "string",
            "How CloudFront reaches it: `url.router`, `route` (a Router's `route()`), `routes` (among a "
            'Router\'s arguments); "" if no Router does.',
        ),
        "gateway": Shape(
            "string",
            'Type of the API whose route it serves, e.g. `sst.aws.ApiGatewayV2`; "" if there is none.',
        ),
        "gateway_limit": Shape("int", "Seconds its API Gateway waits; -1 if there is none."),
        "visibility_timeout": Shape(
            "int", "Seconds of visibility timeout of the queue it serves; -1 if there is none."
        ),
        "batch_window": Shape(
            "int", "Seconds of the batch window of its queue subscription; 0 if there is none."
        ),
        "durable_seconds": Shape(
            "int", "Greatest duration of a durable execution in seconds; -1 if it is not durable."
        ),
        "polled": Shape(
            "bool", "An event source mapping invokes it (a subscriber of a queue, table or stream)."
        ),
        "schedule_seconds": Shape(
            "int",
            "Least seconds between two starts by its `rate(...)` or `cron(...)`; -1 if it has no schedule.",
        ),
        "logging": Shape("bool", "Logging is on."),
        "log_retention": Shape("string", "`logging.retention`, e.g. `1 month`."),
        "dev_live": Shape("bool", "Runs live in `sst dev` (no `dev: false`)."),
        "retries": Shape("int", "`retries`; -1 if not set."),
        "authorization": Shape(
            "string", 'Authorization of its Function URL: `none` or `iam`; "" if it has no URL.'
        ),
        "vpc": Shape("bool", "It runs in a VPC."),
        "isolated_vpc": Shape(
            "string",
            "Name of the `sst.aws.Vpc` of this project that it runs in, if that has no way to the internet "
            '(`nat`); "" otherwise.',
        ),
        "environment": Shape("list", "Names of its environment variables."),
        "linked": Shape("list", "Components it is linked to, as `sst.aws.Bucket/Uploads`."),
        "permissions": Shape("list", "Actions that `permissions` grants it, e.g. `s3:*`."),
        "layers": Shape("int", "Number of its layers."),
        "concurrency": Shape("int", "Reserved concurrency; -1 if not set."),
        "asynchronous": Shape(
            "bool", "Invoked without anybody waiting: bus, topic, bucket, cron subscribers."
        ),
    },
    "site": {
        "name": Shape("string", "The component's name."),
        "component": Shape("string", "The component's type, e.g. `sst.aws.Nextjs`."),
        "streaming_arg": Shape(
            "bool", "`streaming` is among the site's own arguments, where SST does not read it."
        ),
        "experimental_streaming": Shape(
            "bool", "`experimental.streaming` is among the site's arguments (SST v2)."
        ),
        "server": Shape("bool", "It has a server; false for a static build."),
        "deployed": Shape(
            "bool",
            "The site itself is deployed; false in dev, where a stub takes its place (unless `dev: false`).",
        ),
        "streams": Shape("bool", "The site's server streams."),
        "framework_streaming": Shape("bool", "The framework's own config switches streaming on."),
        "server_timeout": Shape("int", "Effective server Lambda timeout in seconds."),
        "server_timeout_set": Shape("bool", "`server.timeout` is written."),
        "read_timeout": Shape("int", "Seconds CloudFront waits for the server."),
        "timeout_arg": Shape(
            "bool", "`timeout` is among the site's own arguments, where SST does not read it."
        ),
        "ignored_timeout": Shape(
            "string",
            "Where else a timeout is written that nothing reads: `transform.function`, a misspelt transform "
            'key, `router.readTimeout`; "" if nowhere.',
        ),
        "edge_timeout": Shape(
            "int",
            "Timeout of its Lambda@Edge signer (`protection.edgeFunction.timeout`) in seconds; -1 if "
            "there is none.",
        ),
        "missed_default": Shape(
            "string",
            "Why a `$transform` that sets a default timeout does not reach its server: `registered later`, "
            '`already set`; "" if it reaches it.',
        ),
        "adapter": Shape(
            "string",
            "What turns the framework's response into Lambda's: the wrapper of OpenNext (`aws-lambda`), "
            "`stream` or `buffer` for other frameworks.",
        ),
        "adapter_streams": Shape("bool", "The adapter streams through a Function URL in streaming mode."),
        "split_functions": Shape(
            "list", "Names of the functions that OpenNext's config splits off (`functions`)."
        ),
        "routes_read": Shape("int", "Routes whose code was searched for what sends streams."),
        "routes_unread": Shape("int", "Routes some of whose code was not read."),
        "own_build": Shape("bool", "`buildCommand` names another build than OpenNext's."),
        "transform_streaming": Shape("bool", "`transform.server` switches `streaming` on."),
        "transform_timeout": Shape("bool", "`transform.server` sets a timeout."),
        "warm": Shape("int", "`warm`; 0 if not set."),
        "nitro_preset": Shape(
            "string", "Nitro's preset by the framework's config; \"\" if SST does not require one."
        ),
        "nitro_presets": Shape(
            "list", "Nitro presets that this SST release accepts; empty if it accepts any."
        ),
        "split_streaming": Shape(
            "list",
            "Functions that OpenNext splits off with a streaming wrapper, and SST does not deploy.",
        ),
        "edge_servers": Shape(
            "list", "Servers that OpenNext builds for CloudFront's edge and this SST release refuses."
        ),
        "isolated_vpc": Shape(
            "string",
            "Name of the `sst.aws.Vpc` of this project that its server runs in, if that has no way to the "
            'internet (`nat`); "" otherwise.',
        ),
        "router_protection": Shape(
            "bool", "`protection` is set, and a Router serves the site, which it locks out."
        ),
    },
    "routing": {
        "name": Shape("string", "The route's path or host and path, as written."),
        "router": Shape("string", 'Name of its Router; "" if unknown.'),
        "form": Shape(
            "string",
            "How it is written: `routes` (among a Router's arguments), `route`, `routeBucket`, `url.router`, "
            "`url.route` (of a function), `router` (of a site).",
        ),
        "path": Shape("string", "Its path, without the host."),
        "prefix": Shape("string", 'Its path without a `*` at the end; "" if a `*` is elsewhere.'),
        "literal_star": Shape("bool", "`*` in its path is a letter like any other: no request has it."),
        "read_timeout": Shape("int", "Seconds CloudFront waits for it; -1 if the route does not say."),
        "target": Shape("string", 'Type of the component that it leads to; "" if it is not a component.'),
        "target_name": Shape("string", "Name of that component."),
    },
    "route": {
        "name": Shape("string", "The URL of the route, e.g. `/api/chat`."),
        "site": Shape("string", "Name of the site that it belongs to."),
        "component": Shape("string", "Type of the site, e.g. `sst.aws.Nextjs`."),
        "deployed": Shape("bool", "The site itself is deployed."),
        "max_duration": Shape("int", "`maxDuration` of the route in seconds; -1 if none is declared."),
        "limit": Shape(
            "int", "Seconds after which it is ended: by Lambda, or by CloudFront if nothing was sent so far."
        ),
        "limit_by": Shape("string", "What ends it first: `Lambda` or `CloudFront`."),
        "edge": Shape("bool", "It declares the edge runtime."),
        "split": Shape("bool", "OpenNext's config names it among the routes of a split function."),
    },
    "stream": {
        "route": Shape("string", "What is requested: `POST /api/chat`, or the name of the function."),
        "producer": Shape("string", "What sends the stream, e.g. `toUIMessageStreamResponse`."),
        "producer_kind": Shape(
            "string",
            "How sure a long stream is: `ai`, `sse`, `helper` are meant to arrive piece by piece; `mcp`, "
            "`subscription` and `readable` may be short answers or downloads; `page` is a page that "
            "arrives in parts.",
        ),
        "producer_at": Shape("string", "Where that is, e.g. `app/api/chat/route.ts:12`."),
        "component": Shape("string", "Type of what serves it, e.g. `sst.aws.Nextjs`."),
        "owner": Shape("string", "Name of the site or function that serves it."),
        "kind": Shape("string", "What serves it: `site`, `function` or `service`."),
        "deployed": Shape("bool", "The code that sends it is deployed; false if it runs live in `sst dev`."),
        "adapter": Shape("string", 'The adapter of the site; "" if a function serves it.'),
        "handler": Shape("string", 'The kind of handler; "" if a site serves it.'),
        "mode": Shape("string", "How Lambda is invoked: `streaming` or `buffered`."),
        "entry": Shape(
            "string",
            "What clients reach: `cloudfront`, `url`, `rest`, `http`, `websocket`, `load balancer`, "
            "`worker`.",
        ),
        "limit": Shape("int", "Seconds after which the stream is cut; -1 if nothing cuts it."),
        "limit_by": Shape("string", "What cuts it first: `Lambda`, `API Gateway`."),
        "silence": Shape("int", "Seconds without a byte after which it is closed; -1 if nothing does."),
        "silence_by": Shape("string", "What closes it then: `CloudFront`, `API Gateway`, `load balancer`."),
        "split": Shape("bool", "OpenNext splits its route off into a function that SST does not deploy."),
        "missing_config": Shape(
            "string",
            'Path of the config of the framework\'s adapter, if the site has none; "" if there is one.',
        ),
        "breaks_at": Shape(
            "string",
            "The first link that does not pass the stream on: `adapter`, `handler`, `lambda`, `entry`; "
            "empty if it streams.",
        ),
    },
    "queue": {
        "name": Shape("string", "The component's name."),
        "visibility_timeout": Shape("int", "Effective visibility timeout in seconds."),
        "function_timeout": Shape("int", "Timeout of its subscriber in seconds; -1 if it has none."),
        "advised_visibility": Shape(
            "int",
            "Six times its subscriber's timeout plus the batch window, as AWS advises, at most 43200; -1 "
            "if it has none.",
        ),
        "batch_window": Shape("int", "Batch window in seconds."),
        "dlq": Shape("bool", "A dead-letter queue is given, by `dlq` or by a transform's `redrivePolicy`."),
        "serves_as_dlq": Shape("bool", "It is itself the dead-letter queue of something."),
    },
    "component": {
        "type": Shape(
            "string",
            "Its type: `sst.aws.Bucket`, or a resource of Pulumi's such as `aws.s3.Bucket`, or an SST v2"
            " construct such as `sst2.Bucket`.",
        ),
        "name": Shape("string", "The component's name."),
        "provider": Shape("string", "First part of its type: `sst`, `aws`, `cloudflare` ..."),
        "file": Shape("string", "The file that constructs it."),
        "existing": Shape("bool", "It refers to something that exists already (`sst.aws.Vpc.get`)."),
        "references": Shape("list", "Components that its arguments mention, as `sst.aws.Vpc/Main`."),
        "entry": Shape("string", 'HTTP entry of a function: `url`, `rest`, `http`, `websocket`, or "".'),
        "args": Shape(
            "args",
            "The arguments as SST receives them, after `$transform`: `args.access`, `args.server.timeout`,"
            " `has(args.vpc)`. An argument that is not set is null. A component inside them has `type`,"
            " `name` and `output`.",
        ),
    },
    "argument": {
        "name": Shape("string", 'Name of the component; "" for a call on a component\'s class.'),
        "component": Shape(
            "string",
            "Type of the component, e.g. `sst.aws.Queue`, or the method, e.g. `sst.aws.Queue.subscribe()`.",
        ),
        "path": Shape("string", "The unknown argument as written, e.g. `server.timout`."),
        "key": Shape("string", "The last part of `path`."),
        "meant": Shape("string", 'The argument that is misspelt; "" if there is none close.'),
        "belongs": Shape("string", 'The nested argument of that name, e.g. `server.timeout`; "" if none.'),
        "releases": Shape("string", 'Other SST releases that have it, e.g. `4.13.0 to 4.17.0`; "" if none.'),
    },
    "crash": {
        "code": Shape(
            "string",
            "What kind: `dev-global`, `top-level-import`, `invalid-duration`, `providers-true`, ...; what "
            "AWS refuses begins with `aws-`.",
        ),
        "message": Shape("string", "As SST words it, or what AWS refuses."),
        "refused": Shape("bool", "It is refused by the release that the project runs."),
        "remedy": Shape("string", 'How to fix it, as a sentence; "" if the message says it.'),
        "global": Shape("string", "The global that is not defined there, for `dev-global`."),
    },
    "unseen": {
        "followed": Shape(
            "bool", "The code at this place could be followed. Never known: it may make anything, or nothing."
        ),
    },
    "problem": {
        "kind": Shape("string", "`unreadable`, `syntax`, `limit`, `gone`, `settings`."),
        "file": Shape("string", "The file that it is about."),
        "reason": Shape("string", "Why it could not be read or judged, in words."),
        "judged": Shape("bool", "What is meant was judged. Never known of a project that is gone."),
    },
}


_ASPECTS = ("_set", "_form", "_text", "_error", "_oddity", "_value", "_in_dev", "_elsewhere")
_CALLED = {
    "refused": "refusal",
    "isolated_vpc": "internet access",
    "streams": "streaming",
    "adapter_streams": "adapter",
    "deployed": "deployment",
    "split_functions": "split of OpenNext",
    "breaks_at": "path",
    "max_duration": "declared duration",
    "limit_by": "limit",
    "edge_servers": "OpenNext config",
    "durable_seconds": "duration of a durable execution",
    "literal_star": "path",
    "nitro_preset": "Nitro preset",
    "in_dev": "function in `sst dev`",
    "entry": "HTTP entry",
    "dlq": "dead-letter queue",
    "serves_as_dlq": "use as a dead-letter queue",
    "advised_visibility": "timeout of the subscriber",
    "function_timeout": "timeout of the subscriber",
    "unread_app_keys": "result of `app()`",
    "streaming_in_app": "result of `app()`",
    "streaming_at_root": "root of the config",
    "version_required": "required version",
    "version_admitted": "required version",
    "framework_streaming": "framework's config",
    "ignored_timeout": "timeout",
    "timeout_arg": "timeout",
    "streaming_arg": "streaming",
    "log_retention": "log retention",
    "schedule_seconds": "schedule",
}


def called(fact: str) -> str:
    """What a person calls what a fact is about: `timeout_error` and `timeout_form` are of the timeout."""
    if fact in _CALLED:
        return _CALLED[fact]
    if fact.endswith("_set"):
        return f"{called(fact.removesuffix('_set'))} is written"
    for aspect in _ASPECTS:
        fact = fact.removesuffix(aspect)
    return _CALLED.get(fact, fact.replace("_", " "))
