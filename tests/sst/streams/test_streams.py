"""The path of a stream: what sends it, over which files, and the first link that breaks, per stage."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policy_bot.sst.deployment import Subject, Value
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

CONFIG = """export default $config({ app() { return { name: "app", home: "aws" } }, async run() {
  %s
} })"""
WRAPPER = 'export default { default: { override: { wrapper: "aws-lambda-streaming" } } }'
NEXT = 'new sst.aws.Nextjs("Web", { path: "web", server: { timeout: "300 seconds" } })'
ROUTE = "web/app/api/chat/route.ts"
AI = "export const POST = async () => answer.toUIMessageStreamResponse()"
URL = """new sst.aws.Function("Api", {
  handler: "api.handler", url: true, streaming: true, timeout: "300 seconds" })"""
HTTP = 'new sst.aws.ApiGatewayV2("Api").route("$default", { handler: "api.handler" })'
HONO = 'import { handle, streamHandle } from "hono/aws-lambda"\nimport { streamSSE } from "hono/streaming"\n'
SSE = "const app = (c) => streamSSE(c, async () => {})\n"


def streams(run: str, files: Mapping[str, str], version: str = "4.17.0") -> dict[str, list[Subject]]:
    """The streams of a program by context."""
    given = {"sst.config.ts": CONFIG % run, "package.json": f'{{"dependencies": {{"sst": "{version}"}}}}'}
    tree = MemoryTree({path: text.encode() for path, text in (given | dict(files)).items()})
    project = read_project(tree, "sst.config.ts")
    return {
        str(each.context): [subject for subject in each.subjects if subject.kind == "stream"]
        for each in project.contexts
    }


def shown(subject: Subject) -> str:
    """`route producer file:line, N s by X, breaks at Y`."""
    fact = {name: str(value.value) if value.is_known else "?" for name, value in subject.facts.items()}
    ends = f"{fact['limit']} s by {fact['limit_by']}"
    return (
        f"{fact['route']} {fact['producer']} {fact['producer_at']}, {ends}, {fact['breaks_at'] or 'streams'}"
    )


def production(run: str, files: Mapping[str, str], version: str = "4.17.0") -> list[str]:
    return [shown(each) for each in streams(run, files, version)["production"]]


ROW = "POST /api/chat toUIMessageStreamResponse web/app/api/chat/route.ts:1"
HONO_ROW = "Api streamSSE api.ts:3"
LINKS = [
    # sites
    (NEXT, {ROUTE: AI}, f"{ROW}, 300 s by Lambda, adapter"),
    (NEXT, {ROUTE: AI, "web/open-next.config.ts": WRAPPER}, f"{ROW}, 300 s by Lambda, streams"),
    ('new sst.aws.Nextjs("Web", { path: "web" })', {ROUTE: AI, "web/open-next.config.ts": WRAPPER},
     f"{ROW}, 20 s by Lambda, streams"),
    ('new sst.aws.Nextjs("Web", { path: "web", buildCommand: "make" })', {ROUTE: AI},
     f"{ROW}, 20 s by Lambda, ?"),
    ('new sst.aws.SvelteKit("Web", { path: "web", buildCommand: "pnpm build" })',
     {"web/src/routes/chat/+server.ts": AI},
     "POST /chat toUIMessageStreamResponse web/src/routes/chat/+server.ts:1, 20 s by Lambda, adapter"),
    ('new sst.aws.Astro("Web", { path: "web", buildCommand: "astro build --config a.mjs" })',
     {"web/src/pages/chat.ts": AI},
     "POST /chat toUIMessageStreamResponse web/src/pages/chat.ts:1, 20 s by Lambda, ?"),
    ('new sst.aws.Remix("Web", { path: "web" })', {"web/app/routes/chat.ts": AI.replace("POST", "action")},
     "POST /chat toUIMessageStreamResponse web/app/routes/chat.ts:1, 20 s by Lambda, streams"),
    ('new sst.aws.SolidStart("Web", { path: "web" })',
     {"web/src/routes/api/chat.ts": AI,
      "web/app.config.ts": "export default { server: { awsLambda: { streaming: true } } }"},
     "POST /api/chat toUIMessageStreamResponse web/src/routes/api/chat.ts:1, 20 s by Lambda, streams"),
    ('new sst.aws.Analog("Web", { path: "web" })',
     {"web/src/server/routes/chat.ts": "export default eventHandler(() => answer.toTextStreamResponse())",
      "web/vite.config.ts": 'import a from "@analogjs/platform"\n'
                            "export default { plugins: [a({ nitro: { awsLambda: { streaming: true } } })] }"},
     "/chat toTextStreamResponse web/src/server/routes/chat.ts:1, 20 s by Lambda, lambda"),
    ('new sst.aws.TanStackStart("Web", { path: "web" })',
     {"web/src/routes/api/chat.ts": 'export const Route = createFileRoute("/")({ server: { handlers: {'
                                    " POST: () => answer.toUIMessageStreamResponse() } } })"},
     "/api/chat toUIMessageStreamResponse web/src/routes/api/chat.ts:1, 20 s by Lambda, adapter"),
    ('new sst.aws.Nextjs("Web", { path: "web" })',
     {ROUTE: f'export const runtime = "edge"\n{AI}', "web/open-next.config.ts": WRAPPER},
     "POST /api/chat toUIMessageStreamResponse web/app/api/chat/route.ts:2, 20 s by Lambda, adapter"),
    (NEXT, {ROUTE: AI, "web/open-next.config.ts": WRAPPER.replace("lambda", "apigw")},
     f"{ROW}, 300 s by Lambda, adapter"),
    (NEXT, {ROUTE: 'export const POST = () => new Response(upstream.body, { headers: new Headers('
                   '[["Content-Type", "text/event-stream"]]) })'},
     "POST /api/chat text/event-stream web/app/api/chat/route.ts:1, 300 s by Lambda, adapter"),
    (NEXT, {"web/pages/api/chat.js": 'const { send } = require("../../lib/send")\n'
                                     "module.exports = async (request, response) => send(response)",
            "web/lib/send.js": 'exports.send = (r) => r.setHeader("Content-Type", "text/event-stream")'},
     "/api/chat text/event-stream web/lib/send.js:1, 300 s by Lambda, adapter"),
    # functions
    (URL, {"api.ts": "export const handler = awslambda.streamifyResponse(\n"
                     "  async (_, out) => pipeline(a, out))"},
     "Api pipeline api.ts:2, 300 s by Lambda, streams"),
    (URL, {"api.ts": "const h = (e, out, c) => app.resolveStream(e, c, { responseStream: out })\n"
                     "export const handler = awslambda.streamifyResponse(h)"},
     "Api resolveStream api.ts:1, 300 s by Lambda, streams"),
    (URL, {"api.ts": f"{HONO}{SSE}export const handler = streamHandle(app)"},
     f"{HONO_ROW}, 300 s by Lambda, streams"),
    (URL, {"api.ts": f"{HONO}{SSE}export const handler = handle(app)"},
     f"{HONO_ROW}, 300 s by Lambda, handler"),
    (URL.replace("streaming: true, ", ""), {"api.ts": f"{HONO}{SSE}export const handler = streamHandle(app)"},
     f"{HONO_ROW}, 300 s by Lambda, lambda"),
    (URL.replace("streaming: true, ", ""), {"api.ts": f"{HONO}{SSE}export const handler = wrap(app)"},
     f"{HONO_ROW}, 300 s by Lambda, lambda"),
    (URL, {"api.ts": f"{HONO}{SSE}export const handler = wrap(app)"}, f"{HONO_ROW}, 300 s by Lambda, ?"),
    (HTTP, {"api.ts": f"{HONO}{SSE}export const handler = streamHandle(app)"},
     "$default streamSSE api.ts:3, 20 s by Lambda, entry"),
    (HTTP, {"api.ts": f"{HONO}{SSE}export const handler = handle(app)"},
     "$default streamSSE api.ts:3, 20 s by Lambda, handler"),
]  # fmt: skip


@pytest.mark.parametrize(("run", "files", "expected"), LINKS, ids=range(len(LINKS)))
def test_the_first_link_that_breaks(run: str, files: dict[str, str], expected: str) -> None:
    assert production(run, files) == [expected]


def test_until_sst_3_9_a_split_function_has_its_own_wrapper() -> None:
    split = 'export default { default: {}, functions: { chat: { routes: ["app/api/chat/route"], %s } } }'
    own = {ROUTE: AI, "web/open-next.config.ts": split % 'override: { wrapper: "aws-lambda-streaming" }'}
    assert production(NEXT, own, "3.9.20") == [f"{ROW}, 20 s by Lambda, streams"]
    assert production(NEXT, own, "3.10.0") == [f"{ROW}, 20 s by Lambda, adapter"]
    plain = {ROUTE: AI, "web/open-next.config.ts": split % ""}
    assert production(NEXT, plain, "3.9.20") == [f"{ROW}, 20 s by Lambda, adapter"]


def test_in_sst_dev_the_frameworks_own_server_streams() -> None:
    [dev] = streams(NEXT, {ROUTE: AI})["sst dev"]
    assert shown(dev) == f"{ROW}, -1 s by , streams"
    assert dev.facts["deployed"] == Value(False)


@pytest.mark.parametrize(("endpoint", "seconds"), [("", 30), ('endpoint: { type: "regional" }', 300)])
def test_a_rest_route_is_closed_after_a_silence(endpoint: str, seconds: int) -> None:
    run = f'const a = new sst.aws.ApiGatewayV1("A", {{ {endpoint} }})\n'
    run += 'a.route("GET /", { handler: "api.handler", streaming: true })'
    [stream] = streams(run, {"api.ts": f"{HONO}{SSE}export const handler = streamHandle(app)"})["production"]
    assert stream.facts["silence"].value == seconds


def test_the_chain_of_imports_is_the_evidence() -> None:
    files = {
        ROUTE: 'import { chat } from "@/chat"\nexport const POST = chat',
        "web/tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
        "web/src/chat.ts": 'export * from "./deep"',
        "web/src/deep.ts": "export async function chat() {\n  return answer.toDataStreamResponse()\n}",
    }
    [stream] = streams(NEXT, files)["production"]
    notes = [step.note for step in stream.facts["breaks_at"].origin]
    assert notes[1:] == ['imports "@/chat"', "`toDataStreamResponse` sends the stream"]
    assert str(stream.facts["producer_at"].value) == "web/src/deep.ts:2"


def test_a_folder_that_nothing_deploys_is_silence() -> None:
    assert production('new sst.aws.Bucket("Files")', {ROUTE: AI}) == []


def test_what_events_invoke_is_silence() -> None:
    queue = 'new sst.aws.Queue("Jobs").subscribe("api.handler")'
    assert production(queue, {"api.ts": f"{HONO}{SSE}export const handler = streamHandle(app)"}) == []


def test_the_routes_that_were_read_are_counted() -> None:
    deep = {f"web/lib/f{n}.ts": f'import "./f{n + 1}"\nexport const x = 1' for n in range(20)}
    files = {ROUTE: 'import "../../../lib/f0"\nexport const POST = () => 1', "web/app/a/route.ts": "", **deep}
    given = {"sst.config.ts": CONFIG % NEXT, **files}
    project = read_project(MemoryTree({p: t.encode() for p, t in given.items()}), "sst.config.ts")
    [site] = [each for each in project.contexts[0].subjects if each.kind == "site"]
    assert (site.facts["routes_read"], site.facts["routes_unread"]) == (Value(1), Value(1))


@pytest.mark.parametrize(("method", "found"), [("make", 0), ("stream", 1)])
def test_of_a_module_that_is_exported_as_a_whole_only_what_is_used_counts(method: str, found: int) -> None:
    files = {
        ROUTE: f'import {{ Answers }} from "../../../lib"\nexport const POST = () => Answers.{method}()',
        "web/lib/index.ts": 'export * as Answers from "./answers"',
        "web/lib/answers.ts": f"export const make = () => 1\n{AI.replace('POST', 'stream')}",
    }
    assert len(production(NEXT, files)) == found


def test_a_hostile_route_ends() -> None:
    loop = {
        f"web/lib/f{n}.ts": f'export * from "./f{(n + 1) % 9}"\nexport * from "./f{(n + 5) % 9}"'
        for n in range(9)
    }
    text = 'import * as all from "../../../lib/f0"\nexport const POST = () => all.x || a\n'
    text += "const a = b.x, b = a.y\n"
    nested = "new Response(" * 150 + "ReadableStream" + ")" * 150
    assert production(NEXT, {ROUTE: f"{text}const z = () => {nested}", **loop}) == []


SUSPENSE = (
    "const Rows = async () => <p />\nexport default () => <Suspense fallback={<b />}><Rows /></Suspense>"
)
PAGES: list[tuple[dict[str, str], list[str]]] = [
    ({"web/app/search/page.tsx": SUSPENSE},
     ["/search <Suspense web/app/search/page.tsx:2, 300 s by Lambda, adapter"]),
    ({"web/app/list/page.tsx": "export default () => null", "web/app/list/loading.tsx": "export default x"},
     ["/list loading.tsx web/app/list/page.tsx:1, 300 s by Lambda, adapter"]),
    ({"web/app/a/page.tsx": SUSPENSE, "web/app/b/page.tsx": SUSPENSE},
     ["/a <Suspense web/app/a/page.tsx:2, 300 s by Lambda, adapter"]),
    ({"web/app/a/page.tsx": "export default x", "web/app/a/loading.tsx": "export default x",
      "web/app/b/page.tsx": SUSPENSE},
     ["/b <Suspense web/app/b/page.tsx:2, 300 s by Lambda, adapter"]),
    ({"web/app/a/page.tsx": "export default () => null"}, []),
    ({"web/app/a/page.tsx": SUSPENSE.replace("async", "")}, []),
    ({"web/app/a/page.tsx": SUSPENSE.replace("const Rows", "import { Rows } from './rows' //"),
      "web/app/a/rows.tsx": "export async function Rows() {}"},
     ["/a <Suspense web/app/a/page.tsx:2, 300 s by Lambda, adapter"]),
    ({"web/app/a/page.tsx": SUSPENSE,
      "web/open-next.config.ts": "export default { default: process.env.X }"}, []),
]  # fmt: skip


@pytest.mark.parametrize(("files", "found"), PAGES)
def test_the_first_page_of_a_site_that_arrives_in_parts(files: dict[str, str], found: list[str]) -> None:
    assert production(NEXT, files) == found


ACTION = """'use server'
import { createStreamableValue } from "@ai-sdk/rsc"
export async function ask() { return createStreamableValue("").value }
export async function other() { return answer.toDataStreamResponse() }
"""
START = """import { Page } from "../page"
export const Route = createFileRoute("/")({ component: Page })
"""
PAGE = """import { parts } from "./parts"
export const Page = () => <button onClick={async () => { for await (const p of await parts()) show(p) }} />
"""


def test_server_actions_stream_their_own_kind_only() -> None:
    assert production(NEXT, {"web/app/chat/actions.ts": ACTION}) == [
        "server actions of chat/actions.ts createStreamableValue web/app/chat/actions.ts:3, "
        "300 s by Lambda, adapter"
    ]


def test_a_name_in_jsx_leads_to_a_server_function() -> None:
    files = {
        "web/src/routes/index.tsx": START,
        "web/src/page.tsx": PAGE,
        "web/src/parts.ts": "export const parts = createServerFn().handler(async function* () { yield 1 })",
    }
    assert production('new sst.aws.TanStackStart("Web", { path: "web" })', files) == [
        "/ handler(function*) web/src/parts.ts:1, 20 s by Lambda, adapter"
    ]


SOLID = 'new sst.aws.SolidStart("Web", { path: "web" })'
SERVER_FUNCTIONS = [
    ('"use server"\nexport async function* parts() { yield 1 }', "web/src/parts.ts:2"),
    ("export const parts = query(async () => {\n  'use server'\n  return new ReadableStream({})\n})",
     "web/src/parts.ts:1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place"), SERVER_FUNCTIONS)
def test_a_page_leads_to_functions_that_run_on_the_server(text: str, place: str) -> None:
    files = {
        "web/src/routes/index.tsx": 'export { Page as default } from "../page"',
        "web/src/page.tsx": PAGE,
        "web/src/parts.ts": text,
    }
    assert production(SOLID, files) == [f"/ server function {place}, 20 s by Lambda, adapter"]
    assert production(SOLID, files | {"web/src/parts.ts": text.replace("use server", "use client")}) == []


@pytest.mark.parametrize(("version", "end"), [("3.9.44", "adapter"), ("3.10.0", "streams")])
def test_a_server_at_the_edge_did_not_stream(version: str, end: str) -> None:
    route = {"app/routes/chat.ts": AI.replace("POST", "action")}
    for edge, expected in (("true", end), ("false", "streams")):
        rows = production(f'new sst.aws.Remix("Web", {{ edge: {edge} }})', route, version)
        assert rows == [
            f"POST /chat toUIMessageStreamResponse app/routes/chat.ts:1, 20 s by Lambda, {expected}"
        ]


def test_a_pipe_is_not_shown_next_to_what_it_passes_on() -> None:
    files = {
        "api.ts": 'import { parts } from "./parts"\n'
        "export const handler = awslambda.streamifyResponse(async (event, out) => pipeline(parts(), out))",
        "parts.ts": "export const parts = () => answer.toDataStreamResponse().body",
    }
    assert production(URL, files) == ["Api toDataStreamResponse parts.ts:1, 300 s by Lambda, streams"]


@pytest.mark.parametrize(
    ("text", "sends"),
    [
        ("new StreamableHTTPTransport()", "maybe"),
        ("answer.toDataStreamResponse()", "yes"),
        ("[new StreamableHTTPTransport(), answer.toDataStreamResponse()]", "yes"),
        ("1", "no"),
    ],
)
def test_what_may_be_short_is_no_sure_stream(text: str, sends: str) -> None:
    files = {"api.ts": f"{HONO}export const handler = streamHandle(() => {text})"}
    tree = MemoryTree({"sst.config.ts": (CONFIG % URL).encode()} | {k: v.encode() for k, v in files.items()})
    [function] = [
        each for each in read_project(tree, "sst.config.ts").contexts[0].subjects if each.kind == "function"
    ]
    assert function.facts["sends"].value == sends


def test_more_routes_than_files_that_may_be_imported() -> None:
    plain = {f"web/app/api/r{each}/route.ts": 'import "./x"\nexport const GET = 1' for each in range(600)}
    last = {"web/app/api/zz/route.ts": AI}
    assert production(NEXT, plain | last) == [
        "POST /api/zz toUIMessageStreamResponse web/app/api/zz/route.ts:1, 300 s by Lambda, adapter"
    ]


def test_a_package_is_exported_through_a_module_of_the_project() -> None:
    lib = {"lib.ts": 'export * from "./own"\nexport * from "hono/streaming"', "own.ts": "export const a = 1"}
    text = f"{HONO}{SSE}export const handler = handle(app)".replace('"hono/streaming"', '"./lib"')
    assert production(HTTP, {"api.ts": text, **lib}) == [
        "$default streamSSE api.ts:3, 20 s by Lambda, handler"
    ]
    lib["lib.ts"] += '\nexport * from "another"'
    assert production(HTTP, {"api.ts": text, **lib}) == []


SOURCES = [
    ("Astro", "astro.config.mjs", '{ srcDir: "./app", adapter: aws() }', "app/pages/api/chat.ts"),
    ("Nuxt", "nuxt.config.ts", '{ serverDir: "backend" }', "backend/api/chat.ts"),
    ("React", "react-router.config.ts", '{ appDirectory: "src" }', "src/routes/api.chat.ts"),
]


@pytest.mark.parametrize(("component", "config", "settings", "route"), SOURCES)
def test_a_framework_may_keep_its_source_in_another_folder(
    component: str, config: str, settings: str, route: str
) -> None:
    files = {
        f"web/{config}": f"export default {settings}",
        f"web/{route}": "export const GET = () => 1, action = () => answer.toDataStreamResponse()\n"
        "export const POST = action\nexport default eventHandler(() => answer.toDataStreamResponse())",
    }
    [row] = production(f'new sst.aws.{component}("Web", {{ path: "web" }})', files)
    assert "/api/chat toDataStreamResponse" in row


def test_layers_of_modules_are_followed() -> None:
    files = {f"web/a{at}.ts": f'export {{ POST }} from "./a{at + 1}"' for at in range(8)}
    files |= {ROUTE: 'export { POST } from "../../../a0"', "web/a8.ts": AI}
    assert production(NEXT, files) == [f"{ROW.replace('app/api/chat/route', 'a8')}, 300 s by Lambda, adapter"]
