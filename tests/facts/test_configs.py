"""Facts about how a project is split, what the CLI reads of a config and refuses, SST v2."""

from __future__ import annotations

import pytest

from tests.facts.program import V3, V4, Fact, cases, holds, name_of

A = 'new sst.aws.Function("A", { handler: "a.h", timeout: "2 minutes" });'
B = 'new sst.aws.Function("B", { handler: "b.h", timeout: "3 minutes" });'
IMPORTED = {"helper.ts": "export const name = 'app';"}
RELEASES = ("3.3.5", "3.10.13", "3.11.4", V3, "4.1.1", V4)


def config(root: str = "", app: str = "", before: str = "", run: str = "") -> str:
    return (
        f'{before}\nexport default $config({{ {root} app(input) {{ return {{ name: "app", home: "aws", {app} }}; }},\n'
        f"async run() {{ {run} }} }});"
    )


def v2(stack: str) -> str:
    return (
        'import { SSTConfig } from "sst";\nimport { Function, NextjsSite } from "sst/constructs";\n'
        "export default { config(input) { return { name: 'app', region: 'us-east-1' }; },\n"
        f"stacks(app) {{ app.stack(function Site({{ stack }}) {{ {stack} }}); }} }} satisfies SSTConfig;"
    )


FACTS = [
    Fact("""await import("./infra/a"); $transform(sst.aws.Function, (a) => { a.timeout ??= "1 minute" });
         await import("./infra/b");""", {"A": "20 -", "B": "60 -"}, files={
        "infra/a.ts": 'new sst.aws.Function("A", { handler: "a.h" });',
        "infra/b.ts": 'export const b = new sst.aws.Function("B", { handler: "b.h" });'}),
    Fact("""const { readdirSync } = await import("fs");
         for (const file of readdirSync("./infra/")) await import("./infra/" + file);""", {"A": "120 -", "B": "180 -"},
         files={"infra/a.ts": A, "infra/b.ts": B}),
    Fact('await import("./infra");', {"A": "120 -"}, files={"infra/index.ts": 'export * from "./a";', "infra/a.ts": A}),
    Fact(config=config(root="streaming: true,", run=A), functions={"A": "120 -"},
         facts={"config": {"streaming_at_root": True, "streaming_at_root_value": True, "streaming_in_app": False}},
         versions=RELEASES),
    Fact(config=config(root="streaming: !$dev,"), crash="ReferenceError: $dev is not defined", versions=RELEASES),
    Fact(config=config(app="streaming: !$dev,"), crash="ReferenceError: $dev is not defined", versions=RELEASES),
    Fact(config=config(app="streaming: true,", run=A), functions={"A": "120 -"},
         facts={"config": {"streaming_in_app": True, "streaming_at_root": False}}),
    Fact(config=config(before='import { name } from "./helper";', run="console.log(name);"), files=IMPORTED,
         versions=("3.10.13",)),
    Fact(config=config(before='import { name } from "./helper";', run="console.log(name);"), files=IMPORTED,
         versions=("3.11.4", "4.1.1", V4), crash="Your sst.config.ts has top level imports - this is not allowed"),
    Fact(config=config(before='import type { Name } from "./helper"; import { name } from "./helper";'),
         files=IMPORTED, versions=(V4,)),
    Fact(config="export default { config() { return { name: 'app' }; }, stacks() {} };", versions=(V4,),
         crash="looks like an sst v2 config"),
    Fact(config=v2('new NextjsSite(stack, "W", { experimental: { streaming: true } });'), versions=("2.28.0", "2.42.0"),
         facts={"site W": {"streams": True}}),
    Fact(config=v2('new NextjsSite(stack, "W", { experimental: { streaming: true } });'), versions=("2.43.0", "2.49.8"),
         facts={"site W": {"streams": False, "experimental_streaming": True}}),
    Fact(config=v2("""new Function(stack, "A", { handler: "a.h", timeout: 300 });
         new Function(stack, "B", { handler: "b.h" });"""), functions={"A": "300 -", "B": "10 -"}, versions=("2.44.0",)),
    Fact(config=v2('new NextjsSite(stack, "W", { timeout: 180 });'), versions=("2.44.0",)),
    Fact(config=v2('new NextjsSite(stack, "W", { timeout: 200 });'), versions=("2.44.0",),
         crash='In the "W" construct, timeout must be less than or equal to 180 seconds.'),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "version"), cases(FACTS), ids=name_of)
def test_fact(fact: Fact, version: str) -> None:
    holds(fact, version)
