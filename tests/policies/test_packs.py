"""The shipped policies: every case in their files comes true, and every file is complete."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from policy_bot.cli.docs_cmd import generated
from policy_bot.cli.output.style import Style
from policy_bot.cli.test_cmd import explained
from policy_bot.policy import builtin, cases
from policy_bot.policy.cases import PolicyCase
from policy_bot.policy.page import headings
from policy_bot.policy.policy import Policy
from policy_bot.policy.policyfile import parse
from policy_bot.review.rehearsal import rehearse
from policy_bot.sst.reading import read_project

ROOT = Path(__file__).parents[2]
FILES = {
    file.relative_to(ROOT / "policies").with_suffix("").as_posix(): file.read_text(encoding="utf-8")
    for file in sorted((ROOT / "policies").rglob("*.md"))
    if file.name != "README.md"
}
CASES = [
    pytest.param(name, case, id=f"{name}: {case.name} ({case.line})")
    for name, text in FILES.items()
    for case in cases.read(text)
]


@cache
def policy_of(name: str) -> Policy:
    return parse(f"policies/{name}.md", FILES[name], strict=True)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name: str, case: PolicyCase) -> None:
    policy = policy_of(name)
    outcome = rehearse(policy, case, read_project, builtin.load())
    assert outcome.passed, "\n".join(explained(f"policies/{name}.md", policy, outcome, Style()))


def kinds(found: list[PolicyCase], named: set[str]) -> set[str]:
    """Which kinds of case a file has, or says why it has not."""
    marks = [mark for case in found for mark in case.marks]
    there = {
        "failing": any(mark.verdict == "fail" for mark in marks),
        "passing": any(not case.marks for case in found),
        "unknown": any(mark.verdict == "unknown" for mark in marks),
        "per-stage": any(mark.contexts for mark in marks),
        "cross-file": any(len(case.files) > 1 for case in found),
    }
    return {kind for kind, has in there.items() if has or f"No {kind} case" in named}


@pytest.mark.parametrize("name", FILES)
def test_every_policy_has_every_kind_of_case(name: str) -> None:
    named = {words for _, _, words in headings(FILES[name])}
    found = kinds(cases.read(FILES[name]), named)
    assert found == {"failing", "passing", "unknown", "per-stage", "cross-file"}


@pytest.mark.parametrize("name", FILES)
def test_every_page_cites_its_evidence(name: str) -> None:
    section = FILES[name].partition("## References")[2].partition("\n## ")[0]
    assert re.search(r"https://(github\.com|docs\.aws\.amazon\.com)/", section)


def test_what_is_generated_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run `policy-bot docs` and commit what changes."""
    monkeypatch.chdir(ROOT)
    wanted = generated(Path())
    stale = [
        path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    stale += [path for path in Path("docs/policies").rglob("*.md") if path not in wanted]
    assert stale == []


def test_the_shipped_data_is_the_files() -> None:
    assert builtin.load() == tuple(policy_of(name) for name in FILES)
