"""--watch: a new verdict after each save; mistakes in settings end nothing."""

from collections.abc import Collection
from pathlib import Path

import pytest

from policy_bot.cli import watch
from policy_bot.cli.main import main
from tests.cli.test_check import CLEAN, write
from tests.cli.test_main import CONFIG


def test_each_save_is_answered_until_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, **{"sst.config.ts": CONFIG})
    saves = iter(
        [
            ("sst.config.ts", CLEAN),
            (".github/policy-bot.yml", "polices: {}\n"),
            (".github/policy-bot.yml", "policies: {timeout/too-short: off}\n"),
        ]
    )

    def save(files: Collection[str]) -> None:
        assert {"sst.config.ts", ".github/policy-bot.yml"} <= set(files)
        before = watch.stamps(files)
        try:
            path, text = next(saves)
        except StopIteration:
            raise KeyboardInterrupt from None
        write(tmp_path, **{path: text})
        assert watch.stamps(files) != before

    monkeypatch.setattr(watch, "until_changed", save)
    assert main(["check", "--watch"]) == 130
    said = capsys.readouterr()
    assert "error timeout/too-short" in said.out
    assert said.out.count("findings.") == 2
    assert "polices" in said.err


def test_a_missing_path_ends_the_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", "nowhere", "--watch"]) == 2
