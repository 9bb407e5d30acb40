"""What people reported, each rebuilt in words of our own with a variant, by release."""

from __future__ import annotations

import pytest

from policy_bot.sst.schedules import refusal
from policy_bot.sst.semantics.routers import path_of, prefix_of
from tests.facts.program import V3, V4, Fact, cases, deployment, holds, name_of, plain

ROUTER = 'const r = new sst.aws.Router("R");'
INLINE = 'const r = new sst.aws.Router("R", { routes: { "/": "https://example.com" } });'
VPC = 'const vpc = new sst.aws.Vpc("V"%s);'
IN_VPC = 'new sst.aws.Function("A", { handler: "a.h", vpc });'
CDN = """transform: { cdn: (args) => { args.origins = $util.output(args.origins).apply((all) =>
    all.map((o) => ({ ...o, customOriginConfig: { ...o.customOriginConfig, originReadTimeout: %d } }))); } }"""
BUILT = {
    "astro.config.mjs": 'import aws from "astro-sst"; export default { output: "server", adapter: aws() };'
}


def waits(seconds: int) -> dict[str, dict[str, object]]:
    return {"A": {"read_timeout": seconds}}


def ahead(pages: dict[str, str]) -> dict[str, str]:
    config = 'import aws from "astro-sst"; export default { output: "static", adapter: aws() };'
    return {"astro.config.mjs": config, **{f"src/pages/{name}": text for name, text in pages.items()}}


