"""The kinds of handlers against what AWS's own runtime client posts to Lambda for them.

Recorded once, on 2026-11-28, with aws-lambda-ric 3.3.0 on Node.js 20.20.2 against a runtime API on loopback,
each handler in a process of its own, invoked with the event of a Function URL: hono 4.13.19, lambda-stream
0.6.0, @middy/core 6.4.5, serverless-http 4.0.0, @codegenie/serverless-express 4.17.1, @fastify/aws-lambda
6.4.1, @trpc/server 11.25.2, @sentry/aws-serverless 10.75.2, @aws-lambda-powertools/event-handler 2.35.0. The
client's native part, which posts whole answers and errors, was replaced by the same requests from JavaScript.

The client does not know the mode of a URL: the mark of `streamifyResponse` alone decides. So a plain handler
sends its envelope as `application/json` behind a streaming URL too, and a marked one a prelude, eight zero
bytes and the body behind a buffered one. What the URL makes of them is not on this wire.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.sst.streams.test_handlers import kind

ENVELOPE = "application/json"
PRELUDE = "application/vnd.awslambda.http-integration-response"
ZEROS = "\0" * 8
HONO = 'import { handle, streamHandle } from "hono/aws-lambda"\n'
LIVE = "process.env.SST_LIVE ? handle(app) : streamHandle(app)"
TRPC = "import * as trpc from '@trpc/server/adapters/aws-lambda'\n"


class Posted(NamedTuple):
    """What the client sent: to `response` or `error`, the mode of its response, its type, and its begin."""

    to: str
    mode: str
    type: str
    body: str


WHOLE = Posted("response", "", ENVELOPE, '{"statusCode":200')
STREAM = Posted("response", "streaming", PRELUDE, '{"statusCode":200,"headers":{')
FAULT = "application/vnd.aws.lambda.error+json"

RECORDED = [
    ("export const handler = async () => ({ statusCode: 200, body: 'hello' })", WHOLE),
    ("export const handler = async () => ({ statusCode: 200, body: Readable.from(['a', 'b']) })",
     Posted("response", "", ENVELOPE, '{"statusCode":200,"body":{"_events":{},"_readableState":{')),
    ("export const handler = async () => ({ statusCode: 200, body: new ReadableStream({}) })",
     Posted("response", "", ENVELOPE, '{"statusCode":200,"body":{}}')),
    ("export const handler = awslambda.streamifyResponse(async (event, out) => out.end('a'))",
     Posted("response", "streaming", "application/octet-stream", "a")),
    ("export const handler = awslambda.streamifyResponse(async (event, out) => {\n"
     "  out = awslambda.HttpResponseStream.from(out, { statusCode: 201 }); out.write('a'); out.end() })",
     Posted("response", "streaming", PRELUDE, f'{{"statusCode":201}}{ZEROS}a')),
    ("export const handler = async (event, out) => { out.write('a'); out.end() }",
     Posted("error", "", FAULT, '{"errorType":"TypeError","errorMessage":"out.write is not a function"')),
    ("export const handler = async (event, out, context) => { out.write('a'); out.end() }",
     Posted("error", "", FAULT, '{"errorType":"TypeError","errorMessage":"out.write is not a function"')),
    (f"{HONO}export const handler = handle(app)", Posted("response", "", ENVELOPE, '{"body":"ZGF0YTogMQoK')),
    (f"{HONO}export const handler = streamHandle(app)", STREAM),
    (f"{HONO}export const handler = {LIVE}", STREAM),
    ('import { streamifyResponse } from "lambda-stream"\n'
     "export const handler = streamifyResponse(async (event, out) => { out.write('a'); out.end() })",
     Posted("response", "streaming", "text/plain", "a")),
    ('import middy from "@middy/core"\nexport const handler = middy(async () => result)', WHOLE),
    ('import middy from "@middy/core"\n'
     "export const handler = middy({ streamifyResponse: true }).handler(async () => ({ statusCode: 200 }))",
     STREAM),
    ('import serverless from "serverless-http"\nexport const handler = serverless(app)', WHOLE),
    ('import serverlessExpress from "@codegenie/serverless-express"\n'
     "export const handler = serverlessExpress({ app })", WHOLE),
    ('import awsLambdaFastify from "@fastify/aws-lambda"\n'
     "export const handler = awsLambdaFastify(app)", WHOLE),
    ('import awsLambdaFastify from "@fastify/aws-lambda"\n'
     "const proxy = awsLambdaFastify(app, { payloadAsStream: true })\n"
     "export const handler = awslambda.streamifyResponse(async (event, out, context) => {\n"
     "  const { meta, stream } = await proxy(event, context)\n"
     "  stream.pipe(awslambda.HttpResponseStream.from(out, meta)) })", STREAM),
    (f"{TRPC}export const handler = trpc.awsLambdaRequestHandler({{ router }})",
     Posted("response", "", ENVELOPE, '{"cookies":[],"statusCode":')),
    (f"{TRPC}export const handler = trpc.awsLambdaStreamingRequestHandler({{ router }})",
     Posted("error", "", FAULT,
            '{"errorType":"TypeError","errorMessage":"underlyingStream.setContentType is not a function"')),
    (f"{TRPC}export const handler = awslambda.streamifyResponse("
     "trpc.awsLambdaStreamingRequestHandler({ router }))",
     Posted("response", "streaming", PRELUDE, '{"statusCode":404,"headers":{')),
    ('import { wrapHandler } from "@sentry/aws-serverless"\n'
     "export const handler = wrapHandler(async () => ({ statusCode: 200 }))", WHOLE),
    ('import { wrapHandler } from "@sentry/aws-serverless"\n'
     "export const handler = wrapHandler(awslambda.streamifyResponse(async (event, out) => { out.end() }))",
     Posted("response", "streaming", "application/octet-stream", "a")),
    ("export const handler = async (event, context) => app.resolve(event, context)", WHOLE),
    ("export const handler = awslambda.streamifyResponse(async (event, responseStream, context) => {\n"
     "  await app.resolveStream(event, context, { responseStream }) })", STREAM),
]  # fmt: skip


def meant(posted: Posted) -> str:
    """The kind that the recording proves."""
    if posted.to == "error":
        return "needs-wrapping"
    return "streamified" if posted.mode == "streaming" else "plain"


@pytest.mark.parametrize(("text", "posted"), RECORDED, ids=range(len(RECORDED)))
def test_a_kind_is_what_the_runtime_makes_of_the_handler(text: str, posted: Posted) -> None:
    assert kind(text) == meant(posted)


def test_in_sst_dev_a_live_function_posted_an_envelope() -> None:
    posted = Posted("response", "", ENVELOPE, '{"body":"ZGF0YTogMQoK')
    assert kind(f"{HONO}export const handler = {LIVE}", dev=True) == meant(posted)
