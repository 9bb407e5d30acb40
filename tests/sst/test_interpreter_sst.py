"""What SST gives to a program: stages, globals, components and their outputs, `$transform`."""

from __future__ import annotations

from typing import Any

import pytest

from policy_bot.sst.deployment import Context
from policy_bot.sst.interpreter import evaluate
from policy_bot.sst.source import MemoryTree
from tests.sst.programs import plain, record, result_of

DEV = Context("alice", dev=True)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return [$app.stage, $dev, $app.name, $app.protect]", ["production", False, "app", False]),
        ('return $output("4 minutes")', {"$output": "4 minutes"}),
        ('return $output("4").apply((v) => v + " minutes")', {"$output": "4 minutes"}),
        ("return $resolve([1, $output(2)]).apply(([a, b]) => a + b)", {"$output": 3}),
        ('return $interpolate`a${$output("b")}c`', "abc"),
        ('return $concat("a", 1)', "a1"),
        ('return pulumi.all([1, 2]).apply((xs) => xs.length)', {"$output": 2}),
        ('return new sst.aws.Queue("Q").arn', "<sst.aws.Queue.arn>"),
        ('return new sst.aws.Nextjs("N").nodes.server.name', "<sst.aws.Nextjs.nodes.server.name>"),
        ('return new sst.aws.Queue("Q").arn.apply(() => "6 minutes")', {"$output": "6 minutes"}),
        ('return new sst.aws.Queue("Q").arn.apply((arn) => `x${arn}`)', {"$unknown": "only the deploy knows `sst.aws.Queue.arn`"}),
        ('return sst.aws.Vpc.get("V", "vpc-1")', "<sst.aws.Vpc>"),
        ("return process.env.HOME", {"$unknown": "process.env.HOME is set outside the repository"}),
        ('process.env.X = "set"; return process.env.X', "set"),
        ("return Date.now() > 5", {"$unknown": "`Date.now` is no function we read"}),
    ],
)  # fmt: skip
def test_values(body: str, expected: Any) -> None:
    assert result_of(body) == expected


def test_dev() -> None:
    assert result_of("return [$dev, $app.stage, $cli.command]", context=DEV) == [True, "alice", "dev"]


@pytest.mark.parametrize(
    ("body", "stages"),
    [
        ('if ($app.stage === "staging") {}', {"staging"}),
        ('const s = $app.stage; return s !== "uat"', {"uat"}),
        ('return ["qa", "prod"].includes($app.stage)', {"qa", "prod"}),
        ('switch ($app.stage) { case "a": break; case "b": break }', {"a", "b"}),
        ("return { eu: 1, us: 2 }[$app.stage] ?? 3", {"eu", "us"}),
        ('return $app.stage.startsWith("pr-")', {"pr-1"}),
        ('return new Map([["x", 1]]).get($app.stage)', {"x"}),
        ('return $app.stage + ".example.com" === "y"', set()),
    ],
)
def test_the_stages_that_a_program_knows(body: str, stages: set[str]) -> None:
    assert record(body).stages == stages


@pytest.mark.parametrize("name", ["$dev", "$app.stage", "$cli.command"])
def test_a_global_of_run_does_not_exist_in_app(name: str) -> None:
    made = record("", app=f'return {{ name: "x", streaming: {name} }};')
    missing = made.missing_globals[0]
    assert missing.message == f"ReferenceError: {name.partition('.')[0]} is not defined"
    assert (missing.span.line, missing.inside) == (3, "app()")


def test_nor_at_the_top_level() -> None:
    made = record("return live", before="const live = !$dev;")
    assert [(m.name, m.span.line, m.inside) for m in made.missing_globals] == [
        ("$dev", 1, "the config's top level")
    ]
    assert plain(made.outputs) == {"$unknown": "$dev is not defined in the config's top level"}


def test_the_stage_reaches_app_by_its_input() -> None:
    made = record(
        "", app='return { name: "x", removal: input?.stage === "production" ? "retain" : "remove" };'
    )
    assert plain(made.app) == {"name": "x", "removal": "retain"}


def made_functions(body: str, **given: Any) -> list[Any]:
    return [plain(each.args) for each in record(body, **given).constructions]


