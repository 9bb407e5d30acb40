"""Arguments as programs write them: objects of their own classes, getters, names that SST makes itself."""

from __future__ import annotations

import pytest

from tests.facts.program import PRODUCTION, V3, Fact, deployment, holds, plain

CLASSES = """
class Defaults { handler = "x.h"; timeout = "40 seconds"; }
class Streaming extends Defaults {
  constructor() { super(); this.timeout = "41 seconds"; }
  get streaming() { return true; }
}
"""
NAMED = """$transform(sst.aws.Function, (args, opts, name) => {
  if (name.startsWith("Slow")) args.timeout = "10 minutes";
});"""

WRITTEN = {
    "an object of a class": Fact(
        CLASSES + 'new sst.aws.Function("A", new Defaults());', {"A": "40 -"}, versions=(V3,)
    ),
    "a getter of its class": Fact(
        CLASSES + 'new sst.aws.Function("A", new Streaming());', {"A": "41 -"},
        {"A": {"streaming": True}}, versions=(V3,),
    ),
    "set before it is given": Fact(
        CLASSES + 'const d = new Defaults(); d.timeout = "42 seconds"; new sst.aws.Function("A", d);',
        {"A": "42 -"}, versions=(V3,),
    ),
    "in a route, which SST spreads: a class's getters are left behind": Fact(
        CLASSES + 'new sst.aws.ApiGatewayV2("Api").route("GET /", new Streaming());', {"GET /": "41 -"},
        {"GET /": {"streaming": False}}, versions=(V3,),
    ),
    "in a Cron": Fact(
        CLASSES + 'new sst.aws.Cron("C", { schedule: "rate(1 day)", function: new Defaults() });',
        {"C": "40 -"}, versions=(V3,),
    ),
    "a getter of an object": Fact(
        'new sst.aws.Function("A", { handler: "x.h", get timeout() { return "43 seconds"; } });',
        {"A": "43 -"}, versions=(V3,),
    ),
    "a getter in a route": Fact(
        'new sst.aws.ApiGatewayV2("Api")'
        '.route("GET /", { handler: "x.h", get timeout() { return "44 seconds"; } });',
        {"GET /": "44 -"}, versions=(V3,),
    ),
    "a transform by the name of a function": Fact(
        NAMED + """new sst.aws.Function("SlowOne", { handler: "x.h" });
         new sst.aws.Function("Other", { handler: "x.h" });""",
        {"SlowOne": "600 -", "Other": "20 -"}, versions=(V3,),
    ),
}  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN)
def test_what_sst_reads(written: str) -> None:
    holds(WRITTEN[written], V3)


def test_a_transform_does_not_get_the_name_that_a_subscriber_was_given() -> None:
    fact = Fact(NAMED + 'new sst.aws.Bus("Bus").subscribe("SlowSub", { handler: "x.h" });')
    made = deployment(fact, V3)
    assert made.context == PRODUCTION
    assert plain(made.functions[0].effective["timeout_seconds"]) == {"one of": [600, 20]}


def test_a_duration_that_only_may_be_wrong_stops_nothing_for_certain() -> None:
    fact = Fact('new sst.aws.Function("A", { handler: "x.h", timeout: process.env.CI ? 300 : "1 minute" });')
    made = deployment(fact, V3)
    assert made.crashes == ()
    reason = {"unknown": "process.env.CI is set outside the repository"}
    assert plain(made.functions[0].effective["timeout_seconds"]) == reason
