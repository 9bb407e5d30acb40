"""Every expression of every shipped policy, on every subject of its cases, means the same to two CEL engines.

The engine in use is young; this pins what the policies rely on, so that another can take its place. The
second one has no extension for texts (`substring`, `indexOf` ...), and a loop of it that meets an error
before the item which decides gives the error. Nothing else may differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cel as second
import pytest

from policy_bot.policy import builtin, functions, paths
from policy_bot.policy import cases as policy_cases
from policy_bot.policy.cases import CONFIG
from policy_bot.policy.engine import claims
from policy_bot.policy.evidence import Claim
from policy_bot.policy.expression import is_seen, plain, trusted
from policy_bot.policy.policy import Policy
from policy_bot.policy.settings import BUILT_IN, Decision, Settings
from policy_bot.policy.subjects import cases, values_of
from policy_bot.sst.deployment import Value
from policy_bot.sst.reading import read_project
from policy_bot.sst.source import MemoryTree

ROOT = Path(__file__).parents[2]
POLICIES = {policy.id: policy for policy in builtin.load()}


def tree_of(values: Mapping[str, Value]) -> dict[str, Any]:
    """Flat names as the nested objects that the second engine asks for; what is unknown is missing."""
    tree: dict[str, Any] = {}
    for name, value in values.items():
        variable = paths.TYPE_VARIABLE if name == "type" else name.partition(":")[0]
        *outer, last = variable.split(".")
        inner = tree
        for part in outer:
            inner = inner.setdefault(part, {})
        if is_seen(value):
            inner[last] = plain(value)
    return tree


def by_second(text: str, values: Mapping[str, Value]) -> bool | None:
    """The answer of the second engine; None if it cannot tell."""
    try:
        answer = second.evaluate(paths.for_cel(text), tree_of(values))
    except (KeyError, RuntimeError, TypeError, ValueError):
        return None
    return answer if isinstance(answer, bool) else None


def questions(policy: Policy) -> Iterator[tuple[Claim, str, Mapping[str, Value]]]:
    """Each claim's expressions with the values of each subject of the policy's cases."""
    decisions = dict(Settings.default().decisions)
    decisions[f"{policy.id}.severity"] = Decision(policy.severity, BUILT_IN)
    text = (ROOT / policy.path).read_text()
    for case in policy_cases.read(text):
        if CONFIG not in case.files:
            continue
        tree = MemoryTree({path: content.encode() for path, content in case.files.items()})
        project = read_project(tree, CONFIG)
        for claim in claims(project.version.high, [policy], Settings(decisions)):
            for each in cases(project):
                if each.subject.kind == claim.rule.subject:
                    values = values_of(each, claim)
                    for text in (claim.rule.when, claim.rule.require, claim.violation.text):
                        yield claim, text, values


@pytest.mark.parametrize("name", POLICIES)
def test_two_engines_agree(name: str) -> None:
    asked: Counter[str] = Counter()
    for claim, text, values in questions(POLICIES[name]):
        expression = trusted(text, claim.rule.subject, claim.types)
        given = {each: values[each] for each in expression.names if each in values}
        if any(value.choices for value in given.values()):
            continue  # tried with each choice, which is no matter of the engine's
        first, other = expression.decide(given).value, by_second(text, given)
        if other is None and (functions.cuts_text(text) or ".exists(" in text or ".all(" in text):
            continue
        assert first == other, (text, tree_of(given))
        asked[str(first)] += 1
    about = {rule.subject for rule in POLICIES[name].rules}
    assert asked or about == {"problem"}, "no expression was asked"  # no config can have a problem as a case
