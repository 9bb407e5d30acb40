"""A project read as a whole: its contexts, certainty, refusals and places."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_bot.sst.deployment import Context, Deployment, Project, Subject, Value
from policy_bot.sst.reading import read_project
from policy_bot.sst.shape import SHAPES
from policy_bot.sst.source import MemoryTree

HEAD = "export default $config({\n  app(input) { return { name: 'app', home: 'aws' }; },\n  async run() {\n"


def read(run: str = "", contexts: list[Context] | None = None, **files: str) -> Project:
    given = {
        "sst.config.ts": f"{HEAD}{run}\n  }},\n}});",
        "package.json": '{"dependencies": {"sst": "4.17.0"}}',
    }
    tree = MemoryTree({path: text.encode() for path, text in (given | files).items()})
    return read_project(tree, "sst.config.ts", contexts)


def subject(deployment: Deployment, name: str, kind: str = "function") -> Subject:
    return next(each for each in deployment.subjects if each.kind == kind and each.name == name)


def plain(value: Value) -> object:
    if value.choices:
        return [choice.value for choice in value.choices]
    return value.value if value.is_known else str(value.reason)


class TestContexts:
    def test_production_and_dev_are_read_anyway(self) -> None:
        assert [each.context for each in read().contexts] == [Context("production"), Context("dev", dev=True)]

    def test_and_every_stage_that_the_code_compares_with(self) -> None:
        code = """
          if ($app.stage === "staging") new sst.aws.Bucket("B");
          const size = { qa: 1, production: 2 }[$app.stage];
          switch ($app.stage) { case "demo": break; }
          if (["load", "production"].includes($app.stage)) {}"""
        stages = [each.context.stage for each in read(code).contexts]
        assert stages[:2] == ["production", "dev"]
        assert {"staging", "demo", "load"} <= set(stages)

    def test_a_stage_that_app_refuses_is_none(self) -> None:
        config = """export default $config({ app(input) {
          if (!["production", "staging"].includes(input.stage)) throw new Error("no such stage");
          return { name: "app", home: "aws" }; }, async run() {} });"""
        project = read(**{"sst.config.ts": config})
        assert [each.context.stage for each in project.contexts] == ["production", "staging"]

    def test_refusing_all_of_them_is_shown(self) -> None:
        config = """export default $config({ app() { throw new Error("closed"); }, async run() {} });"""
        project = read(**{"sst.config.ts": config})
        assert len(project.contexts) == 2
        assert any("closed" in str(spot.reason) for spot in project.contexts[0].unknown)

    def test_each_function_knows_whether_it_streams_in_dev(self) -> None:
        code = 'new sst.aws.Function("A", { handler: "a", streaming: !$dev, url: true });'
        production = subject(read(code).contexts[0], "A").facts
        assert (plain(production["streaming"]), plain(production["streaming_in_dev"])) == (True, False)


class TestCertainty:
    def test_what_an_unseen_condition_decides_is_not_among_the_components(self) -> None:
        code = (
            'if (process.env.EXTRA) { new sst.aws.Queue("Q"); new sst.aws.Function("A", { handler: "a" }); }'
        )
        seen = read(code).contexts[0]
        assert seen.components == ()
        assert [function.certain for function in seen.functions] == [False]
        assert any("process.env.EXTRA" in str(spot.reason) for spot in seen.unknown)

    def test_one_of_two_timeouts(self) -> None:
        code = (
            'new sst.aws.Function("A", { handler: "a", timeout: process.env.X ? "1 minute" : "2 minutes" });'
        )
        assert plain(subject(read(code).contexts[0], "A").facts["timeout"]) == [60, 120]

    def test_an_unseen_timeout_says_where_it_hides(self) -> None:
        code = 'new sst.aws.Function("A", { handler: "a", timeout: process.env.T });'
        timeout = subject(read(code).contexts[0], "A").facts["timeout"]
        assert timeout.is_unknown
        assert timeout.span is not None
        assert timeout.span.line == 4

    def test_a_whole_definition_that_cannot_be_seen(self) -> None:
        code = 'import("elsewhere").then((m) => 0); new sst.aws.Function("A", globalThis.settings);'
        facts = subject(read(code).contexts[0], "A").facts
        assert facts["timeout"].is_unknown
        assert facts["streaming"].is_unknown

    def test_a_spread_that_cannot_be_seen_hides_earlier_ones_only(self) -> None:
        code = """const hidden = JSON.parse(process.env.ALL);
          new sst.aws.Function("A", { timeout: "1 minute", ...hidden, streaming: true });"""
        facts = subject(read(code).contexts[0], "A").facts
        assert facts["timeout"].is_unknown
        assert plain(facts["streaming"]) is True

    def test_a_route_that_may_be_a_function_or_a_definition(self) -> None:
        code = """const fn = new sst.aws.Function("F", { handler: "f" });
          const api = new sst.aws.ApiGatewayV2("Api");
          api.route("GET /", process.env.X ? fn.arn : { handler: "own", timeout: "2 minutes" });"""
        seen = read(code).contexts[0]
        assert [(plain(f.name), f.certain) for f in seen.functions] == [("F", True), ("GET /", False)]


class TestWaysToMakeOne:
    def test_a_raw_lambda_counts_seconds(self) -> None:
        code = 'new aws.lambda.Function("A", { timeout: 300 }); new aws.lambda.Function("B", {});'
        seen = read(code).contexts[0]
        assert [plain(subject(seen, name).facts["timeout"]) for name in ("A", "B")] == [300, 3]
        assert seen.crashes == ()

    def test_a_raw_url_is_a_way_in(self) -> None:
        code = """const a = new sst.aws.Function("A", { handler: "a", streaming: true });
          new aws.lambda.FunctionUrl("U", { functionName: a.name, authorizationType: "NONE" });"""
        assert plain(subject(read(code).contexts[0], "A").facts["entry"]) == "url"

    def test_from_definition(self) -> None:
        code = 'sst.aws.Function.fromDefinition("A", { handler: "a", timeout: "2 minutes" }, {});'
        assert plain(subject(read(code).contexts[0], "A").facts["timeout"]) == 120

    def test_the_old_form_of_subscribing_has_no_name(self) -> None:
        code = 'const t = new sst.aws.SnsTopic("T"); t.subscribe({ handler: "a", timeout: "2 minutes" });'
        assert plain(subject(read(code).contexts[0], "T").facts["timeout"]) == 120

    def test_the_static_form_has_an_arn_before(self) -> None:
        code = 'sst.aws.Queue.subscribe("arn:aws:sqs:x:1:q", { handler: "a", timeout: "2 minutes" });'
        [function] = read(code).contexts[0].functions
        assert plain(function.effective["timeout_seconds"]) == 120

    def test_a_bus_drops_the_transform_of_its_function(self) -> None:
        code = """const bus = new sst.aws.Bus("Bus");
          bus.subscribe("S", "a.h", { transform: { function: { timeout: "4 minutes" } } });"""
        facts = subject(read(code).contexts[0], "S").facts
        assert (plain(facts["timeout"]), plain(facts["ignored_timeout"])) == (20, "transform.function")

    def test_what_is_only_referred_to_is_not_made_here(self) -> None:
        code = """const q = sst.aws.Queue.get("Q", "https://sqs"); const f = sst.aws.Function.get("F", "f");
          q.subscribe({ handler: "a", timeout: "2 minutes" });"""
        seen = read(code).contexts[0]
        assert [plain(each.effective["timeout_seconds"]) for each in seen.functions] == [120]
        assert [each.name for each in seen.subjects if each.kind == "queue"] == []
        assert plain(next(s for s in seen.subjects if s.kind == "function").facts["visibility_timeout"]) == -1

    def test_triggers_of_a_user_pool(self) -> None:
        code = """new sst.aws.CognitoUserPool("P", { triggers: {
          preSignUp: "a.h", postConfirmation: { handler: "b.h", timeout: "5 seconds" }, kmsKey: "k" } });"""
        seen = read(code).contexts[0]
        assert [plain(each.name) for each in seen.functions] == ["preSignUp", "postConfirmation"]

    def test_notifications_of_a_bucket(self) -> None:
        code = """const b = new sst.aws.Bucket("B"); b.notify({ notifications: [
          { name: "one", function: "a.h" }, { name: "two", queue: "arn:aws:sqs:x:1:q" }] });"""
        assert [plain(each.name) for each in read(code).contexts[0].functions] == ["one"]

    def test_routes_written_into_a_router(self) -> None:
        code = """const a = new sst.aws.Function("A", { handler: "a", url: true });
          new sst.aws.Router("R", { routes: { "/api": a.url } });"""
        assert plain(subject(read(code).contexts[0], "A").facts["read_timeout"]) == 20


class TestPlaces:
    def test_a_finding_can_be_on_the_pair_that_sets_a_value(self) -> None:
        code = 'new sst.aws.Function("A", {\n handler: "a",\n timeout: "1 minute",\n});'
        found = subject(read(code).contexts[0], "A")
        assert found.facts["timeout"].origin[0].span == found.places["timeout"].pair
        assert found.places["timeout"].pair.line == 6
        assert found.literals[""].line == 4

    def test_of_a_component_transform(self) -> None:
        code = """const api = new sst.aws.ApiGatewayV2("Api", {
            transform: { route: { handler: {
              timeout: "29 seconds" } } } });
          api.route("GET /", { handler: "a", timeout: "1 minute" });"""
        found = subject(read(code).contexts[0], "GET /")
        assert (plain(found.facts["timeout"]), found.places["timeout"].pair.line) == (29, 6)

    def test_of_a_transform_callback(self) -> None:
        code = """$transform(sst.aws.Function, (args) => {
            args.timeout ??= "4 minutes";
          });
          new sst.aws.Function("A", { handler: "a" });"""
        found = subject(read(code).contexts[0], "A")
        assert (plain(found.facts["timeout"]), found.places["timeout"].pair.line) == (240, 5)

    def test_of_a_constant_in_another_file(self) -> None:
        code = 'const { base } = await import("./infra/base"); new sst.aws.Function("A", { ...base });'
        project = read(
            code, infra__base=".", **{"infra/base.ts": 'export const base = {\n timeout: "9 seconds" };'}
        )
        found = subject(project.contexts[0], "A")
        assert (found.places["timeout"].pair.path, found.places["timeout"].pair.line) == ("infra/base.ts", 2)
        assert "infra/base.ts" in project.files

    def test_of_the_config(self) -> None:
        config = """export default $config({
          streaming: true,
          app() { return {
              name: "app", home: "aws",
              streaming: true, region: "eu-west-1" }; },
          async run() {} });"""
        found = subject(read(**{"sst.config.ts": config}).contexts[0], "sst.config.ts", "config")
        assert found.places["streaming"].pair.line == 2
        assert found.places["app.streaming"].pair.line == 5
        assert plain(found.facts["unread_app_keys"]) == ["region"]


class TestCrashes:
    @pytest.mark.parametrize(
        ("app", "message"),
        [
            ("home: 'aws'", "Project name is required"),
            ("name: 'my app', home: 'aws'", "The app name is invalid"),
            ("name: 'app'", 'You must specify a "home" provider'),
            (
                "name: 'app', home: 'aws', removal: 'keep'",
                "Removal must be one of: remove, retain, retain-all",
            ),
            ("name: 'app', home: 'aws', removalPolicy: 'retain'", 'The "removalPolicy" has been renamed'),
            (
                "name: 'app', home: 'aws', providers: { stripe: true }",
                "Setting providers.stripe to true is deprecated",
            ),
            ("name: 'app', home: 'aws', providers: { stripe: {} }", "Provider stripe is missing a version"),
            (
                "name: 'app', home: 'aws', protect: 'yes'",
                "json: cannot unmarshal string into Go struct field",
            ),
        ],
    )
    def test_of_app(self, app: str, message: str) -> None:
        config = f"export default $config({{ app() {{ return {{ {app} }}; }}, async run() {{}} }});"
        crashes = read(**{"sst.config.ts": config}).contexts[0].crashes
        assert [crash.message.startswith(message) for crash in crashes] == [True]

    def test_each_is_a_subject_at_its_line(self) -> None:
        code = 'new sst.aws.Function("A", { handler: "a",\n timeout: 300 });'
        [crash] = [each for each in read(code).contexts[0].subjects if each.kind == "crash"]
        assert (plain(crash.facts["code"]), crash.span.line) == ("invalid-duration", 5)

    def test_code_under_a_condition_does_not_crash_for_certain(self) -> None:
        config = "export default $config({ app() { return process.env.APP; }, async run() {} });"
        assert read(**{"sst.config.ts": config}).contexts[0].crashes == ()


def test_a_config_that_does_not_parse_is_unreadable_and_still_has_a_version() -> None:
    project = read(**{"sst.config.ts": "export default $config({"})
    assert project.unreadable is not None
    assert str(project.version) == "4.17.0"


def test_no_such_file() -> None:
    assert read_project(MemoryTree({}), "sst.config.ts").unreadable is not None


def test_the_same_input_gives_the_same_project() -> None:
    code = 'new sst.aws.Function("A", { handler: "a", timeout: process.env.X ? "1 minute" : "2 minutes" });'
    assert read(code) == read(code)


def test_a_project_can_cross_a_pipe() -> None:
    project = read('new sst.aws.Nextjs("W", { server: { timeout: "1 minute" } });')
    assert pickle.loads(pickle.dumps(project)) == project


WORDS = {"string": str, "int": int, "bool": bool, "list": list, "args": dict}
ARGUMENTS = st.fixed_dictionaries({}, optional={
    "timeout": st.sampled_from(
        ['"1 minute"', "300", "undefined", "process.env.T", '$output("2 minutes")', "null", '"x"']),
    "streaming": st.sampled_from(["true", "!$dev", '"false"', "process.env.S", "undefined"]),
    "url": st.sampled_from(
        ["true", "false", "{ cors: false }", "{ router: { instance: r } }", "process.env.U"]),
    "logging": st.sampled_from(["false", '{ retention: "forever" }', "process.env.L"]),
    "retries": st.sampled_from(["0", "process.env.R"]),
    "transform": st.sampled_from(["{ function: { timeout: 9 } }", "{ function: (a) => { a.timeout = 8 } }"]),
})  # fmt: skip
MAKERS = st.sampled_from([
    'new sst.aws.Function("A", %s);', 'api.route("GET /", %s);', 'rest.route("GET /", %s);',
    "queue.subscribe(%s);",
    'new sst.aws.Cron("C", { schedule: "rate(1 day)", function: %s });', 'new sst.aws.Workflow("W", %s);',
    'new sst.aws.Auth("Auth", { issuer: %s });', 'new sst.aws.Nextjs("N", %s);', 'bus.subscribe("S", %s);',
    'if (process.env.MAYBE) new sst.aws.Function("A", %s);',
    "queue.subscribe(process.env.X ? %s : undefined);",
])  # fmt: skip
BEFORE = """const r = new sst.aws.Router("R"); const api = new sst.aws.ApiGatewayV2("Api");
const bus = new sst.aws.Bus("Bus"); const rest = new sst.aws.ApiGatewayV1("Rest");
const queue = new sst.aws.Queue("Q");\n"""


@given(
    MAKERS,
    ARGUMENTS,
    st.sampled_from(["", "$transform(sst.aws.Function, (a) => { a.timeout ??= '7 seconds' });"]),
)
@settings(max_examples=150)
def test_facts_are_total_and_typed(maker: str, arguments: dict[str, str], transform: str) -> None:
    text = "{ handler: 'a.h', " + ", ".join(f"{key}: {value}" for key, value in arguments.items()) + " }"
    for deployment in read(f"{transform}{BEFORE}{maker % text}").contexts:
        for each in deployment.subjects:
            assert list(each.facts) == list(SHAPES[each.kind])
            for name, value in each.facts.items():
                known = [value] if value.is_known else value.choices if value.choices else ()
                wanted = WORDS[SHAPES[each.kind][name].type]
                assert all(type(choice.value) is wanted for choice in known), (each.kind, name, value)


def test_a_syntax_error_is_one_problem_at_the_innermost_place() -> None:
    found = read('new sst.aws.Function("A", { handler: "a", url: true );').contexts[0].unknown
    assert [str(spot.reason) for spot in found] == ["a syntax error: `}` is missing here or before"]
