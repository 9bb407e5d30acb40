"""A change of policy in words: its owner, its part of the check, and how it joins that of the projects."""

from __future__ import annotations

import pytest

from policy_bot.policy.changes import SettingChange
from policy_bot.policy.yamltext import Mistake, YamlPlace
from policy_bot.review.plan import Annotation, Plan
from policy_bot.review.policychange import (
    BranchEffect,
    Effect,
    PolicyChange,
    joined,
    policy_plan,
    touches_policy,
)
from policy_bot.review.summary import NOTHING


@pytest.mark.parametrize(
    ("name", "changed", "layer"),
    [
        ("acme/.github", ["policy-bot.yml"], "organisation"),
        ("acme/.github", ["policies/acme/x.md"], "organisation"),
        ("acme/.github", ["policy-bot.yaml"], "organisation"),
        ("acme/.github", ["profile/README.md"], None),
        ("acme/.github", [".github/policy-bot.yml"], "organisation"),
        ("acme/.github", ["policies"], "organisation"),
        ("acme/shop", [".github/policy-bot.yml"], "repository"),
        ("acme/shop", [".github/policies/acme/x.md"], "repository"),
        ("acme/shop", ["policy-bot.yml"], "repository"),
        ("acme/shop", [".policy-bot.yaml"], "repository"),
        ("acme/shop", ["policies/x.md", "docs/policy-bot.yml"], None),
        ("acme/shop", [], None),
        ("acme/shop", [".github/policies"], "repository"),
        ("acme/my.github", ["policy-bot.yml"], "repository"),
    ],
)
def test_whose_policy_a_change_touches(name: str, changed: list[str], layer: str | None) -> None:
    assert touches_policy(name, frozenset(changed)) == layer


def test_mistakes_are_annotations_and_fail() -> None:
    problem = Mistake(
        "policy-bot.yml", YamlPlace(3, 5), "there is no setting `mod` here", "Did you mean `mode`?"
    )
    plan = policy_plan(PolicyChange("organisation", (problem,)))
    assert (plan.conclusion, plan.title) == ("failure", "1 mistake in policy files")
    assert plan.annotations == (
        Annotation(
            "policy-bot.yml", 3, "failure", "Policy", "there is no setting mod here. Did you mean mode?"
        ),
    )
    assert plan.summary == (
        "## Policy of the organisation\n\n### Mistakes\n\n"
        "- `policy-bot.yml:3:5`: there is no setting `mod` here. Did you mean `mode`?"
    )


def test_what_would_change_is_counted_and_listed_the_worse_first() -> None:
    change = PolicyChange(
        "organisation",
        cases=4,
        changed=(
            SettingChange("allow", "", "*", "loosens"),
            SettingChange("timeout/too-short.least", "300", "600", "tightens"),
        ),
        effects=(
            Effect("acme/api#3", "failure", "neutral"),
            Effect("acme/shop#12", "success", "failure"),
            Effect("acme/shop#13", "neutral", "success"),
        ),
        branches=(BranchEffect("acme/api", 1, 0),),
        looked_at=9,
        unseen=("2 repositories: acme/x, acme/y",),
    )
    plan = policy_plan(change)
    assert (plan.conclusion, plan.title) == (
        "success",
        "Policy: 1 setting loosened; 1 pull request would turn red, 1 green",
    )
    assert (
        plan.summary
        == """\
## Policy of the organisation

4 cases of the changed policies pass.

### Settings

| | setting | now | then |
|---|---|---|---|
| **loosens** | `allow` | - | `*` |
| tightens | `timeout/too-short.least` | `300` | `600` |

### What would change

9 default branches and pull requests with SST projects were judged under both.

| pull request | now | then |
|---|---|---|
| acme/shop#&#8203;12 | success | failure |
| acme/api#&#8203;3 | failure | neutral |
| acme/shop#&#8203;13 | neutral | success |

Findings of a default branch are old in every pull request, and block none that leaves them unchanged.

| default branch | now | then |
|---|---|---|
| acme/api | 1 gating finding | 0 gating findings |

### Not examined

- 2 repositories: acme/x, acme/y"""
    )


def test_a_case_that_fails_fails_the_check() -> None:
    failing = Mistake("policies/acme/x.md", YamlPlace(20, 1), "expected but not found: fail")
    plan = policy_plan(PolicyChange("organisation", cases=3, failed=1, failing=(failing,)))
    assert (plan.conclusion, plan.title) == ("failure", "1 of 3 cases of the policies fails")


@pytest.mark.parametrize(
    ("projects", "policy", "conclusion", "title"),
    [
        (Plan("success", NOTHING, "n"), Plan("success", "P", "p"), "success", "P"),
        (Plan("failure", "E", "e"), Plan("success", "P", "p"), "failure", "E"),
        (Plan("success", "S", "s"), Plan("failure", "P", "p"), "failure", "P"),
        (Plan("neutral", "N", "n"), Plan("success", "P", "p"), "neutral", "N"),
    ],
)
def test_the_worse_of_both_is_the_check(projects: Plan, policy: Plan, conclusion: str, title: str) -> None:
    both = joined(projects, policy)
    assert (both.conclusion, both.title) == (conclusion, title)
    assert policy.summary in both.summary


def test_names_and_messages_cannot_mention_or_link() -> None:
    problem = Mistake("policies/@acme.md", YamlPlace(1, 1), "<img src=x> @acme/all [x](//evil)")
    summary = policy_plan(PolicyChange("organisation", (problem,))).summary
    assert "<img" not in summary
    assert "@acme/all" not in summary
