"""Ignores on the line in a local run: counted, shown in every format, reported if they are wrong or idle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policy_bot.cli.main import main
from tests.cli.test_check import CLEAN, here, write
from tests.cli.test_main import CONFIG

__all__ = ["here"]

REASON = "the upstream closes first"
IGNORED = CONFIG.replace(
    "    new sst.aws.Function",
    f"    // policy-bot: ignore timeout/too-short -- {REASON}\n    new sst.aws.Function",
)
LINE = IGNORED[: IGNORED.index("policy-bot:")].count("\n") + 1


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["check", *arguments])
    return status, capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status, text = run(capsys, *arguments)
    return status, json.loads(text)


def test_the_config_would_fail_without_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert CONFIG != IGNORED
    write(here, **{"sst.config.ts": CONFIG})
    assert run(capsys)[0] == 1
    write(here, **{"sst.config.ts": IGNORED})
    assert run(capsys)[0] == 0


def test_the_report_shows_it_with_its_reason(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": IGNORED})
    text = run(capsys)[1]
    assert f"excused  {REASON} (on the line; sst.config.ts:{LINE})" in text
    assert "1 excused" in " ".join(text.split())


def test_json_says_that_it_is_inline(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": IGNORED})
    _, found = document(capsys, "--format", "json")
    (excuse,) = (each["excuse"] for each in found["projects"][0]["findings"] if "excuse" in each)
    assert excuse == {
        "kind": "inline",
        "reason": REASON,
        "expires": "",
        "approved_by": "",
        "source": f"sst.config.ts:{LINE}",
    }
    assert found["summary"]["excused"] == 1


def test_sarif_says_that_it_is_in_the_source(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": IGNORED})
    _, log = document(capsys, "--format", "sarif")
    suppressions = [each for result in log["runs"][0]["results"] for each in result.get("suppressions", [])]
    justification = f"ignored on the line: {REASON} (sst.config.ts:{LINE})"
    assert suppressions == [{"kind": "inSource", "justification": justification}]


@pytest.mark.parametrize("format_", ["github", "gitlab", "rdjson", "junit", "markdown"])
def test_no_format_makes_an_error_of_it(here: Path, capsys: pytest.CaptureFixture[str], format_: str) -> None:
    write(here, **{"sst.config.ts": IGNORED})
    status, text = run(capsys, "--format", format_)
    assert status == 0
    assert "until )" not in text
    assert "excused until " not in text


def test_seen_from_below_its_place_is_right(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here, **{".git/HEAD": "", "apps/web/sst.config.ts": IGNORED})
    monkeypatch.chdir(here / "apps")
    _, found = document(capsys, "--format", "json")
    (excuse,) = (each["excuse"] for each in found["projects"][0]["findings"] if "excuse" in each)
    assert excuse["source"] == f"web/sst.config.ts:{LINE}"


def test_an_idle_one_is_reported(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": CLEAN + f"// policy-bot: ignore timeout/too-short -- {REASON}\n"})
    assert "the ignore of `timeout/too-short` excuses nothing: remove it" in run(capsys)[1]
    assert "excuses nothing" not in run(capsys, "--stage", "production")[1], "only one stage was judged"
    assert "excuses nothing" not in run(capsys, "--ignore", "timeout")[1], "it was not asked for"


def test_a_mistake_is_reported_on_its_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": IGNORED.replace("ignore timeout/too-short", "ignore timeout/to-short")})
    status, found = document(capsys, "--format", "json")
    assert status == 1
    (notice,) = found["settings"]
    assert notice == {
        "level": "error",
        "file": "sst.config.ts",
        "line": LINE,
        "message": "this ignore does not count: there is no policy `timeout/to-short`."
        " Did you mean `timeout/too-short`?",
    }


def test_the_repositorys_own_file_forbids_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"sst.config.ts": IGNORED, ".github/policy-bot.yml": "inline: false\n"})
    status, text = run(capsys)
    assert status == 1
    assert "`inline: false` forbids it (.github/policy-bot.yml:1 (repository))" in " ".join(text.split())


def test_an_organisation_has_to_allow_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(here, **{"shop/sst.config.ts": IGNORED, "above/policy-bot.yml": "mode: enforce\n"})
    assert run(capsys, "shop", "--organisation", "above")[0] == 1
    write(here, **{"above/policy-bot.yml": "allow: [inline]\n"})
    assert run(capsys, "shop", "--organisation", "above")[0] == 0


def test_many_projects_judged_in_several_processes_agree(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(here, **{f"p{number}/sst.config.ts": IGNORED for number in range(20)})
    status, found = document(capsys, "--format", "json")
    assert (status, found["summary"]["excused"], found["settings"]) == (0, 20, [])
