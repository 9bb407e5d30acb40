"""Every row of the catalog has a case: a program, and each function that SST makes of it.

A function is written as `<via> <name> <seconds>`, with `url`, `entry` and `async` if they apply, and `!<place>` for
a timeout that is written where nothing reads it. A key that the catalog gains without a case fails here.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policy_bot.sst.catalog import contract, lambdas, sites, v2
from policy_bot.sst.deployment import Deployment
from policy_bot.sst.ranges import NEWEST, number
from policy_bot.sst.reading import read_project
from policy_bot.sst.reasons import Why
from policy_bot.sst.source import MemoryTree
from tests.facts.program import CONFIG, PRODUCTION, plain

V4 = "4.17.0"
F = '{ handler: "a.h", timeout: "31 seconds" }'

COMPONENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sst.aws.Function": (
        f'new sst.aws.Function("A", {F}); sst.aws.Function.fromDefinition("B", {F}, {{}}, {{ timeout: "40 seconds" }});',
        ("component A 31", "definition B 40",),
    ),
    "sst.aws.Workflow": ('new sst.aws.Workflow("W", { handler: "a.h", timeout: { invocation: "3 minutes" } });', ("workflow W 180",)),
    "aws.lambda.Function": ('new aws.lambda.Function("Raw", { timeout: 31 }); new aws.lambda.Function("Bare", {});', ("raw Raw 31", "raw Bare 3",)),
    "sst.aws.ApiGatewayV1": (
        f"""const api = new sst.aws.ApiGatewayV1("Api", {{ transform: {{ route: {{ handler: (a) => {{ a.memory = "2 GB" }} }} }} }});
        api.route("GET /a", {F}); api.route("GET /b", "b.h", {{ timeout: "9 seconds" }});
        api.addAuthorizer({{ name: "T", tokenFunction: {F} }}); api.addAuthorizer({{ name: "R", requestFunction: {F} }});""",
        ("route GET /a 31 rest", "route GET /b 20 rest !timeout in the third argument of route()", "authorizer T 31", "authorizer R 31",),
    ),
    "sst.aws.ApiGatewayV2": (
        f"""const api = new sst.aws.ApiGatewayV2("Api");
        api.route("GET /a", {F}); api.route("GET /b", "b.h", {{ timeout: "9 seconds" }});
        api.addAuthorizer({{ name: "L", lambda: {{ function: {F} }} }});""",
        ("route GET /a 31 http", "route GET /b 20 http !timeout in the third argument of route()", "authorizer L 31",),
    ),
    "sst.aws.ApiGatewayWebSocket": (
        f"""const api = new sst.aws.ApiGatewayWebSocket("Ws", {{ transform: {{ route: {{ handler: {{ timeout: "12 seconds" }} }} }} }});
        api.route("$connect", {F}); api.route("$default", "b.h", {{ timeout: "9 seconds" }});
        api.addAuthorizer("L", {{ lambda: {{ function: {F} }} }});""",
        ("route $connect 12 websocket", "route $default 12 websocket !timeout in the third argument of route()", "authorizer L 31",),
    ),
    "sst.aws.Queue": (
        f"""const q = new sst.aws.Queue("Q"); q.subscribe({F}, {{ timeout: "9 seconds" }});
        sst.aws.Queue.subscribe("arn:aws:sqs:x", {F});""",
        ("subscribe Q 31 !timeout next to the subscriber", "subscribe  31",),
    ),
    "sst.aws.Bucket": (
        f"""const b = new sst.aws.Bucket("B"); b.notify({{ notifications: [{{ name: "N", function: {F} }}, {{ name: "M", function: "m.h" }}] }});
        b.subscribe({F});""",
        ("notify N 31 async", "notify M 20 async", "subscribe B 31 async",),
    ),
    "sst.aws.Bus": (
        f"""const b = new sst.aws.Bus("B"); b.subscribe("One", {F}, {{ timeout: "9 seconds" }});
        sst.aws.Bus.subscribe("Two", "arn:x", {F});""",
        ("subscribe One 31 async !timeout next to the subscriber", "subscribe Two 31 async",),
    ),
    "sst.aws.SnsTopic": (
        f"""const t = new sst.aws.SnsTopic("T"); t.subscribe("One", {F}, {{ transform: {{ subscriber: {{ timeout: 9 }} }} }});
        sst.aws.SnsTopic.subscribe("Two", "arn:x", {F});""",
        ("subscribe One 31 async !transform.subscriber", "subscribe Two 31 async",),
    ),
    "sst.aws.Dynamo": (
        f"""const t = new sst.aws.Dynamo("T", {{ fields: {{ id: "string" }}, primaryIndex: {{ hashKey: "id" }}, stream: "new-image" }});
        t.subscribe("One", {F}); t.subscribe({F}); sst.aws.Dynamo.subscribe("Two", "arn:x", {F});""",
        ("subscribe One 31", "subscribe T 31", "subscribe Two 31",),
    ),
    "sst.aws.KinesisStream": (
        f"""const t = new sst.aws.KinesisStream("T"); t.subscribe("One", {F}); t.subscribe({F});
        sst.aws.KinesisStream.subscribe("Two", "arn:x", {F});""",
        ("subscribe One 31", "subscribe T 31", "subscribe Two 31",),
    ),
    "sst.aws.Realtime": (
        f"""const r = new sst.aws.Realtime("R", {{ authorizer: {F} }}); r.subscribe({F}, {{ filter: "x/#" }});""",
        ("authorizer R 31", "subscribe R 31 async",),
    ),
    "sst.aws.Cron": (
        f"""new sst.aws.Cron("C", {{ schedule: "rate(1 hour)", function: {F} }});
        new sst.aws.Cron("D", {{ schedule: "rate(1 hour)", job: {F}, timeout: "9 seconds" }});""",
        ("cron C 31 async", "cron D 31 async !timeout next to the function",),
    ),
    "sst.aws.CronV2": (
        f"""new sst.aws.CronV2("C", {{ schedule: "rate(1 hour)", function: {F} }});""",
        ("cron C 31 async",),
    ),
    "sst.aws.CognitoUserPool": (
        f"""new sst.aws.CognitoUserPool("P", {{ triggers: {{ preSignUp: {F}, postConfirmation: "b.h", kmsKey: "arn:x" }} }});""",
        ("trigger preSignUp 31", "trigger postConfirmation 20",),
    ),
    "sst.aws.AppSync": (
        f"""const api = new sst.aws.AppSync("G", {{ schema: "s.graphql" }}); api.addDataSource({{ name: "L", lambda: {F} }});
        api.addDataSource({{ name: "D", dynamodb: "arn:x" }});""",
        ("dataSource L 31",),
    ),
    "sst.aws.Auth": (f'new sst.aws.Auth("A", {{ issuer: {F} }}); new sst.aws.Auth("B", {{ authorizer: {F} }});', ("issuer A 31 url", "issuer B 31 url",)),
    "sst.aws.Auth.v1": (f'new sst.aws.Auth.v1("A", {{ authenticator: {F} }});', ("issuer A 31 url",)),
    "sst.aws.OpenControl": (f'new sst.aws.OpenControl("O", {{ server: {F} }});', ("server O 31 url",)),
    "sst.aws.StepFunctions": (
        f"""const done = sst.aws.StepFunctions.lambdaInvoke({{ name: "Step", function: {F} }});
        new sst.aws.StepFunctions("S", {{ definition: done }});""",
        ("stepFunction Step 31",),
    ),
}  # fmt: skip


WORKERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sst.cloudflare.Worker": ('new sst.cloudflare.Worker("W", { handler: "w.ts" });', ("component W",)),
    "sst.cloudflare.Cron": (
        'new sst.cloudflare.Cron("C", { job: "c.ts" }); new sst.cloudflare.Cron("D", { worker: { handler: "d.ts" } });', ("cron C", "cron D",),
    ),
    "sst.cloudflare.Queue": ('const q = new sst.cloudflare.Queue("Q"); q.subscribe("s.ts");', ("subscribe Q",)),
}  # fmt: skip

SITES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Nextjs": (
        "4.17.0",
        (
            "server W 50",
            "site imageOptimizer 25",
            "site revalidationEventsSubscriber 30",
            "site revalidationSeeder 900",
        ),
    ),
    "Astro": ("4.17.0", ("server W 50",)),
    "React": ("4.17.0", ("server W 50",)),
    "Remix": ("4.17.0", ("server W 50",)),
    "SolidStart": ("4.17.0", ("server W 50",)),
    "TanStackStart": ("4.17.0", ("server W 50",)),
    "Nuxt": ("4.17.0", ("server W 50",)),
    "SvelteKit": ("4.17.0", ("server W 50",)),
    "Analog": ("4.17.0", ("server W 50",)),
    "TanstackStart": ("3.9.0", ("server W 20",)),
}
"""By name the version, and the functions with a timeout of 50 seconds for the server."""

AUXILIARIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "sst.aws.Vector": (
        'new sst.aws.Vector("V", { dimension: 3 });',
        (
            "part Query 20",
            "part Put 20",
            "part Remove 20",
        ),
    ),
}

V2_CONFIG = """import { %s } from "sst/constructs";
export default {
  config() { return { name: "app", region: "us-east-1" }; },
  stacks(app) { app.stack(function Site({ stack }) { %s }); },
};
"""
V2F = '{ handler: "a.h", timeout: 31 }'
CONSTRUCTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Function": (f'new Function(stack, "A", {V2F});', ("component A 31",)),
    "Api": (f'const api = new Api(stack, "Api", {{ routes: {{ "GET /": {V2F} }} }}); api.addRoutes(stack, {{ "GET /b": {{ function: {V2F} }} }});', ("route GET / 31 http", "route GET /b 31 http",)),
    "ApiGatewayV1Api": (f'const api = new ApiGatewayV1Api(stack, "Api", {{ routes: {{ "GET /": {V2F} }} }}); api.addRoutes(stack, {{ "GET /b": {V2F} }});', ("route GET / 31 rest", "route GET /b 31 rest",)),
    "WebSocketApi": (f'const api = new WebSocketApi(stack, "Ws", {{ routes: {{ $connect: {V2F} }} }}); api.addRoutes(stack, {{ $default: {V2F} }});', ("route $connect 31 websocket", "route $default 31 websocket",)),
    "AppSyncApi": (
        f"""const api = new AppSyncApi(stack, "G", {{ dataSources: {{ d: {V2F} }}, resolvers: {{ "Query a": {V2F}, "Query b": "d" }} }});
        api.addDataSources(stack, {{ e: {V2F} }}); api.addResolvers(stack, {{ "Query c": "c.handler" }});""", ("dataSource d 31", "dataSource Query a 31", "dataSource e 31", "dataSource Query c 10",),
    ),
    "Queue": (f'const q = new Queue(stack, "Q", {{ consumer: {V2F} }}); new Queue(stack, "P").addConsumer(stack, {V2F});', ("subscribe Q 31", "subscribe P 31",)),
    "Table": (f'const t = new Table(stack, "T", {{ consumers: {{ one: {V2F} }} }}); t.addConsumers(stack, {{ two: {V2F} }});', ("subscribe one 31", "subscribe two 31",)),
    "KinesisStream": (f'const t = new KinesisStream(stack, "K", {{ consumers: {{ one: {V2F} }} }}); t.addConsumers(stack, {{ two: {V2F} }});', ("subscribe one 31", "subscribe two 31",)),
    "Topic": (f'const t = new Topic(stack, "T", {{ subscribers: {{ one: {V2F} }} }}); t.addSubscribers(stack, {{ two: {V2F} }});', ("subscribe one 31 async", "subscribe two 31 async",)),
    "Bucket": (f'const b = new Bucket(stack, "B", {{ notifications: {{ one: {V2F} }} }}); b.addNotifications(stack, {{ two: {V2F} }});', ("notify one 31 async", "notify two 31 async",)),
    "EventBus": (
        f"""const b = new EventBus(stack, "E", {{ rules: {{ r: {{ targets: {{ one: {V2F} }} }} }} }});
        b.addRules(stack, {{ s: {{ targets: {{ two: {V2F} }} }} }}); b.addTargets(stack, "r", {{ three: {V2F} }}); b.subscribe("x", {V2F});""", ("subscribe one 31 async", "subscribe two 31 async", "subscribe three 31 async", "subscribe x 31 async",),
    ),
    "Cron": (f'new Cron(stack, "C", {{ schedule: "rate(1 day)", job: {{ function: {V2F} }} }});', ("cron C 31 async",)),
    "Cognito": (f'new Cognito(stack, "P", {{ triggers: {{ preSignUp: {V2F} }} }});', ("trigger preSignUp 31",)),
    "Auth": (f'new Auth(stack, "A", {{ authenticator: {V2F} }});', ("authorizer A 31",)),
    "Script": (f'new Script(stack, "S", {{ onCreate: {V2F}, onUpdate: "b.h", onDelete: {V2F} }});', ("trigger S 31", "trigger S 900", "trigger S 31",)),
}  # fmt: skip


V2_SITES = {
    "NextjsSite": ("server W 10", "server X 44"),
    "AstroSite": ("server W 10", "server X 44"),
    "RemixSite": ("server W 10", "server X 44"),
    "SolidStartSite": ("server W 10", "server X 44"),
    "SvelteKitSite": ("server W 10", "server X 44"),
}


def made(run: str, version: str = V4, config: str = "") -> Deployment:
    files = {
        "package.json": f'{{"dependencies": {{"sst": "{version}"}}}}'.encode(),
        "sst.config.ts": (config or CONFIG % run).encode(),
    }
    project = read_project(MemoryTree(files), "sst.config.ts", [PRODUCTION])
    assert project.unreadable is None
    return project.contexts[0]


def told(seen: Deployment) -> tuple[str, ...]:
    """The functions as the table writes them."""
    listed = []
    for subject in seen.subjects:
        if subject.kind == "function":
            facts = {key: plain(value) for key, value in subject.facts.items()}
            words = [str(facts["via"]), str(facts["name"]), str(facts["timeout"])]
            words += ["url"] if facts["url"] else []
            words += [str(facts["entry"])] if facts["entry"] not in ("", "url") else []
            words += ["async"] if facts.get("asynchronous") else []
            words += [f"!{facts['ignored_timeout']}"] if facts.get("ignored_timeout") else []
            listed.append(" ".join(words))
    return tuple(listed)


def named(seen: Deployment) -> tuple[str, ...]:
    """Components that make no Lambda, or bring SST's own along: what `inspect` shows of their functions."""
    return tuple(
        f"{each.via} {plain(each.name)} {plain(each.effective['timeout_seconds'])}" for each in seen.functions
    )


