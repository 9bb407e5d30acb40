"""What `inspect` shows of a project made by hand: values known, one of several, unknown; stages alike."""

import json

from policy_bot.cli.output import inspect_json, inspect_text
from policy_bot.sst.deployment import (
    BlindSpot,
    Component,
    Context,
    Crash,
    Deployment,
    Function,
    Project,
    Reference,
    Step,
    Value,
)
from policy_bot.sst.reasons import said
from tests.cli.examples import PATH, PLAIN, PROJECT, TIMEOUT, TREE, span

CHAT = span('new sst.aws.Function("Chät"')
ENVIRONMENT = span("process.env.T")


def function(
    name: str, timeout: Value, via: str = "component", owner: str = "", certain: bool = True
) -> Function:
    effective = {"timeout_seconds": timeout, "streaming": Value(True), "url": Value(False)}
    return Function(via, "sst.aws.Function", Value(owner or name), Value(name), CHAT, effective, certain)


def deployment(stage: str, timeout: Value, dev: bool = False) -> Deployment:
    functions = (
        function("Chät", timeout),
        function("GET /", Value(20), "route", "Api", certain=False),
        function("Slow", Value.unknown(said("process.env.T is set outside the repository"), ENVIRONMENT)),
    )
    args = Value({"link": Value([Value(Reference("sst.aws.Queue", "Jobs", "arn"))]), "memory": Value(1.5)})
    return Deployment(
        Context(stage, dev),
        root={"app": Value.unknown(said("a function"))},
        app={"name": Value("shop"), "home": Value.one_of((Value("aws"), Value("local")), "process.env.CI")},
        crashes=(Crash("ReferenceError: $dev is not defined", CHAT, "dev-global"),) if dev else (),
        components=(Component("sst.aws.Function", Value("Chät"), CHAT, args),),
        functions=functions,
        subjects=(),
        unknown=(BlindSpot(said("process.env.T is set outside the repository"), ENVIRONMENT),),
    )


LITERAL = (Step("`timeout`", TIMEOUT), Step("literal", TIMEOUT))
READ = Project(
    PATH,
    PROJECT.version,
    (
        deployment("production", Value(60, LITERAL)),
        deployment("qa", Value(60, LITERAL)),
        deployment("dev", Value.one_of((Value(60), Value(90)), said("a condition")), dev=True),
    ),
    frozenset({PATH}),
)

TABLE = """\
sst.config.ts  SST 4.17.1 (package-lock.json)

In production, qa
  FUNCTION             TIMEOUT  STREAMING  URL  WHERE
  Chät                 60 s     yes        no   sst.config.ts:5
  GET / (Api route) ?  20 s     yes        no   sst.config.ts:5
  Slow                 ?        yes        no   sst.config.ts:5
  cannot tell: process.env.T is set outside the repository (sst.config.ts:6:61)

In sst dev
  SST stops: ReferenceError: $dev is not defined (sst.config.ts:5:5)
  FUNCTION             TIMEOUT   STREAMING  URL  WHERE
  Chät                 60 or 90  yes        no   sst.config.ts:5
  GET / (Api route) ?  20 s      yes        no   sst.config.ts:5
  Slow                 ?         yes        no   sst.config.ts:5
  cannot tell: process.env.T is set outside the repository (sst.config.ts:6:61)"""

EXPLAINED = """\
In production, qa
  Slow  sst.config.ts:5:5
    timeout_seconds = cannot tell
      <- unknown: process.env.T is set outside the repository  sst.config.ts:6:61
    streaming = yes
    url = no"""


def test_stages_that_mean_the_same_share_a_table() -> None:
    assert list(inspect_text.render([READ], PLAIN)) == [TABLE]


def test_a_function_is_explained_line_by_line() -> None:
    [explained] = inspect_text.render([READ], PLAIN, "Slow")
    assert EXPLAINED in explained
    [chat] = inspect_text.render([READ], PLAIN, "Chät")
    assert (
        "    timeout_seconds = 60\n      <- `timeout`  sst.config.ts:5\n      <- literal  sst.config.ts:5\n"
        in chat
    )
    [nobody] = inspect_text.render([READ], PLAIN, "Nobody")
    assert "no function Nobody" in nobody


def test_what_was_not_read_says_so() -> None:
    broken = Project(PATH, PROJECT.version, (), frozenset(), BlindSpot(said("does not parse"), CHAT))
    [shown] = inspect_text.render([broken], PLAIN)
    assert "Cannot tell: does not parse (sst.config.ts:5:5)" in shown
    assert json.loads(inspect_json.render([broken], TREE))["projects"][0]["unreadable"] == {
        "reason": "does not parse",
        "file": PATH,
        "line": 5,
        "column": 5,
    }


def test_the_json_keeps_to_its_schema() -> None:
    document = json.loads(inspect_json.render([READ], TREE))
    assert document["schema"] == "policy-bot.inspect/1"
    assert inspect_json.render([READ], TREE).startswith('{\n "schema"')
    first, _, dev = document["projects"][0]["contexts"]
    assert (first["stage"], first["dev"], dev["stage"], dev["dev"]) == ("production", False, "dev", True)
    assert first["root"] == {"app": {"$unknown": "a function"}}
    assert first["app"] == {"name": "shop", "home": {"$oneOf": ["aws", "local"]}}
    assert dev["crashes"][0]["message"] == "ReferenceError: $dev is not defined"
    [component] = first["components"]
    assert component["args"] == {
        "link": [{"$ref": "sst.aws.Queue", "name": "Jobs", "output": "arn"}],
        "memory": 1.5,
    }
    chat, route, slow = first["functions"]
    assert (chat["file"], chat["line"], chat["column"]) == (PATH, 5, 5)
    assert chat["effective"] == {"timeout_seconds": 60, "streaming": True, "url": False}
    assert (route["via"], route["owner_name"], route["certain"]) == ("route", "Api", False)
    assert slow["effective"]["timeout_seconds"] == {"$unknown": "process.env.T is set outside the repository"}
    assert first["unknown"][0]["line"] == 6
