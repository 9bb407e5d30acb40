"""The path of a stream in SST v2: what its sites and functions make of it, in v2's own words."""

from __future__ import annotations

import pytest

from policy_bot.policy import builtin
from policy_bot.policy.engine import judge
from policy_bot.policy.settings import Settings
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree
from tests.sst.streams.test_streams import AI, HONO, ROUTE, SSE, WRAPPER, production

CONFIG = """import { Api, AstroSite, Function, NextjsSite, RemixSite, SvelteKitSite } from "sst/constructs"
export default { config() { return { name: "app", region: "eu-west-1" } }, stacks(app) {
  app.stack(function Site({ stack }) { %s })
} }"""
STREAM = {"api.ts": f"{HONO}{SSE}export const handler = streamHandle(app)"}
WHOLE = {"api.ts": f"{HONO}{SSE}export const handler = handle(app)"}
STREAMING = 'new Function(stack, "F", { handler: "api.handler", url: { streaming: true } })'
BUFFERED = 'new Function(stack, "F", { handler: "api.handler", url: true })'
API = 'new Api(stack, "A", { routes: { "GET /": "api.handler" } })'
ASTRO = {
    "web/src/pages/chat.ts": AI.replace("POST", "GET"),
    "web/astro.config.mjs": 'import aws from "astro-sst"\n'
    'export default { output: "server", adapter: aws({ responseMode: "stream" }) }',
}


@pytest.mark.parametrize(
    ("site", "more", "version", "files", "breaks"),
    [
        ("NextjsSite", "", "2.40.0", {ROUTE: AI}, "adapter"),
        ("NextjsSite", ", experimental: { streaming: true }", "2.40.0", {ROUTE: AI}, "streams"),
        ("NextjsSite", "", "2.49.0", {ROUTE: AI}, "adapter"),
        ("NextjsSite", "", "2.49.0", {ROUTE: AI, "web/open-next.config.ts": WRAPPER}, "streams"),
        ("SvelteKitSite", "", "2.49.0", {"web/src/routes/api/chat/+server.ts": AI}, "adapter"),
        ("RemixSite", "", "2.49.0", {"web/app/routes/chat.ts": AI.replace("POST", "action")}, "adapter"),
        ("AstroSite", "", "2.49.0", ASTRO, "streams"),
    ],
)
def test_sites(site: str, more: str, version: str, files: dict[str, str], breaks: str) -> None:
    config = {"sst.config.ts": CONFIG % f'new {site}(stack, "site", {{ path: "web"{more} }})'}
    [found] = production("", files | config, version)
    assert found.endswith(f":1, 10 s by Lambda, {breaks}")


def test_a_static_site_has_no_server() -> None:
    files = {path: text.replace('output: "server", ', "") for path, text in ASTRO.items()}
    config = {"sst.config.ts": CONFIG % 'new AstroSite(stack, "site", { path: "web" })'}
    assert production("", files | config, "2.49.0") == []


@pytest.mark.parametrize(
    ("run", "files", "version", "breaks"),
    [
        (STREAMING, STREAM, "2.44.0", "streams"),
        (STREAMING, STREAM, "2.36.0", "lambda"),
        (STREAMING, WHOLE, "2.44.0", "handler"),
        (BUFFERED, STREAM, "2.44.0", "lambda"),
        (API, STREAM, "2.44.0", "entry"),
        (API, WHOLE, "2.44.0", "handler"),
    ],
)
def test_functions(run: str, files: dict[str, str], version: str, breaks: str) -> None:
    [found] = production("", files | {"sst.config.ts": CONFIG % run}, version)
    assert found.endswith(f"streamSSE api.ts:3, 10 s by Lambda, {breaks}")


@pytest.mark.parametrize(
    ("run", "files", "policy", "words"),
    [
        (STREAMING, WHOLE, "streaming/handler-not-streamified", "remove `streaming` from `url`"),
        (BUFFERED, STREAM, "streaming/handler-streamified-only", "Set `url: { streaming: true }`"),
        (API, STREAM, "streaming/handler-streamified-only", "a `Function` with `url: { streaming: true }`"),
        (API, WHOLE, "streaming/buffered-entry", "a `Function` with `url: { streaming: true }`"),
        ('new AstroSite(stack, "site", { path: "web" })', ASTRO, "timeout/stream-cut",
         'Set `timeout: "120 seconds"`'),
    ],
)  # fmt: skip
def test_messages_name_the_arguments_of_v2(run: str, files: dict[str, str], policy: str, words: str) -> None:
    given = {"sst.config.ts": CONFIG % run, "package.json": '{"dependencies": {"sst": "2.44.0"}}', **files}
    project = read_project(MemoryTree({p: t.encode() for p, t in given.items()}), "sst.config.ts")
    [found] = [
        each for each in judge([project], builtin.load(), Settings()).findings if each.policy == policy
    ]
    assert words in found.message


def test_live_functions_of_sst_dev_run_elsewhere() -> None:
    given = {
        "sst.config.ts": CONFIG % STREAMING,
        "package.json": '{"dependencies": {"sst": "2.44.0"}}',
        **WHOLE,
    }
    project = read_project(MemoryTree({p: t.encode() for p, t in given.items()}), "sst.config.ts")
    [found] = [
        each for each in judge([project], builtin.load(), Settings()).findings
        if each.policy == "streaming/handler-not-streamified"
    ]  # fmt: skip
    assert [str(each) for each in found.contexts] == ["production"]
