"""What SST gives to a program: stages, globals, components and their outputs, `$transform`."""

from __future__ import annotations

from typing import Any

import pytest

from policy_bot.sst.deployment import Context
from policy_bot.sst.interpreter import evaluate
from policy_bot.sst.source import MemoryTree
from tests.sst.programs import examples, plain, record, result_of

DEV = Context("alice", dev=True)


@pytest.mark.parametrize(("body", "expected"), examples("globals.ts"))
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
        ('return new Set(["qa", "prod"]).has($app.stage)', {"qa", "prod"}),
        ('return new Set("qa-1").has($app.stage)', set()),
        ("const t = { prod: 1, default: 2 }; return t[$app.stage] ?? t.default", {"prod"}),
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


def timeouts(body: str) -> list[Any]:
    made = record(f"const F = sst.aws.Function;\n{body}").constructions
    return [plain(each.args).get("timeout", "$none") for each in made]


@pytest.mark.parametrize(("body", "expected"), examples("transforms.ts"))
def test_a_transform_reaches_what_is_constructed_after_it(body: str, expected: Any) -> None:
    assert timeouts(body) == expected


def test_a_transform_of_pulumis_class_changes_a_copy() -> None:
    body = """
      $transform(aws.lambda.Function, (a) => { a.timeout = 77 });
      const args = { timeout: 3 };
      new aws.lambda.Function("L", args);
      return args.timeout;
    """
    made = record(body)
    assert (plain(made.outputs), plain(made.constructions[0].args)) == (3, {"timeout": 77})


def test_records_are_where_a_call_stack_would_point() -> None:
    made = record('const api = new sst.aws.ApiGatewayV2("Api");\napi\n  .route("GET /", "h.one");')
    assert [(c.type, c.span.line, c.span.column) for c in made.constructions] == [
        ("sst.aws.ApiGatewayV2", 5, 13)
    ]
    assert [(c.type, c.method, c.span.line) for c in made.calls][:1] == [("sst.aws.ApiGatewayV2", "route", 7)]


def test_order_numbers_run_over_all_kinds() -> None:
    made = record(
        'new sst.aws.Queue("A").subscribe("h");$transform(sst.aws.Function, () => {});new sst.aws.Queue("B");'
    )
    assert [
        made.constructions[0].order,
        made.calls[0].order,
        made.transforms[0].order,
        made.constructions[1].order,
    ] == [1, 2, 3, 4]


def test_an_await_of_something_unknown_ends_the_synchronous_stretch() -> None:
    made = record(
        'new sst.aws.Queue("A"); await Promise.resolve(1);'
        'new sst.aws.Queue("B"); await fetch("x"); new sst.aws.Queue("C");'
    )
    assert [each.tick for each in made.constructions] == [0, 0, 1]


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
        constructor(name, n) {
          super("my:Group", name);
          for (let i = 0; i < n; i++) new sst.aws.Topic(name + i);
        }
      }
      return new Group("G", 2).queue.url;
    """
    made = record(body)
    assert [(c.type, plain(c.name)) for c in made.constructions] == [
        ("pulumi.ComponentResource", "G"),
        ("sst.aws.Queue", "inner"),
        ("sst.aws.Topic", "G0"),
        ("sst.aws.Topic", "G1"),
    ]
    assert plain(made.outputs) == "<sst.aws.Queue.url>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'import { defineConfig } from "x"; export default defineConfig({ a: 1 })',
            {"$call": "defineConfig", "0": {"a": 1}},
        ),
        (
            "export default defineNuxtConfig({ nitro: { a: true } })",
            {"$call": "defineNuxtConfig", "0": {"nitro": {"a": True}}},
        ),
        (
            'import aws from "astro-sst"; export default { adapter: aws({ responseMode: "stream" }) }',
            {"adapter": {"$call": "aws", "0": {"responseMode": "stream"}}},
        ),
        ("export default () => ({ a: 1 })", {"a": 1}),
        ("const x = 1", {"$unknown": '"any.config.ts" has no default export'}),
    ],
)
def test_a_frameworks_config(text: str, expected: Any) -> None:
    value, files = evaluate(MemoryTree({"any.config.ts": text.encode()}), "any.config.ts")
    assert plain(value) == expected
    assert "any.config.ts" in files


def test_the_types_that_sst_generates_hide_nothing() -> None:
    assert record('await import("./.sst/platform/config"); return 1;').blind_spots == []


@pytest.mark.parametrize(
    ("package", "hides"),
    [("constructs", False), ("@descope/pulumi-descope", False), ("wait-on", False), ("@acme/infra", True)],
)
def test_only_packages_that_may_make_something_hide_something(package: str, hides: bool) -> None:
    body = f"""
        const {{ make, Part }} = await import("{package}");
        class Own extends Part {{ constructor(name) {{ super(name); this.timeout = "1 minute"; }} }}
        make("a");
        new Part("c", {{}});
        return new Own("b").timeout;
    """
    made = record(body)
    assert bool(made.blind_spots) == hides
    assert plain(made.outputs) == "1 minute"


def test_what_an_unread_package_is_given_may_be_changed_by_it() -> None:
    body = """
      const args = { timeout: "1 minute" }, other = { timeout: "2 minutes" };
      %s
      new F("A", args); new F("B", other);
    """
    known = ["1 minute", "2 minutes"]
    unknown = "an unknown function may change it: the package"
    assert timeouts(body % "") == known
    assert timeouts(body % 'const { z } = await import("zod"); z.object(args);') == known
    changed, other = timeouts(
        body % 'const { merge } = await import("lodash"); merge(args, { timeout: "9 seconds" });'
    )
    assert changed == {"$unknown": f'{unknown} "lodash" is not read'}
    assert other == "2 minutes"
    assert timeouts(body % 'const { tune } = await import("@acme/infra"); tune([args]);')[0]["$unknown"]
