"""Which endpoints of an app a route of an API leads to."""

from __future__ import annotations

import pytest

from policy_bot.sst.streams.endpoints import serves
from tests.sst.streams.test_streams import production

APP = """import { Hono } from "hono"
import { handle } from "hono/aws-lambda"
import { streamSSE } from "hono/streaming"
const events = (c) => streamSSE(c, async () => {})
const app = new Hono()
app.get("/health", (c) => c.text("fine"))
app.post("/chat", (c) => streamSSE(c, async () => {}))
export const handler = handle(app)
"""
ROUTED = """const api = new sst.aws.ApiGatewayV2("Api")
  for (const route of ["GET /health", "POST /chat", "$default"]) {
    api.route(route, { handler: "api.handler" })
  }"""


def test_a_route_sends_what_its_endpoint_sends() -> None:
    assert production(ROUTED, {"api.ts": APP}) == [
        "POST /chat streamSSE api.ts:7, 20 s by Lambda, handler",
        "$default streamSSE api.ts:7, 20 s by Lambda, handler",
    ]


def test_a_handler_with_a_name_may_answer_any_route() -> None:
    named = APP.replace("(c) => streamSSE(c, async () => {}))", "events)")
    assert len(production(ROUTED, {"api.ts": named})) == 3


FASTAPI = """@app.get("/health")
def health(): return {}

@app.post("/chat")
async def chat(): return EventSourceResponse(parts())
"""


@pytest.mark.parametrize("method", ['.on(["POST"], "/chat",', ".use("])
def test_only_the_arguments_of_a_call_answer_its_endpoint(method: str) -> None:
    chained = APP[: APP.index("const app")] + (
        f"const app = new Hono(){method} (c) => streamSSE(c, async () => {{}}))"
        '.get("/health", (c) => c.text("fine"))\nexport const handler = handle(app)\n'
    )
    assert "POST /chat" in "".join(production(ROUTED, {"api.ts": chained}))


SENDS = '"/chat", (c) => streamSSE(c, async () => {})'
ADDED = [
    f"export const routes = app.post({SENDS})",
    f'const v1 = app.basePath("/v1")\nv1.post({SENDS})',
    f'const chat = new Hono()\nchat.post({SENDS})\nconst all = app.use("*", f).route("/v1", chat)',
    f"const route = app.route('/chat')\nroute.post({SENDS.partition(', ')[2]})",
]
"""Statements that add the route to `app` by way of another name."""


@pytest.mark.parametrize("added", ADDED)
def test_what_a_router_returns_adds_to_the_router(added: str) -> None:
    text = APP.replace(f"app.post({SENDS})", added)
    assert text != APP
    assert "$default streamSSE" in "".join(production(ROUTED, {"api.ts": text}))


def test_a_call_of_something_else_adds_nothing() -> None:
    other = APP.replace(f"app.post({SENDS})", f"const client = app.copy().post({SENDS})")
    assert production(ROUTED, {"api.ts": other}) == []


def test_a_module_that_is_imported_without_names_adds_its_routes() -> None:
    files = {
        "app.ts": 'import { Hono } from "hono"\nexport const app = new Hono()',
        "routes.ts": 'import { app } from "./app"\nimport { streamSSE } from "hono/streaming"\n'
        f"app.post({SENDS})\nconst unused = () => app.get({SENDS})",
        "api.ts": 'import "./routes"\nimport { handle } from "hono/aws-lambda"\nimport { app } from "./app"\n'
        "export const handler = handle(app)",
    }
    rows = [row.partition(",")[0] for row in production(ROUTED, files)]
    assert rows == ["POST /chat streamSSE routes.ts:3", "$default streamSSE routes.ts:3"]


DOWNLOAD_FIRST = """import { Hono } from "hono"
import { handle } from "hono/aws-lambda"
const app = new Hono()
  .get("/health", (c) => { c.header("content-type", "text/csv"); return c.body("a") })
  .post("/chat", (c) => new Response(new ReadableStream({ start() {} })))
export const handler = handle(app)
"""


def test_a_download_is_one_of_its_own_endpoint() -> None:
    assert "POST /chat" in "".join(production(ROUTED, {"api.ts": DOWNLOAD_FIRST}))
    other = DOWNLOAD_FIRST.replace(
        '.post("/chat", (c) => ', ".post(\"/chat\", (c) => c.header('content-type', 'text/csv') && "
    )
    assert production(ROUTED, {"api.ts": other}) == []


BY_KIND = """export const GET = async (request) => {
  if (request.image) { const headers = { "content-type": "image/png" }; return new Response(i, { headers }) }
  return request.zip ? new Response(zip, { headers: { "content-type": "application/zip" } })
    : new Response(new ReadableStream({ start() {} }))
}
"""


def test_a_download_is_one_of_its_own_response() -> None:
    web, route = 'new sst.aws.Nextjs("Web")', "app/api/a/route.ts"
    assert "new Response(ReadableStream) app/api/a/route.ts:4" in "".join(production(web, {route: BY_KIND}))
    same = BY_KIND.replace("const headers", "request.type.set").replace("return new", "new")
    by_header = same.replace("{ request.type.set = {", "request.headers.set(").replace(
        '": "image/png" }; new Response(i, { headers }) }', '", "image/png")'
    )
    assert "if (request.image) request.headers.set(" in by_header
    assert production(web, {route: by_header}) == []


