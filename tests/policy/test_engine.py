from __future__ import annotations

from dataclasses import replace

from policy_bot.policy.engine import judge
from policy_bot.policy.finding import Finding
from policy_bot.policy.policy import Policy, PolicyParameter, Rule
from policy_bot.policy.settings import BUILT_IN, Decision, Settings
from policy_bot.sst.deployment import BlindSpot, Project, Subject, Value
from policy_bot.sst.reasons import Why, said
from tests.policy.projects import DEV, PRODUCTION, hidden, known, project, span, subject

RULE = Rule(
    "function",
    when="streams",
    require="timeout >= parameters.least",
    at="timeout",
    message="`{name}` stops after {timeout:duration}, at least {parameters.least}.",
)
POLICY = Policy(
    "timeout/short",
    "Stops too early",
    "error",
    "high",
    "0.1.0",
    "*",
    (RULE,),
    {"least": PolicyParameter("int", 300, "Least timeout.")},
    profiles={"recommended": None, "guide": "warning"},
)
DEFAULT = Settings.default()


def with_settings(**decisions: object) -> Settings:
    made = {
        name.replace("__", "/").replace("_", ".", 1): Decision(v, BUILT_IN) for name, v in decisions.items()
    }
    return Settings({**DEFAULT.decisions, **made})


def found(*subjects: Subject, policy: Policy = POLICY, settings: Settings = DEFAULT) -> list[Finding]:
    return list(judge([project({PRODUCTION: subjects})], [policy], settings).findings)


def test_a_failure_is_at_its_value_with_its_evidence() -> None:
    [finding] = found(subject(streams=True, timeout=known(60, line=12)))
    assert (finding.verdict, finding.severity, finding.gates) == ("fail", "error", True)
    assert finding.span.line == 12
    assert finding.message == "`Chat` stops after 1 minute, at least 300."
    assert finding.subject == 'function "Chat" (sst.aws.Function)'
    assert [(fact.name, fact.value) for fact in finding.evidence.facts] == [
        ("timeout", "60"),
        ("streams", "true"),
    ]
    assert [(s.name, s.value, s.source) for s in finding.evidence.settings] == [("least", "300", "default")]
    assert finding.evidence.sst_version == "4.17.0 (package-lock.json)"


def test_a_default_has_no_place_so_the_subject_is_meant() -> None:
    [finding] = found(subject(streams=True, timeout=20))
    assert finding.span.line == 7


def test_what_could_not_be_seen_is_reported_with_the_line_that_hides_it() -> None:
    [finding] = found(subject(streams=True, timeout=hidden("process.env.T", 30)))
    assert (finding.verdict, finding.gates) == ("unknown", False)
    assert finding.message == (
        "Cannot tell: the timeout of `Chat` is unknown: process.env.T (sst.config.ts:30)."
    )
    assert finding.span.line == 30


def test_one_of_several_may_fail() -> None:
    [finding] = found(
        subject(streams=True, timeout=Value.one_of((Value(20), Value(600)), said("process.env.CI")))
    )
    assert finding.verdict == "unknown"
    assert not found(
        subject(streams=True, timeout=Value.one_of((Value(300), Value(600)), said("process.env.CI")))
    )


def test_the_weight_of_a_cannot_tell() -> None:
    there = subject(streams=True, timeout=hidden("?", 3))
    assert found(there, settings=with_settings(unknown="pass")) == []
    [finding] = found(there, settings=with_settings(unknown="fail"))
    assert finding.gates


def test_the_same_in_several_contexts_is_one_finding() -> None:
    short, long = subject(streams=True, timeout=20), subject(streams=True, timeout=400)
    both = judge([project({PRODUCTION: (short,), DEV: (short,)})], [POLICY], DEFAULT).findings
    one = judge([project({PRODUCTION: (short,), DEV: (long,)})], [POLICY], DEFAULT).findings
    assert [finding.contexts for finding in both] == [("production", "sst dev")]
    assert [finding.contexts for finding in one] == [("production",)]


def test_what_a_loop_makes_is_reported_once() -> None:
    made = [subject(name=name, streams=True, timeout=known(20, line=4)) for name in "ABC"]
    [finding] = found(*made)
    assert finding.message.endswith("The same holds for `B` and `C`.")


def test_fingerprints_have_no_lines_and_differ_by_verdict() -> None:
    [here] = found(subject(streams=True, timeout=known(20, line=4)))
    [there] = found(subject(at=span(90), streams=True, timeout=known(20, line=91)))
    [unseen] = found(subject(streams=True, timeout=hidden("?", 4)))
    assert here.fingerprint == there.fingerprint != unseen.fingerprint


def test_two_of_one_name_have_two_fingerprints() -> None:
    twins = found(subject(streams=True, timeout=known(20, 4)), subject(streams=True, timeout=known(20, 5)))
    assert len({finding.fingerprint for finding in twins}) == 2


