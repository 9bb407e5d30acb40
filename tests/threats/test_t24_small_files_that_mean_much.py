"""T24: a small file makes the reader grow, nest or loop without end -> each ends in a verdict or a limit
with its place, never in an internal error, and the next project is read as usual.

Precedents: CVE-2026-44937 (Fleet), CVE-2026-54448 (Trivy), CVE-2025-47281 (Kyverno).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from policy_bot.isolation import Bounds, ReaderProcess
from policy_bot.isolation.asking import judged
from policy_bot.isolation.questions.projects import JudgeProject
from policy_bot.policy import builtin
from policy_bot.policy.engine import Judge
from policy_bot.policy.settings import Settings
from policy_bot.sst.deployment import BlindSpot
from policy_bot.sst.source import MemoryTree
from tests.threats.bombs import BOMBS
from tests.waiting import LONG

JUDGE = Judge(builtin.load(), Settings())
ENDED = {
    "JSON of a shared object": "more than 5,000,000 characters and elements created",
    "arrays spread twice": "more than 5,000,000 characters and elements created",
    "sets of sets": "more than 300,000 steps",
    "recursion": "more than 300,000 steps",
    "a generator without an end": "a loop with more than 20,000 iterations",
    "conditions in each other": "more than 64 nested unknown conditions",
    "components in a loop": "more than 2,000 components and calls",
    "stages by the hundred": "more than 3,000 components and calls in 7 stages; the remaining",
    "an import cycle of 1,000 files": "more than 48 nested imports and calls",
}
"""What some of them have to say."""


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess(Bounds(silence=LONG)) as worker:
        yield worker


@pytest.mark.parametrize("name", BOMBS)
def test_it_ends_in_a_verdict_or_a_limit(name: str, reader: ReaderProcess) -> None:
    tree = MemoryTree({path: text.encode() for path, text in BOMBS[name].items()})
    found = judged(reader, tree, JudgeProject("sst.config.ts", JUDGE))
    spots = found.judgement.problems
    assert [spot for spot in spots if not spot.cut_short] == []
    assert all(spot.span.path in BOMBS[name] for spot in spots)
    assert any(ENDED.get(name, "") in said(spot) for spot in spots) or name not in ENDED


def said(spot: BlindSpot) -> str:
    return str(spot.reason)