FACTS = [
    # a Router's read timeout
    Fact(f"""const a = new sst.aws.Function("A", {{ handler: "a.h", url: true }});
         new sst.aws.Router("R", {{ routes: {{ "/*": a.url }}, {CDN % 55} }});""", facts=waits(55)),
    Fact("""const a = new sst.aws.Function("A", { handler: "a.h", url: true });
         new sst.aws.Router("R", { routes: { "/x": { url: a.url } }, transform: { cdn: (args) => {
           args.origins[0].customOriginConfig.originReadTimeout = 45; } } });""", facts=waits(45)),
    Fact("""const a = new sst.aws.Function("A", { handler: "a.h", url: true });
         new sst.aws.Router("R", { routes: { "/x": a.url }, transform: { cdn: { comment: "mine" } } });""",
         facts=waits(20)),
    Fact("""const a = new sst.aws.Function("A", { handler: "a.h", url: true });
         new sst.aws.Router("R", { routes: { "/x": { url: a.url } }, transform: { cdn: (args) => {
           args.origins[0].customOriginConfig.originReadTimeout += 15; } } });""", facts=waits(35)),
    Fact(ROUTER + """const a = new sst.aws.Function("A", { handler: "a.h", url: true });
         r.route("/a", a.url, { readTimeout: "50 seconds" });""", facts=waits(50), versions=("3.10.3", V4)),
    Fact(ROUTER + """const a = new sst.aws.Function("A", { handler: "a.h", url: true });
         r.route("/a", a.url, { readTimeout: "50 seconds" });""", facts=waits(20), versions=("3.10.2",)),
    Fact(ROUTER + """new sst.aws.Function("A", { handler: "a.h", url: { route: { router: r, path: "/a" } } });""",
         facts=waits(20), versions=("3.12.5", V3)),
    Fact(ROUTER + """new sst.aws.Function("A", { handler: "a.h",
         url: { route: { router: r, path: "/a" } } });""", facts=waits(-1), versions=("3.12.4",)),
    Fact(ROUTER + """new sst.aws.Function("A", { handler: "a.h",
         url: { route: { router: r, path: "/a", readTimeout: "40 seconds" } } });""", facts=waits(40), versions=("4.6.1", V4)),
    Fact('new sst.aws.Auth("A", { issuer: "a.h", domain: "auth.example.com" });', facts=waits(20)),
    Fact('new sst.aws.Auth("A", { issuer: "a.h" });', facts=waits(-1)),
    Fact(ROUTER + 'const a = new sst.aws.Auth("A", { issuer: "a.h" }); r.route("/", a.url, { readTimeout: "50 seconds" });',
         facts=waits(50)),
    Fact(f'new sst.aws.Astro("W", {{ {CDN % 30} }});', facts={"site W": {"read_timeout": 30}},
         files=BUILT, versions=("3.0.72", "3.9.44")),
    Fact(f'new sst.aws.Astro("W", {{ {CDN % 30} }});', facts={"site W": {"read_timeout": 20}}, files=BUILT,
         versions=("3.10.0", V4)),
    # live, durable, invokeMode
    Fact('new sst.aws.Function("A", { handler: "a.h", live: false });', facts={"A": {"dev_live": False}},
         versions=("3.0.0", V3, V4)),
    Fact('new sst.aws.Function("A", { handler: "a.h", dev: false });', facts={"A": {"dev_live": True}},
         versions=("3.0.72",)),
    Fact('new sst.aws.Function("A", { handler: "a.h", durable: { timeout: "2 hours" } });',
         facts={"A": {"durable_seconds": 7200, "polled": False}}, versions=("4.4.0", V4)),
    Fact('new sst.aws.Function("A", { handler: "a.h", durable: { timeout: "2 hours" } });',
         facts={"A": {"durable_seconds": -1}}, versions=("4.3.9",)),
    Fact('new sst.aws.Function("A", { handler: "a.h", url: { invokeMode: "BUFFERED" } });',
         facts={"A": {"streaming_elsewhere": ""}}),
    Fact('new sst.aws.Function("A", { handler: "a.h", url: { invokeMode: "RESPONSE_STREAM" } });',
         facts={"A": {"streaming_elsewhere": "url.invokeMode"}}),
    # sites
    Fact('new sst.aws.Astro("W");', facts={"site W": {"server": False}},
         files=ahead({"index.astro": "<h1>Docs</h1>", "blog/[slug].astro": "---\nexport const prerender = true\n---"})),
    Fact('new sst.aws.Astro("W");', facts={"site W": {"server": True}},
         files=ahead({"index.astro": "<h1>Docs</h1>", "api/hi.ts": "export const prerender = false"})),
    Fact('new sst.aws.TanStackStart("W");', facts={"site W": {"streams": True, "nitro_preset": "aws-lambda"}},
         files={"vite.config.ts": "export default {};", "nitro.config.ts":
                'export default { preset: "aws_lambda", awsLambda: { streaming: true } };'}),
    Fact('new sst.aws.TanStackStart("W");', facts={"site W": {"streams": False}},
         files={"vite.config.ts": "export default { nitro: { awsLambda: { streaming: false } } };", "nitro.config.ts":
                "export default { awsLambda: { streaming: true } };"}),
    Fact('new sst.aws.Nextjs("W");', facts={"site W": {"edge_servers": ["middleware"]}},
         files={"open-next.config.ts": "export default { default: {}, middleware: { external: true } };"}),
    # what is refused, by release
    Fact(VPC % "" + IN_VPC, versions=("3.0.72",), crash="does not have NAT enabled"),
    Fact(VPC % "" + IN_VPC, versions=("3.1.70", "3.10.13"), crash="need a NAT gateway"),
    Fact(VPC % "" + IN_VPC, versions=("3.10.14", V4)),
    Fact(VPC % ', { nat: "managed" }' + IN_VPC, versions=("3.3.56",)),
    Fact(INLINE + 'r.route("/x", "https://example.org");', crash="Cannot use both `routes` and `.route()`"),
    Fact(INLINE + 'r.routeBucket("/x", new sst.aws.Bucket("B"));', crash="`.routeBucket()`"),
    Fact(INLINE + 'new sst.aws.Function("A", { handler: "a.h", url: { router: { instance: r } } });',
         crash="Cannot route the site"),
    Fact(ROUTER + 'new sst.aws.StaticSite("S", { router: { instance: r }, domain: "example.com" });',
         crash='both "domain" and "route"'),
    Fact(ROUTER + 'new sst.aws.Nextjs("W", { router: { instance: r }, protection: "none" });', versions=(V4,),
         crash='Cannot set "protection"'),
    Fact(ROUTER + 'new sst.aws.Nextjs("W", { router: { instance: r }, protection: "oac" });', versions=("4.0.4",)),
    Fact('new sst.aws.Function("A", { handler: "a.h", memory: 1024 });', crash="size.split is not a function"),
    Fact('new sst.aws.Cron("C", { schedule: "rate(1 day)", function: { handler: "a.h", storage: "512" } });',
         crash="Invalid size 512"),
    Fact('new sst.aws.Bus("B"); new sst.aws.Bus("B");', crash="Component name B is not unique"),
    Fact('new sst.aws.Bus("B"); new sst.aws.Queue("B");', crash="Component name B is not unique"),
    Fact('new aws.sqs.Queue("B"); new aws.sqs.Queue("B");', crash='aws.sqs.Queue "B"'),
    Fact('new aws.sns.Topic("B"); new aws.sqs.Queue("B"); new sst.aws.Bus("B");'),
    Fact("""class Both extends $util.ComponentResource { constructor(n) { super("a:b:C", n, {});
         new sst.aws.Bus("B", {}, { parent: this }); } } new Both("X"); new Both("Y");"""),
    Fact('new sst.aws.Topic("A B");'.replace("Topic", "SnsTopic"), crash="cannot contain spaces"),
    Fact('new sst.aws.SnsTopic("A B");', versions=("3.4.57",)),
    Fact("new sst.aws.SnsTopic();", crash="Missing resource name"),
    Fact('new sst.aws.Cron("C", { schedule: "cron(0 8 * * *)", function: "a.h" });', crash="six fields"),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "version"), cases(FACTS), ids=name_of)
