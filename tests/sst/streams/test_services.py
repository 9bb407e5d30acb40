"""Servers behind a load balancer or the Lambda Web Adapter: unknown code, but known time limits."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from policy_bot.sst.deployment import Value
from tests.sst.streams.test_streams import streams

CLUSTER = """const vpc = new sst.aws.Vpc("Vpc")
  const cluster = new sst.aws.Cluster("Cluster", { vpc })
  """
HTTP = 'loadBalancer: { rules: [{ listen: "80/http", forward: "3000/http" }] }'
SERVICE = f'{CLUSTER}const api = new sst.aws.Service("Api", {{ cluster, {HTTP} }})'
ROUTED = f'{SERVICE}\n  new sst.aws.Router("Router").route("/", api.url%s)'
SERVER = {"server.ts": "createServer((q, s) => s.writeHead(200, { 'content-type': 'text/event-stream' }))"}


@pytest.mark.parametrize(
    ("run", "silence", "by"),
    [
        (SERVICE, 60, "load balancer"),
        (ROUTED % "", 20, "CloudFront"),
        (ROUTED % ', { readTimeout: "60 seconds" }', 60, "load balancer"),
        (SERVICE.replace("80/http", "80/tcp").replace("3000/http", "3000/tcp"), 350, "load balancer"),
        (SERVICE.replace("cluster, l", "cluster, transform: { loadBalancer: { idleTimeout: 300 } }, l"), 300,
         "load balancer"),
    ],
)  # fmt: skip
def test_a_service_is_unknown_but_its_silence_limit_is_not(run: str, silence: int, by: str) -> None:
    [stream] = streams(run, SERVER)["production"]
    assert stream.facts["breaks_at"].is_unknown
    assert stream.facts["producer"].is_unknown
    assert (stream.facts["silence"], stream.facts["silence_by"]) == (
        Value(silence, stream.facts["silence"].origin),
        Value(by, stream.facts["silence_by"].origin),
    )


def test_a_service_without_a_load_balancer_answers_nobody() -> None:
    assert not streams(SERVICE.replace(HTTP, ""), SERVER)["production"]


def test_in_dev_it_runs_locally_unless_set_otherwise() -> None:
    for run, deployed in ((SERVICE, False), (SERVICE.replace("cluster, l", "cluster, dev: false, l"), True)):
        [stream] = streams(run, SERVER)["sst dev"]
        assert stream.facts["deployed"] == Value(deployed, stream.facts["deployed"].origin)


ADAPTED = """new sst.aws.Function("Api", {
    runtime: "python3.12", handler: "run.sh", url: true, streaming: true,
    layers: ["arn:aws:lambda:us-east-1:753240598075:layer:LambdaAdapterLayerX86:24"],
    environment: { AWS_LAMBDA_EXEC_WRAPPER: "/opt/bootstrap"%s } })"""


@pytest.mark.parametrize(
    ("environment", "breaks"), [(', AWS_LWA_INVOKE_MODE: "response_stream"', ""), ("", "handler")]
)
def test_the_web_adapter_streams_if_it_is_set_to(environment: str, breaks: str) -> None:
    [stream] = streams(ADAPTED % environment, {})["production"]
    assert stream.facts["producer"].is_unknown
    assert stream.facts["breaks_at"] == Value(breaks, stream.facts["breaks_at"].origin)


PYTHON = 'new sst.aws.Function("Api", { runtime: "python3.12", handler: "api/app.handler"%s })'


EVENTS = "def chat():\n    return EventSourceResponse(parts())\n"
CSV = 'def report():\n    return StreamingResponse(rows(), media_type="text/csv")\n'


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"api/app.py": EVENTS}, [("sse", "api/app.py:2")]),
        ({"api/app.py": CSV}, [("readable", "api/app.py:2")]),
        ({"api/app.py": "def handler(event, context): ..."}, []),
        ({"api/app.py": "from .chat import router", "api/chat.py": EVENTS}, [("sse", "api/chat.py:2")]),
        ({"api/app.py": "from ..chat import r", "chat.py": EVENTS}, [("sse", "chat.py:2")]),
        ({"api/app.py": "from api.chat import r", "api/chat.py": EVENTS}, [("sse", "api/chat.py:2")]),
        (
            {"api/app.py": "from api.routers import a, chat", "api/routers/chat.py": EVENTS},
            [("sse", "api/routers/chat.py:2")],
        ),
        (
            {"api/app.py": "import api.core", "api/core/__init__.py": "import api.app\n" + EVENTS},
            [("sse", "api/core/__init__.py:3")],
        ),
        ({"api/app.py": "from fastapi import FastAPI", "chat.py": EVENTS}, []),
    ],
)
def test_a_python_handler_never_streams(files: Mapping[str, str], found: list[tuple[str, str]]) -> None:
    made = streams(PYTHON % ", url: true", files)["production"]
    values = [(each.facts["producer_kind"].value, each.facts["producer_at"].value) for each in made]
    assert values == found
    assert {each.facts["breaks_at"].value for each in made} <= {"handler"}


def test_a_python_handler_without_a_file_is_unknown() -> None:
    [stream] = streams(PYTHON % ", url: true", {})["production"]
    assert stream.facts["producer"].is_unknown


WORKER = 'new sst.cloudflare.Worker("Edge", { handler: "src/%s", url: true })'
CODE = {
    "src/chat.ts": "export default { fetch: () => answer.toUIMessageStreamResponse() }",
    "src/json.ts": "export default { fetch: () => Response.json({}) }",
}


@pytest.mark.parametrize(
    ("run", "found"),
    [
        (WORKER % "chat.ts", [("toUIMessageStreamResponse", "")]),
        (WORKER % "json.ts", []),
        (WORKER % "none.ts", [(None, None)]),
        ((WORKER % "chat.ts").replace(", url: true", ""), []),
    ],
)
def test_a_worker_streams_what_its_module_sends(run: str, found: list[tuple[str | None, str | None]]) -> None:
    made = streams(run, CODE)["production"]
    values = [tuple(each.facts[key].value for key in ("producer", "breaks_at")) for each in made]
    assert values == found
