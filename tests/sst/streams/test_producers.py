"""What sends a stream, and what only looks like it."""

from __future__ import annotations

import pytest

from policy_bot.sst.catalog import producers as catalog
from tests.sst.streams.test_streams import NEXT, ROUTE, production, streams

SILENT = [
    ("export const POST = async () => Response.json({ text: await streamText({}).text })", "consumed"),
    ('export const POST = () => fetch(url, { headers: { accept: "text/event-stream" } })', "a client"),
    (
        'export const POST = () => fetch(url, { headers: { "content-type": "text/event-stream" } })',
        "a request",
    ),
    ("export const POST = () => new Response(JSON.stringify({}))", "one piece"),
    ("export const POST = async () => new Response(await file.arrayBuffer())", "one piece"),
    (
        "const pipe = new ReadableStream({})\nexport const POST = () => Response.json(read(pipe))",
        "not the body",
    ),
    ("const unused = () => answer.toDataStreamResponse()\nexport const POST = () => 1", "nobody uses it"),
    ("export const helper = () => answer.toDataStreamResponse()", "no method"),
    ('import { streamText } from "ai"\nexport const POST = () => streamText(c, f)', "not Hono's"),
    ('import { stream } from "./other"\nexport const POST = (c) => stream(c, f)', "not Hono's"),
    ("export const POST = () => new StreamableHTTPServerTransport({ enableJsonResponse: true })", "JSON"),
    (
        'export const POST = () => axios.post(u, {}, { headers: { "content-type": "text/event-stream" } })',
        "a request",
    ),
    (
        'export const POST = () => f(new Request(u, { headers: { "content-type": "text/event-stream" } }))',
        "a request",
    ),
    (
        'export const POST = () => f(new NextRequest(u, { headers: { "Content-Type": STREAM } }))\n'
        'const STREAM = "text/event-stream"',
        "a request",
    ),
    ("export const POST = async () => f(await new Response(a.pipeThrough(b)).text())", "read here"),
    ("export const POST = () => { const r = new Response(a.pipeThrough(b)); use(r.blob()) }", "read here"),
    ('export const POST = () => new Response(new ReadableStream({}), { headers: {'
     ' "content-disposition": "attachment" } })', "a file"),
    ('export const POST = () => new Response(new ReadableStream({}), { headers: {'
     ' "Content-Type": "application/zip" } })', "a file"),
    ('export const POST = () => { const h = new Headers(); h.set("Content-Type", "text/csv");'
     " return new Response(new ReadableStream({}), { headers: h }) }", "a file"),
    ('export const POST = () => { const headers = { "Content-Type": "application/zip" };'
     " return new Response(new ReadableStream({}), { headers }) }", "a file"),
    ("export const POST = () => new Response(file.stream())", "a file"),
    ("export const POST = () => new Response(Readable.toWeb(createReadStream(path)))", "a file"),
    ("export const POST = () => client.subscription(QUERY, {})", "a client"),
    ("export const POST = () => cache.get(key, () => load())", "no generator"),
    ('export const POST = () => fetch(url, { headers: { "Transfer-Encoding": "chunked" } })', "a request"),
    ("const [one, two] = parts\nexport const POST = () => new Response(one)", "no stream"),
    ("export const POST = async () => { for await (const part of a.textStream) text += part }", "consumed"),
    ("export const POST = () => ({ statusCode: 200, body: JSON.stringify(answer) })", "one piece"),
    ("export const POST = () => { const h = {}; h['content-type'] = 'image/png';"
     " return new Response(new ReadableStream({}), { headers: h }) }", "a file"),
    ("export const POST = (c) => c.body(JSON.stringify({}))", "one piece"),
    ("export const POST = () => s3.send(new PutObject({ Body: new ReadableStream({}) }))", "a request"),
    ('/* text/event-stream */ export const POST = () => "toDataStreamResponse()"', "text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why"), SILENT, ids=[f"{why}: {text[:40]}" for text, why in SILENT])