def test_fact(fact: Fact, version: str) -> None:
    holds(fact, version)


def test_a_service_behind_a_router_is_a_routing_with_its_wait() -> None:
    run = """const vpc = new sst.aws.Vpc("V"); const cluster = new sst.aws.Cluster("C", { vpc });
        const s = new sst.aws.Service("S", { cluster });
        new sst.aws.Router("R", { routes: { "/api/*": s.url } });"""
    [routing] = [each for each in deployment(Fact(run), V4).subjects if each.kind == "routing"]
    seen = {
        name: plain(routing.facts[name]) for name in ("target", "target_name", "read_timeout", "literal_star")
    }
    assert seen == {
        "target": "sst.aws.Service",
        "target_name": "S",
        "read_timeout": 20,
        "literal_star": False,
    }


@pytest.mark.parametrize(
    ("pattern", "path", "prefix"),
    [
        ("/*", "/*", "/"),
        ("/api/*", "/api/*", "/api"),
        ("/files*", "/files*", "/files"),
        ("api.example.com/*", "/*", "api.example.com"),
        ("*.example.com/docs", "/docs", "*.example.com/docs"),
        ("*.example.com", "/", "*.example.com"),
        ("/a/*/b", "/a/*/b", ""),
    ],
)
def test_the_path_of_a_route_and_what_to_write_for_its_star(pattern: str, path: str, prefix: str) -> None:
    assert (path_of(pattern, "route"), prefix_of(pattern)) == (path, prefix)


@pytest.mark.parametrize(
    ("schedule", "scheduler", "why"),
    [
        ("rate(5 minutes)", False, ""),
        ("rate(1 hour)", False, ""),
        ("cron(0 12 * * ? *)", False, ""),
        ("cron(0 9 ? * MON-FRI *)", False, ""),
        ("cron(0 9 L * ? *)", False, ""),
        ("cron(0/15 8-18 ? * 2#1 2026-2030)", False, ""),
        ("at(2030-01-01T00:00:00)", True, ""),
        ("rate(1 minutes)", True, ""),
        ("at(2030-01-01T00:00:00)", False, "neither"),
        ("rate(1 minutes)", False, "singular"),
        ("rate(5 minute)", False, "singular"),
        ("rate(0 days)", False, "at least 1"),
        ("rate(five minutes)", False, "whole number"),
        ("*/5 * * * *", False, "neither"),
        ("cron(*/5 * * * *)", False, "six fields"),
        ("cron(0 12 * * * *)", False, "must be"),
        ("cron(0 12 ? * ? *)", False, "not both"),
        ("cron(60 12 * * ? *)", False, "from 0 to 59"),
        ("cron(0 12 ? * 0 *)", False, "from 1 to 7"),
    ],
)
def test_a_schedule_that_aws_refuses(schedule: str, scheduler: bool, why: str) -> None:
    said = refusal(schedule, scheduler)
    assert why in said
    assert bool(why) == bool(said)
