"""The path of a stream as the details page draws it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policy_bot.service.evidence.streams import streams
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

CONFIG = 'export default $config({ app() { return { name: "app", home: "aws" } }, async run() { %s } })'
ROUTE = {"app/api/chat/route.ts": "export const POST = () => answer.toUIMessageStreamResponse()"}
HONO = 'import { handle, streamHandle } from "hono/aws-lambda"\nimport { streamSSE } from "hono/streaming"\n'
API = {"api.ts": f"{HONO}export const handler = streamHandle((c) => streamSSE(c, async () => {{}}))"}
FUNCTION = 'new sst.aws.Function("Api", { handler: "api.handler", url: true, streaming: true, dev: false })'
ROUTED = f"""const router = new sst.aws.Router("R")
const api = {FUNCTION.replace(", dev: false", "")}
router.route("/api", api.url)"""
SERVICE = """new sst.aws.Service("Api", {
  cluster: new sst.aws.Cluster("C", { vpc: new sst.aws.Vpc("V") }),
  loadBalancer: { rules: [{ listen: "80/http" }] } })"""
CLOUDFRONT = "CloudFront (gives up after 20 seconds without a byte)"
BUFFERED = "Lambda (buffered mode, ends after 20 seconds)"
STREAMING = "Lambda (streaming mode, ends after 20 seconds)"
LOCAL = "Runs on the developer's machine"
SENT = "toUIMessageStreamResponse (app/api/chat/route.ts:1)"
HANDLED = "Handler that streams > streamSSE (api.ts:3)"


def drawn(run: str, files: Mapping[str, str]) -> list[str]:
    """The chains of the first stream, a line for one stage or several; `!` is broken, `?` unknown."""
    given = {"sst.config.ts": CONFIG % run, "package.json": '{"dependencies": {"sst": "4.17.0"}}', **files}
    project = read_project(MemoryTree({p: t.encode() for p, t in given.items()}), "sst.config.ts")
    marks = {"ok": "", "broken": "!", "unknown": "?"}
    found = []
    for stage in streams(project)[0]["stages"]:  # type: ignore[attr-defined]
        links = (f"{marks[each['state']]}{each['name']} ({each['note']})" for each in stage["links"])
        found.append(f"{stage['stage']}: {' > '.join(links)}".replace(" ()", ""))
    return found


@pytest.mark.parametrize(
    ("run", "files", "expected"),
    [
        ('new sst.aws.Nextjs("Web")', ROUTE, [
            f"production: Browser > {CLOUDFRONT} > {BUFFERED}"
            f" > !Adapter aws-lambda (buffers the whole response) > {SENT}",
            f"sst dev: Browser > {LOCAL} (the framework's own server) > {SENT}",
        ]),
        ('new sst.aws.Nextjs("Web", { buildCommand: "make" })', ROUTE, [
            f"production: Browser > {CLOUDFRONT} > {BUFFERED} > ?Adapter (not known) > {SENT}",
            f"sst dev: Browser > {LOCAL} (the framework's own server) > {SENT}",
        ]),
        (ROUTED, API, [
            f"production: Browser > {CLOUDFRONT} > Function URL > {STREAMING} > {HANDLED}",
            f"sst dev: Browser > {CLOUDFRONT} > Function URL > {STREAMING} > {LOCAL} > {HANDLED}",
        ]),
        (FUNCTION, API, [f"production, sst dev: Browser > Function URL > {STREAMING} > {HANDLED}"]),
        (SERVICE, {}, [
            "production: Browser > Load balancer (gives up after 60 seconds without a byte)"
            " > ?Container (not seen)",
            "sst dev: Browser > Load balancer (gives up after 60 seconds without a byte)"
            f" > {LOCAL} > ?Container (not seen)",
        ]),
    ],
)  # fmt: skip
def test_a_chain(run: str, files: Mapping[str, str], expected: list[str]) -> None:
    assert drawn(run, files) == expected