def test_no_producer_is_silence(text: str, why: str) -> None:
    assert production(NEXT, {ROUTE: text}) == []


RECOGNISED = [
    ("context.body(new ReadableStream({}))", "readable"),
    ("context.newResponse(answer.textStream)", "readable"),
    ("(context.type = 'text/event-stream')", "sse"),
    ("(headers['Content-Type'] = 'text/event-stream')", "sse"),
    ('send(context)\nconst send = async (c) => { const { streamSSE: events } = await import("hono/streaming")'
     "; return events(c) }", "sse"),
    ("answer.pipeDataStreamToResponse(res)", "ai"),
    ('new Response(body, { headers: { "Content-Type": "text/event-stream; charset=utf-8" } })', "sse"),
    ('res.setHeader("Content-Type", "text/event-stream")', "sse"),
    ('c.header("content-type", "text/event-stream")', "sse"),
    ('res.writeHead(200, { "content-type": "text/event-stream" })', "sse"),
    ('res.type("text/event-stream")', "sse"),
    ("createEventStream(event)", "sse"),
    ("new Response(new ReadableStream({}))", "readable"),
    ("new NextResponse(new TransformStream().readable)", "readable"),
    ("new Response(upstream.pipeThrough(new TextDecoderStream()))", "readable"),
    ("new Response(make())\nfunction make() { const s = new ReadableStream({}); return s }", "readable"),
    ("new Response(completion.toReadableStream())", "readable"),
    ("new Response(answer.textStream)", "readable"),
    ("new Response(make())\nasync function* make() { yield 1 }", "readable"),
    ("new Response(ReadableStream.from(make()))", "readable"),
    ("new Response(Readable.toWeb(Readable.from(make())))", "readable"),
    ("new Response(chain.stream({ question }))", "readable"),
    ("({ statusCode: 200, body: Readable.from(parts) })", "readable"),
    ("eventHandler(() => new ReadableStream({}))", "readable"),
    ("router({ feed: procedure.subscription(async function* () {}) })", "subscription"),
    ("new StreamableHTTPServerTransport({ sessionIdGenerator: undefined })", "mcp"),
    ('new Response(body, { headers: { "Content-Type": TYPE } })\nconst TYPE = "text/event-stream"', "sse"),
    ('res.setHeader("Content-Type", TYPE)\nconst TYPE = "text/event-stream"', "sse"),
    ("new Response(body, { headers: UI_MESSAGE_STREAM_HEADERS })", "ai"),
    ("new Response(parts.pipeThrough(new JsonToSseTransformStream()))", "ai"),
    ("new Response(result.toUIMessageStream())", "readable"),
    ('new Response(await context.resumableStream("id", () => parts))', "readable"),
    ("new Response(one)\nconst [one, two] = new ReadableStream({}).tee()", "readable"),
    ('res.writeHead(200, { "Transfer-Encoding": "chunked" })', "readable"),
    ("serve(os.handler(async function* () { yield 1 }))", "helper"),
    ("serve(procedure.query(async function* () { yield 1 }))", "subscription"),
    ('new Elysia().get("/parts", function* () { yield 1 }).handle', "readable"),
    ("streamify(async (event, stream) => { stream.write('x') })\n"
     "const streamify = globalThis.awslambda?.streamifyResponse ?? ((f) => f)", "helper"),
    ("mark(async (event, stream) => { stream.write('x') })\n"
     "const mark = (f) => typeof awslambda === 'undefined' ? f : awslambda.streamifyResponse(f)", "helper"),
    ("awslambda.streamifyResponse(async (event, stream) => { stream.write('x') })", "helper"),
    ("awslambda.streamifyResponse(async (event, s) => {"
     " const out = awslambda.HttpResponseStream.from(s, {}); out.write('x') })", "helper"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), RECOGNISED, ids=[text[:60] for text, _ in RECOGNISED])
