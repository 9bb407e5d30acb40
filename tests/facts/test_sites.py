"""Facts about sites, Routers, Auth, Workflow."""

from __future__ import annotations

import pytest

from tests.facts.program import DEV, V3, V4, Fact, cases, holds, name_of

WRAPPER = {
    "open-next.config.ts": 'export default { default: { override: { wrapper: "aws-lambda-streaming" } } };'
}
DEFAULT_3 = '$transform(sst.aws.Function, (a) => { a.timeout ??= "3 minutes" });'
ALWAYS_3 = '$transform(sst.aws.Function, (a) => { a.timeout = "3 minutes" });'
ALL_180 = {"W/server": "180 B", "W/imageOptimizer": "180 B", "W/revalidationEventsSubscriber": "180 -",
           "W/revalidationSeeder": "180 -"}  # fmt: skip
SITE_45 = '$transform(sst.aws.Nextjs, (a) => { a.server = { timeout: "45 seconds" } });'


def site(**facts: object) -> dict[str, dict[str, object]]:
    return {"site W": facts}


def nitro(name: str, file: str, streaming: str) -> dict[str, str]:
    wrapped = {
        "nuxt.config.ts": "export default defineNuxtConfig({ nitro: { awsLambda: { %s } } });",
        "app.config.ts": 'import { defineConfig } from "@solidjs/start/config";\n'
        "export default defineConfig({ server: { awsLambda: { %s } } });",
        "vite.config.ts": 'import { defineConfig } from "vite";\nimport { nitro } from "nitro/vite";\n'
        "export default defineConfig({ plugins: [nitro({ awsLambda: { %s } })] });",
    }
    return {file: wrapped[file] % streaming}


def astro(adapter: str) -> dict[str, str]:
    return {"astro.config.mjs": 'import { defineConfig } from "astro/config";\nimport aws from "astro-sst";\n'
            f"export default defineConfig({{ {adapter} }});"}  # fmt: skip


NITRO = [("Nuxt", "nuxt.config.ts"), ("SolidStart", "app.config.ts"), ("TanStackStart", "vite.config.ts")]

