"""`inspect --streams`: each stream with a line for each stage, its links on request, and the JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_bot.cli.main import main

CONFIG = """export default $config({
  app() { return { name: "shop", home: "aws" } },
  async run() {
    new sst.aws.Nextjs("Web", { path: "web" })
    new sst.aws.Function("Events", {
      handler: "events.handler", url: true, streaming: true, timeout: "10 minutes" })
    new sst.aws.ApiGatewayV2("Api").route("GET /feed", { handler: "feed.handler" })
  },
})
"""
HONO = 'import { handle, streamHandle } from "hono/aws-lambda"\nimport { streamSSE } from "hono/streaming"\n'
FILES = {
    "sst.config.ts": CONFIG,
    "package.json": '{ "dependencies": { "sst": "4.17.1" } }',
    "web/app/api/chat/route.ts": "export const POST = () =>\n  answer.toUIMessageStreamResponse()\n",
    "events.ts": f"{HONO}export const handler = streamHandle((c) => streamSSE(c, async () => {{}}))\n",
    "feed.ts": f"{HONO}export const handler = handle((c) => streamSSE(c, async () => {{}}))\n",
}
SHOWN = """sst.config.ts  SST 4.17.1 (package.json asks for sst "4.17.1")

Events  events.ts:3 streamSSE
  production  streams · Lambda 600 s
  sst dev     streams · Lambda 600 s

GET /feed  feed.ts:3 streamSSE
  production  handler (plain): BUFFERED · Lambda 20 s
  sst dev     handler (plain): BUFFERED · Lambda 20 s

POST /api/chat  web/app/api/chat/route.ts:2 toUIMessageStreamResponse  (Web)
  production  OpenNext wrapper aws-lambda: BUFFERED · Lambda 20 s ·
              CloudFront 20 s
  sst dev     streams, by the framework's own server

  3 streams. Routes of sites: 1.
"""


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.chdir(tmp_path)


def test_each_stream_with_a_line_for_each_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", "--streams"]) == 0
    assert capsys.readouterr().out == SHOWN


@pytest.mark.parametrize("route", ["POST /api/chat", "/api/chat"])
def test_the_links_of_one_route(route: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["inspect", "--streams", "--explain", route])
    shown = capsys.readouterr().out
    assert "    breaks_at = adapter\n      <- sst.aws.Nextjs `Web`  sst.config.ts:4\n" in shown
    assert "<- `toUIMessageStreamResponse` sends the stream  web/app/api/chat/route.ts:2" in shown
    assert "Events" not in shown


def test_a_route_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", "--streams", "--explain", "/nowhere"]) == 2
    assert (
        "no stream is named /nowhere; streams: Events, GET /feed, POST /api/chat" in capsys.readouterr().err
    )


def test_streams_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["inspect", "--format", "json"])
    production, dev = json.loads(capsys.readouterr().out)["projects"][0]["contexts"]
    assert production["streams"][2] == {
        "route": "POST /api/chat",
        "file": "web/app/api/chat/route.ts",
        "line": 2,
        "producer": "toUIMessageStreamResponse",
        "owner": "Web",
        "adapter": "aws-lambda",
        "handler": "",
        "mode": "buffered",
        "entry": "cloudfront",
        "limit_seconds": 20,
        "limit_by": "Lambda",
        "silence_seconds": 20,
        "silence_by": "CloudFront",
        "breaks_at": "adapter",
    }
    assert [each["limit_seconds"] for each in dev["streams"]] == [600, 20, None]


def test_a_finding_lists_the_code_that_leads_to_the_stream(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "web/app/api/chat/route.ts").write_text('export { POST } from "../../../model"\n')
    (tmp_path / "web/model.ts").write_text("export const POST = () => answer.toUIMessageStreamResponse()\n")
    assert main(["check", "--select", "streaming/buffered-route"]) == 1
    assert (
        """
  code     web/app/api/chat/route.ts:1 imports "../../../model"; web/model.ts:1
           `toUIMessageStreamResponse` sends the stream
"""
        in capsys.readouterr().out
    )