@pytest.mark.parametrize(
    ("body", "timeouts"),
    [
        ('$transform(F, a => { a.timeout ??= "3 minutes" }); new F("A", {}); new F("B", { timeout: "10 seconds" })', ["3 minutes", "10 seconds"]),
        ('new F("A", {}); $transform(F, a => { a.timeout ??= "3 minutes" }); new F("B", {})', ["$none", "3 minutes"]),
        ('$transform(F, a => { a.timeout = "3 minutes" }); new F("B", { timeout: "10 seconds" })', ["3 minutes"]),
        ('$transform(F, a => { a.timeout ??= "1" }); $transform(F, a => { a.timeout ??= "2" }); new F("A", {})', ["1"]),
        ('$transform(F, a => { a.timeout = "1" }); $transform(F, a => { a.timeout = "2" }); new F("A", {})', ["2"]),
        ('$transform(F, a => ({ ...a, timeout: "3 minutes" })); new F("A", {})', ["$none"]),
        ('$transform(F, a => { if (a.timeout === undefined) a.timeout = 300 }); new F("A", {})', [300]),
        ('$transform(F, a => { a.timeout ??= "1" }); new F("A")', ["1"]),
        ('const d = {}; $transform(F, a => { a.timeout ??= "1" }); new F("A", d); return d.timeout', ["1"]),
        ('const d = {}; new F("A", d); d.timeout = "5"; new F("B", d)', ["$none", "5"]),
        ('$transform(F, (a, o, n) => { a.timeout = n }); new F("A", {})', ["A"]),
        ('$transform(sst.aws.Queue, a => { a.timeout = 1 }); new F("A", {})', ["$none"]),
    ],
)  # fmt: skip
def test_a_transform_reaches_what_is_constructed_after_it(body: str, timeouts: list[Any]) -> None:
    seen = made_functions(f"const F = sst.aws.Function; {body}")
    assert [args.get("timeout", "$none") for args in seen] == timeouts


def test_a_transform_of_pulumis_class_changes_a_copy() -> None:
    body = """
      $transform(aws.lambda.Function, (a) => { a.timeout = 77 });
      const args = { timeout: 3 };
      new aws.lambda.Function("L", args);
      return args.timeout;
    """
    made = record(body)
    assert (plain(made.outputs), plain(made.constructions[0].args)) == (3, {"timeout": 77})


def test_records_stand_where_a_call_stack_would_point() -> None:
    made = record(
        'const api = new sst.aws.ApiGatewayV2("Api");\napi\n  .route("GET /", "h.one")\n  .route("GET /b", "h.two");'
    )
    assert [(c.type, c.span.line, c.span.column) for c in made.constructions] == [
        ("sst.aws.ApiGatewayV2", 5, 13)
    ]
    assert [(c.type, c.method, c.span.line) for c in made.calls][:1] == [("sst.aws.ApiGatewayV2", "route", 7)]


def test_order_numbers_run_over_all_kinds() -> None:
    made = record(
        'new sst.aws.Queue("A").subscribe("h"); $transform(sst.aws.Function, () => {}); new sst.aws.Queue("B");'
    )
    assert [
        made.constructions[0].order,
        made.calls[0].order,
        made.transforms[0].order,
        made.constructions[1].order,
    ] == [1, 2, 3, 4]


def test_an_await_of_something_unknown_ends_the_synchronous_stretch() -> None:
    made = record(
        'new sst.aws.Queue("A"); await Promise.resolve(1); new sst.aws.Queue("B"); await fetch("x"); new sst.aws.Queue("C");'
    )
    assert [each.stretch for each in made.constructions] == [0, 0, 1]


def test_a_class_that_extends_a_component_constructs_it_at_super() -> None:
    body = """
      class Fn extends sst.aws.Function {
        constructor(name, args) {
          args.timeout ??= "2 minutes";
          super(name, args);
        }
      }
      const fn = new Fn("F", { handler: "h" });
      return fn.arn;
    """
    made = record(body)
    each = made.constructions[0]
    assert (each.type, each.subclass, each.span.line, plain(each.args)) == (
        "sst.aws.Function", "Fn", 9, {"handler": "h", "timeout": "2 minutes"},
    )  # fmt: skip
    assert plain(made.outputs) == "<sst.aws.Function.arn>"


def test_a_component_of_the_programs_own() -> None:
    body = """
      class Group extends pulumi.ComponentResource {
        queue = new sst.aws.Queue("inner");
        constructor(name, n) { super("my:Group", name); for (let i = 0; i < n; i++) new sst.aws.Topic(name + i); }
      }
      return new Group("G", 2).queue.url;
    """
    made = record(body)
    assert [(c.type, plain(c.name)) for c in made.constructions] == [
        ("pulumi.ComponentResource", "G"), ("sst.aws.Queue", "inner"), ("sst.aws.Topic", "G0"), ("sst.aws.Topic", "G1"),
    ]  # fmt: skip
    assert plain(made.outputs) == "<sst.aws.Queue.url>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('import { defineConfig } from "x"; export default defineConfig({ a: 1 })', {"$call": "defineConfig", "0": {"a": 1}}),
        ("export default defineNuxtConfig({ nitro: { a: true } })", {"$call": "defineNuxtConfig", "0": {"nitro": {"a": True}}}),
        ('import aws from "astro-sst"; export default { adapter: aws({ responseMode: "stream" }) }', {"adapter": {"$call": "aws", "0": {"responseMode": "stream"}}}),
        ('import { d } from "x"; export default () => ({ a: 1 })', {"a": 1}),
        ("const x = 1", {"$unknown": '"any.config.ts" has no default export'}),
    ],
)  # fmt: skip
def test_a_frameworks_config(text: str, expected: Any) -> None:
    box, files = evaluate(MemoryTree({"any.config.ts": text.encode()}), "any.config.ts")
    assert plain(box) == expected
    assert "any.config.ts" in files
