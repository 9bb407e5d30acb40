"""Messages of the case runner for cases that fail."""

from __future__ import annotations

from policy_bot.policy.cases import read
from policy_bot.policy.policyfile import parse
from policy_bot.review.rehearsal import CaseOutcome, failures, rehearse
from policy_bot.sst.reading import read_project

POLICY = """\
---
title: Timeout is short
severity: error
since: 0.1.0
parameters:
  least: {type: int, default: 60, doc: Least timeout in seconds.}
subject: function
require: timeout >= parameters.least
at: timeout
message: "`{name}` stops after {timeout:duration}."
fix:
  title: Write what is demanded
  set: {timeout: '"{parameters.least} seconds"'}
---
## What it does
## Why it is bad
## Example
## Use instead
## Options
`least`
## Fix
## Cases
"""


def run(case: str) -> CaseOutcome:
    text = POLICY + case
    return rehearse(parse("policies/timeout/short.md", text), read(text)[0], read_project)


def function(rest: str, info: str = "") -> str:
    return f'```ts{info}\nnew sst.aws.Function("A", {{ handler: "a.b", {rest}\n```\n'


def test_what_comes_true_passes() -> None:
    assert run(function('timeout: "30 seconds" }) // fail: 30 seconds')).passed
    assert run(function('timeout: "30 seconds" })', " least=20")).passed
    assert run(function('timeout: $dev ? "1 second" : "2 minutes" }) // fail in dev')).passed


def test_a_mark_without_a_finding_and_a_finding_without_a_mark() -> None:
    assert [mark.verdict for mark in run(function('timeout: "2 minutes" }) // fail')).missing] == ["fail"]
    assert [finding.verdict for finding in run(function('timeout: "1 second" })')).unexpected] == ["fail"]


def test_the_wrong_words_verdict_or_context_do_not_count() -> None:
    for mark in ("fail: 2 seconds", "unknown", "fail in production"):
        outcome = run(function(f'timeout: "1 second" }}) // {mark}'))
        assert (len(outcome.missing), len(outcome.unexpected)) == (1, 1)


def test_the_fixed_text_is_compared() -> None:
    case = function('timeout: "1 second" }) // fail')
    assert run(case + function('timeout: "60 seconds" })', " fixed")).passed
    [difference] = run(case + function('timeout: "61 seconds" })', " fixed")).fixes
    assert '-new sst.aws.Function("A", { handler: "a.b", timeout: "61 seconds" })' in difference


def test_what_cannot_be_read_or_has_no_config_is_a_problem() -> None:
    assert "line " in run("```ts\nnew (\n```\n").problem
    assert "no sst.config.ts" in run("```ts infra/a.ts\nexport const a = 1\n```\n").problem


def test_a_parameter_that_is_not_a_number_is_reported_without_an_exception() -> None:
    for wrong in ("abc", "1" * 19, "1" * 5000, "\u0661"):
        outcome = run(function('timeout: "30 seconds" })', f" least={wrong}"))
        assert outcome.problem == "`least` must be a whole number of at most 18 digits"


def test_marks_that_expect_nothing_are_named_with_their_line() -> None:
    assert run(function('timeout: "1 second" })', " lest=20")).problem == (
        "the policy has no parameter `lest`; a case may set least, stages, profile"
    )
    assert run(function('timeout: "1 second" }) // fails')).problem == (
        "line 24: `fails` is not a mark: use `fail` or `unknown`"
    )
    assert run(function('timeout: "1 second" }) // fail in staging')).problem == (
        "line 24: `staging` is not judged here, only dev, production: add `stages=staging`"
    )


def test_each_failure_is_reported_at_its_line_of_the_policy_file() -> None:
    policy = parse("policies/timeout/short.md", POLICY)
    line = POLICY.count("\n") + 1  # of the fence of the case

    def reported(case: str) -> list[tuple[int, str]]:
        return [(each.place.line, each.what) for each in failures(policy, run(case))]

    assert reported(function('timeout: "2 minutes" }) // fail: too short')) == [
        (line + 1, "expected but not found: fail too short")
    ]
    assert reported(function('timeout: "1 second" })')) == [
        (line + 1, "found but not expected: fail: `A` stops after 1 second.")
    ]
    assert reported(function('timeout: "1 second" })', " least=x")) == [
        (line, "Cases: `least` must be a whole number of at most 18 digits")
    ]
    fixed = function('timeout: "1 second" }) // fail') + function('timeout: "2 seconds" })', " fixed")
    assert reported(fixed) == [(line, "Cases: the fix does not give the text of the `fixed` block")]
