"""Mistakes in policy files and settings, each with its complete report (`mistakes.txt`).

A block of the first part is the lines of a policy that differ from the small one of `test_policyfile.py`. One
of the second part is the organisation's settings and, after `---`, a repository's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot.policy.policyfile import parse
from policy_bot.policy.yamltext import FileError
from tests.policy.layering import standing
from tests.policy.test_policyfile import MINIMAL, policy_text

FILE = Path(__file__).with_name("mistakes.txt")
POLICIES, SETTINGS = (part.strip().split("\n\n") for part in FILE.read_text().split("\n====\n"))


@pytest.mark.parametrize("block", POLICIES, ids=range(len(POLICIES)))
def test_mistakes_in_a_policy_file(block: str) -> None:
    assert of_policy(block) == block


@pytest.mark.parametrize("block", SETTINGS, ids=range(len(SETTINGS)))
def test_mistakes_in_settings(block: str) -> None:
    assert of_settings(block) == block


def given(block: str) -> list[str]:
    return [line for line in block.split("\n") if not line.startswith("> ")]


def of_policy(block: str) -> str:
    changed = given(block)
    keys = {line.partition(":")[0] for line in changed if not line.startswith((" ", "-"))}
    kept = [line for line in MINIMAL.strip().split("\n") if line.partition(":")[0] not in keys]
    lines = [*kept, *(line for line in changed if not line.endswith(": nothing"))]
    try:
        parse("policies/timeout/short.md", policy_text("\n".join(lines)), strict=True)
        said = ["fine"]
    except FileError as error:
        said = [str(problem).partition("short.md:")[2] for problem in error.problems]
    return "\n".join([*changed, *(f"> {text}" for text in said)])


def of_settings(block: str) -> str:
    lines = given(block)
    at = lines.index("---") if "---" in lines else len(lines)
    above, below = "\n".join(lines[:at]), "\n".join(lines[at + 1 :])
    found = standing(above or None, below or None)
    said = [f"{each.span}: {each.reason}" for each in found.problems]
    said += [str(each) for each in found.settings.notices]
    return "\n".join([*lines, *(f"> {text}" for text in said or ["fine"])])


if __name__ == "__main__":  # after a change that is meant: python -m tests.policy.test_mistakes
    parts = (map(of_policy, POLICIES), map(of_settings, SETTINGS))
    FILE.write_text("\n====\n".join("\n\n".join(part) + "\n" for part in parts))
