"""A file made to blow the parser up costs its own pull request the verdict, within bounds, and nobody else
anything.
"""

from __future__ import annotations

from pathlib import Path

from policy_bot.isolation import Workers
from tests.flows.configs import CLEAN, config
from tests.flows.street import street

BOMB = "{a:}" * 2_000  # 8 KB: ten seconds and gigabytes for the parser, where it is let


def test_a_bomb_gets_its_cannot_tell_and_the_next_one_its_verdict(tmp_path: Path) -> None:
    with Workers(1) as reader, street(tmp_path, reader) as town:
        shop = town.begin(CLEAN)
        bomb = town.sandbox.open_pull(shop, {"sst.config.ts": BOMB}, by="eve")
        good = town.sandbox.open_pull(shop, {"sst.config.ts": config('timeout: "20 minutes"')})
        town.settle()
        assert town.run(bomb).conclusion == "failure"
        assert "Cannot read sst.config.ts" in (town.run(bomb).title or "")
        assert "limit" in (town.run(bomb).summary or "")
        assert town.sandbox.world.mergeable_state(bomb) == "blocked"
        assert town.run(good).title == "1 error in 1 project"