def test_settings_decide_severity_and_parameters() -> None:
    there = subject(streams=True, timeout=100)
    assert found(there, settings=with_settings(timeout__short_severity="off")) == []
    assert found(there, settings=with_settings(timeout__short_least=60)) == []
    [finding] = found(there, settings=with_settings(timeout__short_severity="notice"))
    assert (finding.severity, finding.gates) == ("notice", False)
    [finding] = found(there, settings=with_settings(extends="guide"))
    assert finding.severity == "warning"


def test_a_policy_outside_of_the_profile_is_on_where_a_layer_says_so() -> None:
    other = replace(POLICY, profiles={"guide": None})
    there = subject(streams=True, timeout=100)
    assert found(there, policy=other) == []
    [finding] = found(there, policy=other, settings=with_settings(timeout__short_severity="warning"))
    assert finding.severity == "warning"


def test_a_range_of_sst_versions_is_judged_by_the_newest_and_says_so() -> None:
    old = replace(POLICY, sst="<4.2.1")
    new = replace(POLICY, sst=">=4.2.1")
    unpinned = project({PRODUCTION: (subject(streams=True, timeout=20),)}, "4.17.0", low="3.0.0")
    assert judge([unpinned], [old], DEFAULT).findings == ()
    [finding] = judge([unpinned], [new], DEFAULT).findings
    assert finding.evidence.sst_version.endswith("judged as 4.17.0, to which timeout/short applies")


def test_the_first_rule_of_a_policy_speaks_for_a_place() -> None:
    again = replace(RULE, when="true", message="Said again, of the same place.")
    [finding] = found(
        subject(streams=True, timeout=known(20, 4)), policy=replace(POLICY, rules=(RULE, again))
    )
    assert "stops after" in finding.message


def test_a_name_cannot_leave_its_code_span() -> None:
    hostile = "a` @everyone\n<!-- \u202e" + "x" * 200
    [finding] = found(subject(name=hostile, streams=True, timeout=20))
    assert finding.message.count("`") == 2
    assert "\n" not in finding.message
    assert "\u202e" not in finding.message


def test_an_unreadable_project_is_a_problem_and_an_ignored_one_is_not() -> None:
    broken = Project(
        "sst.config.ts", project({}).version, (), frozenset(), BlindSpot(said("does not parse"), span(3))
    )
    assert judge([broken], [POLICY], DEFAULT).problems == (BlindSpot(said("does not parse"), span(3)),)
    ignoring = Settings({**DEFAULT.decisions, "paths.ignore": Decision(("sst.config.ts",), BUILT_IN)})
    assert judge([broken], [POLICY], ignoring).problems == ()


def test_what_cuts_a_project_short_is_a_problem_and_a_hidden_value_is_none() -> None:
    seen = project({PRODUCTION: ()})
    reasons = (Why.SYNTAX_ERROR(), Why.STEPS(400_000), Why.OUTSIDE_REPOSITORY("process.env.X"))
    unseen = tuple(BlindSpot(reason, span(line)) for line, reason in enumerate(reasons, 1))
    cut = replace(seen, contexts=(replace(seen.contexts[0], unknown=unseen),))
    assert judge([cut], [POLICY], DEFAULT).problems == unseen[:2]


def test_what_only_a_reported_syntax_error_hides_is_reported_once() -> None:
    hidden = subject(streams=Value.unknown(Why.SYNTAX_ERROR(), span(2)), timeout=known(20, 4))
    seen = project({PRODUCTION: (hidden,)})
    broken = replace(seen.contexts[0], unknown=(BlindSpot(Why.SYNTAX_ERROR_AT("`}` is missing"), span(1)),))
    assert len(judge([seen], [POLICY], DEFAULT).findings) == 1
    told = judge([replace(seen, contexts=(broken,))], [POLICY], DEFAULT)
    assert (told.findings, told.problems) == ((), broken.unknown)


def test_the_order_is_by_place_whatever_the_order_of_policies() -> None:
    second = replace(POLICY, id="timeout/other")
    there = (
        subject(streams=True, timeout=known(20, 9)),
        subject(name="B", streams=True, timeout=known(20, 4)),
    )
    one = judge([project({PRODUCTION: there})], [POLICY, second], DEFAULT).findings
    two = judge([project({PRODUCTION: there[::-1]})], [second, POLICY], DEFAULT).findings
    assert one == two
    assert [finding.span.line for finding in one] == [4, 4, 9, 9]


def test_an_error_of_some_releases_is_not_claimed_of_an_unknown_one() -> None:
    policy = replace(POLICY, sst=">=3.11.0", profiles={"recommended": "error"})
    streams = subject(streams=True, timeout=60)
    known_range = project({PRODUCTION: (streams,)}, low="3.0.0")
    guess = replace(known_range, version=replace(known_range.version, assumed=True))
    [claimed] = judge([known_range], [policy], DEFAULT).findings
    [doubted] = judge([guess], [policy], DEFAULT).findings
    assert (claimed.verdict, doubted.verdict, doubted.gates) == ("fail", "unknown", False)
    assert doubted.message.startswith("Cannot tell: this applies only to SST >=3.11.0")
    [warned] = judge([guess], [replace(policy, profiles={"recommended": "warning"})], DEFAULT).findings
    assert warned.verdict == "fail"