def test_a_producer_is_recognised(text: str, kind: str) -> None:
    [stream] = streams(NEXT, {ROUTE: f"export const POST = () => {text}"})["production"]
    assert stream.facts["producer_kind"].value == kind  # type: ignore[union-attr]


AI_METHODS = [
    "pipeAIStreamToResponse", "pipeDataStreamToResponse", "pipeTextStreamToResponse",
    "pipeUIMessageStreamToResponse", "toAIStreamResponse", "toDataStreamResponse",
    "toTextStreamResponse", "toUIMessageStreamResponse",
]  # fmt: skip
AI_FUNCTIONS = [
    "StreamingTextResponse", "createAgentUIStreamResponse", "createDataStreamResponse",
    "createTextStreamResponse", "createUIMessageStreamResponse", "pipeAgentUIStreamToResponse",
    "pipeDataStreamToResponse", "pipeTextStreamToResponse", "pipeUIMessageStreamToResponse",
    "streamToResponse",
]  # fmt: skip
FUNCTIONS = [
    (("hono/streaming", "stream"), "helper"),
    (("hono/streaming", "streamText"), "helper"),
    (("hono/streaming", "streamSSE"), "sse"),
    (("h3", "createEventStream"), "sse"),
    (("h3", "sendStream"), "helper"),
    (("nitro/h3", "createEventStream"), "sse"),
    (("vinxi/http", "createEventStream"), "sse"),
    (("vinxi/http", "sendStream"), "helper"),
    (("@orpc/server", "streamToEventIterator"), "sse"),
    (("@orpc/client", "streamToEventIterator"), "sse"),
    (("remix-utils/sse/server", "eventStream"), "sse"),
    (("sveltekit-sse", "produce"), "sse"),
    (("sveltekit-sse", "events"), "sse"),
    (("mcp-handler", "createMcpHandler"), "mcp"),
    (("@vercel/mcp-adapter", "createMcpHandler"), "mcp"),
    (("@tanstack/ai", "toServerSentEventsResponse"), "sse"),
    (("@tanstack/ai", "toHttpResponse"), "helper"),
    (("assistant-stream", "createAssistantStreamResponse"), "helper"),
    (("better-sse", "createSession"), "sse"),
    (("better-sse", "createResponse"), "sse"),
    (("graphql-sse", "createHandler"), "sse"),
    (("graphql-sse/lib/use/fetch", "createHandler"), "sse"),
    (("graphql-sse/lib/use/http", "createHandler"), "sse"),
    (("graphql-sse/lib/use/http2", "createHandler"), "sse"),
    (("graphql-sse/lib/use/express", "createHandler"), "sse"),
    (("graphql-sse/lib/use/fastify", "createHandler"), "sse"),
    (("graphql-sse/lib/use/koa", "createHandler"), "sse"),
    (("ai/rsc", "createStreamableUI"), "helper"),
    (("ai/rsc", "createStreamableValue"), "helper"),
    (("ai/rsc", "streamUI"), "helper"),
    (("@ai-sdk/rsc", "createStreamableUI"), "helper"),
    (("@ai-sdk/rsc", "createStreamableValue"), "helper"),
    (("@ai-sdk/rsc", "streamUI"), "helper"),
    (("@openai/agents-extensions/ai-sdk-ui", "createAiSdkUiMessageStreamResponse"), "ai"),
    (("@openai/agents-extensions/ai-sdk-ui", "createAiSdkTextStreamResponse"), "ai"),
    (("@nestjs/common", "Sse"), "sse"),
    (("@genkit-ai/next", "appRoute"), "readable"),
    (("@upstash/realtime", "handle"), "sse"),
    (("langgraph-nextjs-api-passthrough", "initApiPassthrough"), "readable"),
    (("@copilotkit/runtime", "copilotRuntimeNextJSAppRouterEndpoint"), "helper"),
    (("@copilotkit/runtime", "copilotRuntimeNextJSPagesRouterEndpoint"), "helper"),
    (("@copilotkit/runtime", "copilotRuntimeNodeHttpEndpoint"), "helper"),
    (("@copilotkit/runtime", "copilotRuntimeNodeExpressEndpoint"), "helper"),
    (("@copilotkit/runtime", "copilotRuntimeNestEndpoint"), "helper"),
]  # fmt: skip
CLASSES = {
    "StreamableHTTPServerTransport": "mcp",
    "WebStandardStreamableHTTPServerTransport": "mcp",
    "StreamableHTTPTransport": "mcp",
    "SSEServerTransport": "mcp",
    "JsonToSseTransformStream": "ai",
}


