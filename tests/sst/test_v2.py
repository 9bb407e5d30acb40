"""SST v2, as far as streaming and timeouts go."""

from __future__ import annotations

import pytest

from policy_bot.sst.deployment import Context, Deployment, Value
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

CONFIG = """import { SSTConfig } from "sst";
import { Site } from "./stacks/Site";
export default {
  config() { return { name: "app", region: "us-east-1" }; },
  stacks(app) { %s app.stack(Site); },
} satisfies SSTConfig;
"""
STACK = """import { Api, AstroSite, Cron, Function, Queue, StackContext, Topic } from "sst/constructs";
export function Site({ stack }: StackContext) {
  %s
}
"""


STACKS = """import * as sst from "sst/constructs";
import {
  Api, AppSyncApi, Bucket, Cron, EventBus, Function, KinesisStream, Queue, Script, Table, Topic, WebSocketApi,
  getStack, use,
} from "sst/constructs";
%s
export default {
  config() { return { name: "app", region: "us-east-1" }; },
  %s
};
"""


def read(stack: str, app: str = "", version: str = "2.44.0", **files: str) -> Deployment:
    return _read({"sst.config.ts": CONFIG % app, "stacks/Site.ts": STACK % stack}, version, **files)


def read_stacks(functions: str, stacks: str) -> Deployment:
    """A config of one file: the functions of its stacks, and `stacks(app)`."""
    return _read({"sst.config.ts": STACKS % (functions, stacks)}, "2.44.0")


def _read(config: dict[str, str], version: str, **files: str) -> Deployment:
    given = {
        **config,
        "package.json": f'{{"dependencies": {{"sst": "{version}"}}}}',
        **files,
    }
    tree = MemoryTree({path: text.encode() for path, text in given.items()})
    return read_project(tree, "sst.config.ts", [Context("production")]).contexts[0]


def plain(value: Value) -> object:
    return value.value if value.is_known else value


def timeouts(seen: Deployment) -> dict[object, object]:
    return {plain(each.name): plain(each.effective["timeout_seconds"]) for each in seen.functions}


def test_a_chain_of_stacks_goes_on_with_the_app() -> None:
    seen = read_stacks(
        """function A({ stack }) { return new Table(stack, "T", {}); }
        function B({ stack }) { new Function(stack, "B", { handler: "b", timeout: 30 }); }
        function C({ stack }) { new Function(stack, "C", { handler: "c" }); }""",
        "stacks(app) { app.stack(A).stack(B).stack(C, { id: 'c' }); }",
    )
    assert (timeouts(seen), seen.unknown) == ({"B": 30, "C": 10}, ())


@pytest.mark.parametrize(
    ("function", "stacks"),
    [
        ("function A() { return { t: 30 }; }", "stacks(app) { app.stack(A).stack(B); }"),
        (
            "async function A() { return { t: 30 }; }",
            "async stacks(app) { await app.stack(A); app.stack(B); }",
        ),
        ("const A = () => ({ t: 30 });", "stacks(app) { [A, B].forEach((each) => app.stack(each)); }"),
    ],
)
def test_use_gives_what_the_stack_returned(function: str, stacks: str) -> None:
    for use in ("use", "sst.use"):
        body = f'const {{ t }} = {use}(A); new Function(stack, "B", {{ handler: "b", timeout: t }});'
        seen = read_stacks(f"{function} function B({{ stack }}) {{ {body} }}", stacks)
        assert timeouts(seen) == {"B": 30}


def test_use_of_a_stack_that_is_not_seen_before_is_unknown() -> None:
    seen = read_stacks(
        """function A() { return { t: 30 }; }
        function B({ stack }) { new Function(stack, "B", { handler: "b", timeout: use(A).t }); }""",
        "stacks(app) { app.stack(B).stack(A); }",
    )
    assert timeouts(seen)["B"].is_unknown


def test_get_stack_and_this_are_the_stack() -> None:
    seen = read_stacks(
        """function A() { this.setDefaultFunctionProps({ timeout: 40 }); }
        function B() { new Function(getStack(A), "B", { handler: "b" }); }""",
        "stacks(app) { app.stack(A).stack(B); }",
    )
    assert timeouts(seen) == {"B": 40}