def holds(
    seen: Deployment, functions: tuple[str, ...], write: Callable[[Deployment], tuple[str, ...]] = told
) -> None:
    assert seen.crashes == ()
    assert seen.unknown == ()
    assert write(seen) == functions


@pytest.mark.parametrize("key", COMPONENTS)
def test_a_component_makes_its_functions(key: str) -> None:
    run, functions = COMPONENTS[key]
    holds(made(run), functions)


@pytest.mark.parametrize("key", WORKERS)
def test_a_worker_is_shown(key: str) -> None:
    run, functions = WORKERS[key]
    seen = made(run)
    assert tuple(f"{each.via} {plain(each.name)}" for each in seen.functions) == functions
    reasons = {each.effective["timeout_seconds"].reason for each in seen.functions}  # type: ignore[union-attr]
    assert reasons == {Why.NO_WORKER_TIMEOUT()}
    assert not any(subject.kind == "function" for subject in seen.subjects)


@pytest.mark.parametrize("key", SITES)
def test_a_site_has_a_server(key: str) -> None:
    version, functions = SITES[key]
    run = f'new sst.aws.{key}("W", {{ server: {{ timeout: "50 seconds" }} }});'
    holds(made(run, version), functions, named)


@pytest.mark.parametrize("key", AUXILIARIES)
def test_a_component_brings_functions_of_its_own(key: str) -> None:
    run, functions = AUXILIARIES[key]
    holds(made(run), functions, named)


