"""What all contexts share is run once, and nobody can tell."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_bot.sst.contexts import DEV, PRODUCTION, Runs
from policy_bot.sst.deployment import Context
from policy_bot.sst.interpreter import Interpreter
from policy_bot.sst.limits import Limits
from policy_bot.sst.reading import read_project
from policy_bot.sst.recording import Recording
from policy_bot.sst.repository.versions import find_version
from policy_bot.sst.semantics.crashes import catalog_version
from policy_bot.sst.semantics.program import Program
from policy_bot.sst.source import MemoryTree

FILES = {
    "package.json": b'{"dependencies": {"sst": "4.17.1"}}',
    "lib.ts": b"export const shared = { seconds: 20 };",
}
BY_STAGE = 'return { name: "a", home: "aws", protect: input.stage === "production" };'
FUNCTION = 'new sst.aws.Function("F", { handler: "h", timeout: "5 minutes", streaming: true, url: true });'
SITE = 'new sst.aws.Nextjs("Site", { server: { timeout: "50 seconds" } });'


def tree(app: str, run: str, before: str = "") -> MemoryTree:
    config = f"{before}\nexport default $config({{ app(input) {{ {app} }}, async run() {{ {run} }} }});"
    return MemoryTree({"sst.config.ts": config.encode(), **FILES})


def recordings(files: MemoryTree) -> list[Recording]:
    """In production and dev, after what they make in production was worked out."""
    runs = Runs(Interpreter(files, "sst.config.ts"))
    found = runs.all([PRODUCTION, DEV])
    Program(found[0], catalog_version(find_version(files, "sst.config.ts")))
    return [runs.settled(each) for each in found]


def one_run(app: str, run: str, before: str = "") -> bool:
    production, dev = recordings(tree(app, run, before))
    return production.machine is dev.machine


def test_what_only_app_asks_for_does_not_run_everything_again() -> None:
    assert one_run(BY_STAGE, FUNCTION)
    assert one_run('return { name: input?.stage === "x" ? "a" : "b", home: "aws" };', SITE)


def test_each_context_keeps_its_own_app() -> None:
    production, dev = read_project(tree(BY_STAGE, FUNCTION), "sst.config.ts", [PRODUCTION, DEV]).contexts
    assert production.app["protect"].value is True
    assert dev.app["protect"].value is False
    assert production.functions == dev.functions


def dev_facts(run: str, *asked: Context) -> list[object]:
    """Facts about `sst dev` of the function in `run`, in each requested context."""
    project = read_project(tree(BY_STAGE, run), "sst.config.ts", asked)
    assert [each.context for each in project.contexts] == list(asked)
    facts = [s.facts for each in project.contexts for s in each.subjects if s.kind == "function"]
    found = [each[key] for each in facts for key in ("in_dev", "streaming_in_dev")]
    return [value.value if value.is_known else "unknown" for value in found]


def test_dev_is_compared_with_also_where_it_was_not_requested() -> None:
    always, split = FUNCTION, FUNCTION.replace("streaming: true", "streaming: !$dev")
    pr = Context("pr-12")
    assert dev_facts(always, PRODUCTION, pr) == [True, True, True, True]
    assert dev_facts(split, PRODUCTION, pr) == [True, False, True, False]
    assert dev_facts(split, DEV) == [True, False]


def test_what_dev_does_not_make_is_no_split() -> None:
    assert dev_facts(f"if (!$dev) {{ {FUNCTION} }}", PRODUCTION) == [False, False]


def test_a_refused_dev_says_nothing() -> None:
    assert dev_facts(f"if ($dev) throw new Error('no'); {FUNCTION}", PRODUCTION) == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("app", "run", "before"),
    [
        (BY_STAGE, "if ($dev) { " + FUNCTION + " }", ""),
        (BY_STAGE, "new sst.aws.Function(`F-${$app.stage}`, { handler: 'h' });", ""),
        (BY_STAGE, "new sst.aws.Function($app.name, { handler: 'h' });", ""),
        ("seen = input.stage; " + BY_STAGE, FUNCTION + " if (seen === 'dev') { " + SITE + " }", "let seen;"),
        (
            "all.push(input.stage); " + BY_STAGE,
            "for (const s of all) { " + FUNCTION + " }",
            "const all = [];",
        ),
        ("if (input.stage !== 'production') { throw new Error('no'); } " + BY_STAGE, FUNCTION, ""),
        ("const m = await import('./lib'); " + BY_STAGE, FUNCTION, ""),
        (
            BY_STAGE,
            "$transform(sst.aws.Function, (args) => { args.streaming = !$dev; });"
            'new sst.aws.ApiGatewayV2("Api").route("GET /", { handler: "h" });',
            "",
        ),
        (
            BY_STAGE,
            'new sst.aws.Queue("Q").subscribe("h", {'
            " transform: { function: (args) => { count += 1; args.timeout = `${count} seconds`; } } });",
            "let count = 0;",
        ),
    ],
    ids=[
        "$dev",
        "stage",
        "name",
        "variable",
        "array",
        "refused",
        "import",
        "callback",
        "counted",
    ],
)
def test_what_run_can_see_is_run_in_each_context(app: str, run: str, before: str) -> None:
    assert not one_run(app, run, before)


PIECES = st.sampled_from([
    FUNCTION,
    SITE,
    "const t = $dev ? '1 minute' : '2 minutes'; new sst.aws.Function('T', { handler: 'h', timeout: t });",
    "$transform(sst.aws.Function, (args) => { args.timeout ??= $dev ? '4 minutes' : '5 minutes'; });",
    "$transform(sst.aws.Function, (args) => { args.timeout ??= `${seen.length} seconds`; seen.push(1); });",
    "new sst.aws.Queue('Q').subscribe({ handler: 'h', get timeout() { seen.push(1); return '9 s'; } });",
    "new sst.aws.ApiGatewayV2('Api').route('GET /', { handler: 'h' });",
    "seen.push('run');",
])  # fmt: skip
APPS = st.sampled_from([
    BY_STAGE,
    "return { name: 'a', home: 'aws' };",
    "const name = `a-${input.stage}`; return { name, home: 'aws' };",
    "seen.push(input.stage); return { name: 'a', home: 'aws' };",
    "return { name: 'a', home: 'aws', removal: seen.length ? 'retain' : 'remove' };",
    "if (input.stage === 'staging') { throw new Error('no'); } return { name: 'a', home: 'aws' };",
])  # fmt: skip


class Alone(Runs):
    """Every context for itself."""

    def run(self, context: Context) -> Recording:
        return self.interpreter.run(context)


@given(app=APPS, run=st.lists(PIECES, max_size=5))
@settings(max_examples=60)
def test_the_project_is_the_same_as_if_nothing_were_shared(app: str, run: list[str]) -> None:
    files = tree(app, "\n".join(run), "const seen = [];")
    shared = read_project(files, "sst.config.ts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("policy_bot.sst.reading.Runs", Alone)
        assert shared == read_project(files, "sst.config.ts")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(total_records=30), "limit: more than 30 components and calls"),
        (Limits(total_fuel=400), "limit: more than 400 steps"),
        (Limits(total_allocation=60), "limit: more than 60 characters and elements created"),
    ],
)
@pytest.mark.parametrize("before", ["", "$app.stage;"], ids=["in app() alone", "in run() too"])
def test_all_contexts_together_have_a_limit(limits: Limits, said: str, before: str) -> None:
    ten = f'{before} for (let i = 0; i < 10; i++) {{ "x".repeat(10); {FUNCTION} }}'
    app = "const one = " + " || ".join(f'input.stage === "s{n}"' for n in range(8)) + "; " + BY_STAGE
    config = f"export default $config({{ app(input) {{ {app} }}, async run() {{ {ten} }} }});"
    files = MemoryTree({"sst.config.ts": config.encode(), **FILES})
    project = read_project(files, "sst.config.ts", limits=limits)
    assert 1 <= len(project.contexts) < 10
    (spot,) = {spot for deployment in project.contexts for spot in deployment.unknown if spot.cut_short}
    assert str(spot.reason).startswith(f"{said} in ")
    assert config[spot.span.start : spot.span.end] == FUNCTION.removesuffix(";")


DECOYS = (
    'for (const each of ["a1","a2","a3","a4","a5","a6","a7","a8","a9","b1","b2","b3"]) $app.stage === each;'
)
STAGING = (
    'new sst.aws.Function("F", { handler: "h", timeout: $app.stage === "staging" ? "1 minute" : "1 hour" });'
)


def test_a_stage_behind_a_dozen_others_is_not_dropped_in_silence() -> None:
    files = tree(BY_STAGE, DECOYS + STAGING)
    contexts = read_project(files, "sst.config.ts").contexts
    assert "staging" not in [each.context.stage for each in contexts]
    [spot] = {spot for each in contexts for spot in each.unknown}
    assert "`staging` is not" in str(spot.reason)
    named = read_project(files, "sst.config.ts", [PRODUCTION, Context("staging")]).contexts
    assert not [spot for each in named for spot in each.unknown]


def test_a_dozen_stages_are_read() -> None:
    contexts = read_project(tree(BY_STAGE, DECOYS), "sst.config.ts").contexts
    assert len(contexts) == 14
    assert not [spot for each in contexts for spot in each.unknown]