def test_numbers_are_seconds_and_nothing_is_ten() -> None:
    seen = read("""new Function(stack, "A", { handler: "a", timeout: 300 });
      new Function(stack, "B", { handler: "b", timeout: "2 minutes" });
      new Function(stack, "C", { handler: "c" });""")
    assert timeouts(seen) == {"A": 300, "B": 120, "C": 10}
    assert seen.crashes == ()


def test_defaults_of_the_app_and_of_the_stack_come_before_its_own() -> None:
    seen = read(
        """stack.setDefaultFunctionProps({ timeout: 40 });
        new Function(stack, "A", { handler: "a" });
        new Function(stack, "B", { handler: "b", timeout: 50 });""",
        app="app.setDefaultFunctionProps({ timeout: 30 });",
    )
    assert timeouts(seen) == {"A": 40, "B": 50}


def test_defaults_of_the_app_alone() -> None:
    seen = read(
        'new Function(stack, "A", { handler: "a" });', app="app.setDefaultFunctionProps({ timeout: 30 });"
    )
    assert timeouts(seen) == {"A": 30}


def test_routes_with_defaults_strings_and_functions() -> None:
    seen = read("""new Api(stack, "Api", { defaults: { function: { timeout: 20 } }, routes: {
      "GET /": "a.h", "GET /b": { function: { handler: "b.h", timeout: 60 } } } });""")
    assert timeouts(seen) == {"GET /": 20, "GET /b": 60}


def test_consumers_jobs_and_subscribers() -> None:
    seen = read("""new Queue(stack, "Q", { consumer: { function: { handler: "a.h", timeout: 25 } } });
      new Cron(stack, "C", { schedule: "rate(1 day)", job: "b.h" });
      new Topic(stack, "T", { subscribers: { one: "c.h" } });""")
    assert timeouts(seen) == {"Q": 25, "C": 10, "one": 10}


def test_memory_and_processor_of_a_function() -> None:
    seen = read("""new Function(stack, "A", { handler: "a" });
      new Function(stack, "B", { handler: "b", memorySize: 512, architecture: "arm_64" });
      new Function(stack, "C", { handler: "c", memorySize: "2 GB" });""")
    made = [each.facts for each in seen.subjects if each.kind == "function"]
    found = [(plain(facts["memory"]), plain(facts["architecture"])) for facts in made]
    assert found == [(1024, "x86_64"), (512, "arm64"), (2048, "x86_64")]


def test_a_function_given_to_others_is_one_lambda_with_their_http_entries() -> None:
    seen = read("""const fn = new Function(stack, "F", { handler: "a", timeout: 30 });
      const routes = { "GET /": fn, "GET /2": { type: "function", function: fn } };
      const api = new Api(stack, "Api", { routes });
      api.addRoutes(stack, { "GET /3": process.env.OTHER ? fn : "b.h" });
      new Cron(stack, "C", { schedule: "rate(1 day)", job: fn });
      new Queue(stack, "Q", { consumer: { function: fn } });""")
    assert timeouts(seen) == {"F": 30, "GET /3": 10}
    facts = next(each.facts for each in seen.subjects if each.name == "F")
    assert [plain(facts[key]) for key in ("entry", "gateway_limit", "asynchronous")] == ["http", 30, False]


@pytest.mark.parametrize(
    ("construct", "more"),
    [
        ("Api", 'addRoutes(stack, { "GET /": "a.h", F: { function: "b.h" } })'),
        ("WebSocketApi", 'addRoutes(stack, { "GET /": "a.h", F: "b.h" })'),
        ("Table", 'addConsumers(stack, { "GET /": "a.h", F: "b.h" })'),
        ("KinesisStream", 'addConsumers(stack, { "GET /": "a.h", F: "b.h" })'),
        ("Topic", 'addSubscribers(stack, { "GET /": "a.h", F: "b.h" })'),
        ("Bucket", 'addNotifications(stack, { "GET /": "a.h", F: "b.h" })'),
        ("AppSyncApi", 'addDataSources(stack, { "GET /": "a.h", F: "b.h" })'),
        ("AppSyncApi", 'addResolvers(stack, { "GET /": "a.h", F: "b.h", "Query q": "source" })'),
        ("EventBus", 'addRules(stack, { r: { targets: { "GET /": "a.h", F: "b.h" } } })'),
        ("EventBus", 'addTargets(stack, "r", { "GET /": "a.h", F: "b.h" })'),
    ],
)
def test_what_is_added_later_has_the_defaults_of_its_construct(construct: str, more: str) -> None:
    defaults = "{ defaults: { function: { timeout: 25 } } }"
    seen = read_stacks(
        f'function A({{ stack }}) {{ const x = new {construct}(stack, "X", {defaults}); x.{more}; }}',
        "stacks(app) { app.stack(A); }",
    )
    assert timeouts(seen) == {"GET /": 25, "F": 25}


