"""T24: 8 KB of source cost a parser 10 s and 4.6 GiB -> its process ends in time, the next file is read.

Precedents: CVE-2026-23881 and CVE-2025-47281 (Kyverno), CVE-2026-54448 (Trivy), CVE-2024-37904 (Minder).
"""

from __future__ import annotations

import resource
import time

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
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        found = reader.read(MemoryTree({CONFIG: bomb}), CONFIG)
        seconds = time.monotonic() - start
        assert functions(reader.read(project(good=GOOD), CONFIG)) == ["Good 120", "Own 60"]
    assert found.unreadable is not None
    assert found.unreadable.reason.startswith("limit: parsing takes more than")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # CPU, which is what is promised: how long that takes on the clock is up to who else is on this machine
    assert after.ru_utime + after.ru_stime - spent.ru_utime - spent.ru_stime < 2
    assert after.ru_maxrss < 600 * 1024
    assert seconds < 10


def test_a_bomb_among_good_files_does_not_blind_the_rest() -> None:
    with Workers(1) as reader:
        found = reader.read(project(before=GOOD, bomb=hostile.BRACES), CONFIG)
    assert functions(found) == ["Good 120", "Own 60"]
    assert any(
        hidden.reason.endswith("limit: parsing takes more than 0.25 s")
        for deployment in found.contexts
        for hidden in deployment.unknown
    )
