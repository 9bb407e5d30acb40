"""The kind of a handler: each row of the catalog, each way an export leads to it, and the unknown ones."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policy_bot.sst.catalog import handlers as catalog
from policy_bot.sst.deployment import Context, Value
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

CONFIG = """export default $config({ app() { return { name: "app", home: "aws" } }, async run() {
  new sst.aws.Function("F", { handler: "src/api.handler", url: true, streaming: true, %s })
} })"""
HELPERS = {
    "src/wrap.ts": "export const same = (h) => h\nexport { streamHandle as serve } from 'hono/aws-lambda'"
}


def value(text: str, files: Mapping[str, str] | None = None, args: str = "", dev: bool = False) -> Value:
    given = {"sst.config.ts": CONFIG % args, "package.json": '{"dependencies": {"sst": "4.17.0"}}'}
    given |= {"src/api.ts": text, **HELPERS, **(files or {})}
    tree = MemoryTree({path: content.encode() for path, content in given.items()})
    project = read_project(tree, "sst.config.ts", [Context("dev", True) if dev else Context("production")])
    [function] = [each for each in project.contexts[0].subjects if each.kind == "function"]
    return function.facts["handler_kind"]


def kind(text: str, files: Mapping[str, str] | None = None, args: str = "", dev: bool = False) -> object:
    found = value(text, files, args, dev)
    return found.value if found.is_known else "unknown"


MADE_BY_CALL = [
    (("hono/aws-lambda", "handle"), "plain"),
    (("hono/aws-lambda", "streamHandle"), "streamified"),
    (("@hono/aws-lambda", "handle"), "plain"),
    (("@hono/aws-lambda", "streamHandle"), "streamified"),
    (("lambda-stream", "streamifyResponse"), "streamified"),
    (("@trpc/server/adapters/aws-lambda", "awsLambdaRequestHandler"), "plain"),
    (("@trpc/server/adapters/aws-lambda", "awsLambdaStreamingRequestHandler"), "needs-wrapping"),
    (("serverless-http", "default"), "plain"),
    (("@fastify/aws-lambda", "default"), "plain"),
    (("aws-lambda-fastify", "default"), "plain"),
    (("@codegenie/serverless-express", "default"), "plain"),
    (("@codegenie/serverless-express", "configure"), "plain"),
    (("@vendia/serverless-express", "default"), "plain"),
    (("@vendia/serverless-express", "configure"), "plain"),
    (("@aws-lambda-powertools/event-handler/http", "streamify"), "streamified"),
    (("@aws-lambda-powertools/event-handler/experimental-rest", "streamify"), "streamified"),
    (("aws-serverless-express", "proxy"), "plain"),
    (("@as-integrations/aws-lambda", "startServerAndCreateLambdaHandler"), "plain"),
    (("h3/aws-lambda", "toLambdaHandler"), "plain"),
]  # fmt: skip
KEEPS_KIND = [
    ("@sentry/aws-serverless", "wrapHandler"),
    ("@sentry/serverless", "wrapHandler"),
    ("datadog-lambda-js", "datadog"),
]


MADE_BY_CLASS = [
    (("@h4ad/serverless-adapter/handlers/aws", "AwsStreamHandler"), "streamified"),
    (("@h4ad/serverless-adapter/lib/handlers/aws", "AwsStreamHandler"), "streamified"),
    (("@h4ad/serverless-adapter/handlers/default", "DefaultHandler"), "plain"),
    (("@h4ad/serverless-adapter/lib/handlers/default", "DefaultHandler"), "plain"),
]


def test_every_row_has_a_case() -> None:
    assert dict(MADE_BY_CLASS) == catalog.MADE_BY_CLASS
    assert dict(MADE_BY_CALL) == catalog.MADE_BY_CALL
    assert set(KEEPS_KIND) == catalog.KEEPS_KIND


@pytest.mark.parametrize(("row", "expected"), MADE_BY_CALL, ids=str)
def test_what_a_package_makes(row: tuple[str, str], expected: str) -> None:
    package, name = row
    imported = "made" if name == "default" else f"{{ {name} as made }}"
    assert kind(f'import {imported} from "{package}"\nexport const handler = made(app)') == expected


@pytest.mark.parametrize("row", KEEPS_KIND, ids=str)
def test_a_wrapper_that_keeps_the_kind(row: tuple[str, str]) -> None:
    package, name = row
    head = f'import * as lib from "{package}"\nimport {{ streamHandle, handle }} from "hono/aws-lambda"\n'
    assert kind(f"{head}export const handler = lib.{name}(streamHandle(app))") == "streamified"
    assert kind(f"{head}export const handler = lib.{name}(handle(app))") == "plain"


@pytest.mark.parametrize(("row", "expected"), MADE_BY_CLASS, ids=str)
def test_what_a_builder_makes(row: tuple[str, str], expected: str) -> None:
    package, name = row
    head = (
        f'import {{ Adapter }} from "@h4ad/serverless-adapter"\nimport {{ {name} as How }} from "{package}"\n'
    )
    assert kind(f"{head}export const handler = Adapter.new(app).setHandler(new How()).build()") == expected
    assert kind(f"{head}export const handler = Adapter.new(app).setHandler(how).build()") == "unknown"


LAMBDA = "class Lambda { static make() { return new Lambda() } handler(event) { return {} } }\n"
TRACED = "class Lambda { @tracer.captureLambdaHandler() handler(event) {} }\n"
MIDDY = 'import middy from "@middy/core"\n'
HONO = 'import { handle, streamHandle } from "hono/aws-lambda"\n'
SAMPLES = [
    ("export async function handler(event) { return { statusCode: 200 } }", "plain"),
    ("export const handler = async (event, context) => ({ statusCode: 200 })", "plain"),
    ("const main = async () => 1\nexport { main as handler }", "plain"),
    ("exports.handler = async () => 1", "plain"),
    ("module.exports = { handler: async () => 1 }", "plain"),
    ('const serverless = require("serverless-http")\nmodule.exports.handler = serverless(app)', "plain"),
    ('module.exports.handler = require("hono/aws-lambda").streamHandle(app)', "streamified"),
    ("export const handler = awslambda.streamifyResponse(async (e, s) => s.end())", "streamified"),
    ("export const handler = globalThis.awslambda.streamifyResponse(serve)", "streamified"),
    (
        "const { streamifyResponse } = awslambda\nexport const handler = streamifyResponse(serve)",
        "streamified",
    ),
    (
        "const mark = awslambda?.streamifyResponse ?? ((f) => f)\nexport const handler = mark(serve)",
        "streamified",
    ),
    (
        'const inside = typeof awslambda !== "undefined"\n'
        "export const handler = inside ? awslambda.streamifyResponse(serve) : serve\nconst serve = () => 1",
        "streamified",
    ),
    (
        'const streamify = typeof awslambda === "undefined" ? (f) => f : awslambda.streamifyResponse\n'
        "export const handler = streamify(serve)",
        "streamified",
    ),
    (
        "const mark = (f) => { if (typeof awslambda === 'undefined') return f\n"
        "  return awslambda.streamifyResponse(f) }\n"
        "export const handler = mark(serve)\nconst serve = () => 1",
        "streamified",
    ),
    (
        HONO
        + "const make = () => { if (process.env.SST_LIVE) { return handle(app) } return streamHandle(app) }\n"
        "export const handler = make()",
        "streamified",
    ),
    (
        HONO + "const make = () => { if (x) return handle(app)\n return streamHandle(app) }\n"
        "export const handler = make()",
        "unknown",
    ),
    ("export const handler = (event, context, callback) => callback(null, {})", "plain"),
    (MIDDY + "export const handler = middy(serve).use(cors())", "plain"),
    (MIDDY + "export const handler = middy().use(cors()).handler(serve)", "plain"),
    (MIDDY + "export const handler = middy({ streamifyResponse: true }).handler(serve)", "streamified"),
    (
        MIDDY + "const m = middy({ streamifyResponse: true })\nexport const handler = m.handler(serve)",
        "streamified",
    ),
    (MIDDY + "export const handler = middy({ streamifyResponse: on }).handler(serve)", "unknown"),
    (MIDDY + "export const handler = middy({ ...options }).handler(serve)", "unknown"),
    (
        MIDDY + "export const handler = middy({ executionMode: executionModeStreamifyResponse }).handler(f)",
        "streamified",
    ),
    (HONO + "const make = (app) => streamHandle(app)\nexport const handler = make(app)", "streamified"),
    (HONO + "function make(a) { const h = handle(a); return h }\nexport const handler = make(app)", "plain"),
    (HONO + "export const handler = flag ? handle(app) : streamHandle(app)", "unknown"),
    (HONO + "export const handler = flag ? handle(app) : handle(other)", "plain"),
    (HONO + "let handler = handle(app)\nhandler = wrap(handler)\nexport { handler }", "unknown"),
    (HONO + "const all = { stream: streamHandle(app) }\nexport const handler = all.stream", "streamified"),
    (
        'import * as lambda from "hono/aws-lambda"\nexport const handler = lambda.streamHandle(app)',
        "streamified",
    ),
    ('import { serve } from "./wrap"\nexport const handler = serve(app)', "streamified"),
    ('import { same } from "./wrap"\nexport const handler = same(async () => 1)', "plain"),
    ("export const handler = Object.assign(async () => 1, { x: 1 })", "plain"),
    (LAMBDA + "const one = new Lambda()\nexport const handler = one.handler.bind(one)", "plain"),
    (LAMBDA + "class Chat extends Lambda {}\nexport const { handler } = new Chat()", "plain"),
    (LAMBDA + "export const handler = new Lambda().other", "unknown"),
    ("class Lambda { static handler = async () => 1 }\nexport const handler = Lambda.handler", "plain"),
    ("class Lambda { static handler = async () => 1 }\nexport const { handler } = new Lambda()", "unknown"),
    (TRACED + "export const handler = new Lambda().handler", "plain"),
    (TRACED.replace("tracer.capture", "acme.stream") + "export const { handler } = new Lambda()", "unknown"),
    (HONO + "class A { handler = streamHandle(app) }\nexport const { handler } = new A()", "streamified"),
    ("class A extends B {}\nclass B extends A {}\nexport const { handler } = new A()", "unknown"),
    ("export const handler = serve.bind(null)\nasync function serve() {}", "plain"),
    ("export const handler = async (event, out, context) => { out.write('x') }", "needs-wrapping"),
    ("export const handler = async (event, out, context) => other(event, out)", "unknown"),
    ("export const handler = (...all) => other(...all)", "unknown"),
    ('import { wrap } from "@acme/lambda"\nexport const handler = wrap(serve)', "unknown"),
    ("export const other = async () => 1", "unknown"),
    ("const handler = handler\nexport { handler }", "unknown"),
    ("const a = b.x, b = a.y\nexport { a as handler }", "unknown"),
    ("const f = () => f()\nexport const handler = f()", "unknown"),
    ("export const handler = (", "unknown"),
]


@pytest.mark.parametrize(("text", "expected"), SAMPLES, ids=[text[:70] for text, _ in SAMPLES])
def test_ways_to_a_handler(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize("test", [
    "process.env.SST_LIVE", 'process.env["SST_DEV"]', 'process.env.SST_LIVE === "true"',
    "Boolean(process.env.SST_DEV)",
    "!!process.env.SST_LIVE", "process.env.SST_LIVE || process.env.SST_DEV",
])  # fmt: skip
def test_sst_dev_by_its_variables(test: str) -> None:
    text = f"{HONO}const live = {test}\nexport const handler = live ? handle(app) : streamHandle(app)"
    assert kind(text) == "streamified"
    assert kind(text, dev=True) == "plain"
    assert kind(text, args="dev: false", dev=True) == "streamified"  # deployed in dev, too


@pytest.mark.parametrize(("args", "reason"), [
    ('bundle: "build"', "`bundle` names a built folder"),
    ('runtime: "python3.12"', "the runtime python3.12 is not supported"),
    ('environment: { AWS_LAMBDA_EXEC_WRAPPER: "/opt/x" }', "`AWS_LAMBDA_EXEC_WRAPPER` starts it"),
    ('environment: { AWS_LWA_INVOKE_MODE: "response_stream" }', "the Lambda Web Adapter answers"),
])  # fmt: skip
def test_something_else_runs(args: str, reason: str) -> None:
    found = value("export const handler = async () => 1", args=args)
    assert found.is_unknown
    assert reason in str(found.reason)


def test_the_origin_leads_to_the_line() -> None:
    found = value(
        'export { main as handler } from "./lambda"',
        {"src/lambda.ts": f"{HONO}\nexport const main = streamHandle(app)"},
    )
    assert found.is_known
    assert found.origin[0].span is not None
    assert str(found.origin[0].span).startswith("src/lambda.ts:3")


def test_a_change_of_the_handler_concerns_the_project() -> None:
    files = {"sst.config.ts": CONFIG % "", "src/api.ts": "export const handler = async () => 1"}
    project = read_project(MemoryTree({p: t.encode() for p, t in files.items()}), "sst.config.ts")
    assert "src/api.ts" in project.files


@pytest.mark.parametrize(("mode", "streams"), [('"RESPONSE_STREAM"', True), ('"BUFFERED"', False)])
def test_a_raw_function_url_streams_by_its_own_mode(mode: str, streams: bool) -> None:
    config = """export default $config({ app() { return { name: "app", home: "aws" } }, async run() {
      const f = new sst.aws.Function("F", { handler: "src/api.handler" })
      new aws.lambda.FunctionUrl("U", { functionName: f.name, authorizationType: "NONE", invokeMode: %s })
    } })"""
    project = read_project(MemoryTree({"sst.config.ts": (config % mode).encode()}), "sst.config.ts")
    [function] = [each for each in project.contexts[0].subjects if each.kind == "function"]
    assert function.facts["streams"] == Value(streams, function.facts["streams"].origin)


NESTED_RETURN = """import { handle, streamHandle } from "hono/aws-lambda"
function make() {
  if (typeof awslambda !== "undefined") {
    if (globalThis.quick) return streamHandle(app)
  }
  return handle(app)
}
export const handler = make()
"""


def test_a_branch_that_may_not_return_does_not_hide_what_follows() -> None:
    assert kind(NESTED_RETURN) == "unknown"
    assert kind(NESTED_RETURN.replace("if (globalThis.quick) ", "")) == "streamified"
    assert kind(NESTED_RETURN.replace("if (globalThis.quick) ", "throw 0; ")) == "streamified"
