"""How packages build Lambda handlers: with a buffered or a streaming response.

A handler *kind* is one of:

- `plain`: Lambda serialises what it returns. With response streaming, the client gets that JSON as the body.
- `streamified`: marked for Lambda's streaming runtime. A buffered invocation cannot use its response.
- `needs-wrapping`: takes `(event, responseStream, context)` but is not marked; every call fails.

Packages change: each row has a source and a case in `tests/sst/streams/test_handlers.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Kind = Literal["plain", "streamified", "needs-wrapping"]

PLAIN: Final = "plain"
STREAMIFIED: Final = "streamified"
NEEDS_WRAPPING: Final = "needs-wrapping"

Known = Mapping[tuple[str, str], Kind]

MADE_BY_CALL: Known = {
    # hono 4.13 dist/adapter/aws-lambda/handler.js; https://hono.dev/docs/getting-started/aws-lambda
    ("hono/aws-lambda", "handle"): PLAIN,
    ("hono/aws-lambda", "streamHandle"): STREAMIFIED,
    ("@hono/aws-lambda", "handle"): PLAIN,
    ("@hono/aws-lambda", "streamHandle"): STREAMIFIED,
    # lambda-stream 0.6.0 dist/index.js
    ("lambda-stream", "streamifyResponse"): STREAMIFIED,
    # https://trpc.io/docs/server/adapters/aws-lambda, packages/server/src/adapters/aws-lambda
    ("@trpc/server/adapters/aws-lambda", "awsLambdaRequestHandler"): PLAIN,
    ("@trpc/server/adapters/aws-lambda", "awsLambdaStreamingRequestHandler"): NEEDS_WRAPPING,
    # serverless-http#289: no streaming
    ("serverless-http", "default"): PLAIN,
    # @fastify/aws-lambda and its former name collect the body; only `awslambda.streamifyResponse` streams
    ("@fastify/aws-lambda", "default"): PLAIN,
    ("aws-lambda-fastify", "default"): PLAIN,
    # https://github.com/CodeGenieApp/serverless-express
    ("@codegenie/serverless-express", "default"): PLAIN,
    ("@codegenie/serverless-express", "configure"): PLAIN,
    ("@vendia/serverless-express", "default"): PLAIN,
    ("@vendia/serverless-express", "configure"): PLAIN,
    # https://docs.aws.amazon.com/powertools/typescript/latest/features/event-handler/http, 2.35.0
    ("@aws-lambda-powertools/event-handler/http", "streamify"): STREAMIFIED,
    ("@aws-lambda-powertools/event-handler/experimental-rest", "streamify"): STREAMIFIED,
    ("aws-serverless-express", "proxy"): PLAIN,
    # https://www.apollographql.com/docs/apollo-server/deployment/lambda
    ("@as-integrations/aws-lambda", "startServerAndCreateLambdaHandler"): PLAIN,
    # https://elysiajs.com and https://h3.dev: adapters/aws-lambda returns { statusCode, body }
    ("h3/aws-lambda", "toLambdaHandler"): PLAIN,
}
"""The kind of handler that a call of the package's export returns."""

_ADAPTER = "@h4ad/serverless-adapter"
# https://serverless-adapter.viniciusl.com.br/docs/main/handlers/aws, 4.4.0 lib/handlers
MADE_BY_CLASS: Known = {
    **{(f"{_ADAPTER}{of}/handlers/aws", "AwsStreamHandler"): STREAMIFIED for of in ("", "/lib")},
    **{(f"{_ADAPTER}{of}/handlers/default", "DefaultHandler"): PLAIN for of in ("", "/lib")},
}
"""The kind of handler that a builder makes to which an instance of a package's class is given."""

STREAMIFIERS = frozenset({("lambda-stream", "streamifyResponse")})
"""Exports that mark their argument as a streaming handler, as `awslambda.streamifyResponse` does."""

GLOBAL_NAMESPACE = "awslambda"
"""The global of AWS's Node.js runtime (aws-lambda-nodejs-runtime-interface-client, src/HttpResponseStream.js)
and, since SST 4.2.1, of `sst dev` (platform/functions/nodejs-runtime/index.ts)."""
GLOBAL_STREAMIFIER = "streamifyResponse"
CALLBACKS = frozenset({"callback", "cb", "_callback", "_cb", "done"})
"""Names for the third parameter of a handler that answers by a callback, and so in one piece."""

MIDDY = "@middy/core"
MIDDY_OPTION = "streamifyResponse"
"""Option of `middy()` up to 6 (https://middy.js.org/docs/intro/streamify-response)."""
MIDDY_MODE, MIDDY_STREAMING_MODE = "executionMode", "executionModeStreamifyResponse"
"""Option of `middy()` from 7 on, and the mode that streams."""

KEEPS_KIND = frozenset({
    ("@sentry/aws-serverless", "wrapHandler"),  # detects streamified handlers, https://docs.sentry.io
    ("@sentry/serverless", "wrapHandler"),
    ("datadog-lambda-js", "datadog"),
})  # fmt: skip
"""Exports that wrap a handler, their first argument, into one of the same kind."""

KEEPING_DECORATORS = frozenset({
    "captureLambdaHandler", "captureMethod", "injectLambdaContext", "logMetrics", "parser",
})  # fmt: skip
"""Decorators of methods that answer as the method does (https://docs.aws.amazon.com/powertools/typescript)."""

WEB_ADAPTER_LAYER = "LambdaAdapterLayer"
"""Part of the layer's ARN (https://github.com/awslabs/aws-lambda-web-adapter, layers since 0.3)."""
WEB_ADAPTER_MODE, WEB_ADAPTER_STREAMS = ("AWS_LWA_INVOKE_MODE", "response_stream")
"""Environment variable that makes the Lambda Web Adapter stream, and its value (in any case)."""
EXEC_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"
"""Environment variable that starts another program instead of the handler."""
