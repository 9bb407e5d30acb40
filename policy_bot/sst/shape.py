"""The declared shape of every kind of subject: the facts a policy's expression may name, with types and
meaning.

Facts are total: every subject of a kind has every field, with "" / 0 / false where the source says nothing,
so that an expression never meets an absent field. Times are seconds; -1 stands for "does not apply".
"""

from __future__ import annotations

from typing import Literal, NamedTuple

FactType = Literal["string", "int", "bool", "list", "args"]
"""`list`: of strings. `args`: an object of any depth, asked by paths such as `args.server.timeout`."""


class Fact(NamedTuple):
    """A field of a subject: its type, and what it says (one sentence, shown in the authors' guide)."""

    type: FactType
    doc: str


SHAPES: dict[str, dict[str, Fact]] = {
    "config": {
        "streaming_at_root": Fact("bool", "`streaming` is a key of the `$config` root."),
        "streaming_at_root_value": Fact(
            "bool", "The value of the root's `streaming`; false where there is none."
        ),
        "streaming_in_app": Fact("bool", "`streaming` is a key of what `app()` returns."),
        "root_keys": Fact("list", "Keys of the `$config` root."),
        "app_keys": Fact("list", "Keys of what `app()` returns."),
        "later_app_keys": Fact(
            "list", "Those of `unread_app_keys` that a later SST release reads, each with that release."
        ),
        "unread_app_keys": Fact("list", "Keys of what `app()` returns that SST drops, without `streaming`."),
        "import_in_app": Fact("bool", "`app()` uses `import()`."),
        "uninjected_files": Fact(
            "list",
            "Imported files that use SST's globals but do not get them: `.sst` in the path, `.mts`, `.cts`.",
        ),
        "dependency_major": Fact(
            "int", "Major version of `sst` by lockfile or package.json; 0 where neither says."
        ),
        "version_required": Fact("string", '`app().version`; "" where not set.'),
        "version_admitted": Fact(
            "bool", "The installed version satisfies `app().version`; true where either is missing."
        ),
        "removal": Fact("string", '`app().removal`; "retain" where not set.'),
        "protect": Fact("bool", "`app().protect`; false where not set."),
        "streams": Fact("bool", "At least one function or site of the project streams."),
        "early_global": Fact("bool", "`$dev`, `$app` or `$cli` is read where it is not defined yet."),
        "crashes": Fact("bool", "SST stops while it evaluates the config, before it looks at anything else."),
        "form": Fact("string", "`v2` or `v3` (v3 and v4 have one form)."),
        "home": Fact("string", "`app().home`."),
    },
    "function": {
        "name": Fact("string", "The component's name, or the route, subscriber or trigger it serves."),
        "via": Fact(
            "string",
            "How it is made: component, route, subscribe, cron, authorizer, trigger, issuer, server, "
            "notify, dataSource, stepFunction, workflow.",
        ),
        "owner": Fact(
            "string",
            "Type of the component that makes it, e.g. `sst.aws.ApiGatewayV2`; the function's own type for"
            ' `via == "component"`.',
        ),
        "timeout": Fact("int", "Effective Lambda timeout in seconds."),
        "timeout_set": Fact(
            "bool",
            "A timeout is written for it, in its definition or by a transform; false where SST's default "
            "holds.",
        ),
        "timeout_form": Fact(
            "string", "How the timeout is written: `duration`, `number`, `invalid`, `none`."
        ),
        "timeout_text": Fact("string", "The timeout as written."),
        "timeout_error": Fact("string", 'What SST throws for it; "" where it is accepted.'),
        "timeout_oddity": Fact(
            "string",
            "Why an accepted timeout may not mean what it looks like: `fraction`, `exponent`, `negative`, "
            '`zero`, `case`, `trailing`, `padded`, `unit`; "" for a plain one.',
        ),
        "transform_timeout_form": Fact(
            "string",
            "How `transform.function.timeout` (seconds as a number) is written: `duration`, `number`, "
            "`invalid`, `none`.",
        ),
        "ignored_timeout": Fact(
            "string",
            "Where a `timeout` is written outside of its definition and nothing reads it, e.g. "
            '`timeout next to the function`; "" if nowhere.',
        ),
        "missed_default": Fact(
            "string",
            "Why a `$transform` that sets a default timeout does not reach it: `registered later`, `already"
            ' set`; "" where none misses it.',
        ),
        "streaming": Fact("bool", "`streaming` is on for the Lambda (its definition and transforms)."),
        "streaming_set": Fact("bool", "`streaming` is written for it."),
        "streaming_form": Fact("string", "Type of what is written: `bool`, `string`, `other`, `none`."),
        "in_dev": Fact("bool", "`sst dev` makes it too."),
        "streaming_in_dev": Fact(
            "bool", "`streaming` is on in `sst dev`; false where that does not make it."
        ),
        "streams_in_dev": Fact(
            "bool",
            "`sst dev` passes its stream on: SST 4.2.1 and later, or `dev: false`, with `streaming` on.",
        ),
        "streaming_elsewhere": Fact(
            "string",
            'Where in its definition `streaming` is written and nothing reads it, e.g. `url.streaming`; "" '
            "if nowhere.",
        ),
        "integration_streams": Fact(
            "bool", "Its REST route's integration streams; false where it serves none."
        ),
        "streams": Fact(
            "bool", "The response really streams: `streaming` with an HTTP entry that can stream."
        ),
        "handler": Fact("string", 'The handler as written, `path/to/file.export`; "" where none is.'),
        "handler_kind": Fact(
            "string",
            "How the exported handler answers: `plain` returns the whole answer, `streamified` streams, "
            "`needs-wrapping` is written for `streamifyResponse` but not wrapped in it.",
        ),
        "web_adapter": Fact(
            "string",
            "How the Lambda Web Adapter answers for it, by `AWS_LWA_INVOKE_MODE` or its layer: `streams`, "
            '`buffered`; "" without it.',
        ),
        "sends": Fact(
            "string",
            "Whether its code sends a stream: `yes`, `no`, or `unknown` where some code is not read.",
        ),
        "sends_by": Fact("string", "What sends it, e.g. `streamSSE`, or why that is unknown."),
        "url": Fact("bool", "It has a Function URL."),
        "routed_by_rest": Fact(
            "bool", "It serves an `sst.aws.ApiGatewayV1` route, directly or by reference."
        ),
        "entry": Fact("string", 'Its HTTP entry: `url`, `rest`, `http`, `websocket`, or "".'),
        "runtime": Fact("string", "`runtime`; SST's default where not set."),
        "memory": Fact("int", "Memory in MB; SST's default where not set."),
        "architecture": Fact("string", "`x86_64` or `arm64`."),
        "read_timeout": Fact(
            "int", "Seconds CloudFront waits for it (Router or site); -1 where it is not behind CloudFront."
        ),
        "router_form": Fact(
            "string",
            "How CloudFront reaches it: `url.router`, `route` (a Router's `route()`), `routes` (among a "
            'Router\'s arguments); "" where a Router does not.',
        ),
        "gateway": Fact(
            "string", 'Type of the API whose route it serves, e.g. `sst.aws.ApiGatewayV2`; "" where none.'
        ),
        "gateway_limit": Fact("int", "Seconds its API Gateway waits; -1 where there is none."),
        "visibility_timeout": Fact(
            "int", "Seconds of visibility timeout of the queue it serves; -1 where none."
        ),
        "batch_window": Fact("int", "Seconds of the batch window of its queue subscription; 0 where none."),
        "durable_seconds": Fact(
            "int", "Greatest duration of a durable execution in seconds; -1 where it is not durable."
        ),
        "polled": Fact(
            "bool", "An event source mapping invokes it (a subscriber of a queue, table or stream)."
        ),
        "schedule_seconds": Fact(
            "int",
            "Least seconds from a start of its `rate(...)` or `cron(...)` to the next; -1 where none comes.",
        ),
        "logging": Fact("bool", "Logging is on."),
        "log_retention": Fact("string", "`logging.retention`, e.g. `1 month`."),
        "dev_live": Fact("bool", "Runs live in `sst dev` (no `dev: false`)."),
        "retries": Fact("int", "`retries`; -1 where not set."),
        "authorization": Fact(
            "string", 'Authorization of its Function URL: `none` or `iam`; "" where it has no URL.'
        ),
        "vpc": Fact("bool", "It runs in a VPC."),
        "isolated_vpc": Fact(
            "string",
            "Name of the `sst.aws.Vpc` of this project that it runs in, if that has no way to the internet "
            '(`nat`); "" otherwise.',
        ),
        "environment": Fact("list", "Names of its environment variables."),
        "linked": Fact("list", "Components it is linked to, as `sst.aws.Bucket/Uploads`."),
        "permissions": Fact("list", "Actions that `permissions` grants it, e.g. `s3:*`."),
        "layers": Fact("int", "Number of its layers."),
        "concurrency": Fact("int", "Reserved concurrency; -1 where not set."),
        "asynchronous": Fact(
            "bool", "Invoked without anybody waiting: bus, topic, bucket, cron subscribers."
        ),
    },
    "site": {
        "name": Fact("string", "The component's name."),
        "component": Fact("string", "The component's type, e.g. `sst.aws.Nextjs`."),
        "streaming_arg": Fact(
            "bool", "`streaming` is among the site's own arguments, where nothing reads it."
        ),
        "experimental_streaming": Fact(
            "bool", "`experimental.streaming` is among the site's arguments (SST v2)."
        ),
        "server": Fact("bool", "It has a server; false for a static build."),
        "deployed": Fact(
            "bool",
            "The site itself is deployed; false in dev, where a stub takes its place (unless `dev: false`).",
        ),
        "streams": Fact("bool", "The site's server streams."),
        "framework_streaming": Fact("bool", "The framework's own config switches streaming on."),
        "server_timeout": Fact("int", "Effective server Lambda timeout in seconds."),
        "server_timeout_set": Fact("bool", "`server.timeout` is written."),
        "read_timeout": Fact("int", "Seconds CloudFront waits for the server."),
        "timeout_arg": Fact("bool", "`timeout` is among the site's own arguments, where nothing reads it."),
        "ignored_timeout": Fact(
            "string",
            "Where else a timeout is written that nothing reads: `transform.function`, a misspelt transform "
            'key, `router.readTimeout`; "" where nowhere.',
        ),
        "edge_timeout": Fact(
            "int",
            "Timeout of its Lambda@Edge signer (`protection.edgeFunction.timeout`) in seconds; -1 where "
            "there is none.",
        ),
        "missed_default": Fact(
            "string",
            "Why a `$transform` that sets a default timeout does not reach its server: `registered later`, "
            '`already set`; "" where none misses it.',
        ),
        "adapter": Fact(
            "string",
            "What turns the framework's response into Lambda's: the wrapper of OpenNext (`aws-lambda`), "
            "`stream` or `buffer` for other frameworks.",
        ),
        "adapter_streams": Fact("bool", "The adapter streams through a Function URL in streaming mode."),
        "split_functions": Fact(
            "list", "Names of the functions that OpenNext's config splits off (`functions`)."
        ),
        "routes_read": Fact("int", "Routes whose code was searched for what sends streams."),
        "routes_unread": Fact("int", "Routes some of whose code was not read."),
        "own_build": Fact("bool", "`buildCommand` names another build than OpenNext's."),
        "transform_streaming": Fact("bool", "`transform.server` switches `streaming` on."),
        "transform_timeout": Fact("bool", "`transform.server` sets a timeout."),
        "warm": Fact("int", "`warm`; 0 where not set."),
        "nitro_preset": Fact(
            "string", "Nitro's preset by the framework's config; \"\" where SST does not ask for one."
        ),
        "nitro_presets": Fact(
            "list", "Nitro presets that this SST release accepts; empty where it accepts any."
        ),
        "split_streaming": Fact(
            "list",
            "Functions that OpenNext splits off with a streaming wrapper, and SST does not deploy.",
        ),
        "edge_servers": Fact(
            "list", "Servers that OpenNext builds for CloudFront's edge and this SST release refuses."
        ),
        "isolated_vpc": Fact(
            "string",
            "Name of the `sst.aws.Vpc` of this project that its server runs in, if that has no way to the "
            'internet (`nat`); "" otherwise.',
        ),
        "router_protection": Fact(
            "bool", "`protection` is set, and a Router serves the site, which it locks out."
        ),
    },
    "routing": {
        "name": Fact("string", "The route's path or host and path, as written."),
        "router": Fact("string", 'Name of its Router; "" where it cannot be seen.'),
        "form": Fact(
            "string",
            "How it is written: `routes` (among a Router's arguments), `route`, `routeBucket`, `url.router`, "
            "`url.route` (of a function), `router` (of a site).",
        ),
        "path": Fact("string", "Its path, without the host."),
        "prefix": Fact("string", 'Its path without a `*` at the end; "" where a `*` is elsewhere.'),
        "literal_star": Fact("bool", "`*` in its path is a letter like any other: no request has it."),
        "read_timeout": Fact("int", "Seconds CloudFront waits for it; -1 where the route does not say."),
        "target": Fact("string", 'Type of the component that it leads to; "" where that is none.'),
        "target_name": Fact("string", "Name of that component."),
    },
    "route": {
        "name": Fact("string", "The URL of the route, e.g. `/api/chat`."),
        "site": Fact("string", "Name of the site that it belongs to."),
        "component": Fact("string", "Type of the site, e.g. `sst.aws.Nextjs`."),
        "deployed": Fact("bool", "The site itself is deployed."),
        "max_duration": Fact("int", "`maxDuration` of the route in seconds; -1 where none is declared."),
        "limit": Fact(
            "int", "Seconds after which it is ended: by Lambda, or by CloudFront if nothing was sent so far."
        ),
        "limit_by": Fact("string", "What ends it first: `Lambda` or `CloudFront`."),
        "edge": Fact("bool", "It declares the edge runtime."),
        "split": Fact("bool", "OpenNext's config names it among the routes of a split function."),
    },
    "stream": {
        "route": Fact("string", "What is requested: `POST /api/chat`, or the name of the function."),
        "producer": Fact("string", "What sends the stream, e.g. `toUIMessageStreamResponse`."),
        "producer_kind": Fact(
            "string",
            "How sure a long stream is: `ai`, `sse`, `helper` are meant to arrive piece by piece; `mcp` and "
            "`readable` may be short answers or downloads.",
        ),
        "producer_at": Fact("string", "Where that is, e.g. `app/api/chat/route.ts:12`."),
        "component": Fact("string", "Type of what serves it, e.g. `sst.aws.Nextjs`."),
        "owner": Fact("string", "Name of the site or function that serves it."),
        "kind": Fact("string", "What serves it: `site`, `function` or `service`."),
        "deployed": Fact("bool", "The code that sends it is deployed; false if it runs live in `sst dev`."),
        "adapter": Fact("string", 'The adapter of the site; "" where a function serves it.'),
        "handler": Fact("string", 'The kind of handler; "" where a site serves it.'),
        "mode": Fact("string", "How Lambda is invoked: `streaming` or `buffered`."),
        "entry": Fact(
            "string",
            "What clients reach: `cloudfront`, `url`, `rest`, `http`, `websocket`, `load balancer`.",
        ),
        "limit": Fact("int", "Seconds after which the stream is cut; -1 where nothing cuts it."),
        "limit_by": Fact("string", "What cuts it first: `Lambda`, `API Gateway`."),
        "silence": Fact("int", "Seconds without a byte after which it is closed; -1 where nothing does."),
        "silence_by": Fact("string", "What closes it then: `CloudFront`, `API Gateway`, `load balancer`."),
        "split": Fact("bool", "OpenNext splits its route off into a function that SST does not deploy."),
        "missing_config": Fact(
            "string",
            'Path of the config of the framework\'s adapter, if the site has none; "" if there is one.',
        ),
        "breaks_at": Fact(
            "string",
            "The first link that does not pass the stream on: `adapter`, `handler`, `lambda`, `entry`; "
            "empty where it streams.",
        ),
    },
    "queue": {
        "name": Fact("string", "The component's name."),
        "visibility_timeout": Fact("int", "Effective visibility timeout in seconds."),
        "function_timeout": Fact("int", "Timeout of its subscriber in seconds; -1 where it has none."),
        "advised_visibility": Fact(
            "int",
            "Six times its subscriber's timeout plus the batch window, as AWS advises, at most 43200; -1 "
            "where it has none.",
        ),
        "batch_window": Fact("int", "Batch window in seconds."),
        "dlq": Fact("bool", "A dead-letter queue is given, by `dlq` or by a transform's `redrivePolicy`."),
        "serves_as_dlq": Fact("bool", "It is itself the dead-letter queue of something."),
    },
    "component": {
        "type": Fact(
            "string",
            "Its type: `sst.aws.Bucket`, or a resource of Pulumi's such as `aws.s3.Bucket`, or an SST v2"
            " construct such as `sst2.Bucket`.",
        ),
        "name": Fact("string", "The component's name."),
        "provider": Fact("string", "First part of its type: `sst`, `aws`, `cloudflare` ..."),
        "file": Fact("string", "The file that constructs it."),
        "existing": Fact("bool", "It refers to something that exists already (`sst.aws.Vpc.get`)."),
        "references": Fact("list", "Components that its arguments mention, as `sst.aws.Vpc/Main`."),
        "entry": Fact("string", 'HTTP entry of a function: `url`, `rest`, `http`, `websocket`, or "".'),
        "args": Fact(
            "args",
            "The arguments as SST receives them, after `$transform`: `args.access`, `args.server.timeout`,"
            " `has(args.vpc)`. An argument that is not set is null. A component inside them has `type`,"
            " `name` and `output`.",
        ),
    },
    "argument": {
        "name": Fact("string", 'Name of the component; "" for a call on a component\'s class.'),
        "component": Fact(
            "string",
            "Type of the component, e.g. `sst.aws.Queue`, or the method, e.g. `sst.aws.Queue.subscribe()`.",
        ),
        "path": Fact("string", "The unknown argument as written, e.g. `server.timout`."),
        "key": Fact("string", "The last part of `path`."),
        "meant": Fact("string", 'The argument that is misspelt; "" where none is close.'),
        "belongs": Fact("string", 'The nested argument of that name, e.g. `server.timeout`; "" if none.'),
        "releases": Fact("string", 'Other SST releases that have it, e.g. `4.13.0 to 4.17.0`; "" if none.'),
    },
    "crash": {
        "code": Fact(
            "string",
            "What kind: `dev-global`, `top-level-import`, `invalid-duration`, `providers-true`, ...; what "
            "AWS refuses begins with `aws-`.",
        ),
        "message": Fact("string", "As SST words it, or what AWS refuses."),
        "refused": Fact("bool", "It is refused by the release that the project runs."),
        "remedy": Fact("string", 'How to fix it, as a sentence; "" where the message says it.'),
        "global": Fact("string", "The global that is not defined there, for `dev-global`."),
    },
    "unseen": {
        "followed": Fact(
            "bool", "The code at this place could be followed. Never known: it may make anything, or nothing."
        ),
    },
    "problem": {
        "kind": Fact("string", "`unreadable`, `syntax`, `limit`, `gone`, `settings`."),
        "file": Fact("string", "The file that it is about."),
        "reason": Fact("string", "Why it could not be read or judged, in words."),
        "judged": Fact("bool", "What is meant was judged. Never known of a project that is gone."),
    },
}


_ASPECTS = ("_set", "_form", "_text", "_error", "_oddity", "_value", "_in_dev", "_elsewhere")
_CALLED = {
    "refused": "refusal",
    "isolated_vpc": "way to the internet",
    "streams": "way it streams",
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
