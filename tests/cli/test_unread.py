"""What could not be read is a finding like any other in a local run, as on a pull request."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from policy_bot.cli.main import main

Capture = pytest.CaptureFixture[str]
BROKEN = "export default $config({ app: ( });\n"
WAIVER = """\
waivers:
  - policy: config/syntax-error
    path: sst.config.ts
    reason: being rewritten
    expires: 2999-01-31
    approved-by: "@acme/platform"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "sst.config.ts").write_text(BROKEN)
    (tmp_path / ".github").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(capsys: Capture, *words: str) -> tuple[int, str]:
    status = main(["check", *words])
    return status, capsys.readouterr().out


def test_it_is_a_finding_of_its_policy_with_verdict_fail(folder: Path, capsys: Capture) -> None:
    status, out = check(capsys, "--format", "json")
    [finding] = json.loads(out)["projects"][0]["findings"]
    assert (status, finding["policy"], finding["verdict"]) == (1, "config/syntax-error", "fail")
    assert json.loads(out)["summary"]["failing"] == 1


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        (WAIVER, 0),
        ("mode: evaluate\n", 0),
        ("policies: {config/syntax-error: warning}\n", 0),
        ("policies: {config/syntax-error: off}\n", 0),
        ("unknown: neutral\n", 1),
    ],
)
def test_settings_and_waivers_reach_it(folder: Path, capsys: Capture, settings: str, status: int) -> None:
    (folder / ".github/policy-bot.yml").write_text(settings)
    assert check(capsys)[0] == status
    assert main(["fix", "--diff"]) == status


def test_every_format_counts_the_same(folder: Path, capsys: Capture) -> None:
    assert "1 error." in check(capsys)[1]
    [run] = json.loads(check(capsys, "--format", "sarif")[1])["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["config/syntax-error"]
    assert ElementTree.fromstring(check(capsys, "--format", "junit")[1]).get("errors") == "1"
    assert check(capsys, "--format", "github")[1].count("::error") == 1
    assert [each["check_name"] for each in json.loads(check(capsys, "--format", "gitlab")[1])] == [
        "config/syntax-error"
    ]
    [diagnostic] = json.loads(check(capsys, "--format", "rdjson")[1])["diagnostics"]
    assert diagnostic["code"]["value"] == "config/syntax-error"
    assert "config/syntax-error" in check(capsys, "--format", "markdown")[1]


def test_a_selection_of_policies_does_not_hide_it_but_leaving_it_out_does(
    folder: Path, capsys: Capture
) -> None:
    assert check(capsys, "--select", "timeout")[0] == 1
    assert check(capsys, "--ignore", "config/syntax-error")[0] == 0


def test_broken_settings_are_findings_in_a_document_and_exit_2(folder: Path, capsys: Capture) -> None:
    (folder / ".github/policy-bot.yml").write_text("mod: enforce\n")
    status, out = check(capsys, "--format", "json")
    [finding] = json.loads(out)["problems"]
    assert (status, finding["policy"], finding["line"]) == (2, "config/broken-settings", 1)


def test_an_old_one_is_not_new(folder: Path, capsys: Capture) -> None:
    def git(*words: str) -> None:
        author = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *author, *words], cwd=folder, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "first")
    (folder / "sst.config.ts").write_text(BROKEN + "// more\n")
    assert check(capsys, "--changed", "HEAD")[0] == 0
