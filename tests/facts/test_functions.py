"""Facts about functions, their durations, values, transforms."""

from __future__ import annotations

import pytest

from policy_bot.sst.deployment import Context
from tests.facts.program import DEV, V3, V4, Fact, cases, holds, name_of

F = "new sst.aws.Function"
DEFAULT_3 = '$transform(sst.aws.Function, (a) => { a.timeout ??= "3 minutes" });'
SEED = "$transform(sst.aws.Function, (a) => { if (a.timeout === undefined) a.timeout = 300; });"
NOT_SPLIT = "duration.split is not a function or its return value is not iterable"

FACTS = [
    # what a function is without, with, and with streaming
    Fact(f'{F}("A", {{ handler: "a.h" }})', {"A": "20 -"}),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: "5 minutes", streaming: true, url: true }})', {"A": "300 S"}),
    Fact(f'{F}("A", {{ handler: "a.h", streaming: true }})', {"A": "20 -"},
         {"A": {"streaming": True, "streams": False, "entry": ""}}),
    Fact(f'{F}("A", {{ handler: "a.h", url: true }})', {"A": "20 B"}),
    Fact(f'{F}("A", {{ handler: "a.h", streaming: !$dev, url: true }})', {"A": "20 S"}),
    Fact(f'{F}("A", {{ handler: "a.h", streaming: !$dev, url: true }})', {"A": "20 B"}, context=DEV),
    Fact(f'{F}("A", {{ handler: "a.h", streaming: true, url: true, timeout: "10 minutes" }})', {"A": "600 S"},
         {"A": {"streams_in_dev": True}}, context=DEV, versions=(V4,)),
    Fact(f'{F}("A", {{ handler: "a.h", streaming: true, url: true, timeout: "10 minutes" }})', {"A": "600 S"},
         {"A": {"streams_in_dev": False}}, context=DEV, versions=(V3,)),
    Fact(f'{F}("A", {{ handler: "a.h", dev: false, streaming: true, url: true,'
            ' timeout: $dev ? "15 minutes" : "30 seconds" })', {"A": "900 S"}, {"A": {"dev_live": False}}, context=DEV),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: $app.stage === "production" ? "10 minutes" : "1 minute" }})',
         {"A": "600 -"}),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: $app.stage === "production" ? "10 minutes" : "1 minute" }})',
         {"A": "60 -"}, context=Context("pr-12")),
    # the mode of the URL, which a transform of Pulumi's resource sets last
    *(Fact(f'$transform(aws.lambda.FunctionUrl, (a) => {{ a.invokeMode = "{mode}"; }});'
           f'{F}("A", {{ handler: "a.h", url: true, streaming: {str(not streams).lower()} }})',
           facts={"A": {"streams": streams}}) for mode, streams in (("RESPONSE_STREAM", True), ("BUFFERED", False))),
    Fact(f'$transform(aws.lambda.FunctionUrl, (a) => {{ a.authorizationType = "AWS_IAM"; }});'
         f'{F}("A", {{ handler: "a.h", url: true, streaming: true }})', {"A": "20 S"}, {"A": {"streams": True}}),
    # the grammar of durations
    Fact(f'{F}("A", {{ handler: "a.h", timeout: 300 }})', crash=NOT_SPLIT),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: "300" }})', crash="reading 'toLowerCase'"),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: "5 min" }})', crash="Invalid duration 5 min"),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: "5  minutes" }})', crash="Invalid duration 5  minutes"),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: "1.5 minutes" }})', {"A": "60 -"},
         {"A": {"timeout_oddity": "fraction"}}),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: "1e2 seconds" }})', {"A": "1 -"},
         {"A": {"timeout_oddity": "exponent"}}),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: "0.5 minutes" }})', {"A": "0 -"},
         {"A": {"timeout_oddity": "fraction"}}),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: "20 minutes" }}); {F}("B", {{ handler: "b.h", timeout: "1 hour" }})',
         {"A": "1200 -", "B": "3600 -"}),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: undefined }})', {"A": "20 -"}),
    # values
    Fact(f'const m = 5; {F}("A", {{ handler: "a.h", timeout: `${{m}} minutes` }})', {"A": "300 -"}),
    Fact(f"""const d = {{ handler: "a.h", timeout: "2 minutes", streaming: true }};
         {F}("A", {{ ...d, timeout: "3 minutes", url: true }});
         {F}("B", {{ timeout: "3 minutes", ...d, url: true }});""", {"A": "180 S", "B": "120 S"}),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: $output("4 minutes") }})', {"A": "240 -"}),
    Fact(f'{F}("A", {{ handler: "a.h", streaming: "false", url: true }})', {"A": "20 S"},
         {"A": {"streaming_form": "string"}}),
    Fact(f'{F}("A", {{ handler: "a.h", url: {{ streaming: true }} }})', {"A": "20 B"},
         {"A": {"streaming_elsewhere": "url.streaming"}}),
    Fact(f'{F}("A", {{ handler: "a.h", runtime: "python3.12", streaming: true, url: true }})', {"A": "20 S"},
         {"A": {"runtime": "python3.12"}}),
    Fact(f"""for (const n of ["A", "B"])
         {F}(n, {{ handler: "a.h", timeout: n === "A" ? "1 minute" : "2 minutes" }});""", {"A": "60 -", "B": "120 -"}),
    # $transform
    Fact(f"""{DEFAULT_3}
         {F}("A", {{ handler: "a.h" }}); {F}("B", {{ handler: "b.h", timeout: "10 seconds" }});""",
         {"A": "180 -", "B": "10 -"}),
    Fact(f'{F}("A", {{ handler: "a.h" }}); {DEFAULT_3} {F}("B", {{ handler: "b.h" }});', {"A": "20 -", "B": "180 -"},
         {"A": {"missed_default": "registered later"}, "B": {"missed_default": ""}}),
    Fact(f"""$transform(sst.aws.Function, (a) => {{ a.timeout = "3 minutes" }});
         {F}("B", {{ handler: "b.h", timeout: "10 seconds" }});""", {"B": "180 -"}),
    Fact(f"""$transform(sst.aws.Function, (a) => {{ a.timeout ??= "1 minute" }});
         $transform(sst.aws.Function, (a) => {{ a.timeout ??= "2 minutes" }});
         {F}("A", {{ handler: "a.h" }});""", {"A": "60 -"}),
    Fact(f"""$transform(sst.aws.Function, (a) => {{ a.timeout = "1 minute" }});
         $transform(sst.aws.Function, (a) => {{ a.timeout = "2 minutes" }});
         {F}("A", {{ handler: "a.h" }});""", {"A": "120 -"}),
    Fact(f"""$transform(sst.aws.Function, (a) => ({{ ...a, timeout: "3 minutes" }}));
         {F}("A", {{ handler: "a.h" }});""", {"A": "20 -"}),
    Fact(f'{SEED} {F}("A", {{ handler: "a.h" }});', crash=NOT_SPLIT),
    Fact(f'{F}("A", {{ handler: "a.h" }}); {SEED}', {"A": "20 -"}),
    Fact(f'new sst.aws.Nextjs("W"); {SEED}', {"W/server": "20 B"}, versions=("3.2.12", V3, V4)),
    Fact(f'new sst.aws.Nextjs("W"); {SEED}', {"W/server": "20 S"}, versions=("3.2.12", V3, V4), files={
        "open-next.config.ts": 'export default { default: { override: { wrapper: "aws-lambda-streaming" } } };'}),
    Fact(f"""$transform(aws.lambda.Function, (a) => {{ a.timeout = 77 }});
         {F}("A", {{ handler: "a.h", timeout: "10 seconds" }});""", {"A": "77 -"}),
    Fact(f'{F}("A", {{ handler: "a.h", timeout: "10 seconds", transform: {{ function: {{ timeout: 300 }} }} }})',
         {"A": "300 -"}, {"A": {"transform_timeout_form": "number"}}),
    Fact(f"""{F}("A", {{ handler: "a.h", timeout: "10 seconds",
         transform: {{ function: {{ timeout: "300 seconds" }} }} }})""", {},
         {"A": {"transform_timeout_form": "duration",
                "timeout": {"unknown": "a Lambda-level timeout must be a number of seconds"}}}),
    Fact(f"""{DEFAULT_3} const d = {{ handler: "a.h" }}; {F}("A", d);
         {F}("B", {{ handler: "b.h", timeout: d.timeout === "3 minutes" ? "7 seconds" : "8 seconds" }});""",
         {"A": "180 -", "B": "7 -"}),
    Fact(f'{F}("A", "index.handler")', crash="links.map is not a function"),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "version"), cases(FACTS), ids=name_of)
def test_fact(fact: Fact, version: str) -> None:
    holds(fact, version)
