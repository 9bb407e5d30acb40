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