def test_a_header_of_a_request_declares_no_download() -> None:
    upload = 'await fetch("https://x.example", { headers: { "content-type": "application/zip" } })'
    text = DOWNLOAD_FIRST.replace('c.header("content-type", "text/csv")', "0").replace(
        "(c) => new", f"async (c) => {upload} && new"
    )
    assert "POST /chat" in "".join(production(ROUTED, {"api.ts": text}))


def test_a_decorator_of_python_is_an_endpoint() -> None:
    run = ROUTED.replace('"api.handler"', '"api.handler", runtime: "python3.12"')
    assert production(run, {"api.py": FASTAPI}) == [
        "POST /chat EventSourceResponse api.py:5, 20 s by Lambda, handler",
        "$default EventSourceResponse api.py:5, 20 s by Lambda, handler",
    ]


HELPER = FASTAPI.replace("EventSourceResponse(parts())", "answer()").replace(
    "@app.post", "def answer():\n    return EventSourceResponse(parts())\n\n@app.post"
)
TWO = FASTAPI.replace("@app.post", '@app.post("/talk")\n@app.post')
FACTORY = "def make():\n" + "".join(f"    {line}\n" for line in HELPER.splitlines())
NESTED = FASTAPI.replace(" return Event", "\n    def parts(): yield\n    return Event")


@pytest.mark.parametrize(
    ("text", "routes"),
    [
        (HELPER, ["GET /health", "POST /chat", "$default"]),
        (TWO, ["POST /chat", "$default"]),
        (FACTORY, ["GET /health", "POST /chat", "$default"]),
        (NESTED, ["POST /chat", "$default"]),
    ],
)
def test_a_decorator_of_python_is_the_endpoint_of_its_function_alone(text: str, routes: list[str]) -> None:
    run = ROUTED.replace('"api.handler"', '"api.handler", runtime: "python3.12"')
    found = production(run, {"api.py": text})
    assert [each.partition(" EventSource")[0] for each in found] == routes


@pytest.mark.parametrize(
    ("route", "own", "expected"),
    [
        ("POST /chat", "POST /chat", True),
        ("POST /v1/chat", "POST /chat", True),
        ("ANY /chat", "POST /chat", True),
        ("POST /chat", "ALL /chat", True),
        ("POST /{proxy+}", "POST /chat", True),
        ("POST /v1/{proxy+}", "POST /chat", True),
        ("$default", "POST /chat", True),
        ("POST /chats/{id}", "POST /chats/:id", True),
        ("POST /{kind}", "POST /chat", True),
        ("POST /chat", "POST /:kind", True),
        ("POST /chat", "POST /", True),
        ("POST /chat", "", True),
        ("POST /books", "POST /books/:id?", True),
        ("POST /chat", "POST /chat*", True),
        ("POST /files/a/b", "POST /files/{rest:path}", True),
        ("POST /files/a/b", "POST /files/<path:rest>", True),
        ("GET /files", "POST /files/*", False),
        ("GET /chat", "POST /chat", False),
        ("POST /health", "POST /chat", False),
        ("POST /", "POST /chat", False),
        ("POST /chat", "POST /v1/chat", False),
        ("GET /books/{id}", "GET /books/:id/parts", False),
    ],
)
def test_serves(route: str, own: str, expected: bool) -> None:
    assert serves(route, own) is expected


@pytest.mark.parametrize(
    "line",
    [
        "from api.chat import answer",
        "from api.chat import (\n    answer,\n    other,\n)",
        "from api.chat import *",
        "from api import other, chat as talk",
        "from api import (\n    other,\n    chat,\n)",
        "from . import chat",
        "from .chat import answer",
        "import api.chat as talk",
        "import os, api.chat",
        "    from api.chat import answer",
    ],
)
def test_modules_that_python_imports(line: str) -> None:
    run = 'new sst.aws.Function("F", { handler: "api/main.handler", runtime: "python3.12", url: true })'
    files = {"api/main.py": f"{line}\n", "api/chat.py": "EventSourceResponse(parts())\n"}
    assert production(run, files) == ["F EventSourceResponse api/chat.py:1, 20 s by Lambda, handler"]


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("return Response(parts(), mimetype='text/event-stream')", "Response"),
        ('return Response(\n  parts(),\n  content_type = "text/event-stream",\n)', "Response"),
        ("return ServerSentEvent(parts())", "ServerSentEvent"),
        ("yield ServerSentEvent(data='a')", ""),
        ("return Response('a', mimetype='text/plain')  # text/event-stream", ""),
    ],
)
def test_events_of_python_are_recognised(text: str, sender: str) -> None:
    run = 'new sst.aws.Function("F", { handler: "api.handler", url: true, runtime: "python3.12" })'
    rows = production(run, {"api.py": f"def handler():\n  {text}\n"})
    assert [row.split()[1] for row in rows] == ([sender] if sender else [])
