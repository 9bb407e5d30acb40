"""A file made to blow the parser up costs its own pull request the verdict, within bounds, and nobody else
anything.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_bot.github import answers, queries
from policy_bot.isolation import Workers
from tests.flows.configs import CLEAN, config
from tests.flows.street import Street, street
from tests.flows.test_evasions import BAD, importing

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


def test_files_of_any_size_do_not_make_an_answer_of_any_size(
    town: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LARGEST", 300_000)
    shop = town.begin({**CLEAN, "sst.config.ts": importing("./infra/api")})
    large = {f"infra/{number}.ts": f"// {number}\n" * 15_000 for number in range(4)}
    pull = town.sandbox.open_pull(shop, {**large, "infra/api.ts": BAD})
    town.settle()
    assert town.run(pull).title == "1 error in 1 project"


def test_long_comments_of_a_stranger_keep_nobody_from_the_check(
    town: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LARGEST", 300_000)
    monkeypatch.setattr(queries, "FEW_THREADS", 2)
    shop = town.begin(CLEAN)
    pull = town.sandbox.open_pull(shop, {"sst.config.ts": config('timeout: "1 hour"'), "a.txt": "a\n"})
    for number in range(9):
        town.sandbox.say(pull, "a.txt", 1, f"{number}" * 60_000, by="eve")
    town.settle()
    assert town.run(pull).title == "1 error in 1 project"
    commented = [each for each in pull.comments if each.author.login != "eve"]
    assert len(commented) == 1
    town.sandbox.push(pull, {"README.md": "more\n"})
    town.settle()
    assert town.run(pull).title == "1 error in 1 project"
    assert [each for each in pull.comments if each.author.login != "eve"] == commented