def test_an_event_bus_subscribes_with_and_without_a_scope_and_in_a_chain() -> None:
    seen = read_stacks(
        """function A({ stack }) {
          const targets = { one: { function: { handler: "a.h", timeout: 5 } } };
          const rules = { r: { pattern: {}, targets } };
          new EventBus(stack, "Bus", { rules })
            .subscribe("made", { handler: "b.h", timeout: 6 }).subscribe(stack, "gone", "c.h")
            .subscribe(["x", "y"], { handler: "d.h", timeout: 7 });
        }""",
        "stacks(app) { app.stack(A); }",
    )
    assert timeouts(seen) == {"one": 5, "made": 6, "gone": 10, "Bus": 7}


def test_what_is_no_function_makes_no_lambda() -> None:
    seen = read("""const q = new Queue(stack, "Q");
      new Topic(stack, "T", { subscribers: { a: q, b: { queue: q }, c: { cdk: { function: stack.x } } } });
      new Api(stack, "Api", { routes: { "GET /": { type: "url", url: "https://example.com" } } });""")
    assert timeouts(seen) == {}


def test_a_queue_gets_its_consumer_later() -> None:
    seen = read(
        'const q = new Queue(stack, "Q"); q.addConsumer(stack, { function: { handler: "a", timeout: 9 } });'
    )
    assert timeouts(seen) == {"Q": 9}


def test_a_script_has_a_function_for_each_event_and_fifteen_minutes() -> None:
    seen = read_stacks(
        """function A({ stack }) {
          new Script(stack, "S", { onCreate: "a.h", onUpdate: { handler: "b.h", timeout: 9 } });
        }""",
        "stacks(app) { app.setDefaultFunctionProps({ timeout: 3 }); app.stack(A); }",
    )
    assert [plain(each.effective["timeout_seconds"]) for each in seen.functions] == [900, 9]


def test_defaults_of_one_stack_do_not_reach_another() -> None:
    seen = read_stacks(
        """function A({ stack }) {
          stack.setDefaultFunctionProps({ timeout: 40 });
          new Function(stack, "A", {});
        }
        function B({ stack }) { new Api(stack, "Api", { routes: { "GET /": "b.h" } }); }
        function C(ctx) { new Function(globalThis.unseen, "C", {}); }""",
        """stacks(app) {
          app.setDefaultFunctionProps((stack) => ({ timeout: 30 }));
          app.stack(A).stack(B).stack(C);
        }""",
    )
    found = timeouts(seen)
    assert found.pop("C").is_unknown
    assert found == {"A": 40, "GET /": 30}


def test_a_url_that_streams() -> None:
    seen = read('new Function(stack, "A", { handler: "a", url: { streaming: true } });')
    old = read('new Function(stack, "A", { handler: "a", url: { streaming: true } });', version="2.36.0")
    assert [plain(each.functions[0].effective["streaming"]) for each in (seen, old)] == [True, False]


def test_a_site_of_astro_streams_by_its_adapter() -> None:
    adapter = 'adapter: aws({ responseMode: "stream" })'
    config = f'import aws from "astro-sst/lambda"; export default {{ output: "server", {adapter} }};'
    seen = read('new AstroSite(stack, "W", { timeout: "1 minute" });', **{"astro.config.mjs": config})
    [site] = [each for each in seen.subjects if each.kind == "site"]
    assert (plain(site.facts["streams"]), plain(site.facts["server_timeout"])) == (True, 60)
