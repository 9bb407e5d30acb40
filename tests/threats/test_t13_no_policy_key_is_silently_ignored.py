"""T13: a policy with a misspelt key or fact never fires -> every mistake is an error at its place.

Precedent: CVE-2025-29778 Kyverno (a verification setting that was ignored without a word).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policy_bot.policy.policyfile import parse
from policy_bot.policy.revision import Revision
from policy_bot.policy.yamltext import FileError
from policy_bot.sst.shape import SHAPES
from policy_bot.sst.source import MemoryTree

ROOT = Path(__file__).parents[2]
FILE = "policies/timeout/too-short.md"
TEXT = (ROOT / FILE).read_text(encoding="utf-8")
MATTER, PROSE = TEXT.split("\n---\n", 1)
KEYS = sorted(set(re.findall(r"^\s*(?:- )?([a-z]+):", MATTER, re.MULTILINE)))
CLAIM = re.compile(r"^\s+(?:when|require|at): .*$", re.MULTILINE)
FACTS = sorted(
    {word for line in CLAIM.findall(MATTER) for word in re.findall(r"\w+", line)} & set(SHAPES["function"])
)


@pytest.mark.parametrize("key", KEYS)
def test_a_misspelt_key_is_an_error_on_its_line(key: str) -> None:
    wrong = re.sub(rf"^(\s*(?:- )?){key}:", rf"\1{key}x:", MATTER, count=1, flags=re.MULTILINE)
    with pytest.raises(FileError) as error:
        parse(FILE, f"{wrong}\n---\n{PROSE}")
    assert all(problem.place.line > 1 for problem in error.value.problems)


@pytest.mark.parametrize("fact", FACTS)
def test_a_misspelt_fact_is_an_error_with_a_suggestion(fact: str) -> None:
    wrong = CLAIM.sub(lambda line: re.sub(rf"\b{fact}\b", f"{fact}x", line[0]), MATTER)
    with pytest.raises(FileError, match="Did you mean"):
        parse(FILE, f"{wrong}\n---\n{PROSE}")


@pytest.mark.parametrize(("count", "bad"), [(200, False), (201, True), (1_000, True)])
def test_a_policy_file_too_many_is_reported(count: int, bad: bool) -> None:
    tree = MemoryTree({f"policies/org/p{number}.md": b"x" for number in range(count)})
    assert bool(Revision.read(tree).unreadable) is bad


def test_a_policy_too_deep_to_be_looked_for_is_reported() -> None:
    five, six = "policies/a/b/c/d/mine.md", "policies/a/b/c/d/e/mine.md"
    assert Revision.read(MemoryTree({five: b"x"})).unreadable == ()
    seen = Revision.read(MemoryTree({five: b"x", six: b"x"}))
    assert list(seen.files) == [five]
    said = "policies may be nested in at most 5 folders"
    assert seen.unreadable == (("policies/a/b/c/d/e/", said),)
