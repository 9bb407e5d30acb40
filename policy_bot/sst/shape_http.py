"""The facts of sites, of routes to them, and of streams."""

from __future__ import annotations

from policy_bot.sst.shape_type import Shape

SITE = {
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
    "timeout_arg": Shape("bool", "`timeout` is among the site's own arguments, where SST does not read it."),
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
    "own_build": Shape("bool", "`buildCommand` names another build than OpenNext's, or another config."),
    "transform_streaming": Shape("bool", "A transform switches `streaming` of the server on."),
    "images_streaming": Shape("bool", "A transform switches `streaming` of the image optimizer on."),
    "transform_timeout": Shape("bool", "`transform.server` sets a timeout."),
    "warm": Shape("int", "`warm`; 0 if not set."),
    "nitro_preset": Shape(
        "string", "Nitro's preset by the framework's config; \"\" if SST does not require one."
    ),
    "nitro_presets": Shape("list", "Nitro presets that this SST release accepts; empty if it accepts any."),
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
}

ROUTING = {
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
}

ROUTE = {
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
}

STREAM = {
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
    "unseen": Shape(
        "string",
        'What is unknown about the code that serves it: `producer` (what it sends), `handler`; "" if both '
        "are known.",
    ),
    "mode": Shape("string", "How Lambda is invoked: `streaming` or `buffered`."),
    "entry": Shape(
        "string",
        "What clients reach: `cloudfront`, `url`, `rest`, `http`, `websocket`, `load balancer`, `worker`.",
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
    "remedy": Shape("string", "How to make the adapter of its site stream in this release of SST."),
    "breaks_at": Shape(
        "string",
        "The first link that does not pass the stream on: `adapter`, `handler`, `lambda`, `entry`; "
        "empty if it streams.",
    ),
}