@pytest.mark.parametrize("key", CONSTRUCTS)
def test_a_construct_of_sst_2_makes_its_functions(key: str) -> None:
    run, functions = CONSTRUCTS[key]
    holds(made("", "2.44.0", V2_CONFIG % (key, run)), functions)


@pytest.mark.parametrize("key", V2_SITES)
def test_a_site_of_sst_2_has_a_server(key: str) -> None:
    run = f'new {key}(stack, "W", {{}}); new {key}(stack, "X", {{ timeout: 44 }});'
    holds(made("", "2.44.0", V2_CONFIG % (key, run)), V2_SITES[key], named)


def test_every_row_of_the_catalog_has_a_case() -> None:
    assert COMPONENTS.keys() == lambdas.COMPONENTS.keys()
    assert WORKERS.keys() == lambdas.WORKERS.keys()
    assert {f"sst.aws.{name}" for name in SITES} == set(sites.SITES)
    assert AUXILIARIES.keys() == sites.AUXILIARIES.keys()
    assert {f"{v2.PREFIX}{name}" for name in CONSTRUCTS} == set(v2.CONSTRUCTS)
    assert {f"{v2.PREFIX}{name}" for name in V2_SITES} == v2.SITES


def test_no_component_is_newer_than_the_newest_release() -> None:
    newer = [name for name, since in contract.SINCE.items() if number(since) > number(NEWEST[int(since[0])])]
    assert newer == [], "first raise ranges.NEWEST"