FACTS = [
    Fact('new sst.aws.Nextjs("W")', {
        "W/server": "20 B", "W/imageOptimizer": "25 B", "W/revalidationEventsSubscriber": "30 -",
        "W/revalidationSeeder": "900 -"}, site(read_timeout=20, streams=False)),
    Fact('new sst.aws.Nextjs("W")', {"W/server": "20 S"}, site(framework_streaming=True), files=WRAPPER),
    Fact('new sst.aws.Nextjs("W", { streaming: true })', {"W/server": "20 B"}, site(streaming_arg=True)),
    Fact('new sst.aws.Nextjs("W", { experimental: { streaming: true } })', {"W/server": "20 B"},
         site(experimental_streaming=True)),
    Fact('new sst.aws.Nextjs("W", { server: { timeout: "50 seconds" } })', {"W/server": "50 B"},
         site(read_timeout=50)),
    Fact('new sst.aws.Nextjs("W", { server: { timeout: "300 seconds" } })', {"W/server": "300 B"},
         site(read_timeout=300)),
    Fact('new sst.aws.Nextjs("W", { server: { timeout: "300 seconds" } })', versions=("3.12.5",),
         crash='Server timeout for "W" cannot be greater than 60 seconds.'),
    Fact('new sst.aws.Nextjs("W", { server: { timeout: "300 seconds" } })', {"W/server": "300 B"},
         versions=("3.17.10",)),
    Fact('new sst.aws.Nextjs("W", { timeout: "300 seconds" })', {"W/server": "20 B"}, site(timeout_arg=True)),
    Fact('new sst.aws.Nextjs("W", { transform: { server: { timeout: "300 seconds", streaming: true } } })',
         {"W/server": "300 S"}, site(read_timeout=20, transform_streaming=True, transform_timeout=True)),
    Fact('new sst.aws.Nextjs("W", { transform: { function: { timeout: "3 minutes" } } })', {"W/server": "20 B"},
         site(ignored_timeout="transform.function")),
    Fact('new sst.aws.Nextjs("W", { transform: { sever: { timeout: "3 minutes" } } })', {"W/server": "20 B"},
         site(ignored_timeout="transform.sever")),
    Fact(f'{DEFAULT_3} new sst.aws.Nextjs("W")', {"W/server": "20 B"}, site(missed_default="already set")),
    Fact(f'{ALWAYS_3} new sst.aws.Nextjs("W")', ALL_180, site(read_timeout=20)),
    Fact(f'new sst.aws.Nextjs("W"); {ALWAYS_3}', ALL_180, site(read_timeout=20)),
    Fact(f'{SITE_45} new sst.aws.Nextjs("W", {{}})', {"W/server": "45 B"}, site(read_timeout=45)),
    Fact(f'new sst.aws.Nextjs("W", {{}}); {SITE_45}', {"W/server": "20 B"}, site(read_timeout=20)),
    Fact('new sst.aws.Nextjs("W", { server: { timeout: "300 seconds" } })', {"W/server": "20 -"},
         site(deployed=False, streams=False), context=DEV, files=WRAPPER),
    Fact('new sst.aws.Nextjs("W", { dev: false, server: { timeout: "50 seconds" } })', {"W/server": "50 S"},
         site(deployed=True), context=DEV, files=WRAPPER),
    Fact('const r = new sst.aws.Router("R");'
             'new sst.aws.Nextjs("W", { router: { instance: r, readTimeout: "60 seconds" } })', {"W/server": "20 B"},
         site(read_timeout=20, ignored_timeout="router.readTimeout")),
    Fact('new sst.aws.Nextjs("W", { warm: 1 })', {"W/warmer": "900 -", "W/server": "20 S"}, site(warm=1),
         files=WRAPPER),
    Fact('new sst.aws.React("W"); new sst.aws.Remix("X");', {"W/server": "20 S", "X/server": "20 S"}),
    Fact('new sst.aws.React("W");', facts={"site W": {"server": False, "streams": False}},
         files={"react-router.config.ts": "export default { ssr: false } satisfies Config;"}),
    Fact('new sst.aws.React("W");', {"W/server": "20 S"},
         files={"react-router.config.ts": "export default { ssr: process.env.SPA !== '1' };"}),
    Fact('new sst.aws.Astro("W")', {"W/server": "20 S"},
         files=astro('output: "server", adapter: aws({ responseMode: "stream" })')),
    Fact('new sst.aws.Astro("W")', {"W/server": "20 B"},
         files=astro('output: "server", adapter: aws({ responseMode: "buffer" })')),
    Fact('new sst.aws.Astro("W")', {}, site(streams=False, server=False), files=astro('output: "static"')),
    *(Fact(f'new sst.aws.{name}("W")', {"W/server": mode}, versions=(V4,), files=nitro(name, file, streaming))
      for name, file in NITRO
      for streaming, mode in (("streaming: true", "20 S"), ("streaming: false", "20 B"), ("", "20 B"))),
    Fact('new sst.aws.Nuxt("W")', {"W/server": "20 B"}, versions=("4.1.1",),
         files=nitro("Nuxt", "nuxt.config.ts", "streaming: true")),
    Fact('new sst.aws.SvelteKit("W"); new sst.aws.Analog("X");', {"W/server": "20 B", "X/server": "20 B"}),
    Fact('new sst.aws.SvelteKit("W", { transform: { server: { streaming: true } } })', {"W/server": "20 S"},
         site(framework_streaming=False, transform_streaming=True)),
    # Routers before functions
    Fact("""const r = new sst.aws.Router("R"); new sst.aws.Function("A", { handler: "a.h", timeout: "5 minutes",
         streaming: true, url: { router: { instance: r, path: "/a" } } });""", {"A": "300 S"}, {"A": {"read_timeout": 20}}),
    Fact("""const r = new sst.aws.Router("R"); new sst.aws.Function("A", { handler: "a.h", url: {
         router: { instance: r, path: "/a", readTimeout: "60 seconds", keepAliveTimeout: "30 seconds" } } });""",
         {"A": "20 B"}, {"A": {"read_timeout": 60}}, versions=("4.6.1", V4)),
    Fact("""const r = new sst.aws.Router("R"); new sst.aws.Function("A", { handler: "a.h", url: {
         router: { instance: r, path: "/a", readTimeout: "60 seconds" } } });""",
         {"A": "20 B"}, {"A": {"read_timeout": 20}}, versions=(V3,)),
    Fact("""const r = new sst.aws.Router("R"); const a = new sst.aws.Function("A", { handler: "a.h", url: true });
         r.route("/y", a.url, { readTimeout: "60 seconds" });""", {"A": "20 B"}, {"A": {"read_timeout": 60}}, versions=(V4,)),
    Fact("""const r = new sst.aws.Router("R"); const a = new sst.aws.Function("A", { handler: "a.h", url: true });
         r.route("/y", a.url, { readTimeout: 60 });""", versions=(V4,), crash="duration.split is not a function"),
    Fact('new sst.aws.Auth("Auth", { issuer: { handler: "a.h", streaming: true, timeout: "1 minute" } })',
         {"Auth": "60 S"}),
    Fact("""new sst.aws.Workflow("A", { handler: "a.h" });
         new sst.aws.Workflow("B", { handler: "a.h", timeout: { invocation: "10 minutes", execution: "1 hour" } });
         new sst.aws.Workflow("C", { handler: "a.h", timeout: "10 minutes" });""",
         {"A": "300 -", "B": "600 -", "C": "300 -"}, {"C": {"ignored_timeout": "timeout as a string"}}, versions=(V4,)),
    Fact("""$transform(sst.aws.Function, (a) => { a.timeout ??= "25 seconds" });
         new sst.aws.Workflow("A", { handler: "a.h" });""", {"A": "300 -"}, versions=("4.7.0", V4)),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "version"), cases(FACTS), ids=name_of)
def test_fact(fact: Fact, version: str) -> None:
    holds(fact, version)
