"""What may be written next."""

import pytest

from policy_bot.cli.editor.completion import in_policy, in_settings, parents
from policy_bot.policy import builtin
from policy_bot.policy.editorschema import policy_schema, settings_schema

SCHEMA = settings_schema("organisation", builtin.load())
FRONT = policy_schema()

SETTINGS = """\
mode: enforce
policies:
  timeout/too-short:
    parameters:
      le
  t
"""


def labels(line: int, text: str = SETTINGS) -> set[str]:
    return {item.label for item in in_settings(text, line, SCHEMA)}


def test_the_keys_of_the_file_at_its_margin() -> None:
    assert {"mode", "policies", "waivers"} <= labels(0, "mo")


def test_the_ids_of_policies_below_policies() -> None:
    assert "timeout/too-short" in labels(5)


def test_the_settings_of_one_policy() -> None:
    assert {"severity", "parameters", "enforce-from"} <= labels(3, SETTINGS.replace("parameters:", "par"))


def test_the_parameters_of_one_policy() -> None:
    assert "least" in labels(4)


def test_the_words_that_a_setting_may_have() -> None:
    assert labels(0) == {"enforce", "evaluate"}
    assert {"off", "error"} <= labels(0, "policies: {}\n") | labels(1, "policies:\n  ops/logging: \n")


LISTS = """\
allow:
- t
select:
  - where:
      topics: [x]
    policies:
      o
waivers:
- policy: timeout/too-short
  pa
  expires:
- policy: ti
"""


def test_lists_offer_what_their_items_may_be() -> None:
    assert {"timeout/*", "timeout/too-short.least", "*"} <= labels(1, LISTS)
    assert {"path", "expires", "approved-by"} <= labels(9, LISTS)
    assert "timeout/too-short" in labels(11, LISTS)
    assert "ops/logging" in labels(6, LISTS)


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        (1, ["allow"]),
        (3, ["select"]),
        (4, ["select", "where"]),
        (6, ["select", "policies"]),
        (9, ["waivers"]),
        (11, ["waivers"]),
    ],
)
def test_a_line_is_nested_in_keys(line: int, keys: list[str]) -> None:
    assert parents(LISTS.split("\n"), line) == keys


POLICY = """\
---
title: Too much memory
subject: function
when: me
---
# Title
"""


def test_an_expression_offers_the_facts_of_its_subject() -> None:
    offered = {item.label for item in in_policy(POLICY, 3, FRONT)}
    assert "memory" in offered
    assert "root_keys" not in offered


def test_front_matter_offers_its_keys_and_prose_nothing() -> None:
    assert {"title", "subject", "require"} <= {item.label for item in in_policy("---\nti", 1, FRONT)}
    assert in_policy(POLICY, 5, FRONT) == []


def test_front_matter_offers_the_words_of_a_key() -> None:
    text = "---\nseverity: \nsubject: f\n---\n"
    assert {item.label for item in in_policy(text, 1, FRONT)} == {"error", "warning", "notice"}
    assert "function" in {item.label for item in in_policy(text, 2, FRONT)}