def test_every_row_has_a_case() -> None:
    assert set(AI_METHODS) == catalog.AI_METHODS
    assert set(AI_FUNCTIONS) == catalog.AI_FUNCTIONS
    assert dict(FUNCTIONS) == catalog.FUNCTIONS
    assert CLASSES == catalog.CLASSES


@pytest.mark.parametrize("method", AI_METHODS)
def test_methods_of_the_ai_sdk(method: str) -> None:
    [stream] = streams(NEXT, {ROUTE: f"export const POST = () => answer.{method}()"})["production"]
    assert stream.facts["producer_kind"].value == "ai"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", AI_FUNCTIONS)
def test_functions_of_the_ai_sdk(name: str) -> None:
    new = "new " if name[0].isupper() else ""
    text = f'import {{ {name} }} from "ai"\nexport const POST = () => {new}{name}(stream)'
    [stream] = streams(NEXT, {ROUTE: text})["production"]
    assert stream.facts["producer_kind"].value == "ai"  # type: ignore[union-attr]


@pytest.mark.parametrize(("row", "kind"), FUNCTIONS, ids=str)
def test_functions_of_packages(row: tuple[str, str], kind: str) -> None:
    package, name = row
    text = (
        f'import {{ {name} as send }} from "{package}"\nexport const POST = (c) => send(c, async () => {{}})'
    )
    [stream] = streams(NEXT, {ROUTE: text})["production"]
    assert stream.facts["producer_kind"].value == kind  # type: ignore[union-attr]


@pytest.mark.parametrize("name", CLASSES)
def test_classes_by_name(name: str) -> None:
    [stream] = streams(NEXT, {ROUTE: f"export const POST = () => new {name}({{}})"})["production"]
    assert stream.facts["producer_kind"].value == CLASSES[name]  # type: ignore[union-attr]


NEST = {
    "api.ts": """import { NestFactory } from "@nestjs/core"
import { AppModule } from "./module"
export const handler = async (event, context, callback) => (await serve(AppModule))(event, context, callback)
""",
    "module.ts": """import { EventsController } from "./events"
@Module({ controllers: [EventsController] })
export class AppModule {}
""",
    "events.ts": """import { Sse } from "@nestjs/common"
@Controller()
export class EventsController {
  @Sse("events") events() { return interval(1000) }
}
""",
}


def test_a_decorator_leads_to_what_sends() -> None:
    assert production('new sst.aws.Function("Api", { handler: "api.handler", url: true })', NEST) == [
        "Api Sse events.ts:4, 20 s by Lambda, handler"
    ]


YOGA = """import { createSchema, createYoga } from "graphql-yoga"
import { resolvers } from "./resolvers"
const schema = createSchema({ typeDefs, resolvers })
export const POST = createYoga({ schema })"""


@pytest.mark.parametrize(("resolvers", "found"), [
    ("{ Query: {}, Subscription: { tick: { subscribe: async function* () {} } } }", ["subscription"]),
    ("{ Query: {} }", []),
    ("build()", []),
])  # fmt: skip
def test_yoga_sends_subscriptions(resolvers: str, found: list[str]) -> None:
    files = {ROUTE: YOGA, "web/app/api/chat/resolvers.ts": f"export const resolvers = {resolvers}"}
    made = streams(NEXT, files)["production"]
    assert [each.facts["producer_kind"].value for each in made] == found  # type: ignore[union-attr]
