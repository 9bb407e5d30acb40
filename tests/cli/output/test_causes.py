"""Findings of one cause are one entry, with the other places listed, for people and in SARIF alike."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policy_bot.cli.main import main

BOTS = "".join(
    f'    new sst.aws.Function("Bot{n}", {{ handler: "a.b", url: true, streaming: true, '
    'timeout: "20 seconds" });\n'
    for n in range(1, 4)
)
CONFIG = f"""\
export default $config({{
  app: () => ({{ name: "shop", home: "aws" }}),
  async run() {{
{BOTS}    new sst.aws.Function("Chat", {{ handler: "a.b", url: true, streaming: true,
      timeout: "40 seconds" }});
  }},
}});
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "sst.config.ts").write_text(CONFIG)
    (tmp_path / "package.json").write_text('{ "dependencies": { "sst": "4.17.0" } }\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_terminal_shows_one_and_lists_the_others(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check"])
    text = " ".join(capsys.readouterr().out.split())
    assert text.count("timeout/too-short") == 3  # two causes, and where to read more
    assert "also the same holds for 2 more: sst.config.ts:5 (Bot2), 6 (Bot3)" in text
    assert "4 errors" in text


def test_sarif_has_one_result_with_related_locations(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--format", "sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    short = [result for result in run["results"] if result["ruleId"] == "timeout/too-short"]
    assert len(short) == 2
    bots = short[0]
    assert [each["physicalLocation"]["region"]["startLine"] for each in bots["relatedLocations"]] == [5, 6]
    assert bots["message"]["text"].endswith("The same holds for 2 more: [Bot2](1), [Bot3](2).")
    assert "relatedLocations" not in short[1]


def test_json_keeps_each_finding(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--format", "json"])
    (project,) = json.loads(capsys.readouterr().out)["projects"]
    assert len([each for each in project["findings"] if each["policy"] == "timeout/too-short"]) == 4
