"""The facts of functions."""

from __future__ import annotations

from policy_bot.sst.shape_type import Shape

FUNCTION = {
    "name": Shape("string", "The component's name, or the route, subscriber or trigger it serves."),
    "via": Shape(
        "string",
        "How it is made: component, route, subscribe, cron, authorizer, trigger, issuer, server, "
        "notify, dataSource, stepFunction, workflow, definition (`fromDefinition`), raw "
        "(`aws.lambda.Function`).",
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
    "timeout_form": Shape("string", "How the timeout is written: `duration`, `number`, `invalid`, `none`."),
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
    "integration_streams": Shape("bool", "Its REST route's integration streams; false if it serves none."),
    "streams": Shape("bool", "The response really streams: `streaming` with an HTTP entry that can stream."),
    "handler": Shape("string", 'The handler as written, `path/to/file.export`; "" if there is none.'),
    "handler_kind": Shape(
        "string",
        "How the exported handler answers: `plain` returns the whole answer, `streamified` streams, "
        "`needs-wrapping` is written for `streamifyResponse` but not wrapped in it.",
    ),
    "handler_streams": Shape("bool", "`handler_kind` is known to be `streamified`."),
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
    "routed_by_rest": Shape("bool", "It serves an `sst.aws.ApiGatewayV1` route, directly or by reference."),
    "rest_undeployed": Shape(
        "bool", "Nothing deploys an `sst.aws.ApiGatewayV1` whose routes it serves: no `deploy()` is called."
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
    "polled": Shape("bool", "An event source mapping invokes it (a subscriber of a queue, table or stream)."),
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
    "asynchronous": Shape("bool", "Invoked without anybody waiting: bus, topic, bucket, cron subscribers."),
}
