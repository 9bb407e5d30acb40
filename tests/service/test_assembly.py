"""The composition: every chore of the service is there, and somebody does it."""

from __future__ import annotations

from pathlib import Path

from policy_bot.service import assembly
from tests.service.crashing import Nothing
from tests.service.keys import settings
from tests.service.pulls import Judge


def test_every_chore_has_its_turn(tmp_path: Path) -> None:
    judge, nights = Judge(), []
    given = settings(tmp_path)
    assembly.migrate(given)
    outside = assembly.Outside(judge, judge, Nothing(), night=nights.append)  # type: ignore[arg-type]
    _, running = assembly.serving(given, outside)
    chores = {chore.name: chore for chore in running.chores}
    assert set(chores) == {
        "count",
        "leases",
        "forget",
        "unclamp",
        "redeliver",
        "sweep",
        "night",
        "rest",
        "writer",
    }
    for chore in chores.values():
        chore.do()
    assert len(nights) == 1
    running.stop()
