"""What may be written next."""

from policy_bot.cli.editor.completion import in_policy, in_settings

SETTINGS = """\
mode: enforce
policies:
  timeout/too-short:
    parameters:
      le
  t
"""


def labels(line: int) -> set[str]:
    return {item.label for item in in_settings(SETTINGS, line, organisation=True)}


def test_the_keys_of_the_file_at_its_margin() -> None:
    assert {"mode", "policies", "waivers"} <= labels(0)


def test_the_ids_of_policies_below_policies() -> None:
    assert "timeout/too-short" in labels(5)


def test_the_settings_of_one_policy() -> None:
    assert {"severity", "parameters", "enforce-from"} <= labels(3)


def test_the_parameters_of_one_policy() -> None:
    assert "least" in labels(4)


POLICY = """\
---
title: Too much memory
subject: function
when: me
---
# Title
"""


def test_an_expression_offers_the_facts_of_its_subject() -> None:
    offered = {item.label for item in in_policy(POLICY, 3)}
    assert "memory" in offered
    assert "root_keys" not in offered


def test_front_matter_offers_its_keys_and_prose_nothing() -> None:
    assert {"title", "subject", "require"} <= {item.label for item in in_policy(POLICY, 1)}
    assert in_policy(POLICY, 5) == []
