from __future__ import annotations

import textwrap

import pytest

from policy_bot.policy.policyfile import identify, parse
from policy_bot.policy.yamltext import FileError

PAGE = """
## What it does
Finds it.

## Why it is bad
It is.

## Example
None.

## Use instead
Another.
"""


def policy_text(front: str, page: str = PAGE) -> str:
    return f"---\n{textwrap.dedent(front).strip()}\n---\n{page}"


MINIMAL = """
title: Timeout is short
severity: warning
since: 0.1.0
subject: function
require: timeout >= 30
at: timeout
message: "`{name}` stops after {timeout:duration}."
"""


def problems(front: str, page: str = PAGE, path: str = "policies/timeout/short.md") -> list[str]:
    with pytest.raises(FileError) as error:
        parse(path, policy_text(front, page), strict=True)
    return [str(problem) for problem in error.value.problems]


def test_a_minimal_policy() -> None:
    policy = parse("org/policies/timeout/short.md", policy_text(MINIMAL))
    rule = policy.rules[0]
    assert policy.id == "timeout/short"
    assert (rule.when, rule.require, rule.at) == ("true", "timeout >= 30", "timeout")
    assert policy.severity_in("recommended") == policy.severity_in("guide") == "warning"
    assert policy.page.startswith("## What it does")


def test_the_id_is_the_path_below_policies() -> None:
    assert identify("policies/timeout/too-short.md") == "timeout/too-short"
    assert identify(".github/policies/ours/no-python.md") == "ours/no-python"
    assert identify("ours/no-python.md") == "ours/no-python"


MISTAKES = {
    "require: timout >= 30": "6:10: a function has no fact `timout`. Did you mean `timeout`?",
    "requires: timeout >= 30": "6:1: `requires` is not a key here. Did you mean `require`?",
    "require: timeout >= 'x'": "6:18: `>=` cannot take a number and a text",
    "at: timeot": "7:5: a function has no fact `timeot`. Did you mean `timeout`?",
    'message: "Stops at {timeut}."': "8:21: a function has no fact `timeut` to fill in. Did you mean",
    'message: "It is {name:duration}."': "8:18: `:duration` does not fit `name`.",
    "severity: waring": "3:11: `severity`: input should be 'error', 'warning' or 'notice'",
    "since: soon": "4:8: `since`: a version is written like 0.1.0",
    "subject: lambda": "5:10: `subject`: input should be",
}


@pytest.mark.parametrize("line", MISTAKES)
def test_every_mistake_has_its_place(line: str) -> None:
    key = "require" if line.startswith("requires") else line.partition(":")[0]
    lines = [line if there.startswith(f"{key}:") else there for there in MINIMAL.split("\n")]
    found = problems("\n".join(lines))
    assert any(MISTAKES[line] in each for each in found), found


def test_what_is_missing_and_what_is_no_range() -> None:
    assert any(
        "2:1: `title` is missing" in each
        for each in problems(MINIMAL.replace("title: Timeout is short\n", ""))
    )
    [problem] = problems(MINIMAL.replace("since: 0.1.0", "since: 0.1.0\nsst: 4.x"))
    assert "5:6: '4.x' is not a version bound" in problem


def test_ones_own_policy_needs_neither_since_nor_headings() -> None:
    policy = parse("policies/org/short.md", policy_text(MINIMAL.replace("since: 0.1.0\n", ""), "## Cases\n"))
    assert policy.since == ""
    assert any("`since` is missing" in each for each in problems(MINIMAL.replace("since: 0.1.0\n", "")))


def test_a_mistake_in_an_expression_is_reported_next_to_one_in_the_form() -> None:
    found = problems(MINIMAL.replace("timeout >= 30", "timout >= 30").replace("title:", "titel:"))
    assert any("has no fact `timout`" in each for each in found), found
    assert any("`titel` is not a key here" in each for each in found), found


def test_stages_are_a_key_of_the_rule() -> None:
    policy = parse("policies/org/short.md", policy_text(MINIMAL + "stages: [production, prod]\n"))
    assert policy.rules[0].when == 'context.stage in ["production", "prod"] && (true)'


def test_a_misspelt_heading_is_an_error() -> None:
    found = problems(MINIMAL, PAGE.replace("## Use instead", "## Use in stead"))
    assert any("did you mean `## use instead`?" in each.lower() for each in found), found
    assert any("the page lacks `## Use instead`" in each for each in found)


def test_headings_have_their_order() -> None:
    swapped = (
        PAGE.replace("## What it does", "## X")
        .replace("## Why it is bad", "## What it does")
        .replace("## X", "## Why it is bad")
    )
    assert any("is out of order" in each for each in problems(MINIMAL, swapped))


def test_a_parameter_is_described_and_named_fit() -> None:
    front = MINIMAL + "parameters:\n  least: {type: int, default: 30, doc: Least timeout in seconds.}\n"
    assert any("the page does not mention `least`" in each for each in problems(front))
    reserved = MINIMAL + "parameters:\n  severity: {type: int, default: 30, doc: Least timeout in seconds.}\n"
    assert any("`severity` cannot name a parameter" in each for each in problems(reserved))
    untyped = MINIMAL + "parameters:\n  least: {type: int, default: soon, doc: Least timeout in seconds.}\n"
    assert any("the default is not of type int" in each for each in problems(untyped))


def test_rules_by_the_number() -> None:
    front = """
    title: Timeout is short
    severity: warning
    since: 0.1.0
    rules:
      - {subject: function, require: timeout >= 30, at: timeout, message: "It is too short, that is."}
      - {subject: queue, require: visibilty_timeout >= 30, at: visibility_timeout, message: "Too short."}
    """
    assert any("a queue has no fact `visibilty_timeout`" in each for each in problems(front))


def test_a_fix_changes_something() -> None:
    front = MINIMAL + "fix: {title: Nothing at all}\n"
    assert any("the fix changes nothing" in each for each in problems(front))


def test_what_is_no_policy_says_so() -> None:
    with pytest.raises(FileError, match="1:1: a policy begins with front matter"):
        parse("policies/timeout/short.md", "# Hello\n")
    with pytest.raises(FileError, match="`short` is not a policy id"):
        parse("short.md", policy_text(MINIMAL))
