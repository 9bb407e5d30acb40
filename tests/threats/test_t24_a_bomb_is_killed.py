"""T24: 8 KB of source cost a parser 10 s and 4.6 GiB -> its process is killed in time, and the next file is
read.

Precedents: CVE-2026-23881 and CVE-2025-47281 (Kyverno), CVE-2026-54448 (Trivy), CVE-2024-37904 (Minder).
"""

from __future__ import annotations

import pytest

from policy_bot.isolation import Workers
from policy_bot.sst.source import MemoryTree
from tests.isolation import hostile
from tests.isolation.projects import GOOD, functions, project

CONFIG = "sst.config.ts"


@pytest.mark.parametrize("bomb", [hostile.BRACES, hostile.BANGS], ids=["braces", "bangs"])
def test_a_bomb_is_cannot_tell_at_once_and_costs_nobody_else(bomb: bytes) -> None:
    with Workers(1) as reader:
        reader.read(project(), CONFIG)  # a service is warm
        found = reader.read(MemoryTree({CONFIG: bomb}), CONFIG)
        assert functions(reader.read(project(good=GOOD), CONFIG)) == ["Good 120", "Own 60"]
    assert found.unreadable is not None
    # CPU seconds and bytes, counted by the kernel: how long it takes on the clock is up to the machine
    assert str(found.unreadable.reason) in [f"limit: {end}" for end in hostile.ENDS]


def test_a_bomb_among_good_files_does_not_blind_the_rest() -> None:
    with Workers(1) as reader:
        found = reader.read(project(before=GOOD, bomb=hostile.BRACES), CONFIG)
    assert functions(found) == ["Good 120", "Own 60"]
    assert any(
        str(hidden.reason) in [f"limit: bomb.ts: {end}" for end in hostile.ENDS]
        for deployment in found.contexts
        for hidden in deployment.unknown
    )
