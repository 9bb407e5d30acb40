"""Facts about queues, schedules, gateways."""

from __future__ import annotations

import pytest

from tests.facts.program import V3, V4, Fact, cases, holds, name_of

Q = 'const q = new sst.aws.Queue("Q"'
V1 = 'const api = new sst.aws.ApiGatewayV1("Api"'
V2 = 'const api = new sst.aws.ApiGatewayV2("Api"'


def queue(visibility: int, function: int, window: int = 0) -> dict[str, dict[str, object]]:
    return {
        "queue Q": {"visibility_timeout": visibility, "function_timeout": function, "batch_window": window}
    }


FACTS = [
    Fact(f'{Q}); q.subscribe("index.handler")', facts=queue(30, 20)),
    Fact(f'{Q}); q.subscribe({{ handler: "a.h", timeout: "5 minutes" }})', facts=queue(30, 300)),
    Fact(f'{Q}, {{ visibilityTimeout: "6 minutes" }}); q.subscribe({{ handler: "a.h", timeout: "1 minute" }})',
         facts=queue(360, 60)),
    Fact(f"{Q}, {{ visibilityTimeout: 360 }});", crash="duration.split is not a function"),
    Fact(f"""{Q}, {{ transform: {{ queue: {{ visibilityTimeoutSeconds: 900 }} }} }});
         q.subscribe({{ handler: "a.h", timeout: "5 minutes" }})""", facts=queue(900, 300)),
    Fact(f"""{Q}, {{ visibilityTimeout: "2 minutes" }});
         q.subscribe({{ handler: "a.h", timeout: "1 minute" }}, {{ batch: {{ window: "1 minute" }} }})""",
         facts=queue(120, 60, 60)),
    Fact(f"""const fn = new sst.aws.Function("Fn", {{ handler: "a.h", timeout: "2 minutes" }});
         {Q}); q.subscribe(fn.arn);""", {"Fn": "120 -"}, {**queue(30, 120), "Fn": {"visibility_timeout": 30}}),
    Fact(f"""{Q});
         q.subscribe({{ handler: "a.h" }}, {{ transform: {{ function: {{ timeout: "4 minutes" }} }} }})""",
         facts=queue(30, 240)),
    Fact(f"""{Q}); q.subscribe("a.h");
         $transform(sst.aws.Function, (a) => {{ a.timeout ??= "25 seconds" }});""", facts=queue(30, 25)),
    Fact(f"""{Q}); q.subscribe("a.h"); await new Promise((done) => setTimeout(done, 10));
         $transform(sst.aws.Function, (a) => {{ a.timeout ??= "25 seconds" }});""",
         facts={"queue Q": {"function_timeout": {"one of": [20, 25]}}}),
    Fact('new sst.aws.Cron("C", { schedule: "rate(1 hour)", function: { handler: "a.h", timeout: "15 minutes" } });'
             'new sst.aws.Cron("D", { schedule: "rate(1 hour)", job: { handler: "a.h", timeout: "15 minutes" } });',
         {"C": "900 -", "D": "900 -"}, {"C": {"schedule_seconds": 3600}}),
    Fact('new sst.aws.Cron("C", { schedule: "cron(*/5 * * * ? *)", function: "a.h" });'
             'new sst.aws.Cron("D", { schedule: "cron(0 4 L * ? *)", function: "a.h" });', {"C": "20 -"},
         {"C": {"schedule_seconds": 300},
          "D": {"schedule_seconds": {"unknown": "the interval of the schedule `cron(0 4 L * ? *)` is unknown"}}}),
    Fact('new sst.aws.CronV2("C", { schedule: "rate(1 hour)", function: { handler: "a.h", streaming: true } });',
         {"C": "20 -"}, {"C": {"streaming": True, "streams": False}}, versions=(V4,)),
    Fact(f'{V2}); api.route("GET /", {{ handler: "a.h", timeout: "60 seconds", streaming: true }});',
         {"GET /": "60 -"}, {"GET /": {"gateway_limit": 30, "streams": False, "entry": "http"}}),
    Fact(f"""{V2}, {{ transform: {{ route: {{ handler: {{ timeout: "29 seconds" }} }} }} }});
         api.route("GET /a", "a.h"); api.route("GET /b", {{ handler: "b.h", timeout: "10 seconds" }});""",
         {"GET /a": "29 -", "GET /b": "29 -"}),
    Fact(f"""{V2}, {{ transform: {{ route: {{ handler: (a) => {{ a.timeout ??= "29 seconds" }} }} }} }});
         api.route("GET /a", "a.h"); api.route("GET /b", {{ handler: "b.h", timeout: "10 seconds" }});""",
         {"GET /a": "29 -", "GET /b": "10 -"}),
    Fact(f'{V1}); api.route("GET /", {{ handler: "a.h", streaming: true }}); api.deploy();', {"GET /": "20 S"},
         versions=(V4,)),
    Fact(f'{V1}); api.route("GET /", {{ handler: "a.h", streaming: true }}); api.deploy();', {"GET /": "20 B"},
         versions=("4.1.1", V3)),
    Fact(f'{V1}); api.route("GET /c", "index.handler", {{ streaming: true }});', {"GET /c": "20 S"},
         versions=("4.1.1", V4)),
    Fact(f'{V1}); api.route("GET /d", {{ handler: "a.h", streaming: true }}, {{ streaming: false }});',
         {"GET /d": "20 B"}, versions=(V4,)),
    Fact(f"""$transform(sst.aws.Function, (a) => {{ a.streaming = true }});
         {V1}); api.route("GET /", {{ handler: "a.h", url: true }});""", {"GET /": "20 S"},
         {"GET /": {"url": True, "streaming": True, "integration_streams": False}}, versions=(V4,)),
    Fact(f"""{V1}, {{ transform: {{ route: {{ handler: {{ streaming: true }} }} }} }});
         api.route("GET /", "a.h");""", {"GET /": "20 B"}, {"GET /": {"integration_streams": False}}, versions=(V4,)),
    Fact(f"""const fn = new sst.aws.Function("Fn", {{ handler: "a.h", streaming: true }});
         {V1}); api.route("GET /", fn.arn);""", {"Fn": "20 B"}, {"Fn": {"integration_streams": False}}, versions=(V4,)),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "version"), cases(FACTS), ids=name_of)
def test_fact(fact: Fact, version: str) -> None:
    holds(fact, version)
